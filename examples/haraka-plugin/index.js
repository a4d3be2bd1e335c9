'use strict';

// Reads every message on its way in, and marks what is a bounce, a delay, a complaint or an auto-reply:
//
//   X-Komainu-Kind: bounce
//   X-Komainu-Record: taro@example.jp userunknown hard suppress
//
// and `connection.transaction.results.get('komainu')` has `kind` and `records` for other plugins.

const { Analyzer } = require('komainu');

const KIND = 'X-Komainu-Kind';
const RECORD = 'X-Komainu-Record';

exports.register = function () {
  this.load_config();
  this.register_hook('data_post', 'mark');
};

exports.load_config = function () {
  this.cfg = this.config.get('komainu.ini', () => this.load_config());
  const { verp } = this.cfg.main;
  this.analyzer = new Analyzer({ verp: verp ? [verp] : [] });
};

exports.mark = function (next, connection) {
  const { transaction } = connection;
  if (!transaction) return next();
  // Nobody but us says so.
  for (const name of [KIND, RECORD]) transaction.remove_header(name);
  if (transaction.data_bytes > Number(this.cfg.main.max_bytes)) {
    transaction.results.add(this, { skip: 'size' });
    return next();
  }
  transaction.message_stream.get_data((message) => {
    this.read(transaction, message).then(
      () => next(),
      (error) => {
        // A message that cannot be read is no reason to refuse it.
        transaction.results.add(this, { err: error.message });
        next();
      },
    );
  });
};

exports.read = async function (transaction, message) {
  const { kind, records } = await this.analyzer.parseAsync(Buffer.concat([trace(transaction), message]));
  transaction.results.add(this, { kind, records });
  if (kind === 'other') return;
  transaction.add_header(KIND, kind);
  for (const { recipient, reason, hard, advice } of records) {
    transaction.add_header(RECORD, [recipient ?? '-', reason, hard ? 'hard' : 'soft', advice].join(' '));
  }
};

/** What final delivery would add: the envelope's recipients carry VERP addresses. */
function trace({ mail_from, rcpt_to }) {
  const delivered = rcpt_to.map((rcpt) => `Delivered-To: ${rcpt.address}\r\n`);
  return Buffer.from(`Return-Path: ${mail_from?.format() ?? '<>'}\r\n${delivered.join('')}`);
}
