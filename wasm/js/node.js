// The entry for Node: the module is loaded on import, and `init()` is there so that the same code runs everywhere.

import { readFileSync } from "node:fs";
import { initSync as start } from "../pkg/komainu.js";

export * from "./api.js";

start({ module: readFileSync(new URL("../pkg/komainu_bg.wasm", import.meta.url)) });

export function init() {
  return Promise.resolve();
}

export function initSync() {}
