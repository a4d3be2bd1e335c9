// The same as a CommonJS module.
import komainu = require('komainu');

const report: komainu.Report = komainu.parse('Subject: hello\n\n');
export const reason: komainu.Reason | undefined = report.records[0]?.reason;
export const analyzer: komainu.Analyzer = new komainu.Analyzer();
export const records: komainu.Record[] = new komainu.LogReader({ format: 'postfix', year: 2026 }).push('line');
// @ts-expect-error There is no such format.
new komainu.LogReader({ format: 'qmail' });
