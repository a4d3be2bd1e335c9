// Drives the package in Chromium with the shared cases, on the page and in a Worker, under a Content-Security-Policy
// that allows WebAssembly and no eval: `node test/shared-browser.mjs`.

import { fileURLToPath } from "node:url";
import { launch, serve } from "./browser.mjs";
import { comparisons, judge } from "./cases.mjs";

const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";

const answer = `
import { classifyJson, init, parseJson } from "/js/index.js";

const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

export async function answers(questions) {
  await init();
  return questions.map(({ mail, ask }) => {
    if (mail !== undefined) return parseJson(bytes(mail));
    const { text, ...hints } = ask;
    return classifyJson(text, hints);
  });
}
`;

const pages = {
  "/": '<!doctype html><title>shared cases</title><script type="module" src="/page.js"></script>',
  "/answer.js": answer,
  "/worker.js": `
    import { answers } from "/answer.js";
    onmessage = async ({ data }) => {
      try { postMessage({ done: await answers(data) }); } catch (error) { postMessage({ failed: String(error) }); }
    };`,
  "/page.js": `
    import { answers } from "/answer.js";
    globalThis.onPage = answers;
    globalThis.inWorker = (questions) => new Promise((done, failed) => {
      const worker = new Worker("/worker.js", { type: "module" });
      worker.onmessage = ({ data }) => (data.done ? done(data.done) : failed(new Error(data.failed)));
      worker.onerror = (event) => failed(new Error(event.message));
      worker.postMessage(questions);
    });
    try { new Function("return 1")(); globalThis.evalRefused = false; } catch { globalThis.evalRefused = true; }
    document.title = "ready";`,
};

const root = fileURLToPath(new URL("..", import.meta.url));
const server = await serve(root, { headers: { "content-security-policy": policy }, pages });
const browser = await launch();
try {
  const page = await browser.newPage();
  page.on("console", (message) => console.log(`console: ${message.text()}`));
  await page.goto(server.url);
  await page.waitForFunction(() => document.title === "ready");
  if (!(await page.evaluate(() => globalThis.evalRefused))) throw new Error("the policy is not in force");

  const wanted = comparisons();
  const questions = wanted.map(({ mail, ask }) => (mail ? { mail: mail.toString("base64") } : { ask }));
  const onPage = await page.evaluate((given) => globalThis.onPage(given), questions);
  const inWorker = await page.evaluate((given) => globalThis.inWorker(given), questions);
  const holds = [judge("browser", wanted, onPage), judge("browser-worker", wanted, inWorker)];
  process.exitCode = holds.every(Boolean) ? 0 : 1;
} finally {
  await browser.close();
  server.close();
}
