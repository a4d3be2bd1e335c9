// A table of any length: only the rows in sight exist, and they are used again as one scrolls.

import { h, icon } from "../dom.js";
import { reasonName } from "../explain.js";
import { outcomeOf, type SortKey, type Store } from "../store.js";
import { fill, moment, providerName, text } from "../text/text.js";
import type { Row } from "../worker/protocol.js";

/** Browsers give up somewhere above this height: beyond it, scrolling maps onto the rows in proportion. */
const TALLEST = 8_000_000;
const OVERSCAN = 6;
const NARROW = matchMedia("(max-width: 760px)");

interface Line {
  element: HTMLElement;
  cells: HTMLElement[];
  dot: HTMLElement;
  address: HTMLElement;
  mark: HTMLElement;
}

export class Table {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #open: (row: Row) => void;
  readonly #scroller: HTMLElement;
  readonly #spacer: HTMLElement;
  readonly #heads = new Map<SortKey, HTMLElement>();
  readonly #empty: HTMLElement;
  readonly #head: HTMLElement;
  #lines: Line[] = [];
  #active = 0;
  #frame = 0;

  constructor(store: Store, open: (row: Row) => void) {
    this.#store = store;
    this.#open = open;
    const words = text().many;
    this.#spacer = h("div.table-rows", { role: "rowgroup" });
    this.#empty = h("p.table-empty", { role: "status" }, words.empty);
    const columns: [SortKey, string][] = [
      ["recipient", words.recipient],
      ["reason", words.reason],
      ["blame", words.blame],
      ["advice", words.advice],
      ["provider", words.provider],
      ["timestamp", words.date],
    ];
    const heads = columns.map(([key, label]) => this.#headOf(key, label));
    this.#head = h("div.table-head", { role: "rowgroup" }, h("div.table-row", { role: "row", "aria-rowindex": 1 }, heads));
    this.#scroller = h(
      "div.table-body",
      {
        role: "grid",
        tabindex: 0,
        "aria-label": words.table,
        "aria-colcount": columns.length,
        onkeydown: (event: KeyboardEvent) => this.#key(event),
        onfocus: () => this.draw(),
        onscroll: () => this.#later(),
      },
      this.#head,
      this.#spacer,
    );
    this.element = h("div.table", {}, this.#scroller, this.#empty);
    new ResizeObserver(() => this.#later()).observe(this.#scroller);
  }

  /** Draws again after the store changed; `top` goes back to the first row. */
  update(top = false): void {
    if (top) {
      this.#active = 0;
      this.#scroller.scrollTop = 0;
    }
    for (const [key, head] of this.#heads) {
      const { sort } = this.#store;
      if (sort.key === key) head.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    this.draw();
  }

  get scrollTop(): number {
    return this.#scroller.scrollTop;
  }

  set scrollTop(value: number) {
    this.#scroller.scrollTop = value;
    this.draw();
  }

  draw(): void {
    const { shown, rows } = this.#store;
    const height = NARROW.matches ? 68 : 44;
    const whole = shown.length * height;
    this.#spacer.style.height = `${Math.min(whole, TALLEST)}px`;
    this.#scroller.setAttribute("aria-rowcount", String(shown.length + 1));
    this.#empty.hidden = shown.length > 0;

    const view = this.#view();
    const top = this.#scroller.scrollTop;
    // Where everything fits, this is the scroll position itself.
    const virtual = whole <= TALLEST ? top : (top / Math.max(1, TALLEST - view)) * (whole - view);
    const first = Math.max(0, Math.floor(virtual / height) - OVERSCAN);
    const last = Math.min(shown.length, Math.ceil((virtual + view) / height) + OVERSCAN);
    this.#pool(Math.max(0, last - first));
    this.#lines.forEach((line, index) => {
      const at = first + index;
      line.element.style.transform = `translateY(${top + at * height - virtual}px)`;
      this.#fill(line, rows[shown[at]!]!, at);
    });
    const inSight = this.#active >= first && this.#active < last;
    if (inSight) this.#scroller.setAttribute("aria-activedescendant", `row-${this.#active}`);
    else this.#scroller.removeAttribute("aria-activedescendant");
  }

  /** The height in which rows show: below the head, which stays. */
  #view(): number {
    return this.#scroller.clientHeight - this.#head.offsetHeight || 600;
  }

