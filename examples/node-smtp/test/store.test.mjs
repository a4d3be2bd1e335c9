// What lies on the disk: whole lines, whatever comes at a time, and a table that survives a message it cannot take.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sqlite from 'node-sqlite3-wasm';
import { Store } from '../store.mjs';

const folder = mkdtempSync(join(tmpdir(), 'node-smtp-store-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const failure = (n) => ({
  id: String(n), kind: 'bounce', recipient: `user${n}@example.jp`, reason: 'userunknown', hard: true, advice: 'suppress',
  timestamp: null, diagnostic: 'x'.repeat(300_000),
});

test('messages that come at a time stay whole, and one that cannot be stored stops no other', async () => {
  const store = await Store.open(folder);
  const adding = Array.from({ length: 20 }, (_, n) => store.add({ records: [failure(n), failure(n + 100)] }));
  const broken = store.add({ records: [{ ...failure(500), reason: null }] });
  await assert.rejects(broken, /NOT NULL/);
  await Promise.all([...adding, store.add({ records: [failure(600)] })]);
  await store.close();
  const lines = readFileSync(join(folder, 'records.ndjson'), 'utf8').trimEnd().split('\n');
  assert.equal(lines.map((line) => JSON.parse(line)).length, 42);
  const database = new sqlite.Database(join(folder, 'bounces.sqlite'), { readOnly: true });
  assert.equal(database.get('SELECT count(*) AS rows FROM failures').rows, 41);
  database.close();
});
