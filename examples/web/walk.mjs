// Does what a reader does who opens the page, gives it a mailbox and asks for the hard bounces; prints the recipients.
// `node walk.mjs PAGE MAILBOX`, for `cargo xtask walk`.

import { pathToFileURL } from "node:url";
import { launch } from "../../wasm/test/browser.mjs";

const [page, mailbox] = process.argv.slice(2);
const browser = await launch();
try {
  const tab = await (await browser.newContext({ locale: "en-GB" })).newPage();
  tab.setDefaultTimeout(180_000);
  await tab.goto(pathToFileURL(page).href);
  await tab.waitForSelector("body[data-ready]");
  await tab.setInputFiles("#pick-files", [mailbox]);
  await tab.waitForSelector(".said-notice");
  await tab.getByRole("button", { name: "Will never arrive" }).first().click();
  const table = tab.locator(".table-rows");
  await tab.waitForSelector(".shown");
  console.log((await table.allInnerTexts()).join("\n"));
} finally {
  await browser.close();
}
