// The mails that the benchmarks run on.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every file under the folder named on the command line, but no logs and no answers. */
export function mails() {
  const folder = process.argv[2];
  if (!folder) {
    console.error(`usage: node ${process.argv[1]} FOLDER`);
    process.exit(2);
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const isMail = (path) => !/\.(json|jsonl|ndjson|log|csv)$/.test(path);
  const paths = files.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).filter(isMail).sort();
  if (paths.length === 0) throw new Error(`${folder} is empty`);
  return paths.map((path) => ({ path, raw: readFileSync(path) }));
}

/** The value below which the given share of all lies. */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
