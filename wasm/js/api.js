// What every entry of the package shares: the functions with types, over the JSON text that the module returns.

import * as raw from "../pkg/komainu.js";

/** A value that cannot be used: the message names it. Mail never causes an error. */
export class KomainuError extends Error {
  name = "KomainuError";
}

const HINTS = ["provider", "command", "status", "date", "format"];
const OPTIONS = ["headers", "limits"];

// Raised whenever the module starts afresh: what was built in an earlier instance is gone.
let generation = 0;

/**
 * Runs one call into the module. What the module refuses becomes a KomainuError. A trap (out of memory, or a defect of
 * ours) leaves an instance in an unknown state, so a fresh one takes its place.
 */
function guard(call) {
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

function bytes(value) {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  throw new TypeError(`a message is a Uint8Array or an ArrayBuffer, not ${kindOf(value)}`);
}

function text(value) {
  if (typeof value === "string") return value;
  throw new TypeError(`a reply is a string, not ${kindOf(value)}`);
}

function kindOf(value) {
  if (value === null) return "null";
  return typeof value === "object" ? (value.constructor?.name ?? "an object") : typeof value;
}

/** A misspelt name would otherwise be ignored in silence. */
function known(values, names, what) {
  if (typeof values !== "object" || values === null) throw new TypeError(`${what} are an object, not ${kindOf(values)}`);
  for (const name of Object.keys(values)) {
    if (!names.includes(name)) throw new TypeError(`${name} is none of the ${what}: ${names.join(", ")}`);
  }
  return values;
}

function hintsOf(given) {
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
  return JSON.parse(guard(() => raw.reasonsJson()));
}

/** The versions of the package and of the record's schema. */
export function versions() {
  return guard(() => ({ komainu: raw.version(), schema: raw.schemaVersion() }));
}

/** A parser with options. */
export class Analyzer {
  #options;
  #engine;
  #generation;

  constructor(options = {}) {
    this.#options = checked(options);
    this.#build();
  }

  parse(message) {
    return JSON.parse(this.parseJson(message));
  }

  parseJson(message) {
    const input = bytes(message);
    return this.#call((engine) => engine.parseJson(input));
  }

  classify(reply, hints) {
    return JSON.parse(this.classifyJson(reply, hints));
  }

  classifyJson(reply, hints) {
    const [input, given] = [text(reply), hintsOf(hints)];
    return this.#call((engine) => engine.classifyJson(input, ...given));
  }

  /** Gives the memory back at once; without it, the garbage collector does so later. */
  free() {
    if (this.#engine && this.#generation === generation) this.#engine.free();
    this.#engine = undefined;
  }

  #call(use) {
    if (!this.#engine) throw new KomainuError("this Analyzer was freed");
    if (this.#generation !== generation) this.#build();
    return guard(() => use(this.#engine));
  }

  #build() {
    const { headers, limits } = this.#options;
    this.#engine = guard(() => {
      const builder = new raw.EngineBuilder();
      if (headers) builder.headers(headers);
      for (const [name, value] of Object.entries(limits ?? {})) builder.limit(name, value);
      return builder.build();
    });
    this.#generation = generation;
  }
}

if (Symbol.dispose) Analyzer.prototype[Symbol.dispose] = Analyzer.prototype.free;

function checked(options) {
  const { headers, limits } = known(options, OPTIONS, "options");
  if (headers !== undefined && !(Array.isArray(headers) && headers.every((name) => typeof name === "string"))) {
    throw new TypeError("headers is an array of strings");
  }
  for (const [name, value] of Object.entries(limits ?? {})) {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
      throw new TypeError(`limits.${name} is a whole number up to 4294967295, not ${String(value)}`);
    }
  }
  return { headers: headers && [...headers], limits: { ...limits } };
}
