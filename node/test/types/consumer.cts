// The same as a CommonJS module.
import komainu = require('komainu');

const report: komainu.Report = komainu.parse('Subject: hello\n\n');
export const reason: komainu.Reason | undefined = report.records[0]?.reason;
export const analyzer: komainu.Analyzer = new komainu.Analyzer();
