// One mail, or one reply: the answers first, then the words they rest on, then everything else.

import type { AddressStatus, ReasonInfo, Report } from "komainu-wasm";
import { copy, download, h, icon } from "../dom.js";
import { asText, explain, reasonName, type Explanation, type Shown } from "../explain.js";
import { fill, size, text } from "../text/text.js";
import { highlighted } from "./evidence.js";
import { factsOf } from "./facts.js";
import { tabs } from "./tabs.js";

export interface OneMail {
  /** The records, or the one verdict on a pasted reply. */
  shown: Shown[];
  /** Which of them is looked at. */
  index: number;
  report?: Report;
  raw?: Uint8Array<ArrayBuffer>;
  path: string;
}

export interface OneActions {
  reasons: Map<string, ReasonInfo>;
  choose(index: number): void;
  mark(address: string, status: AddressStatus | undefined): void;
  back(): void;
  backLabel: string;
}

/** How much of a message is shown as text. */
const LONGEST_RAW = 200_000;

export function oneView(mail: OneMail, actions: OneActions): HTMLElement {
  const words = text().one;
  const shown = mail.shown[mail.index];
  const bar = h(
    "div.bar",
    {},
    h("button.quiet", { type: "button", onclick: actions.back }, icon("back"), actions.backLabel),
    h("span.path", { title: mail.path }, mail.path),
  );
  if (!shown) return h("article.one", { "aria-labelledby": "verdict" }, bar, noReport(mail), details(mail, undefined));
  const explanation = explain(shown, actions.reasons);
  return h(
    "article.one",
    { "aria-labelledby": "verdict" },
    bar,
    mail.shown.length > 1 && chooser(mail, actions),
    headline(shown, explanation),
    answers(explanation),
    shown.authenticity === "contradicted" && h("p.notice", {}, words.contradicted),
    said(shown),
    shown.recipient && shown.kind === "bounce" && marking(shown.recipient, shown.address_status ?? undefined, actions),
    details(mail, shown),
  );
}

function noReport(mail: OneMail): HTMLElement {
  const words = text();
  return h(
    "header.headline.outcome-info",
    {},
    h("p.chip", {}, words.kind[mail.report?.kind ?? "other"]),
    h("h1", { id: "verdict", tabindex: -1 }, words.one.other),
    h("p", {}, words.one.otherWhy),
  );
}

/** A report on several recipients: one button for each. */
function chooser(mail: OneMail, actions: OneActions): HTMLElement {
  const label = fill(text().one.recipients, { n: mail.shown.length });
  const buttons = mail.shown.slice(0, 200).map((shown, index) =>
    h(
      `button.choice`,
      { type: "button", "aria-pressed": String(index === mail.index), onclick: () => actions.choose(index) },
      shown.recipient ?? "?",
      h("small", {}, reasonName(shown.reason)),
    ),
  );
  return h("div.chooser", { role: "group", "aria-label": label }, h("span.muted", {}, label), buttons);
}

function headline(shown: Shown, explanation: Explanation): HTMLElement {
  const copied = h("span.visually-hidden", { role: "status" });
  const button = h("button.quiet", { type: "button", onclick: () => void say(asText(shown, explanation), copied, button) });
  button.append(icon("copy"), text().one.copySummary);
  return h(
    `header.headline.outcome-${explanation.outcome}` as "header",
    {},
    h("div.headline-top", {}, h("p.chip", {}, explanation.outcomeName), h("div.spring"), button, copied),
    h("h1", { id: "verdict", tabindex: -1 }, explanation.name),
    explanation.who.short && h("p.headline-who", {}, explanation.who.short),
  );
}

async function say(words: string, status: HTMLElement, button: HTMLElement): Promise<void> {
  await copy(words);
  status.textContent = text().one.copied;
  button.classList.add("did");
  setTimeout(() => button.classList.remove("did"), 1500);
}

function answers(explanation: Explanation): HTMLElement {
  const words = text().one;
  const keys = (["who", "why", "whose", "next"] as const).filter((key) => explanation[key].short !== "");
  return h(
    `dl.answers.outcome-${explanation.outcome}` as "dl",
    {},
    keys.map((key) => {
      const { short, more } = explanation[key];
      const sentences = more.map((sentence) => h("p", {}, sentence));
      return h(`div.answer.answer-${key}` as "div", {}, h("dt", {}, words[key]), h("dd", {}, h("strong", {}, short), sentences));
    }),
  );
}

