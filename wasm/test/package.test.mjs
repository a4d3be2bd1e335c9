// The packed package as its users get it: installed in a fresh folder, imported, type-checked and bundled.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "komainu-wasm-"));
after(() => rmSync(folder, { recursive: true }));

const run = (program, ...words) => execFileSync(program, words, { cwd: folder, encoding: "utf8", stdio: "pipe" });
const write = (name, text) => writeFileSync(join(folder, name), text);

write("package.json", '{ "type": "module", "private": true }');
execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: root });
const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
run("npm", "install", "--silent", "--offline", "--no-audit", "--no-fund", `./${tarball}`);

test("it holds the module, its JavaScript and its types, and no more", () => {
  const files = run("tar", "-tf", tarball).split("\n").filter(Boolean).sort();
  const parts = ["js/analyzer.js", "js/api.js", "js/guard.js", "js/index.d.ts", "js/index.js", "js/node.js", "js/types.d.ts", "package.json"];
  const built = ["pkg/komainu.js", "pkg/komainu_bg.wasm", "README.md", "LICENSE-APACHE", "LICENSE-MIT"];
  for (const name of [...parts, ...built]) assert.ok(files.includes(`package/${name}`), name);
  assert.ok(files.every((name) => /^package\/(js|pkg|LICENSE|README|package\.json)/.test(name)), files.join(" "));
});

test("Node imports it", () => {
  write("use.js", 'import { classify } from "komainu-wasm"; console.log(classify("550 no").reason);');
  assert.match(run("node", "use.js"), /^[a-z]+\n$/);
});

test("the browser's entry says before init() what is missing", () => {
  write(
    "early.js",
    `import { Analyzer, classify, initSync, parse, versions } from "./node_modules/komainu-wasm/js/index.js";
     import { readFileSync } from "node:fs";
     for (const call of [() => parse(new Uint8Array(1)), () => classify("550 no"), () => new Analyzer(), versions]) {
       try { call(); } catch ({ name, message }) { console.log(name, message); }
     }
     initSync(readFileSync("./node_modules/komainu-wasm/pkg/komainu_bg.wasm"));
     console.log(parse(new Uint8Array(1)).kind);`,
  );
  const early = "KomainuError the module is not loaded yet; await init() first\n";
  assert.equal(run("node", "early.js"), `${early.repeat(4)}other\n`);
});

test("strict TypeScript accepts right use and refuses wrong use", () => {
  write(
    "right.ts",
    `import { Analyzer, init, parse, type Reason, type Report } from "komainu-wasm";
     await init(new URL("https://www.example.com/komainu.wasm"));
     const report: Report = parse(new Uint8Array());
     const reasons: Reason[] = report.records.map((record) => record.reason);
     new Analyzer({ headers: ["X-Campaign"], limits: { maxDepth: 3 } }).classify("550 no", { command: "RCPT" });
     new Analyzer({ addressBook: new Map([["taro@example.jp", "whitelisted" as const]]) });
     // @ts-expect-error: a message is bytes
     parse("text");
     // @ts-expect-error: there is no such option
     new Analyzer({ header: [] });
     export { reasons };`,
  );
  const options = ["--strict", "--noEmit", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom"];
  const compiler = join(root, "node_modules/.bin/tsc");
  try {
    run(compiler, ...options, "--types", "", "right.ts");
  } catch (error) {
    assert.fail(error.stdout);
  }
});

test("the shared cases' reports are of the declared type", () => {
  const cases = fileURLToPath(new URL("../../tests/cases/", import.meta.url));
  const files = readdirSync(cases, { recursive: true }).filter((name) => name.endsWith(".json"));
  assert.ok(files.length > 0);
  const reports = files.map((name) => readFileSync(join(cases, name), "utf8"));
  const list = reports.map((text, index) => `const r${index}: Report = ${text};`).join("\n");
  write("reports.ts", `import type { Report } from "komainu-wasm";\n${list}\nexport {};`);
  try {
    run(join(root, "node_modules/.bin/tsc"), "--strict", "--noEmit", "--module", "nodenext", "--types", "", "reports.ts");
  } catch (error) {
    assert.fail(error.stdout);
  }
});

test("a bundler takes the browser's entry, and drops what is not used", async () => {
  const bundle = async (code) => {
    const options = { bundle: true, write: false, format: "esm", platform: "browser", logLevel: "silent" };
    const stdin = { contents: code, resolveDir: folder };
    return (await build({ ...options, stdin })).outputFiles[0].text;
  };
  const all = await bundle('import * as komainu from "komainu-wasm"; console.log(komainu);');
  const one = await bundle('import { init, classify } from "komainu-wasm"; await init(); console.log(classify("550 no"));');
  assert.match(all, /new URL\(["']komainu_bg\.wasm["'], import\.meta\.url\)/);
  assert.doesNotMatch(all, /node:fs/);
  assert.match(all, /this Analyzer was freed/);
  assert.doesNotMatch(one, /this Analyzer was freed/);
});
