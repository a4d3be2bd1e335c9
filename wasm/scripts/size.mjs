// Prints the module's size as it travels, and fails above the limit: `node scripts/size.mjs`.

import { readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** A KB is 1,024 bytes here. */
const LIMIT = 300 * 1024;
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url));
const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

const module = read("pkg/komainu_bg.wasm");
const script = Buffer.concat(["pkg/komainu.js", "js/api.js", "js/analyzer.js", "js/guard.js", "js/index.js"].map(read));
const travels = brotli(module);
console.log(
  `module ${kb(module.length)}, gzip ${kb(gzipSync(module, { level: 9 }).length)}, brotli ${kb(travels)} ` +
    `(limit ${kb(LIMIT)}); its JavaScript ${kb(brotli(script))} brotli`,
);
if (travels > LIMIT) {
  console.error(`the module is ${kb(travels - LIMIT)} over its limit`);
  process.exit(1);
}
