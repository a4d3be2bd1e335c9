// What every entry of the package shares: the functions, over the JSON text that the module returns.

import * as raw from "../pkg/komainu.js";
import { bytes, guard, hintsOf, text } from "./guard.js";
import { NAMES, REASONS, systems } from "./reasons.js";

export { systems };
export { Analyzer } from "./analyzer.js";
export { KomainuError } from "./guard.js";

/** Reads one message. */
export function parse(message) {
  return JSON.parse(parseJson(message));
}

/** Reads one message; the JSON text, the same bytes on every surface of komainu. */
export function parseJson(message) {
  const input = bytes(message);
  return guard(() => raw.parseJson(input));
}

/** Decides one SMTP reply. */
export function classify(reply, hints) {
  return JSON.parse(classifyJson(reply, hints));
}

/** Decides one SMTP reply; the JSON text. */
export function classifyJson(reply, hints) {
  const [input, given] = [text(reply), hintsOf(hints)];
  return guard(() => raw.classifyJson(input, ...given));
}

/** Every reason, with what it means. */
export function reasons() {
  return REASONS.map((reason) => ({ ...reason }));
}

/** What another system calls a reason, or `null` where it has no such class. */
export function nameIn(reason, system) {
  if (!Object.hasOwn(NAMES, reason)) throw new TypeError(`${String(reason)} is no reason`);
  if (!systems.includes(system)) {
    throw new TypeError(`${String(system)} is no known system; use one of ${systems.join(", ")}`);
  }
  return NAMES[reason][system] ?? null;
}

/** The versions of the package and of the record's schema. */
export function versions() {
  return guard(() => ({ komainu: raw.version(), schema: raw.schemaVersion() }));
}
