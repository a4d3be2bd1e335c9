import * as raw from "../pkg/komainu.js";
import { KomainuError, bytes, generation, guard, hintsOf, known, text } from "./guard.js";

// The options about addresses, in JavaScript's spelling and in that of the JSON object which every binding passes on.
const ADDRESSES = {
  verp: "verp",
  verpDelimiters: "verp_delimiters",
  verpUsual: "verp_usual",
  addressBook: "address_book",
  redact: "redact",
  verifier: "verifier",
};
const VERIFIER = {
  domains: "domains",
  messageIds: "message_ids",
  verp: "verp",
  batv: "batv",
  maxAge: "max_age",
  strict: "strict",
  now: "now",
};
const OPTIONS = ["headers", "limits", ...Object.keys(ADDRESSES)];

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
    const { headers, limits, addresses } = this.#options;
    this.#engine = guard(() => {
      const builder = new raw.EngineBuilder();
      if (headers) builder.headers(headers);
      for (const [name, value] of Object.entries(limits ?? {})) builder.limit(name, value);
      if (addresses) builder.addresses(addresses);
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
  return { headers: headers && [...headers], limits: { ...limits }, addresses: addressesOf(options) };
}

/** The JSON of the options about addresses, or nothing where none was given. */
function addressesOf(options) {
  const given = respelt(options, ADDRESSES);
  if (given.verifier) given.verifier = respelt(known(given.verifier, Object.keys(VERIFIER), "verifier's options"), VERIFIER);
  // JSON has no maps: an address book would be empty without a word.
  if (given.address_book instanceof Map) given.address_book = Object.fromEntries(given.address_book);
  return Object.keys(given).length > 0 ? JSON.stringify(given) : undefined;
}

function respelt(values, spelling) {
  const named = Object.entries(spelling).map(([name, written]) => [written, values[name]]);
  return Object.fromEntries(named.filter(([, value]) => value !== undefined && value !== null));
}
