// The entry for Node: the module is loaded on import, and `init()` is there so that the same code runs everywhere.

import { readFileSync } from "node:fs";
import { initSync as loadNow } from "../pkg/komainu.js";
import { start } from "./guard.js";

export * from "./api.js";

loadNow({ module: readFileSync(new URL("../pkg/komainu_bg.wasm", import.meta.url)) });
start();

export function init() {
  return Promise.resolve();
}

export function initSync() {}
