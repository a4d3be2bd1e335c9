// What is the wrapper's own: arguments, errors, options, and the way back after a trap.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Analyzer, KomainuError, classify, init, nameIn, parse, parseJson, reasons, systems, versions } from "komainu-wasm";

const mail = new TextEncoder().encode("Subject: hello\r\n\r\nno bounce at all\r\n");

test("ordinary mail is no error and has no records", () => {
  assert.deepEqual(parse(mail), { kind: "other", subject_tag: null, records: [], limits: [] });
  assert.equal(parseJson(mail), '{"kind":"other","subject_tag":null,"records":[],"limits":[]}');
});

test("a message is a Uint8Array, a Buffer or an ArrayBuffer", () => {
  const report = parse(mail);
  assert.deepEqual(parse(Buffer.from(mail)), report);
  assert.deepEqual(parse(mail.slice().buffer), report);
  assert.deepEqual(parse(new Uint8Array()), report);
  for (const wrong of ["Subject: hello", null, undefined, 1, [1, 2], new Date()]) {
    assert.throws(() => parse(wrong), TypeError, String(wrong));
  }
  assert.throws(() => parse("Subject: hello"), /not string; pass new TextEncoder\(\)\.encode\(text\)/);
  assert.throws(() => parse(new Blob([mail])), /not Blob; pass await file\.arrayBuffer\(\)/);
});

test("a view into a larger buffer is read within its bounds", () => {
  const padded = new Uint8Array(mail.length + 20).fill(0x58);
  padded.set(mail, 10);
  assert.equal(parseJson(padded.subarray(10, 10 + mail.length)), parseJson(mail));
});

test("classify takes hints by name, and null for none", () => {
  const verdict = classify("550 nothing that any rule knows");
  assert.equal(verdict.hard, false);
  assert.deepEqual(classify("550 nothing that any rule knows", { provider: null, command: undefined }), verdict);
  assert.equal(classify("550 no", { command: "DATA" }).command, "DATA");
  assert.throws(() => classify(550), TypeError);
  assert.throws(() => classify("550 no", { command: 5 }), TypeError);
});

test("a misspelt hint or option is an error that names it", () => {
  assert.throws(() => classify("550 no", { provder: "google" }), { name: "TypeError", message: /provder/ });
  assert.throws(() => classify("550 no", { command: "SEND" }), { name: "KomainuError", message: /SEND.*RCPT/ });
  assert.throws(() => new Analyzer({ header: ["X-Campaign"] }), { name: "TypeError", message: /header .*headers/ });
  assert.throws(() => new Analyzer({ limits: { maxBytse: 5 } }), { name: "KomainuError", message: /maxBytse/ });
  for (const value of [-1, 1.5, 2 ** 32, "5", NaN]) {
    assert.throws(() => new Analyzer({ limits: { maxBytes: value } }), { name: "TypeError", message: /maxBytes/ });
  }
});

test("the options about addresses reach the parser, and bad ones are named", () => {
  const addressBook = { "taro@example.jp": "whitelisted" };
  for (const book of [addressBook, "taro@example.jp\twhitelisted\n", [{ address: "taro@example.jp", status: "unstable" }]]) {
    assert.equal(new Analyzer({ addressBook: book, redact: "mask" }).parse(mail).kind, "other");
  }
  const verifier = { domains: ["example.com"], messageIds: ["1@example.com"], maxAge: 86_400 };
  assert.equal(new Analyzer({ verifier, verpUsual: false }).parse(mail).kind, "other");
  assert.throws(() => new Analyzer({ addressBook: { "taro@example.jp": "good" } }), { name: "KomainuError", message: /good/ });
  assert.throws(() => new Analyzer({ verifier: { message_ids: [] } }), { name: "TypeError", message: /message_ids/ });
});

test("an Analyzer works until it is freed", () => {
  const analyzer = new Analyzer({ headers: ["X-Campaign"], limits: { maxBytes: 1000 } });
  assert.equal(analyzer.parse(mail).kind, "other");
  assert.equal(analyzer.classify("550 no", { command: "RCPT" }).command, "RCPT");
  analyzer.free();
  analyzer.free();
  assert.throws(() => analyzer.parse(mail), KomainuError);
});

test("reasons have a meaning in both languages", () => {
  const all = reasons();
  assert.ok(all.length > 30);
  assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  for (const { name, definition, definition_ja: ja } of all) {
    assert.match(definition, /[a-z]{3}/, name);
    assert.match(ja, /[\u3040-\u30ff\u4e00-\u9fff]/, name);
  }
});

test("a reason has names in other systems", () => {
  assert.equal(nameIn("userunknown", "ses"), "Permanent/NoEmail");
  assert.equal(nameIn("greylisted", "bouncehammer"), null);
  for (const { name } of reasons()) for (const system of systems) nameIn(name, system);
  assert.throws(() => nameIn("unknownuser", "ses"), TypeError);
  assert.throws(() => nameIn("toString", "ses"), TypeError);
  assert.throws(() => nameIn("userunknown", "SES"), TypeError);
});

test("an address book may be a Map", () => {
  const hints = "From: MAILER-DAEMON@mx.example.jp\nTo: b-taro=example.jp@example.org\nSubject: Returned mail\n\n550 5.1.1 User unknown\n";
  const options = { verp: ["b-{local}={domain}@example.org"], addressBook: new Map([["taro@example.jp", "whitelisted"]]) };
  const [record] = new Analyzer(options).parse(new TextEncoder().encode(hints)).records;
  assert.equal(record.recipient, "taro@example.jp");
  assert.equal(record.address_status, "whitelisted");
});

test("the same code runs everywhere: init() is there", async () => {
  await init();
  assert.match(versions().komainu, /^\d+\.\d+\.\d+$/);
  assert.match(versions().schema, /^\d+\.\d+$/);
});

test("after a trap a fresh instance answers, and Analyzers live on", () => {
  const analyzer = new Analyzer({ headers: ["X-Campaign"] });
  // Longer than the module's memory can grow: the allocation inside traps.
  const tooLong = { length: 0xffff_fff0 };
  Object.setPrototypeOf(tooLong, Uint8Array.prototype);
  assert.throws(() => parse(tooLong), KomainuError);
  assert.equal(parse(mail).kind, "other");
  assert.equal(analyzer.parse(mail).kind, "other");
});
