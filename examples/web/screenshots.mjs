// Takes the README's pictures of the page and the terminal: `node screenshots.mjs FOLDER`.

import { mkdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launch } from "../../wasm/test/browser.mjs";
import { terminal } from "./terminal.mjs";

const LIMIT = 300_000;
const folder = resolve(process.argv[2] ?? "../../docs/images");
const page = pathToFileURL(fileURLToPath(new URL("dist/komainu.html", import.meta.url))).href;

const SHOTS = [
  { name: "page-one", width: 1120, height: 860, show: sample(0) },
  { name: "page-many", width: 1280, height: 940, show: mailbox },
  { name: "page-many-dark-ja", width: 1280, height: 940, colorScheme: "dark", locale: "ja-JP", show: mailbox },
  { name: "page-phone", width: 390, height: 844, show: sample(1) },
];

function sample(index) {
  return async (view) => {
    await view.locator(".sample:not(.special)").nth(index).click();
    await view.waitForSelector(".one");
  };
}

async function mailbox(view) {
  await view.locator(".sample.special").click();
  await view.waitForSelector(".said-notice");
}

/** Writes one picture, and says how large it is. */
async function take(view, name, options = {}) {
  const path = join(folder, `${name}.png`);
  await view.screenshot({ path, ...options });
  const { size } = statSync(path);
  console.log(`${path}: ${(size / 1000).toFixed(0)} KB`);
  if (size > LIMIT) throw new Error(`${name}.png is over ${LIMIT / 1000} KB`);
}

mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
  for (const { name, width, height, show, colorScheme = "light", locale = "en-GB" } of SHOTS) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale });
    const view = await context.newPage();
    await view.goto(page);
    await view.waitForSelector("body[data-ready]");
    await show(view);
    // The time that reading took differs from run to run, and the pictures should not.
    await view.evaluate(() => document.querySelector(".notices")?.replaceChildren());
    await view.mouse.move(0, 0);
    await view.waitForTimeout(300);
    await take(view, name);
    await context.close();
  }
  const view = await browser.newPage({ viewport: { width: 1010, height: 100 } });
  await terminal(view);
  await take(view, "terminal", { fullPage: true });
} finally {
  await browser.close();
}
