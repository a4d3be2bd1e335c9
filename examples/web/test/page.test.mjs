// The page in Chromium, opened from disk as one file: everything that people do with it.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { BlobReader, BlobWriter, ZipWriter } from "@zip.js/zip.js";
import { Analyzer, classify, parse } from "komainu-wasm";
import { close, examples, folder, listed, open, pick, saved, source, startBrowser, startSite } from "./helpers.mjs";

const { demoMailbox } = await source("demo.ts");
const { en } = await source("text/en.ts");
const { ja } = await source("text/ja.ts");
const file = folder(after);
const mail = examples();
const [unknownUser] = mail.keys();

const browser = await startBrowser(after);
const site = await startSite(after);

/** Messages of a mailbox as the page should see them: with their places. */
function messagesOf(mailbox) {
  const starts = [...mailbox.matchAll(/^From MAILER-DAEMON .*\n/gm)];
  return starts.map((found, index) => {
    const end = starts[index + 1]?.index ?? mailbox.length;
    return { offset: found.index, bytes: Buffer.from(mailbox.slice(found.index + found[0].length, end)) };
  });
}

const textOf = (page, selector) => page.locator(selector).first().textContent();

test("a picked mail is explained: who, why, whose fault, what next, on what evidence", async () => {
  const page = await open(browser);
  await pick(page, file("one.eml", mail.get(unknownUser)));
  await page.waitForSelector(".one");
  const [record] = parse(mail.get(unknownUser)).records;
  assert.equal(await textOf(page, "#verdict"), en.reason[record.reason][0]);
  assert.match(await textOf(page, ".answer-who"), new RegExp(record.recipient));
  assert.match(await textOf(page, ".answer-whose"), new RegExp(en.blame[record.blame]));
  assert.match(await textOf(page, ".answer-next"), new RegExp(en.advice[record.advice]));
  assert.equal(await textOf(page, ".diagnostic"), record.diagnostic);
  const marked = await page.locator(".diagnostic mark").allTextContents();
  const evidence = record.evidence.filter((piece) => piece.field === "diagnostic").map((piece) => piece.text);
  assert.ok(marked.length > 0 && marked.every((words) => evidence.includes(words)), String(marked));
  await page.getByRole("tab", { name: en.one.raw }).click();
  assert.equal(await textOf(page, "pre.code"), mail.get(unknownUser).toString());
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(JSON.parse(await textOf(page, "pre.code")), parse(mail.get(unknownUser)));
  await close(page);
});

test("every sample is one click away and shows what the parser says", async () => {
  const page = await open(browser);
  const labels = await page.locator(".sample:not(.special)").allTextContents();
  assert.equal(labels.length, mail.size);
  for (const [index, [name, bytes]] of [...mail].entries()) {
    await page.locator(".sample:not(.special)").nth(index).click();
    await page.waitForSelector("#verdict");
    const [record] = parse(bytes).records;
    assert.equal(await textOf(page, "#verdict"), record ? en.reason[record.reason][0] : en.one.other, name);
    await page.getByRole("button", { name: en.one.another }).click();
    await page.waitForSelector(".start");
  }
  await close(page);
});

/** A Maildir with the example mails, and with what a server leaves in such a folder. */
function maildirOf() {
  const maildir = `${dirname(file("place", ""))}/Maildir`;
  for (const part of ["cur", "new", "tmp"]) mkdirSync(`${maildir}/${part}`, { recursive: true });
  let count = 0;
  for (const [name, bytes] of mail) writeFileSync(`${maildir}/${count++ % 2 ? "cur" : "new"}/${name}:2,S`, bytes);
  writeFileSync(`${maildir}/dovecot.index.log`, "no mail");
  writeFileSync(`${maildir}/cur/picture.png`, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]));
  return maildir;
}

async function drop(page, ...files) {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) await devtools.send("Input.dispatchDragEvent", { type, x: 600, y: 400, data });
}

async function showsAllExamples(page) {
  await listed(page);
  const records = [...mail.values()].flatMap((bytes) => parse(bytes).records);
  assert.match(await textOf(page, "h1"), new RegExp(`^${records.length} `));
  const line = await textOf(page, ".said-notice");
  assert.match(line, new RegExp(`^${mail.size} messages`));
  assert.match(line, /1 is no delivery report/);
  return line;
}

test("a Maildir folder is dropped on the page, and picked", async () => {
  const maildir = maildirOf();
  const page = await open(browser, { url: site.url });
  await drop(page, maildir);
  assert.match(await showsAllExamples(page), /1 file is no mail/);
  await page.locator(".brand").click();
  await page.setInputFiles("#pick-folder", maildir);
  assert.match(await showsAllExamples(page), /1 file is no mail/);
  await close(page);
});

