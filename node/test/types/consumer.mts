// What a caller's own TypeScript sees, as an ES module.
import { createReadStream } from 'node:fs';
import {
  Analyzer,
  backend,
  classify,
  LogReader,
  nameIn,
  parse,
  parseAsync,
  parseMany,
  parseStream,
  reasons,
  type Command,
  type Evidence,
  type Feedback,
  type Kind,
  type Lines,
  type Raw,
  type Reason,
  type Record as BounceRecord,
  type Report,
  type Verdict,
} from 'komainu';

const raw: Raw = Buffer.from('');
const report: Report = parse(raw);
const kind: Kind = report.kind;
const later: Promise<Report> = parseAsync(new Uint8Array(), { signal: AbortSignal.timeout(1000) });
const command: Command = 'RCPT';
const verdict: Verdict = classify('550 5.1.1 unknown', { command, date: new Date() });
const name: string | null = nameIn(verdict.reason, 'ses');
const analyzer = new Analyzer({
  limits: { maxBytes: 1 << 20 },
  headers: ['X-Campaign'],
  addressBook: new Map([['hanako@example.jp', 'whitelisted' as const]]),
});
const log: Lines = createReadStream('mail.log');
export const refused = new LogReader({ year: 2026 }).read(log);
export const fetched: Report = parse(await new Response('mail').arrayBuffer());

export async function main(): Promise<string[]> {
  const hard: string[] = [];
  for await (const { records } of parseMany([raw, 'text'], { concurrency: 8 })) {
    for (const record of records satisfies BounceRecord[]) {
      const reason: Reason = record.reason;
      const evidence: Evidence | undefined = record.evidence[0];
      const feedback: Feedback | null = record.feedback;
      if (record.hard && record.recipient !== null) hard.push(record.recipient, reason, evidence?.rule ?? '');
      if (feedback?.type === 'abuse' && record.headers) hard.push(record.headers['x-campaign'] ?? '');
    }
  }
  parseStream().write(raw);
  analyzer.parseStream({ concurrency: 2 });
  return [...hard, kind, name ?? '', backend, reasons.userunknown.definition, (await later).kind];
}

// @ts-expect-error A number is no message.
parse(42);
// @ts-expect-error There is no such stage.
classify('550', { command: 'FOO' });
// @ts-expect-error There is no such option.
new Analyzer({ header: [] });
// @ts-expect-error There is no such reason.
nameIn('unknown', 'ses');
// @ts-expect-error A recipient may be missing.
report.records[0]?.recipient.length;
// @ts-expect-error Records have no such key.
report.records[0]?.recipients;
