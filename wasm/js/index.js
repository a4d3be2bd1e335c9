// The entry for browsers and bundlers: call `init()` once, and everything else is synchronous.

import load, { initSync as loadNow } from "../pkg/komainu.js";
import { start } from "./guard.js";

export * from "./api.js";

let loading;

/**
 * Loads the module: from beside this file, or from what is given (a URL, a Response, the bytes, or a compiled module).
 * Calls after the first return the same promise; after a failed one, the next call tries again.
 */
export function init(source) {
  loading ??= load(source === undefined ? undefined : { module_or_path: source }).then(
    () => start(),
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** Starts the module from its bytes or a compiled module, at once. Inside a Worker any size is allowed. */
export function initSync(source) {
  loadNow({ module: source });
  start();
  loading = Promise.resolve();
}
