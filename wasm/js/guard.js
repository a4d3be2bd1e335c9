// Calls into the module: what it is given is checked here, and what it throws is made sense of.

import * as raw from "../pkg/komainu.js";

/** A value that cannot be used: the message names it. Mail never causes an error. */
export class KomainuError extends Error {
  name = "KomainuError";
}

const HINTS = ["provider", "command", "status", "date", "format"];

// Whether the module was started: what is called before that fails on a property of undefined.
let started = false;

export function start() {
  started = true;
}

// Raised whenever the module starts afresh: what was built in an earlier instance is gone.
export let generation = 0;

/**
 * Runs one call into the module. What the module refuses becomes a KomainuError. A trap (out of memory, or a defect of
 * ours) leaves an instance in an unknown state, so a fresh one takes its place.
 */
export function guard(call) {
  if (!started) throw new KomainuError("the module is not loaded yet; await init() first");
  try {
    return call();
  } catch (error) {
    if (error instanceof TypeError) throw error;
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
      raw.__wbg_reset_state();
      generation += 1;
      throw new KomainuError(`the module stopped and was started afresh: ${error.message}`, { cause: error });
    }
    throw new KomainuError(error.message, { cause: error });
  }
}

export function bytes(value) {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  const hint = typeof value === "string" ? "new TextEncoder().encode(text)" : value?.arrayBuffer && "await file.arrayBuffer()";
  throw new TypeError(`a message is a Uint8Array or an ArrayBuffer, not ${kindOf(value)}${hint ? `; pass ${hint}` : ""}`);
}

export function text(value) {
  if (typeof value === "string") return value;
  throw new TypeError(`a reply is a string, not ${kindOf(value)}`);
}

export function kindOf(value) {
  if (value === null) return "null";
  return typeof value === "object" ? (value.constructor?.name ?? "an object") : typeof value;
}

/** A misspelt name would otherwise be ignored in silence. */
export function known(values, names, what) {
  if (typeof values !== "object" || values === null) throw new TypeError(`${what} are an object, not ${kindOf(values)}`);
  for (const name of Object.keys(values)) {
    if (!names.includes(name)) throw new TypeError(`${name} is none of the ${what}: ${names.join(", ")}`);
  }
  return values;
}

export function hintsOf(given) {
  if (given === undefined) return [];
  known(given, HINTS, "hints");
  return HINTS.map((name) => {
    const value = given[name] ?? undefined;
    if (value !== undefined && typeof value !== "string") {
      throw new TypeError(`${name} is a string, not ${kindOf(value)}`);
    }
    return value;
  });
}
