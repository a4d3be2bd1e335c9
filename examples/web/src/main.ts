// The page: what is shown, and what happens when.

import type { AddressStatus, Hints } from "komainu-wasm";
import { AddressBook } from "./book.js";
import { demoMailbox } from "./demo.js";
import { h, icon } from "./dom.js";
import { Engine } from "./engine.js";
import type { Shown } from "./explain.js";
import { FolderRefused, dropped, pasted, picked } from "./intake.js";
import { logo } from "./logo.js";
import { Store } from "./store.js";
import { currentLanguage, fill, setLanguage, text, type Language } from "./text/text.js";
import { Many } from "./views/many.js";
import { oneView, type OneMail } from "./views/one.js";
import { ProgressBar, summary } from "./views/progress.js";
import { startView } from "./views/start.js";
import type { Book, Input, Place, Progress } from "./worker/protocol.js";

/** The samples, put in by the build: by name, each a whole message. */
declare const KOMAINU_SAMPLES: { [name: string]: string };

type View = { at: "start" } | { at: "one"; mail: OneMail; reply?: { text: string; hints: Hints } } | { at: "many" };

const book = new AddressBook();
let store = new Store();
let view: View = { at: "start" };
let many: Many | undefined;
let bar: ProgressBar | undefined;
let progress: Progress | undefined;
/** When the list may be drawn again while rows stream in. */
let nextDraw = 0;
let listScroll = 0;

const header = h("header.top");
const notice = h("div.notices", { role: "status" });
const main = h("main", { id: "main", tabindex: -1 });

const engine = new Engine({
  sources: (paths) => void store.paths.push(...paths),
  rows: (rows, part, now) => {
    store.add(rows, part);
    streamed(now);
  },
  progress: streamed,
  done: finished,
  failed: (message) => say(fill(text().progress.failed, { why: message }), true),
});

// ── Reading ──

function load(inputs: Input[], clear: boolean): void {
  if (inputs.length === 0) return say(text().progress.nothing, true);
  if (clear) {
    store = new Store();
    many = undefined;
  }
  bar = new ProgressBar(() => engine.cancel());
  notice.replaceChildren(bar.element);
  engine.load(inputs, clear);
}

function streamed(now: Progress): void {
  progress = now;
  bar?.update(now);
  const time = performance.now();
  if (store.size === 0 || time < nextDraw || (now.messages === 1 && view.at !== "many")) return;
  store.settle();
  if (view.at === "start") show({ at: "many" });
  else if (view.at === "many") many?.update();
  // Drawing may take a fifth of the time, however many rows there are.
  nextDraw = performance.now() + Math.max(250, (performance.now() - time) * 4);
}

function finished(now: Progress, cancelled: boolean, seconds: number, only: Place | undefined): void {
  [progress, bar, nextDraw] = [now, undefined, 0];
  store.settle();
  if (now.messages === 0) return say(text().progress.nothing, true);
  say(cancelled ? text().progress.stopped : summary(now, seconds), cancelled);
  if (only && store.size <= now.records) {
    notice.replaceChildren();
    void openMail(only, 0);
  } else show({ at: "many" });
}

async function openMail(place: Place, index: number): Promise<void> {
  try {
    const { report, raw, path } = await engine.open(place);
    // A report by itself is done with; out of a list, one comes back to the list.
    show({ at: "one", mail: { shown: report.records as Shown[], index, report, raw, path } });
  } catch {
    say(text().many.rowsUnread, true);
  }
}

async function explainReply(reply: string, hints: Hints): Promise<void> {
  const verdict = await engine.classify(reply, hints);
  const shown: Shown = { ...verdict, diagnostic: reply };
  show({ at: "one", mail: { shown: [shown], index: 0, path: text().one.reply }, reply: { text: reply, hints } });
}

// ── Marking ──

async function changeBook(change: () => void): Promise<void> {
  const before: Book = book.toObject();
  change();
  const touched = store.rows.filter((row) => book.touches(row, before));
  const places = new Map(touched.map((row) => [`${row.place.source} ${row.place.offset}`, { place: row.place, message: row.message }]));
  const { value, part } = await engine.mark(book.toObject(), [...places.values()]);
  store.replace(value, part);
}

async function mark(address: string, status: AddressStatus | undefined): Promise<void> {
  await changeBook(() => book.set(address, status));
  if (view.at !== "one") return;
  const { mail } = view;
  const row = store.rows.find((candidate) => candidate.recipient === address);
  if (row) return openMail(row.place, mail.index);
}

async function loadBook(file: File): Promise<void> {
  try {
    const read = await engine.readBook(await file.text());
    await changeBook(() => book.merge(read));
    say(fill(text().many.bookLoaded, { n: Object.keys(read).length }));
  } catch (error) {
    say(fill(text().progress.failed, { why: (error as Error).message }), true);
  }
  many?.update();
}

// ── Showing ──

function show(next: View): void {
  if (view.at === "many" && many) listScroll = many.table.scrollTop;
  const moved = view.at !== next.at;
  view = next;
  draw(moved);
}

