// Every key of a record that has a value, in groups.

import { h } from "../dom.js";
import type { Shown } from "../explain.js";
import { moment, providerName, text } from "../text/text.js";

type Group = keyof ReturnType<typeof text>["group"];

const GROUPS: [Group, (keyof Shown)[]][] = [
  ["verdict", ["reason", "hard", "blame", "advice", "decided_by", "address_status", "authenticity"]],
  ["delivery", ["recipient", "recipient_source", "original_recipient", "sender", "action", "status", "dsn_status", "derived_status", "reply_code", "command", "diagnostic_type", "new_address", "retry_after"]],
  ["hosts", ["provider", "remote_mta", "reporting_mta", "received_from_mta", "source_ip"]],
  ["mail", ["subject", "message_id", "list_id", "feedback_id", "headers"]],
  ["times", ["timestamp", "arrival_date", "last_attempt_date", "will_retry_until"]],
  ["report", ["kind", "format", "feedback", "original_envelope_id", "queue_id", "id"]],
];

const TIMES = new Set(["timestamp", "arrival_date", "last_attempt_date", "will_retry_until"]);

export function factsOf(shown: Shown): HTMLElement {
  return h(
    "div.facts",
    {},
    GROUPS.map(([group, keys]) => {
      const rows = keys.flatMap((key) => lines(key, shown[key]));
      if (rows.length === 0) return null;
      return h("section", {}, h("h3", {}, text().group[group]), h("dl", {}, rows));
    }),
  );
}

/** The keys keep their names: they are what programs and other tools call them. */
function lines(key: string, value: unknown): HTMLElement[] {
  if (value === null || value === undefined) return [];
  if (typeof value === "object") return Object.entries(value).flatMap(([name, inner]) => lines(`${key}.${name}`, inner));
  return [h("div", {}, h("dt", {}, h("code", {}, key)), h("dd", {}, written(key, value)))];
}

function written(key: string, value: unknown): string {
  if (typeof value === "boolean") return value ? text().yes : text().no;
  const words = String(value);
  if (TIMES.has(key)) return moment(words);
  return key === "provider" ? providerName(words) : words;
}
