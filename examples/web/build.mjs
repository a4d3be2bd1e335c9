// Builds the page twice: dist/komainu.html, one file that opens from disk, and dist/site, for any web host.
//
// Both carry the module inside a script and run their worker from a blob, so that the page needs no connection at all
// and its policy can forbid every one.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const LIMIT = 600_000;
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const bundle = { bundle: true, minify: true, write: false, target: ["chrome109", "firefox115", "safari16.4"], legalComments: "none" };

const script = async (entry) => {
  // The wrapper would look for the module beside itself; here it is always handed over.
  const define = { "import.meta.url": '"about:blank"' };
  const result = await build({ ...bundle, entryPoints: [here(entry)], format: "iife", platform: "browser", define });
  return result.outputFiles[0].text;
};

const style = (await build({ ...bundle, entryPoints: [here("src/styles/page.css")] })).outputFiles[0].text;
const app = await script("src/main.ts");
const worker = await script("src/worker/worker.ts");
const wasm = gzipSync(readFileSync(here("../../wasm/pkg/komainu_bg.wasm")), { level: 9 }).toString("base64");
const mails = here("../mails");
const samples = Object.fromEntries(
  readdirSync(mails).filter((name) => name.endsWith(".eml")).sort()
    .map((name) => [name.replace(/\.eml$/, ""), readFileSync(`${mails}/${name}`, "utf8")]),
);
const engine =
  `const KOMAINU_ENGINE=${JSON.stringify({ worker, wasm })};const KOMAINU_SAMPLES=${JSON.stringify(samples)};`;

const policy = (scripts, styles) =>
  [
    "default-src 'none'",
    `script-src ${scripts} 'wasm-unsafe-eval'`,
    `style-src ${styles}`,
    "worker-src blob:",
    "img-src data:",
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");

const sha = (text, algorithm = "sha256") => `'${algorithm}-${createHash(algorithm).update(text).digest("base64")}'`;
const icon = `data:image/svg+xml,${encodeURIComponent(readFileSync(here("src/icon.svg"), "utf8").trim())}`;
const template = readFileSync(here("src/index.html"), "utf8");
const page = (values) => template.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
// What would end the script element, or begin a comment in it, is written in another way.
const inline = (code) => code.replace(/<(?=\/script|!--)/gi, "\\x3c");

rmSync(here("dist"), { recursive: true, force: true });
mkdirSync(here("dist/site"), { recursive: true });

const codes = [inline(engine), inline(app)];
const single = page({
  policy: policy(codes.map((code) => sha(code)).join(" "), sha(style)),
  icon,
  style: `<style>${style}</style>`,
  scripts: codes.map((code) => `<script>${code}</script>`).join("\n"),
});
writeFileSync(here("dist/komainu.html"), single);

const site = {};
const named = (name, text) => {
  const [stem, end] = name.split(".");
  const file = `${stem}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}.${end}`;
  site[file] = text;
  return `${file}" integrity="${sha(text, "sha384").slice(1, -1)}`;
};
const sitePolicy = policy("'self'", "'self'");
site["index.html"] = page({
  policy: sitePolicy,
  icon,
  style: `<link rel="stylesheet" href="${named("style.css", style)}">`,
  scripts: [named("engine.js", engine), named("app.js", app)].map((src) => `<script src="${src}"></script>`).join("\n"),
});
// Read by several hosts; others need the same two headers in their own way.
site["_headers"] = `/*\n  Content-Security-Policy: ${sitePolicy}; frame-ancestors 'none'\n  Referrer-Policy: no-referrer\n  X-Content-Type-Options: nosniff\n`;
for (const [name, text] of Object.entries(site)) writeFileSync(here(`dist/site/${name}`), text);

const brotli = (text) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
const sizes = {
  "one file": { raw: single.length, gzip: gzipSync(single, { level: 9 }).length, brotli: brotli(single) },
  site: Object.values(site).reduce(
    (sum, text) => ({ raw: sum.raw + text.length, gzip: sum.gzip + gzipSync(text, { level: 9 }).length, brotli: sum.brotli + brotli(text) }),
    { raw: 0, gzip: 0, brotli: 0 },
  ),
};
for (const [name, size] of Object.entries(sizes)) {
  console.log(`${name}: ${kb(size.raw)}, gzip ${kb(size.gzip)}, brotli ${kb(size.brotli)} (limit ${kb(LIMIT)})`);
  if (size.gzip > LIMIT) throw new Error(`${name} is over its limit`);
}
