// The shared cases of tests/cases: how they are found, varied and compared. The drivers for Node and for the browser
// both go through here.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse as parseToml } from "smol-toml";

const tests = fileURLToPath(new URL("../../tests/", import.meta.url));

/** The three ways to end a line that mail arrives with. */
const NEWLINES = { LF: "\n", CRLF: "\r\n", CR: "\r" };

/** Every comparison: `{case, variant, want}` with either `mail` (a Buffer) or `ask` (a reply and its hints). */
export function comparisons() {
  return [...mails(), ...replies()];
}

function mails() {
  const folder = join(tests, "cases");
  const kinds = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = kinds.flatMap(({ name: kind }) =>
    readdirSync(join(folder, kind))
      .filter((file) => file.endsWith(".eml"))
      .map((file) => `${kind}/${file.slice(0, -4)}`),
  );
  if (names.length === 0) throw new Error(`no case under ${folder}`);
  return names.sort().flatMap((name) => {
    // Latin-1 gives every byte a character of its own, so newlines can be exchanged as text.
    const lf = readFileSync(join(folder, `${name}.eml`), "latin1").replace(/\r\n?/g, "\n");
    const want = JSON.stringify(JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")));
    return Object.entries(NEWLINES).map(([variant, newline]) => {
      return { case: name, variant, mail: Buffer.from(lf.replaceAll("\n", newline), "latin1"), want };
    });
  });
}

function replies() {
  const lines = readFileSync(join(tests, "cases/replies.jsonl"), "utf8").split("\n").filter(Boolean);
  return lines.map((line) => {
    const { name, ask, verdict } = JSON.parse(line);
    return { case: name, variant: "reply", ask, want: JSON.stringify(verdict) };
  });
}

/** Compares answers, one for each comparison and in their order. Says whether all hold. */
export function judge(surface, wanted, answers) {
  if (wanted.length === 0 || answers.length !== wanted.length) {
    throw new Error(`${answers.length} answers for ${wanted.length} comparisons`);
  }
  const expected = expectedFailures(surface.replace("-worker", ""));
  const wrong = [];
  wanted.forEach((one, index) => {
    const [got, why] = [answers[index], expected.get(one.case)];
    const name = `${one.case} (${one.variant})`;
    if (got === one.want && why !== undefined) wrong.push(`${name} passes, and is expected to fail: ${why}`);
    if (got !== one.want && why === undefined) wrong.push(`${name}:\n${difference(one.want, got)}`);
  });
  for (const line of wrong) console.log(line);
  console.log(`shared cases ${surface}: ${wanted.length - wrong.length} passed, ${wrong.length} failed`);
  return wrong.length === 0;
}

function expectedFailures(surface) {
  const { expected = [] } = parseToml(readFileSync(join(tests, "expected_failures.toml"), "utf8"));
  const ours = expected.filter((entry) => entry.surface === surface || entry.surface === "*");
  return new Map(ours.map((entry) => [entry.case, entry.why]));
}

function difference(want, got) {
  let at = 0;
  while (at < want.length && want[at] === got[at]) at += 1;
  const from = (text) => text.slice(Math.max(0, at - 60), at + 100);
  return `  want …${from(want)}\n   got …${from(got)}`;
}