function draw(moved: boolean): void {
  document.body.dataset.view = view.at;
  drawHeader();
  if (view.at === "start") main.replaceChildren(startView(startActions));
  else if (view.at === "one") main.replaceChildren(drawOne(view.mail));
  else if (store.size === 0) main.replaceChildren(nothingFound());
  else {
    many ??= new Many(store, book, {
      open: (row) => void openMail(row.place, row.index),
      files: (files) => load(picked(files), false),
      loadBook: (file) => void loadBook(file),
      clearBook: () => void changeBook(() => book.clear()).then(() => many?.update()),
    });
    main.replaceChildren(many.element);
    many.update();
    many.table.scrollTop = listScroll;
  }
  if (moved) {
    scrollTo({ top: 0 });
    // Screen readers and the keyboard go on at the new content.
    main.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  }
}

function drawOne(mail: OneMail): HTMLElement {
  const listed = store.size > 0 && (progress?.messages ?? 0) > 1 && mail.raw !== undefined;
  return oneView(mail, {
    reasons: engine.reasons,
    choose: (index) => show({ at: "one", mail: { ...mail, index } }),
    mark: (address, status) => void mark(address, status),
    back: () => (listed ? show({ at: "many" }) : home()),
    backLabel: listed ? text().one.toList : text().one.another,
  });
}

function nothingFound(): HTMLElement {
  const words = text().many;
  return h(
    "section.nothing",
    {},
    h("h1", { tabindex: -1 }, words.noRecords),
    h("p", {}, fill(words.noRecordsWhy, { n: progress?.messages ?? 0 })),
    h("button.primary", { type: "button", onclick: home }, text().one.another),
  );
}

function home(): void {
  notice.replaceChildren();
  show({ at: "start" });
}

const startActions = {
  samples: Object.keys(KOMAINU_SAMPLES),
  files: (files: FileList) => load(picked(files), true),
  reply: (reply: string, hints: Hints) => void explainReply(reply, hints),
  sample: (name: string) => load([{ file: new Blob([KOMAINU_SAMPLES[name]!]), path: `${name}.eml`, sure: true }], true),
  manySample: () => load([{ file: new Blob([demoMailbox(400)]), path: "sample.mbox", sure: true }], true),
};

function drawHeader(): void {
  const words = text();
  const dark = document.documentElement.dataset.theme === "dark";
  header.replaceChildren(
    h("button.brand", { type: "button", onclick: home, "aria-label": `komainu: ${words.home}` }, logo(34), h("span", {}, "komainu")),
    h("span.promise-short", { title: words.privacy }, icon("shield"), h("span", {}, words.privacyShort)),
    h("div.spring"),
    h("button.quiet", { type: "button", lang: currentLanguage() === "en" ? "ja" : "en", onclick: switchLanguage }, words.language),
    h("button.quiet.round", { type: "button", "aria-label": dark ? words.theme.light : words.theme.dark, title: dark ? words.theme.light : words.theme.dark, onclick: switchTheme }, icon(dark ? "sun" : "moon")),
  );
}

function say(message: string, warning = false): void {
  notice.replaceChildren(h(`p.said-notice${warning ? ".warning" : ""}` as "p", {}, message));
}

// ── Settings ──

function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`komainu-${name}`, value);
  } catch {
    // Some browsers give files from disk no storage; the choice then lasts until the page is closed.
  }
}

function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`komainu-${name}`);
  } catch {
    return null;
  }
}

function switchLanguage(): void {
  const next: Language = currentLanguage() === "en" ? "ja" : "en";
  setLanguage(next);
  remember("language", next);
  many = undefined;
  skip.textContent = text().skip;
  notice.replaceChildren(...(bar ? [bar.element] : []));
  if (view.at === "one" && view.reply) view.mail.path = text().one.reply;
  draw(false);
}

function switchTheme(): void {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  remember("theme", next);
  drawHeader();
  if (view.at === "many") many?.update();
}

// ── The whole window takes mail ──

function listen(): void {
  let depth = 0;
  const over = (inside: boolean) => document.body.classList.toggle("dropping", inside);
  addEventListener("dragenter", () => over((depth += 1) > 0));
  addEventListener("dragleave", () => over((depth = Math.max(0, depth - 1)) > 0));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    over((depth = 0) > 0);
    if (event.dataTransfer?.files.length || event.dataTransfer?.items.length) {
      void dropped(event.dataTransfer).then((inputs) => load(inputs, true), refused);
    }
  });
  addEventListener("paste", (event) => {
    const data = event.clipboardData;
    if (!data) return;
    if (data.files.length > 0) return load(picked(data.files), true);
    const found = pasted(data.getData("text/plain"));
    const inField = (event.target as Element).closest?.("input, textarea") !== null;
    if (!found || (inField && "reply" in found)) return;
    event.preventDefault();
    if ("reply" in found) void explainReply(found.reply, {});
    else load([found.input], true);
  });
}

function refused(error: Error): void {
  if (!(error instanceof FolderRefused)) return say(fill(text().progress.failed, { why: error.message }), true);
  home();
  say(text().drop.refused, true);
  document.querySelector<HTMLElement>("#choose-folder")?.focus();
}

const skip = h("a.skip", { href: "#main" });

async function begin(): Promise<void> {
  const wanted = remembered("language") ?? (navigator.language.startsWith("ja") ? "ja" : "en");
  setLanguage(wanted === "ja" ? "ja" : "en");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = remembered("theme") ?? (dark ? "dark" : "light");
  skip.textContent = text().skip;
  document.body.replaceChildren(skip, header, notice, main);
  draw(false);
  listen();
  try {
    await engine.ready;
    document.body.dataset.ready = engine.versions.komainu;
  } catch (error) {
    say(fill(text().progress.failed, { why: (error as Error).message }), true);
  }
}

void begin();