/** The diagnostic with its evidence, what decided, and what came second. */
function said(shown: Shown): HTMLElement {
  const words = text().one;
  const { diagnostic, evidence, also } = shown;
  const elsewhere = evidence.filter((piece) => piece.field !== "diagnostic" && piece.text !== "");
  const rules = [...new Set(evidence.map((piece) => piece.rule))];
  return h(
    "section.said",
    { "aria-labelledby": "said" },
    h("h2", { id: "said" }, words.said),
    diagnostic
      ? h("blockquote.diagnostic", { lang: "mul" }, highlighted(diagnostic, "diagnostic", evidence))
      : h("p.muted", {}, words.saidNothing),
    h(
      "p.decided",
      {},
      fill(words.decided, { by: text().decidedBy[shown.decided_by] }),
      rules.map((rule) => h("code", { title: words.hint }, rule)),
      elsewhere.map((piece) => h("span.muted", {}, `${piece.field}: `, h("mark", {}, piece.text))),
    ),
    also.length > 0 &&
      h("p.also", {}, `${words.also}: `, also.map((reason) => h("span.pill", { title: reason }, reasonName(reason)))),
  );
}

function marking(address: string, status: AddressStatus | undefined, actions: OneActions): HTMLElement {
  const words = text().one;
  const choice = (value: AddressStatus, label: string) =>
    h(
      "button.choice",
      {
        type: "button",
        "aria-pressed": String(status === value),
        onclick: () => actions.mark(address, status === value ? undefined : value),
      },
      label,
    );
  return h(
    "div.marking",
    { role: "group", "aria-label": `${words.mark}: ${address}` },
    icon("mark"),
    h("span", {}, words.mark),
    choice("whitelisted", words.whitelist),
    choice("unstable", words.unstable),
  );
}

function details(mail: OneMail, shown: Shown | undefined): HTMLElement {
  const words = text().one;
  const limits = mail.report?.limits ?? [];
  const json = mail.report ? JSON.stringify(mail.report, null, 2) : JSON.stringify(verdictOf(shown!), null, 2);
  const pages = [];
  if (shown) pages.push({ id: "facts", label: words.facts, content: () => factsOf(shown) });
  if (mail.raw) pages.push({ id: "raw", label: words.raw, content: () => rawPage(mail.raw!, mail.path) });
  pages.push({ id: "json", label: words.json, content: () => jsonPage(json) });
  return h(
    "section.details",
    {},
    limits.length > 0 && h("p.notice", {}, fill(words.limits, { limits: limits.join(", ") })),
    tabs(words.facts, pages),
  );
}

/** The verdict as `classify` gives it: the words that were asked about are the page's own addition. */
function verdictOf({ diagnostic: _, ...verdict }: Shown): object {
  return verdict;
}

function rawPage(raw: Uint8Array<ArrayBuffer>, path: string): HTMLElement {
  const words = text().one;
  const file = path.split("/").pop()!.replace(/(\.eml)?$/i, ".eml");
  return h(
    "div",
    {},
    h(
      "div.tools",
      {},
      raw.length > LONGEST_RAW && h("span.muted", {}, fill(words.longRaw, { size: size(LONGEST_RAW) })),
      h("button.quiet", { type: "button", onclick: () => download(file, new Blob([raw])) }, icon("down"), words.save),
    ),
    h("pre.code", { tabindex: 0, "aria-label": words.raw }, decode(raw.subarray(0, LONGEST_RAW))),
  );
}

/** Mail is UTF-8 or, for people who look at it, near enough to Latin-1. */
function decode(raw: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(raw, { stream: true });
  } catch {
    return new TextDecoder("windows-1252").decode(raw);
  }
}

function jsonPage(json: string): HTMLElement {
  const words = text().one;
  const copied = h("span.visually-hidden", { role: "status" });
  const button = h("button.quiet", { type: "button", onclick: () => void say(json, copied, button) }, icon("copy"), words.copy);
  return h(
    "div",
    {},
    h("div.tools", {}, button, copied),
    h("pre.code", { tabindex: 0, "aria-label": words.json }, json),
  );
}
