// What is being read, how far it is, and a button to stop.

import { h, icon } from "../dom.js";
import { fill, number, size, text } from "../text/text.js";
import type { Progress } from "../worker/protocol.js";

export class ProgressBar {
  readonly element: HTMLElement;
  readonly #bar = h("progress", { max: 1, value: 0 });
  readonly #line = h("span.progress-line");

  constructor(cancel: () => void) {
    const words = text().progress;
    this.#bar.setAttribute("aria-label", words.reading);
    const stop = h("button", { type: "button", onclick: cancel }, icon("stop"), words.cancel);
    this.element = h("div.progress", {}, h("div.progress-text", {}, this.#line, this.#bar), stop);
  }

  update(progress: Progress): void {
    const words = text().progress;
    this.#bar.value = progress.total > 0 ? progress.bytes / progress.total : 0;
    const parts = [
      `${words.reading} ${fill(words.of, { done: size(progress.bytes), total: size(progress.total) })}`,
      fill(words.messages, { n: progress.messages }),
      fill(words.records, { n: progress.records }),
    ];
    this.#line.textContent = parts.join(" · ");
  }
}

/** What came of it, in one line. */
export function summary(progress: Progress, seconds: number): string {
  const words = text().progress;
  const parts = [fill(words.done, { messages: progress.messages, seconds: number(Math.round(seconds * 10) / 10) })];
  if (progress.others > 0) parts.push(fill(words.others, { n: progress.others }));
  if (progress.skipped > 0) parts.push(fill(words.skipped, { n: progress.skipped }));
  return parts.join(" · ");
}
