// Words with the places marked that the decision rests on.

import type { Evidence } from "komainu-wasm";
import { h } from "../dom.js";
import { fill, text } from "../text/text.js";

/** `words` with every piece of evidence for `field` as a `<mark>`; the rule's name shows on hover and to screen readers. */
export function highlighted(words: string, field: string, evidence: Evidence[]): (string | HTMLElement)[] {
  const spans = evidence
    .filter((piece) => piece.field === field && piece.text !== "")
    .map((piece) => ({ from: words.indexOf(piece.text), rule: piece.rule, length: piece.text.length }))
    .filter(({ from }) => from >= 0)
    .sort((a, b) => a.from - b.from || b.length - a.length);
  const out: (string | HTMLElement)[] = [];
  let at = 0;
  for (const { from, length, rule } of spans) {
    if (from < at) continue;
    if (from > at) out.push(words.slice(at, from));
    out.push(h("mark", { title: fill(text().one.rule, { rule }) }, words.slice(from, from + length)));
    at = from + length;
  }
  if (at < words.length) out.push(words.slice(at));
  return out;
}