test("from disk, files are dropped and folders are picked", async () => {
  const page = await open(browser);
  await drop(page, ...[...mail].map(([name, bytes]) => file(name, bytes)));
  await showsAllExamples(page);
  const maildir = maildirOf();
  // Chromium lets no page from disk read a dropped folder; the page says what to do instead.
  await drop(page, maildir);
  await page.waitForSelector(`.warning:has-text("${en.drop.folder}")`);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "choose-folder");
  await page.setInputFiles("#pick-folder", maildir);
  await page.waitForSelector(".many");
  await showsAllExamples(page);
  await close(page);
});

test("a whole message is pasted; a pasted line is explained as a reply", async () => {
  const page = await open(browser);
  const paste = (text) =>
    page.evaluate((words) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", words);
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  await paste(mail.get(unknownUser).toString());
  await page.waitForSelector(".one");
  assert.match(await textOf(page, ".answer-who"), new RegExp(parse(mail.get(unknownUser)).records[0].recipient));
  const reply = "552 5.2.2 <taro@example.jp>: Mailbox full";
  await paste(reply);
  await page.waitForFunction((words) => document.querySelector(".diagnostic")?.textContent === words, reply);
  assert.equal(await textOf(page, "#verdict"), en.reason[classify(reply).reason][0]);
  await close(page);
});

test("a typed reply is explained with what else is known", async () => {
  const page = await open(browser);
  const [reply, hints] = ["550 Unknown user", { provider: "docomo", command: "DATA", date: "2014-01-01" }];
  await page.fill("#reply", reply);
  await page.locator("details summary").first().click();
  await page.selectOption("#hint-provider", hints.provider);
  await page.selectOption("#hint-command", hints.command);
  await page.fill("#hint-date", hints.date);
  await page.getByRole("button", { name: en.reply.go }).click();
  await page.waitForSelector(".one");
  const verdict = classify(reply, hints);
  assert.equal(await textOf(page, "#verdict"), en.reason[verdict.reason][0]);
  await page.getByRole("tab", { name: en.one.json }).click();
  assert.deepEqual(JSON.parse(await textOf(page, "pre.code")), verdict);
  await close(page);
});

test("a mailbox of 10,000 messages: all of them counted, sorted, filtered and exported", async () => {
  const page = await open(browser);
  const mailbox = demoMailbox(10_000);
  const messages = messagesOf(mailbox);
  assert.equal(messages.length, 10_000);
  const lines = messages.flatMap(({ offset, bytes }, index) =>
    parse(bytes).records.map((record) => JSON.stringify({ source: "ten.mbox", index, offset, ...record })),
  );
  const records = lines.map((line) => JSON.parse(line));
  await pick(page, file("ten.mbox", mailbox));
  await listed(page);
  assert.equal(await textOf(page, "h1"), `${records.length.toLocaleString("en-GB")} records`);
  assert.match(await textOf(page, ".said-notice"), /^10,000 messages/);

  // Only what is in sight exists.
  const rows = page.locator(".table-rows .table-row");
  assert.ok((await rows.count()) < 60);
  await page.locator(".table-body").evaluate((body) => body.scrollTo(0, body.scrollHeight));
  await page.waitForSelector(`#row-${records.length - 1}`);

  const exported = (name) => saved(page, async () => {
    await page.locator(".menu summary").last().click();
    await page.getByRole("button", { name }).click();
  });
  await page.getByRole("columnheader", { name: en.many.recipient }).getByRole("button").click();
  const all = (await exported(en.many.ndjson)).toString().split("\n").filter(Boolean);
  const recipients = all.map((line) => JSON.parse(line).recipient);
  assert.deepEqual(recipients.filter(Boolean), [...recipients].filter(Boolean).sort());
  assert.deepEqual(all.sort(), [...lines].sort());

  const [most] = count(records.map((record) => record.reason));
  await page.locator(`.bar-button[data-value="${most.value}"]`).first().click();
  const shown = records.filter((record) => record.reason === most.value);
  assert.equal(await textOf(page, ".shown"), `${shown.length.toLocaleString("en-GB")} of ${records.length.toLocaleString("en-GB")}`);
  const csv = (await exported(en.many.csv)).toString();
  assert.ok(csv.startsWith("\uFEFFrecipient,"));
  assert.equal(csv.trimEnd().split("\r\n").length, shown.length + 1);

  await page.fill("#search", shown[0].recipient);
  await page.waitForFunction(() => document.querySelectorAll(".table-rows .table-row").length < 10);
  assert.ok((await rows.allTextContents()).every((text) => text.includes(shown[0].recipient)));
  await page.getByRole("button", { name: en.many.clear }).click();

  // The list of addresses not to mail again is of everything, whatever the table shows.
  const stop = new Set(records.filter((record) => record.advice === "suppress").map((record) => record.recipient));
  const list = (await exported(en.many.suppression)).toString().trim().split("\n");
  assert.deepEqual(list, [...stop].filter(Boolean).sort());
  const never = records.filter((record) => ["delay", "auto_reply", "delivery"].includes(record.kind));
  assert.ok(never.length > 0 && never.every((record) => record.advice !== "suppress"));
  await close(page);
});

function count(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, number]) => ({ value, number })).sort((a, b) => b.number - a.number);
}