  #later(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.draw();
    });
  }

  #pool(wanted: number): void {
    while (this.#lines.length > wanted) this.#lines.pop()!.element.remove();
    while (this.#lines.length < wanted) {
      const dot = h("span.dot", { "aria-hidden": "true" });
      const [address, mark] = [h("span.address"), h("span.mark-flag")];
      const cells = [0, 1, 2, 3, 4, 5].map((column) => h(`div.cell.cell-${column}` as "div", { role: "gridcell" }));
      cells[0]!.append(dot, address, mark);
      const element = h("div.table-row", { role: "row", onclick: (event: MouseEvent) => this.#click(event) }, cells);
      this.#spacer.append(element);
      this.#lines.push({ element, cells, dot, address, mark });
    }
  }

  #fill({ element, cells, dot, address, mark }: Line, row: Row, at: number): void {
    const words = text();
    element.id = `row-${at}`;
    element.dataset.at = String(at);
    element.setAttribute("aria-rowindex", String(at + 2));
    element.setAttribute("aria-selected", String(at === this.#active));
    dot.className = `dot dot-${outcomeOf(row)}`;
    put(address, row.recipient || row.original || "—");
    put(mark, row.marked ? words.status[row.marked] : "");
    put(cells[1]!, reasonName(row.reason));
    put(cells[2]!, words.blame[row.blame as keyof typeof words.blame] ?? row.blame);
    put(cells[3]!, words.advice[row.advice as keyof typeof words.advice] ?? row.advice);
    put(cells[4]!, row.provider ? providerName(row.provider) : "");
    put(cells[5]!, moment(row.timestamp).slice(0, 16));
  }

  #headOf(key: SortKey, label: string): HTMLElement {
    const button = h(
      "button",
      { type: "button", tabindex: -1, onclick: () => this.#sortBy(key) },
      label,
      h("span.sort-icon", {}, icon("up")),
    );
    const head = h("div.cell", { role: "columnheader" }, button);
    this.#heads.set(key, head);
    return head;
  }

  #sortBy(key: SortKey): void {
    const { sort } = this.#store;
    this.#store.sort = { key, down: sort.key === key ? !sort.down : key === "timestamp" };
    this.#store.settle();
    this.update(true);
  }

  #click(event: MouseEvent): void {
    const line = (event.currentTarget as HTMLElement).dataset.at;
    this.#active = Number(line);
    this.#choose();
  }

  #choose(): void {
    const number = this.#store.shown[this.#active];
    if (number !== undefined) this.#open(this.#store.rows[number]!);
  }

  #key(event: KeyboardEvent): void {
    const height = NARROW.matches ? 68 : 44;
    const page = Math.max(1, Math.floor(this.#view() / height) - 1);
    const steps: { [key: string]: number } = {
      ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity,
    };
    if (event.key === "Enter" && event.target === this.#scroller) this.#choose();
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const count = this.#store.shown.length;
    this.#active = Math.max(0, Math.min(count - 1, this.#active + step));
    this.#reveal(height);
    this.draw();
  }

  #reveal(height: number): void {
    const view = this.#view();
    const whole = this.#store.shown.length * height;
    const scale = whole <= TALLEST ? 1 : (TALLEST - view) / (whole - view);
    const [from, to] = [this.#active * height, (this.#active + 1) * height - view];
    const top = this.#scroller.scrollTop / scale;
    if (top > from) this.#scroller.scrollTop = from * scale;
    else if (top < to) this.#scroller.scrollTop = to * scale;
  }
}

/** Only what differs is written: most of a scroll step finds most cells as they were. */
function put(element: HTMLElement, words: string): void {
  if (element.textContent !== words) element.textContent = words;
}

/** For the line above the table. */
export function shownLine(store: Store): string {
  return fill(text().many.shown, { shown: store.shown.length, all: store.size });
}
