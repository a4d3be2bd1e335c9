// Tabs as the ARIA practices describe them: arrow keys move, only the chosen page exists.

import { h } from "../dom.js";

export interface TabPage {
  id: string;
  label: string;
  content: () => HTMLElement;
}

export function tabs(label: string, pages: TabPage[]): HTMLElement {
  const panel = h("div.tab-panel", { role: "tabpanel", tabindex: 0 });
  const buttons = pages.map((page, index) =>
    h("button", {
      type: "button",
      role: "tab",
      id: `tab-${page.id}`,
      "aria-controls": "tab-panel",
      onclick: () => choose(index, false),
      onkeydown: (event: KeyboardEvent) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) choose((index + step + pages.length) % pages.length, true);
      },
    }, page.label),
  );
  panel.id = "tab-panel";

  function choose(chosen: number, focus: boolean): void {
    buttons.forEach((button, index) => {
      button.setAttribute("aria-selected", String(index === chosen));
      button.tabIndex = index === chosen ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", `tab-${pages[chosen]!.id}`);
    panel.replaceChildren(pages[chosen]!.content());
    if (focus) buttons[chosen]!.focus();
  }

  choose(0, false);
  return h("div.tabs", {}, h("div.tab-list", { role: "tablist", "aria-label": label }, buttons), panel);
}
