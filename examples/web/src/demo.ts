// A mailbox of made-up reports for people who have none at hand. The same number always gives the same mailbox.

/** What a server says, how often, and at whose hosts. */
const REPLIES: [weight: number, status: string, reply: string, command: string][] = [
  [26, "5.1.1", "550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table", "RCPT TO"],
  [15, "5.2.2", "552 5.2.2 <{to}>: Mailbox is full: quota exceeded", "RCPT TO"],
  [9, "5.7.1", "550 5.7.1 Message rejected as spam by content filtering", "end of DATA"],
  [7, "5.7.1", "554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using dnsbl.example.net", "RCPT TO"],
  [6, "5.7.26", "550 5.7.26 This mail is unauthenticated: SPF and DKIM checks did not pass", "end of DATA"],
  [5, "5.2.1", "550 5.2.1 <{to}>: The account is disabled", "RCPT TO"],
  [4, "4.2.1", "450 4.2.0 <{to}>: Recipient address rejected: Greylisted, please try again later", "RCPT TO"],
  [4, "5.3.4", "552 5.3.4 Message size exceeds fixed limit", "MAIL FROM"],
  [4, "5.7.1", "550 5.7.1 <{to}>: Relay access denied", "RCPT TO"],
  [3, "4.7.0", "421 4.7.0 Too many connections from your host, slow down", "MAIL FROM"],
  [3, "5.1.8", "550 5.1.8 <news@example.com>: Sender address rejected: Domain not found", "MAIL FROM"],
  [3, "5.7.25", "550 5.7.25 The IP address sending this message does not have a PTR record", "MAIL FROM"],
  [2, "5.0.0", "550 Requested action not taken", "RCPT TO"],
];

/** Domains by how often they are mailed to; real hosts where the host says who runs the mailbox. */
const DOMAINS: [weight: number, domain: string, host: string][] = [
  [30, "mail.example.com", "gmail-smtp-in.l.google.com"],
  [14, "keitai.example.jp", "mfsmax.docomo.ne.jp"],
  [12, "office.example.com", "example-com.mail.protection.outlook.com"],
  [9, "example.net", "mta5.am0.yahoodns.net"],
  [7, "home.example.org", "mx01.mail.icloud.com"],
  [6, "au.example.jp", "lsean.ezweb.ne.jp"],
  [8, "example.jp", "mx.example.jp"],
  [6, "example.org", "mx.example.org"],
  [5, "shop.example.com", "mx.shop.example.com"],
  [3, "school.example.net", "mail.school.example.net"],
];

const NAMES = "taro hanako jiro yuki ken mika sora rin haru nao aoi ren yui kaito emi john mary peter anna lucas".split(" ");
const DAYS = "Sun Mon Tue Wed Thu Fri Sat".split(" ");
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** A mailbox of `count` reports in mbox form. */
export function demoMailbox(count: number): string {
  const next = generator(20_260_401);
  const messages: string[] = [];
  for (let number = 0; number < count; number += 1) messages.push(message(number, count, next));
  return messages.join("");
}

function message(number: number, count: number, next: () => number): string {
  const [, domain, host] = pick(DOMAINS, next);
  const name = NAMES[Math.floor(next() * NAMES.length)]!;
  const to = `${name}${Math.floor(next() * 9000) + 1000}@${domain}`;
  // Weekends are quiet, and a campaign on one day shows.
  const day = Math.floor((number / count) * 60 + (next() < 0.12 ? 3 : 0));
  const at = new Date(Date.UTC(2026, 3, 1 + day, 1 + Math.floor(next() * 9), Math.floor(next() * 60), 5));
  const form = next();
  const body = form < 0.06 ? complaint(to, at, number) : form < 0.1 ? holiday(to, at) : bounce(to, host, at, number, next);
  const two = (value: number) => String(value).padStart(2, "0");
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:05`;
  const postmark = `From MAILER-DAEMON ${DAYS[at.getUTCDay()]} ${MONTHS[at.getUTCMonth()]} ${two(at.getUTCDate())} ${time} ${at.getUTCFullYear()}`;
  return `${postmark}\n${body}\n\n`;
}

function bounce(to: string, host: string, at: Date, number: number, next: () => number): string {
  const [, status, template, command] = pick(REPLIES, next);
  const reply = template.replace("{to}", to);
  const failed = !status.startsWith("4") || next() < 0.4;
  const action = failed ? "failed" : "delayed";
  const subject = failed ? "Undelivered Mail Returned to Sender" : "Delayed Mail (still being retried)";
  const edge = `4X${number}.177/out.example.com`;
  return [
    "Return-Path: <>",
    `Date: ${rfc5322(at)}`,
    "From: MAILER-DAEMON@out.example.com (Mail Delivery System)",
    `Subject: ${subject}`,
    "To: news@example.com",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${edge}"`,
    `Message-Id: <r${number}@out.example.com>`,
    "",
    `--${edge}`,
    "Content-Type: text/plain; charset=us-ascii",
    "",
    "This is the mail system at host out.example.com.",
    "",
    `<${to}>: host ${host}[203.0.113.5] said: ${reply} (in reply to ${command} command)`,
    "",
    `--${edge}`,
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; out.example.com",
    `X-Postfix-Queue-ID: 4X${number}`,
    "X-Postfix-Sender: rfc822; news@example.com",
    `Arrival-Date: ${rfc5322(at)}`,
    "",
    `Final-Recipient: rfc822; ${to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Remote-MTA: dns; ${host}`,
    `Diagnostic-Code: smtp; ${reply}`,
    "",
    `--${edge}`,
    "Content-Type: text/rfc822-headers",
    "",
    "From: News <news@example.com>",
    `To: ${to}`,
    "Subject: Spring news",
    `Message-Id: <news-${number}@example.com>`,
    "",
    `--${edge}--`,
  ].join("\n");
}

function complaint(to: string, at: Date, number: number): string {
  const edge = `arf-${number}`;
  return [
    `Date: ${rfc5322(at)}`,
    "From: <feedback@arf.example.net>",
    "To: <abuse@example.com>",
    "Subject: FW: Spring news",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=feedback-report; boundary="${edge}"`,
    "",
    `--${edge}`,
    "Content-Type: text/plain",
    "",
    "This is an email abuse report for a message received from 192.0.2.25.",
    "",
    `--${edge}`,
    "Content-Type: message/feedback-report",
    "",
    "Feedback-Type: abuse",
    "User-Agent: ExampleFeedback/1.0",
    "Version: 1",
    `Original-Rcpt-To: <${to}>`,
    "Source-IP: 192.0.2.25",
    "",
    `--${edge}`,
    "Content-Type: text/rfc822-headers",
    "",
    "From: News <news@example.com>",
    `To: <${to}>`,
    "Subject: Spring news",
    `Message-Id: <news-${number}@example.com>`,
    "",
    `--${edge}--`,
  ].join("\n");
}

function holiday(to: string, at: Date): string {
  return [
    `Date: ${rfc5322(at)}`,
    `From: ${to}`,
    "To: news@example.com",
    "Subject: Automatic reply: Spring news",
    "Auto-Submitted: auto-replied",
    "",
    "I am on holiday and will answer when I am back.",
  ].join("\n");
}

function rfc5322(at: Date): string {
  return at.toUTCString().replace("GMT", "+0000");
}

function pick<T extends [number, ...unknown[]]>(list: T[], next: () => number): T {
  let left = next() * list.reduce((sum, [weight]) => sum + weight, 0);
  return list.find(([weight]) => (left -= weight) < 0) ?? list[0]!;
}

/** A small linear congruential generator: the same samples for everybody. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
