// axe finds nothing to complain about, in any view, in both languages, dark and light.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { close, listed, open, startBrowser } from "./helpers.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await startBrowser(after);

async function clean(page, view) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const found = violations.map(({ id, nodes }) => `${view}: ${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
  assert.deepEqual(found, []);
  assert.ok(passes.length > 10);
}

for (const colorScheme of ["light", "dark"]) {
  for (const locale of ["en-GB", "ja-JP"]) {
    for (const width of [390, 1280]) {
      test(`axe is content: ${colorScheme}, ${locale}, ${width} px`, async () => {
        const page = await open(browser, { colorScheme, locale, viewport: { width, height: 900 } });
        await clean(page, "start");
        await page.locator(".sample:not(.special)").first().click();
        await page.waitForSelector(".one");
        await clean(page, "one");
        for (const tab of await page.getByRole("tab").all()) {
          await tab.click();
          await clean(page, "tab");
        }
        await page.locator(".brand").click();
        await page.locator(".sample.special").click();
        await listed(page);
        await clean(page, "many");
        for (const menu of await page.locator(".menu summary").all()) {
          await menu.click();
          await clean(page, "menu");
          await page.keyboard.press("Escape");
        }
        await page.locator(".bar-button").first().click();
        await clean(page, "filtered");
        await close(page);
      });
    }
  }
}
