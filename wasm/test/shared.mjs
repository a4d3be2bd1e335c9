// Drives the package in Node with the shared cases: `node test/shared.mjs`.

import { classifyJson, parseJson } from "komainu-wasm";
import { comparisons, judge } from "./cases.mjs";

const wanted = comparisons();
const answers = wanted.map(({ mail, ask }) => {
  if (mail) return parseJson(mail);
  const { text, ...hints } = ask;
  return classifyJson(text, hints);
});
process.exitCode = judge("wasm", wanted, answers) ? 0 : 1;
