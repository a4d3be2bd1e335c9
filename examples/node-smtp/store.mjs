// Where records go: a file of NDJSON, one record a line, and a table that knows each failure once.
import { open, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS failures (
    id         TEXT PRIMARY KEY,          -- the same failure seen again has the same id
    kind       TEXT NOT NULL,
    recipient  TEXT,
    reason     TEXT NOT NULL,
    hard       INTEGER NOT NULL,
    advice     TEXT NOT NULL,
    timestamp  TEXT,
    seen       INTEGER NOT NULL DEFAULT 1,
    record     TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS failures_by_recipient ON failures (recipient);
  CREATE VIEW IF NOT EXISTS to_suppress AS
    SELECT DISTINCT recipient FROM failures WHERE advice = 'suppress' AND recipient IS NOT NULL;
`;

const INSERT = `
  INSERT INTO failures (id, kind, recipient, reason, hard, advice, timestamp, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET seen = seen + 1
`;

export class Store {
  /** Opens or makes the files in `folder`. */
  static async open(folder) {
    await mkdir(join(folder, 'other'), { recursive: true });
    const lines = await open(join(folder, 'records.ndjson'), 'a');
    const database = new sqlite.Database(join(folder, 'bounces.sqlite'));
    database.exec(SCHEMA);
    return new Store(folder, lines, database);
  }

  constructor(folder, lines, database) {
    this.folder = folder;
    this.lines = lines;
    this.database = database;
    this.kept = 0;
    this.before = Promise.resolve();
  }

  /** Keeps what one message said. When this settles, it is on the disk: only then may the sender be told so. */
  async add(report, raw) {
    if (report.records.length === 0) return this.#keep(raw);
    // One after the other: two that append to one file at a time may mix their lines.
    const done = this.before.then(() => this.#add(report.records));
    this.before = done.catch(() => {});
    return done;
  }

  async #add(records) {
    await this.lines.appendFile(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    await this.lines.datasync();
    this.database.exec('BEGIN');
    try {
      for (const record of records) {
        const { id, kind, recipient, reason, hard, advice, timestamp } = record;
        // Prepared anew: a statement that failed once cannot be run again.
        this.database.run(INSERT, [id, kind, recipient, reason, hard ? 1 : 0, advice, timestamp, JSON.stringify(record)]);
      }
      this.database.exec('COMMIT');
    } catch (error) {
      // Left open, the transaction would refuse every later message as well.
      this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Mail that is no report may have been sent by a person: it is not ours to throw away. */
  async #keep(raw) {
    this.kept += 1;
    await writeFile(join(this.folder, 'other', `${Date.now()}-${process.pid}-${this.kept}.eml`), raw);
  }

  async close() {
    this.database.close();
    await this.lines.close();
  }
}
