import * as raw from "../pkg/komainu.js";
import { KomainuError, bytes, generation, guard, hintsOf, known, text } from "./guard.js";

const OPTIONS = ["headers", "limits"];

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
