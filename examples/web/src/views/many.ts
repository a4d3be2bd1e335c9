// Many records: charts that narrow the table, the table, and what can be taken away.

import { download, h, icon } from "../dom.js";
import type { AddressBook } from "../book.js";
import { suppressed, toCsv, toNdjson, toSuppressionList } from "../export.js";
import { reasonName } from "../explain.js";
import type { Store } from "../store.js";
import { fill, providerName, text } from "../text/text.js";
import type { Row } from "../worker/protocol.js";
import { Bars } from "./bars.js";
import { Days } from "./days.js";
import { Table, shownLine } from "./table.js";

export interface ManyActions {
  open(row: Row): void;
  files(files: FileList): void;
  loadBook(file: File): void;
  clearBook(): void;
}

export class Many {
  readonly element: HTMLElement;
  readonly table: Table;
  readonly #charts: (Bars | Days)[];
  readonly #shown = h("p.shown", { role: "status" });
  readonly #clear: HTMLButtonElement;
  readonly #search: HTMLInputElement;
  readonly #exportMenu: HTMLElement;
  readonly #bookMenu: HTMLElement;
  readonly #total = h("h1", { tabindex: -1 });

  constructor(
    private readonly store: Store,
    private readonly book: AddressBook,
    private readonly actions: ManyActions,
  ) {
    const words = text().many;
    const changed = () => this.update(true);
    const named = (label: (value: string) => string) => label;
    this.#charts = [
      new Days(store, changed),
      new Bars(store, "reason", words.reason, named(reasonName), changed),
      new Bars(store, "provider", words.provider, named(providerName), changed),
      new Bars(store, "domain", words.domain, (value) => value, changed),
    ];
    this.table = new Table(store, (row) => actions.open(row));
    this.#clear = h("button.quiet", { type: "button", onclick: () => this.#showAll() }, icon("close"), words.clear);
    this.#search = h("input", { type: "search", id: "search", placeholder: words.search, "aria-label": words.search, autocomplete: "off" });
    let timer = 0;
    this.#search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        store.search = this.#search.value.trim().toLowerCase();
        store.refresh(["search"]);
        this.update(true);
      }, 120);
    });
    this.#exportMenu = menu(words.export, "down", () => this.#exports());
    this.#bookMenu = menu(words.book, "mark", () => this.#bookItems());
    this.element = h(
      "div.many",
      {},
      h("div.many-head", {}, this.#total, h("div.spring"), this.#adder(), this.#bookMenu, this.#exportMenu),
      h("div.charts", {}, this.#charts.map((chart) => chart.element)),
      h("div.table-tools", {}, h("div.search", {}, icon("search"), this.#search), this.#shown, this.#clear),
      this.table.element,
    );
    this.#search.value = store.search;
  }

  /** Draws everything again; `top` after a change of filters. */
  update(top = false): void {
    this.#total.textContent = fill(text().many.total, { n: this.store.size });
    for (const chart of this.#charts) chart.update();
    this.#shown.textContent = shownLine(this.store);
    this.#clear.hidden = !this.store.isNarrowed();
    this.table.update(top);
  }

  #showAll(): void {
    this.#search.value = "";
    this.store.clearFilters();
    this.update(true);
    this.#search.focus();
  }

  #adder(): HTMLElement {
    const input = h("input", { type: "file", multiple: true, hidden: true, tabindex: -1, "aria-hidden": "true" });
    input.addEventListener("change", () => input.files?.length && this.actions.files(input.files));
    return h("span", {}, input, h("button", { type: "button", onclick: () => input.click() }, icon("upload"), text().many.add));
  }

  #exports(): HTMLElement[] {
    const words = text().many;
    const stop = suppressed(this.store).length;
    return [
      item(words.csv, "komainu.csv", () => void toCsv(this.store).then((file) => download("komainu.csv", file))),
      item(words.ndjson, "komainu.ndjson", () => void toNdjson(this.store).then((file) => download("komainu.ndjson", file))),
      h("p.muted", {}, fill(words.exportWhat, { n: this.store.shown.length })),
      item(words.suppression, "suppression.txt", () => download("suppression.txt", toSuppressionList(this.store)), stop === 0),
      h("p.muted", {}, fill(words.suppressionHelp, { n: stop })),
    ];
  }

  #bookItems(): HTMLElement[] {
    const words = text().many;
    const input = h("input", { type: "file", accept: ".tsv,.csv,.json,.txt", hidden: true, id: "pick-book", tabindex: -1, "aria-hidden": "true" });
    input.addEventListener("change", () => input.files?.[0] && this.actions.loadBook(input.files[0]));
    return [
      h("p", {}, fill(words.bookCount, { n: this.book.size })),
      item(words.bookLoad, ".tsv .csv .json", () => input.click(), false, true),
      item(words.bookSave, "address-book.tsv", () => download("address-book.tsv", this.book.toFile()), this.book.size === 0),
      item(words.bookClear, "", () => this.actions.clearBook(), this.book.size === 0),
      h("p.muted", {}, words.bookHelp),
      input,
    ];
  }
}

function item(label: string, detail: string, onclick: () => void, disabled = false, stays = false): HTMLElement {
  const press = (event: Event) => {
    onclick();
    // A file picker lives in the menu: closing it would take the picker away.
    if (!stays) (event.currentTarget as HTMLElement).closest("details")?.removeAttribute("open");
  };
  return h("button.item", { type: "button", disabled, onclick: press }, h("span", {}, label), h("small", {}, detail));
}

/** A button that opens a small panel; Escape and a click elsewhere close it. */
function menu(label: string, sign: "down" | "mark", content: () => HTMLElement[]): HTMLElement {
  const panel = h("div.menu-panel");
  const details = h("details.menu", {}, h("summary", {}, icon(sign), label, h("span.menu-arrow", {}, icon("fall"))), panel);
  details.addEventListener("toggle", () => {
    if (details.open) panel.replaceChildren(...content());
  });
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    details.open = false;
    details.querySelector("summary")!.focus();
  });
  document.addEventListener("click", (event) => {
    if (details.open && !details.contains(event.target as Node)) details.open = false;
  });
  return details;
}
