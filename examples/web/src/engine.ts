// The page's side of the worker: questions become promises, and what streams in goes to listeners.

import type { Hints, ReasonInfo, Verdict } from "komainu-wasm";
import type { Answer, Book, Input, Opened, Place, Progress, Request, Row } from "./worker/protocol.js";

/** Put on the page by the build: the worker's program, and the module, compressed and in base64. */
declare const KOMAINU_ENGINE: { worker: string; wasm: string };

export interface Listener {
  sources(paths: string[]): void;
  rows(rows: Row[], part: Blob, progress: Progress): void;
  progress(progress: Progress): void;
  done(progress: Progress, cancelled: boolean, seconds: number, only: Place | undefined): void;
  failed(message: string): void;
}

type Question<T extends Request = Request> = T extends { id: number } ? Omit<T, "id"> : never;

export class Engine {
  reasons = new Map<string, ReasonInfo>();
  versions = { komainu: "", schema: "" };
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  #last = 0;

  constructor(listener: Listener) {
    // A worker from a blob inherits the page's security policy; one from a URL would have its own, or none.
    const program = new Blob([KOMAINU_ENGINE.worker], { type: "text/javascript" });
    this.#worker = new Worker(URL.createObjectURL(program));
    const wasm = Uint8Array.from(atob(KOMAINU_ENGINE.wasm), (letter) => letter.charCodeAt(0)).buffer;
    this.ready = new Promise((ready, failed) => {
      this.#worker.onerror = (event) => failed(new Error(event.message));
      this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        if (data.tell !== "ready") return this.#hear(data, listener);
        this.reasons = new Map(data.reasons.map((reason) => [reason.name, reason]));
        this.versions = data.versions;
        ready();
      };
    });
    this.#worker.postMessage({ ask: "start", wasm } satisfies Request, [wasm]);
  }

  load(inputs: Input[], clear: boolean): void {
    this.#worker.postMessage({ ask: "load", inputs, clear } satisfies Request);
  }

  cancel(): void {
    this.#worker.postMessage({ ask: "cancel" } satisfies Request);
  }

  open(place: Place): Promise<Opened> {
    return this.#ask<{ value: Opened }>({ ask: "open", place }).then(({ value }) => value);
  }

  classify(reply: string, hints: Hints): Promise<Verdict> {
    return this.#ask<{ value: Verdict }>({ ask: "classify", text: reply, hints }).then(({ value }) => value);
  }

  readBook(file: string): Promise<Book> {
    return this.#ask<{ value: Book }>({ ask: "readBook", text: file }).then(({ value }) => value);
  }

  /** Takes the book, and reads the messages at `places` again. */
  mark(book: Book, places: { place: Place; message: number }[]): Promise<{ value: Row[]; part: Blob }> {
    return this.#ask({ ask: "mark", book, places });
  }

  #ask<T>(question: Question): Promise<T> {
    const id = (this.#last += 1);
    this.#worker.postMessage({ ...question, id });
    return new Promise<T>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #hear(answer: Answer, listener: Listener): void {
    switch (answer.tell) {
      case "sources":
        return listener.sources(answer.paths);
      case "rows":
        return listener.rows(answer.rows, answer.part, answer.progress);
      case "progress":
        return listener.progress(answer.progress);
      case "done":
        return listener.done(answer.progress, answer.cancelled, answer.seconds, answer.only);
      case "answer":
        this.#waiting.get(answer.id)?.resolve(answer as never);
        this.#waiting.delete(answer.id);
        return;
      case "failed":
        if (answer.id === undefined) return listener.failed(answer.message);
        this.#waiting.get(answer.id)?.reject(new Error(answer.message));
        this.#waiting.delete(answer.id);
    }
  }
}
