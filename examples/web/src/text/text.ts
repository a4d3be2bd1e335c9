// The language of the page, and how it writes numbers, sizes and dates.

import { en, type Text } from "./en.js";
import { ja } from "./ja.js";

export type Language = "en" | "ja";
const TEXTS: { [language in Language]: Text } = { en, ja };

let language: Language = "en";

/** The words of the page, in its language. */
export function text(): Text {
  return TEXTS[language];
}

export function currentLanguage(): Language {
  return language;
}

export function setLanguage(next: Language): void {
  language = next;
  document.documentElement.lang = next;
  document.title = text().title;
}

/** Puts values into a sentence: `fill("{n} {n:row|rows}", { n: 5 })`. */
export function fill(sentence: string, values: { [name: string]: string | number }): string {
  const counted = sentence.replace(/\{(\w+):([^|}]*)\|([^}]*)\}/g, (_, name: string, one: string, several: string) =>
    values[name] === 1 ? one : several,
  );
  return counted.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

export function number(value: number): string {
  return value.toLocaleString(language === "ja" ? "ja-JP" : "en-GB");
}

export function size(bytes: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit += 1;
  }
  return `${bytes.toLocaleString(language, { maximumFractionDigits: bytes < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}

export function duration(seconds: number): string {
  const { s, m, h } = text().duration;
  if (seconds < 120) return fill(s, { n: seconds });
  return seconds < 7200 ? fill(m, { n: Math.round(seconds / 60) }) : fill(h, { n: Math.round(seconds / 3600) });
}

/** RFC 3339 for people, in the time zone that it was written in. */
export function moment(timestamp: string): string {
  const [, day, time, zone] = /^(\S{10})T(\d\d:\d\d)\S*?(Z|[+-]\d\d:\d\d)$/.exec(timestamp) ?? [];
  return day ? `${day} ${time} ${zone === "Z" ? "UTC" : zone}` : timestamp;
}

/** What a provider's short name stands for. */
export function providerName(name: string): string {
  return PROVIDERS[name] ?? name;
}

const PROVIDERS: { [name: string]: string } = {
  google: "Google",
  microsoft365: "Microsoft 365",
  outlook: "Outlook.com",
  yahoo: "Yahoo",
  yahoojapan: "Yahoo! JAPAN",
  yahoo_japan: "Yahoo! JAPAN",
  icloud: "iCloud",
  apple: "iCloud",
  docomo: "docomo",
  au: "au",
  softbank: "SoftBank",
  amazonses: "Amazon SES",
  ses: "Amazon SES",
  sendgrid: "SendGrid",
};
