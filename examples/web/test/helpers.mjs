// What the page's tests share: both builds, a browser, and mail to give it.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { launch, serve } from "../../../wasm/test/browser.mjs";

export const here = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
export const single = pathToFileURL(here("dist/komainu.html")).href;
export const mails = here("../mails");

/** The page's own modules, as Node can import them. */
export async function source(name) {
  const result = await build({ entryPoints: [here(`src/${name}`)], bundle: true, format: "esm", write: false });
  const code = Buffer.from(result.outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}

/** Every example mail: name to bytes. */
export function examples() {
  const names = readdirSync(mails).filter((name) => name.endsWith(".eml")).sort();
  assert.ok(names.length > 0);
  return new Map(names.map((name) => [name, readFileSync(join(mails, name))]));
}

/** A folder that is gone after the tests. */
export function folder(after) {
  const path = mkdtempSync(join(tmpdir(), "komainu-web-"));
  after(() => rmSync(path, { recursive: true }));
  return (name, content) => {
    const file = join(path, name);
    writeFileSync(file, content);
    return file;
  };
}

export async function startBrowser(after) {
  const browser = await launch();
  after(() => browser.close());
  return browser;
}

export async function startSite(after) {
  const server = await serve(here("dist/site"), { pages: { "/": readFileSync(here("dist/site/index.html")) } });
  after(() => server.close());
  return server;
}

/** Opens the page; what goes wrong in it fails the test that closes it. */
export async function open(browser, { url = single, ...options } = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 900 }, ...options });
  // A guard against waiting for ever on a busy machine: it judges no speed.
  context.setDefaultTimeout(180_000);
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
  await page.goto(url);
  await page.waitForSelector("body[data-ready]");
  return page;
}

export async function close(page) {
  const { problems } = page;
  await page.context().close();
  assert.deepEqual(problems, []);
}

/** Gives files by their paths, as the file picker would. */
export async function pick(page, ...paths) {
  await page.setInputFiles("#pick-files", paths);
}

/** Waits until reading is over and the list stands. */
export async function listed(page) {
  await page.waitForSelector(".many");
  await page.waitForSelector(".said-notice");
}

export async function saved(page, click) {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  const stream = await download.createReadStream();
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
