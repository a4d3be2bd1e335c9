// The module's memory over many calls: bounded, and used again. KOMAINU_CALLS sets how many calls.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { Analyzer, classify, parse } from "../js/node.js";
import { initSync } from "../pkg/komainu.js";

const CALLS = Number(process.env.KOMAINU_CALLS ?? 5_000);
const CASES = new URL("../../tests/cases/bounce/", import.meta.url);
const mails = readdirSync(CASES)
  .filter((name) => name.endsWith(".eml"))
  .map((name) => readFileSync(new URL(name, CASES)));

/** Started already, so this gives what the running instance exports. */
const pages = () => initSync().memory.buffer.byteLength / 65_536;

test("memory is as large after many calls as after some", (t) => {
  const round = (calls) => {
    for (let n = 0; n < calls; n += 1) {
      const mail = mails[n % mails.length];
      parse(mail);
      classify(mail.toString("latin1", 0, 200));
      const analyzer = new Analyzer({ headers: ["X-Campaign"] });
      analyzer.parse(mail);
      analyzer.free();
      if (n % 16 === 0) assert.throws(() => parse(7), TypeError);
    }
  };
  round(mails.length);
  const before = pages();
  round(CALLS);
  t.diagnostic(`${CALLS} calls, ${before} pages of 64 KiB before and ${pages()} after`);
  assert.equal(pages(), before);
});

test("what a large mail took is used again for the next", () => {
  const large = Buffer.concat([mails[0], Buffer.alloc(20 << 20, "a line of text\n")]);
  parse(large);
  const before = pages();
  for (let n = 0; n < 20; n += 1) parse(large);
  assert.equal(pages(), before);
  // One copy of the mail, and what is decoded of it.
  assert.ok(before * 65_536 < 4 * large.length, `${before} pages`);
});