test("the chart of days narrows the table by dragging and by typing", async () => {
  const page = await open(browser);
  await page.locator(".sample.special").click();
  await listed(page);
  const plot = page.locator(".u-over");
  const box = await plot.boundingBox();
  await page.mouse.move(box.x + box.width * 0.2, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 40, { steps: 4 });
  await page.mouse.up();
  const dragged = Number((await textOf(page, ".shown")).split(" of ")[0]);
  assert.ok(dragged > 20 && dragged < 300, String(dragged));
  const [from, to] = [page.locator(".day-fields input").first(), page.locator(".day-fields input").last()];
  await from.fill("2026-04-10");
  await to.fill("2026-04-12");
  const records = messagesOf(demoMailbox(400)).flatMap(({ bytes }) => parse(bytes).records);
  const days = records.filter(({ timestamp }) => timestamp?.slice(0, 10) >= "2026-04-10" && timestamp.slice(0, 10) <= "2026-04-12");
  assert.equal(await textOf(page, ".shown"), `${days.length} of ${records.length}`);
  await close(page);
});

test("the keyboard alone opens a record and comes back to its row", async () => {
  const page = await open(browser);
  await page.locator(".sample.special").click();
  await listed(page);
  await page.locator('[role="grid"]').focus();
  for (const key of ["End", "ArrowUp", "ArrowUp"]) await page.keyboard.press(key);
  const active = await page.locator('[role="grid"]').getAttribute("aria-activedescendant");
  const address = await textOf(page, `#${active} .address`);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".one");
  assert.match(await textOf(page, ".headline-who"), new RegExp(address.replace(/[.+]/g, "\\$&")));
  assert.equal(await page.evaluate(() => document.activeElement?.id), "verdict");
  await page.getByRole("button", { name: en.one.toList }).click();
  await page.waitForSelector(`#${active}`);
  await close(page);
});

test("zip, gzip and several files are opened, also one inside the other", async () => {
  const page = await open(browser);
  const mailbox = demoMailbox(50);
  const writer = new ZipWriter(new BlobWriter());
  const put = (name, bytes) => writer.add(name, new BlobReader(new Blob([bytes])));
  for (const [name, bytes] of mail) await put(`inbox/cur/${name}`, bytes);
  await put("old.mbox.gz", gzipSync(mailbox));
  await put("readme.bin", Buffer.from([0, 1, 2, 3]));
  const zip = Buffer.from(await (await writer.close()).arrayBuffer());
  await pick(page, file("all.zip", zip), file("more.mbox", mailbox));
  await listed(page);
  assert.match(await textOf(page, ".said-notice"), new RegExp(`^${mail.size + 100} messages.*1 file is no mail`));
  await close(page);
});

