// What comes out is what schema/record.json describes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { parse, schemaVersion } from 'komainu';
import { mails, ROOT, withNewlines } from './cases.mjs';

test('every record of the shared cases fits the schema', () => {
  const schema = JSON.parse(readFileSync(join(ROOT, 'schema/record.json'), 'utf8'));
  assert.ok(schema.$id.endsWith(`record-${schemaVersion}.json`), schema.$id);
  const fits = new Ajv({ allowUnionTypes: true }).compile(schema);
  for (const mail of mails()) {
    for (const record of parse(withNewlines(mail, '\n')).records) {
      assert.ok(fits(record), `${mail.name}: ${JSON.stringify(fits.errors)}`);
    }
  }
});
