// One record in plain words: the sentences of the page, and the same as text to copy.

import type { Record as BounceRecord, ReasonInfo, Verdict } from "komainu-wasm";
import { outcomeOf, type Outcome } from "./store.js";
import { currentLanguage, duration, fill, providerName, text } from "./text/text.js";

/** What the one-mail view shows: a record, or the verdict on a reply that somebody pasted. */
export type Shown = Partial<BounceRecord> & Verdict;

export interface Explanation {
  outcome: Outcome;
  outcomeName: string;
  /** The reason, in a few words. */
  name: string;
  /** Answers: a short one, then sentences. */
  who: { short: string; more: string[] };
  why: { short: string; more: string[] };
  whose: { short: string; more: string[] };
  next: { short: string; more: string[] };
}

export function reasonName(reason: string): string {
  return text().reason[reason]?.[0] ?? reason;
}

export function explain(shown: Shown, reasons: Map<string, ReasonInfo>): Explanation {
  const words = text();
  const kind = shown.kind ?? "bounce";
  const outcome = outcomeOf({ kind, hard: shown.hard });
  const [name, tip] = words.reason[shown.reason] ?? [shown.reason, ""];
  const info = reasons.get(shown.reason);
  const definition = currentLanguage() === "ja" ? info?.definition_ja : info?.definition;

  const who: string[] = [];
  if (shown.original_recipient) who.push(fill(words.one.mailedTo, { address: shown.original_recipient }));
  if (shown.provider) who.push(fill(words.one.runBy, { provider: providerName(shown.provider) }));
  if (shown.sender) who.push(fill(words.one.from, { address: shown.sender }));

  const next = [words.adviceWhy[shown.advice]];
  if (shown.address_status) next[0] = fill(words.one.markedAs, { status: words.status[shown.address_status] });
  else if (tip && kind === "bounce") next.push(tip);
  if (shown.new_address) next.push(fill(words.one.movedTo, { address: shown.new_address }));
  if (shown.retry_after !== null) next.push(fill(words.one.retryAfter, { time: duration(shown.retry_after) }));

  return {
    outcome,
    outcomeName: words.outcomeOne[outcome],
    who: { short: shown.recipient ?? (shown.kind ? words.one.nobody : ""), more: who },
    name,
    why: { short: definition ?? name, more: [] },
    whose: { short: words.blame[shown.blame], more: [words.blameWhy[shown.blame]] },
    next: { short: words.advice[shown.advice], more: next },
  };
}

/** The explanation as text for a ticket. */
export function asText(shown: Shown, explanation: Explanation): string {
  const words = text().one;
  const lines = (["who", "why", "whose", "next"] as const)
    .filter((key) => explanation[key].short !== "")
    .map((key) => `${words[key]}: ${[sentence(explanation[key].short), ...explanation[key].more].join(" ")}`);
  lines.unshift(explanation.name);
  if (shown.diagnostic) lines.push(`${words.said}: ${shown.diagnostic}`);
  return lines.join("\n");
}

/** Short answers have no full stop of their own, except those that are sentences already. */
function sentence(words: string): string {
  return /[.。]$/.test(words) ? words : `${words}${currentLanguage() === "ja" ? "。" : "."}`;
}