test("a mark in the address book keeps an address off the suppression list; the book is saved and loaded", async () => {
  const page = await open(browser);
  await page.locator(".sample.special").click();
  await listed(page);
  const records = messagesOf(demoMailbox(400)).flatMap(({ bytes }) => parse(bytes).records);
  const { recipient } = records.find((record) => record.advice === "suppress" && record.kind === "bounce");
  await page.fill("#search", recipient);
  await page.waitForFunction(() => document.querySelectorAll(".table-rows .table-row").length === 1);
  await page.locator(".table-rows .table-row").click();
  await page.getByRole("button", { name: en.one.whitelist }).click();
  await page.waitForSelector(`.answer-next:has-text("${en.status.whitelisted}")`);
  await page.getByRole("button", { name: en.one.toList }).click();
  assert.match(await textOf(page, ".table-rows .table-row"), new RegExp(en.status.whitelisted));

  const menu = (index) => page.locator(".menu summary").nth(index).click();
  const list = await saved(page, async () => {
    await menu(1);
    await page.getByRole("button", { name: en.many.suppression }).click();
  });
  assert.ok(list.length > 0 && !list.toString().split("\n").includes(recipient));
  const ndjson = await saved(page, async () => {
    await menu(1);
    await page.getByRole("button", { name: en.many.ndjson }).click();
  });
  const { source: _, index: __, offset: ___, ...marked } = JSON.parse(ndjson);
  const message = messagesOf(demoMailbox(400)).find(({ bytes }) => parse(bytes).records[0]?.recipient === recipient);
  assert.deepEqual(marked, new Analyzer({ addressBook: { [recipient]: "whitelisted" } }).parse(message.bytes).records[0]);

  const book = await saved(page, async () => {
    await menu(0);
    await page.getByRole("button", { name: en.many.bookSave }).click();
  });
  assert.equal(book.toString(), `# komainu address book\n${recipient}\twhitelisted\n`);
  await close(page);

  const again = await open(browser);
  await again.locator(".sample.special").click();
  await listed(again);
  await again.locator(".menu summary").first().click();
  await again.setInputFiles("#pick-book", file("book.tsv", book));
  await again.waitForSelector(`.said-notice:has-text("1 address loaded")`);
  await again.fill("#search", recipient);
  await again.waitForSelector(`.table-row:has-text("${en.status.whitelisted}")`);
  await again.locator(".menu summary").first().click();
  await again.setInputFiles("#pick-book", file("bad.tsv", "taro@example.jp\tgood\n"));
  await again.waitForSelector('.said-notice.warning:has-text("good")');
  await close(again);
});

test("everything is there in Japanese", async () => {
  assert.deepEqual(keysOf(ja), keysOf(en));
  const page = await open(browser, { locale: "ja-JP" });
  assert.equal(await page.getAttribute("html", "lang"), "ja");
  assert.equal(await textOf(page, "h1"), ja.tagline);
  await page.locator(".sample:not(.special)").first().click();
  await page.waitForSelector(".one");
  const [record] = parse(mail.get(unknownUser)).records;
  assert.equal(await textOf(page, "#verdict"), ja.reason[record.reason][0]);
  assert.match(await textOf(page, ".answer-next"), new RegExp(ja.advice[record.advice]));
  await page.getByRole("button", { name: "English" }).click();
  assert.equal(await textOf(page, "#verdict"), en.reason[record.reason][0]);
  await close(page);
});

function keysOf(value, path = "") {
  if (typeof value !== "object") return [path];
  return Object.keys(value).sort().flatMap((key) => keysOf(value[key], `${path}.${key}`));
}

test("every reason has a name in the page's words", async () => {
  const { reasons } = await import("komainu-wasm");
  for (const { name } of reasons()) assert.equal(en.reason[name]?.length, 2, name);
});

test("reading can be stopped, and what was read stays", async () => {
  const page = await open(browser);
  await pick(page, file("long.mbox", demoMailbox(60_000)));
  await page.waitForSelector(".progress");
  await page.waitForSelector(".many");
  await page.getByRole("button", { name: en.progress.cancel }).click();
  await page.waitForSelector(`.said-notice:has-text("${en.progress.stopped}")`);
  const shown = Number((await textOf(page, "h1")).replace(/\D/g, ""));
  assert.ok(shown > 0 && shown < 60_000, String(shown));
  await close(page);
});

test("markup in a mail stays text", async () => {
  const page = await open(browser);
  const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const hostile = mail.get(unknownUser).toString().replaceAll("User unknown", `User unknown ${evil}`).replace(/^Subject: .*/m, `Subject: ${evil}`);
  await pick(page, file("evil.eml", hostile), file("evil2.eml", hostile));
  await listed(page);
  await page.locator(".table-rows .table-row").first().click();
  await page.waitForSelector(".one");
  for (const name of [en.one.raw, en.one.json, en.one.facts]) await page.getByRole("tab", { name }).click();
  assert.equal(await page.locator("img, main script").count(), 0);
  assert.equal(await page.title(), en.title);
  await close(page);
});

for (const [name, width] of [["phone", 360], ["tablet", 820], ["wide screen", 2200]]) {
  test(`nothing sticks out on a ${name}`, async () => {
    const page = await open(browser, { viewport: { width, height: 800 } });
    const fits = async (view) => {
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${view}: ${over} px`);
    };
    await fits("start");
    await page.locator(".sample:not(.special)").first().click();
    await page.waitForSelector(".one");
    await fits("one");
    await page.getByRole("button", { name: en.one.another }).click();
    await page.locator(".sample.special").click();
    await listed(page);
    await fits("many");
    await close(page);
  });
}
