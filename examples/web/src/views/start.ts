// The first page: a place to drop mail, a line for one reply, samples.

import type { Command, Hints } from "komainu-wasm";
import { h, icon } from "../dom.js";
import { logo } from "../logo.js";
import { text } from "../text/text.js";

export interface StartActions {
  files(files: FileList): void;
  reply(reply: string, hints: Hints): void;
  sample(name: string): void;
  manySample(): void;
  samples: string[];
}

const COMMANDS: Command[] = ["CONN", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA"];
const PROVIDERS = ["google", "microsoft365", "yahoo", "icloud", "docomo", "au", "softbank"];

export function startView(actions: StartActions): HTMLElement {
  const words = text();
  return h(
    "div.start",
    {},
    h(
      "section.hero",
      {},
      logo(88),
      h("h1", { tabindex: -1 }, words.tagline),
      h("p.lead", {}, words.lead),
    ),
    dropZone(actions),
    h("p.promise", {}, icon("shield"), h("span", {}, words.privacy)),
    h("div.start-more", {}, replyForm(actions), samples(actions)),
  );
}

function dropZone(actions: StartActions): HTMLElement {
  const words = text().drop;
  const picker = (folder: boolean) => {
    const input = h("input", { type: "file", multiple: true, hidden: true, webkitdirectory: folder, tabindex: -1, "aria-hidden": "true" });
    input.addEventListener("change", () => {
      if (input.files?.length) actions.files(input.files);
    });
    return input;
  };
  const [files, folder] = [picker(false), picker(true)];
  files.id = "pick-files";
  folder.id = "pick-folder";
  return h(
    "section.drop",
    { "aria-labelledby": "drop-title" },
    h("div.drop-icon", {}, icon("upload")),
    h("h2", { id: "drop-title" }, h("span.drop-idle", {}, words.title), h("span.drop-now", { "aria-hidden": "true" }, words.now)),
    h("p.kinds", {}, words.kinds),
    h(
      "div.drop-buttons",
      {},
      h("button.primary", { type: "button", onclick: () => files.click() }, icon("file"), words.files),
      h("button", { type: "button", id: "choose-folder", onclick: () => folder.click() }, icon("folder"), words.folder),
    ),
    h("p.muted", {}, words.paste),
    files,
    folder,
  );
}

function replyForm(actions: StartActions): HTMLElement {
  const words = text().reply;
  const area = h("textarea", { id: "reply", rows: 3, spellcheck: "false", autocomplete: "off", placeholder: words.placeholder });
  const choice = (id: string, values: string[]) =>
    h("select", { id }, h("option", { value: "" }, words.any), values.map((value) => h("option", { value }, value)));
  const [provider, command] = [choice("hint-provider", PROVIDERS), choice("hint-command", COMMANDS)];
  const date = h("input", { id: "hint-date", type: "date" });
  const submit = (event: Event) => {
    event.preventDefault();
    const reply = area.value.trim() || words.placeholder;
    actions.reply(reply, {
      provider: provider.value || null,
      command: (command.value || null) as Command | null,
      date: date.value || null,
    });
  };
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
  });
  return h(
    "section.card",
    {},
    h("h2", {}, words.title),
    h(
      "form",
      { onsubmit: submit },
      h("label", { for: "reply" }, words.label),
      area,
      h(
        "details",
        {},
        h("summary", {}, words.more),
        h(
          "div.hints",
          {},
          h("label", {}, words.provider, provider),
          h("label", {}, words.command, command),
          h("label", {}, words.date, date),
        ),
      ),
      h("button.primary", { type: "submit" }, words.go),
    ),
  );
}

function samples(actions: StartActions): HTMLElement {
  const words = text().samples;
  const button = (label: string, onclick: () => void, special = false) =>
    h("li", {}, h(`button.sample${special ? ".special" : ""}` as "button", { type: "button", onclick }, h("span", {}, label), icon("next")));
  return h(
    "section.card",
    {},
    h("h2", {}, words.title),
    h(
      "ul.samples",
      {},
      button(words.many, () => actions.manySample(), true),
      actions.samples.map((name) => button(words.names[name] ?? name, () => actions.sample(name))),
    ),
  );
}
