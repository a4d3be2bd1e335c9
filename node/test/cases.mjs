// The shared cases: how they are found, read and varied.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';

/** The repository: the tests run from a copy beside the installed package. */
export const ROOT = process.env.KOMAINU_ROOT ?? join(import.meta.dirname, '../..');
const CASES = join(ROOT, 'tests/cases');

export const NEWLINES = { LF: '\n', CRLF: '\r\n', CR: '\r' };

/** All mails by name, each with its bytes as latin1 text with LF newlines. */
export function mails() {
  const kinds = readdirSync(CASES, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'log');
  return kinds.flatMap(({ name: kind }) =>
    readdirSync(join(CASES, kind))
      .filter((file) => file.endsWith('.eml'))
      .map((file) => {
        const path = join(CASES, kind, file.slice(0, -'.eml'.length));
        const lf = readFileSync(`${path}.eml`, 'latin1').replaceAll(/\r\n?/g, '\n');
        return { name: `${kind}/${file.slice(0, -'.eml'.length)}`, lf, want: compact(readFileSync(`${path}.json`, 'utf8')) };
      }),
  );
}

/** The mail's bytes with another newline. */
export const withNewlines = ({ lf }, newline) => Buffer.from(lf.replaceAll('\n', newline), 'latin1');

/** All logs, each with the blessed records' text, one a line. */
export function logs() {
  const folder = join(CASES, 'log');
  return readdirSync(folder)
    .filter((file) => !file.endsWith('.ndjson'))
    .map((file) => {
      const name = file.replace(/\.[^.]+$/, '');
      return { name: `log/${name}`, path: join(folder, file), want: readFileSync(join(folder, `${name}.ndjson`), 'utf8') };
    });
}

/** All replies, each with the blessed verdict's text as it stands in the file. */
export function replies() {
  const lines = readFileSync(join(CASES, 'replies.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const { name, ask } = JSON.parse(line);
    const { text, ...hints } = ask;
    return { name, text, hints, want: line.slice(line.indexOf(',"verdict":') + ',"verdict":'.length, -1) };
  });
}

/** Pretty JSON in its compact form: keys keep their order. */
const compact = (pretty) => JSON.stringify(JSON.parse(pretty));

function expectedFailures(surface) {
  const { expected = [] } = parseToml(readFileSync(join(ROOT, 'tests/expected_failures.toml'), 'utf8'));
  return new Map(expected.filter((entry) => [surface, '*'].includes(entry.surface)).map(({ case: name, why }) => [name, why]));
}

/** Counts what is compared, and closes with the line that the test run reads. */
export class Driver {
  #expected;
  passed = 0;
  wrong = [];

  constructor(surface) {
    this.surface = surface;
    this.#expected = expectedFailures(surface);
  }

  compare(name, variant, got, want) {
    const why = this.#expected.get(name);
    if ((got === want) === (why === undefined)) this.passed += 1;
    else if (got === want) this.wrong.push(`${name} (${variant}) passes, and is expected to fail: ${why}`);
    else this.wrong.push(`${name} (${variant}):\n  want ${want}\n   got ${got}`);
  }

  close() {
    console.log(`shared cases ${this.surface}: ${this.passed} passed, ${this.wrong.length} failed`);
  }
}
