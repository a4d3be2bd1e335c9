// Horizontal bars that are buttons: each narrows the table to what it counts.

import { h } from "../dom.js";
import type { Count, Facet, Store } from "../store.js";
import { fill, number, text } from "../text/text.js";

const SHORT = 5;
const LONG = 200;

export class Bars {
  readonly element: HTMLElement;
  readonly #list = h("ul.bars");
  #long = false;

  constructor(
    private readonly store: Store,
    private readonly facet: Facet,
    title: string,
    private readonly label: (value: string) => string,
    private readonly changed: () => void,
  ) {
    const id = `chart-${facet}`;
    this.element = h("section.chart", { "aria-labelledby": id }, h("h2", { id }, title), this.#list);
  }

  update(): void {
    const { top, all } = this.store.counts(this.facet, this.#long ? LONG : SHORT);
    const most = top[0]?.count ?? 1;
    // The one that was pressed keeps the focus although the list is made anew.
    const focused = this.#list.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset.value : undefined;
    this.#list.replaceChildren(...top.map((count) => this.#bar(count, most)), ...this.#more(all));
    this.#list.classList.toggle("long", this.#long);
    if (focused !== undefined) this.#list.querySelector<HTMLElement>(`[data-value="${CSS.escape(focused)}"]`)?.focus();
  }

  #bar({ value, count }: Count, most: number): HTMLElement {
    const chosen = this.store.chosen[this.facet];
    const fillBar = h("span.bar-fill", { "aria-hidden": "true" });
    fillBar.style.width = `${Math.max(0.5, (count / most) * 100)}%`;
    const press = () => {
      if (!chosen.delete(value)) chosen.add(value);
      this.store.refresh([this.facet]);
      this.changed();
    };
    const pressed = chosen.has(value);
    const muted = chosen.size > 0 && !pressed;
    const name = value === "" ? text().many.unknown : this.label(value);
    return h(
      "li",
      {},
      h(
        `button.bar-button${muted ? ".muted-bar" : ""}` as "button",
        { type: "button", "aria-pressed": String(pressed), "data-value": value, title: name, onclick: press },
        h("span.bar-name", {}, name),
        h("span.bar-count", {}, number(count)),
        h("span.bar-track", {}, fillBar),
      ),
    );
  }

  #more(all: number): HTMLElement[] {
    if (all <= SHORT) return [];
    const words = text().many;
    const label = this.#long ? words.fewerBars : fill(words.moreBars, { n: all - SHORT });
    const press = () => {
      this.#long = !this.#long;
      this.update();
    };
    return [h("li", {}, h("button.more", { type: "button", "aria-expanded": String(this.#long), onclick: press }, label))];
  }
}
