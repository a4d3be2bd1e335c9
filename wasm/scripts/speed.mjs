// Compares the module's speed in Node and in Chromium with that of the crate, on one thread and on the same mails:
// `node scripts/speed.mjs FOLDER [ROUNDS]`. Build the module first, with `cargo xtask wasm`.

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseJson } from "../js/node.js";
import { launch, serve } from "../test/browser.mjs";

const WANTED = 0.4;
const [folder = "../examples/mails", rounds = "10"] = process.argv.slice(2);
const root = fileURLToPath(new URL("..", import.meta.url));

const mails = readdirSync(folder, { recursive: true })
  .map((name) => join(folder, name))
  .filter((path) => statSync(path).isFile())
  .map((path) => readFileSync(path));

/**
 * Runs in Node and in the page alike: microseconds a mail. Of every few mails the best time of some rounds counts, as in
 * core/examples/speed.rs.
 */
function measure(parse, all, count) {
  const GROUP = 16;
  const best = [];
  for (let round = 0; round <= count; round += 1) {
    for (let first = 0; first < all.length; first += GROUP) {
      const group = all.slice(first, first + GROUP);
      const start = performance.now();
      for (const mail of group) parse(mail);
      const time = performance.now() - start;
      // The first round builds the tables and is not counted.
      if (round > 0) best[first / GROUP] = Math.min(best[first / GROUP] ?? Infinity, time);
    }
  }
  return (best.reduce((sum, time) => sum + time, 0) * 1000) / all.length;
}

async function inChromium() {
  const script = `
    import { init, parseJson } from "/js/index.js";
    await init();
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    globalThis.run = (mails, rounds) => (${measure})(parseJson, mails.map(bytes), rounds);
    document.title = "ready";`;
  const pages = { "/": '<!doctype html><title>speed</title><script type="module" src="/run.js"></script>', "/run.js": script };
  const server = await serve(root, { pages });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => document.title === "ready");
    const encoded = mails.map((mail) => mail.toString("base64"));
    return await page.evaluate(([all, count]) => globalThis.run(all, count), [encoded, Number(rounds)]);
  } finally {
    await browser.close();
    server.close();
  }
}

const native = () => {
  const words = ["run", "--release", "--quiet", "-p", "komainu", "--example", "speed", "--", resolve(folder), rounds];
  return JSON.parse(execFileSync("cargo", words, { cwd: root, encoding: "utf8" })).us_per_mail;
};

const [rust, node, chromium] = [native(), measure(parseJson, mails, Number(rounds)), await inChromium()];
const line = (name, us) => `${name.padEnd(10)}${us.toFixed(1).padStart(8)} µs a mail${`${((rust / us) * 100).toFixed(0)} %`.padStart(8)}`;
console.log(`${mails.length} mails, best of ${rounds} rounds for every 16 of them`);
for (const [name, us] of [["native", rust], ["Node", node], ["Chromium", chromium]]) console.log(line(name, us));
if (rust / Math.max(node, chromium) < WANTED) {
  console.error(`slower than ${WANTED * 100} % of native`);
  process.exitCode = 1;
}
