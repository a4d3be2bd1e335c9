// Measures the page on a large mailbox in Chromium: `node measure.mjs [MEGABYTES]` (1024). Build the page first, with
// `cargo xtask web --build`. The mailbox is made of the shared test mails, which are filled up to the size that bounces have in
// practice, and removed afterwards.

import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launch } from "../../wasm/test/browser.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const wanted = Number(process.argv[2] ?? 1024) * 1e6;
const folder = mkdtempSync(join(tmpdir(), "komainu-measure-"));

/** What bounces have on the average: most of it is the returned mail. */
const SIZE = 5000;
const FILLING = "A line of the mail that came back, as long as lines of mail usually are.\n";

/** Every shared mail as a message of a mailbox. */
function messages() {
  const cases = here("../../tests/cases");
  const names = readdirSync(cases, { recursive: true }).filter((name) => name.endsWith(".eml")).sort();
  return names.map((name) => {
    const mail = readFileSync(join(cases, name), "latin1").replace(/\r\n?/g, "\n").replace(/^(>*From )/gm, ">$1");
    const filling = FILLING.repeat(Math.max(0, Math.round((SIZE - mail.length) / FILLING.length)));
    return Buffer.from(`From MAILER-DAEMON Thu Jan  1 00:00:00 2026\n${mail}\n${filling}\n`, "latin1");
  });
}

function mailbox() {
  const path = join(folder, "large.mbox");
  const [file, mails] = [openSync(path, "w"), messages()];
  let [bytes, count] = [0, 0];
  for (; bytes < wanted; count += 1) bytes += writeSync(file, mails[count % mails.length]);
  closeSync(file);
  return { path, bytes, count };
}

/** In the page: collects how long each frame took, until it is asked for them. */
function watchFrames() {
  const frames = [];
  let last = performance.now();
  let going = true;
  const next = (now) => {
    frames.push(now - last);
    last = now;
    if (going) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  globalThis.framesSoFar = () => {
    going = false;
    const sorted = frames.slice(1).sort((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    return { frames: sorted.length, "p50 ms": at(0.5), "p99 ms": at(0.99), "max ms": at(1) };
  };
}

const { path, bytes, count } = mailbox();
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(3_600_000);
  await page.goto(pathToFileURL(here("dist/komainu.html")).href);
  await page.waitForSelector("body[data-ready]");
  const system = await browser.newBrowserCDPSession();
  /** Resident memory of the page's process, with its Worker. */
  const memory = async () => {
    const { processInfo } = await system.send("SystemInfo.getProcessInfo");
    const sizes = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => {
      const status = readFileSync(`/proc/${id}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    });
    return Math.round(Math.max(...sizes));
  };
  const watched = async (work) => {
    await page.evaluate(watchFrames);
    const start = performance.now();
    await work();
    return { seconds: (performance.now() - start) / 1000, ...(await page.evaluate(() => framesSoFar())) };
  };

  const before = await memory();
  let most = before;
  const timer = setInterval(async () => (most = Math.max(most, await memory().catch(() => 0))), 500);
  const reading = await watched(async () => {
    await page.setInputFiles("#pick-files", [path]);
    await page.waitForSelector(".many");
    await page.waitForSelector(".said-notice");
  });
  clearInterval(timer);
  const after = await memory();
  const rows = Number(await page.getAttribute(".table-body", "aria-rowcount")) - 1;

  const scrolling = await watched(() =>
    page.evaluate(async () => {
      const body = document.querySelector(".table-body");
      const end = body.scrollHeight - body.clientHeight;
      for (let step = 0; step <= 240; step += 1) {
        body.scrollTop = (end * step) / 240;
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    }),
  );
  const sorting = await watched(() => page.locator(".table-head button").first().click());
  const filtering = await watched(async () => {
    await page.locator("input[type=search]").fill("example.org");
    await page.waitForFunction((all) => Number(document.querySelector(".table-body").getAttribute("aria-rowcount")) - 1 < all, rows);
  });

  const rate = `${(bytes / 1e6 / reading.seconds).toFixed(1)} MB/s, ${Math.round(count / reading.seconds)} messages/s`;
  console.log(`${(bytes / 1e6).toFixed(0)} MB, ${count} messages, ${rows} rows: ${reading.seconds.toFixed(0)} s, ${rate}`);
  console.log(`memory of the page: ${before} MiB before, at most ${most}, ${after} after`);
  console.table({ reading, scrolling, sorting, filtering });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
