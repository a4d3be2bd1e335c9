// The manual's examples, run as they are printed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { backend } from 'komainu';
import { ROOT } from './cases.mjs';

// Below this folder, so that `komainu` is found as a user's module would find it.
const folder = join(import.meta.dirname, 'readme');
mkdirSync(join(folder, 'mails'), { recursive: true });
after(() => rmSync(folder, { recursive: true }));
for (const name of ['bounce.eml', 'mails/bounce.eml']) {
  cpSync(join(ROOT, 'tests/cases/bounce/postfix-two-recipients.eml'), join(folder, name));
}
cpSync(join(ROOT, 'tests/cases/log/postfix.log'), join(folder, 'mail.log'));

writeFileSync(join(folder, 'rules.toml'), '');

const manual = readFileSync(join(ROOT, 'node/README.md'), 'utf8');
const examples = [...manual.matchAll(/^```js\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms)];

examples.forEach(([, code, printed], n) => {
  const skip = backend === 'wasm' && /scan|LogReader|rules:|verpAddress/.test(code);
  test(`example ${n + 1} runs and prints what the manual says`, { skip }, () => {
    const path = join(folder, `example-${n}.mjs`);
    writeFileSync(path, code);
    const output = execFileSync(process.execPath, [path], { cwd: folder, encoding: 'utf8' });
    if (printed === undefined) assert.notEqual(output, '');
    else assert.equal(output, printed);
  });
});

test('there are examples', () => assert.ok(examples.length >= 5));
