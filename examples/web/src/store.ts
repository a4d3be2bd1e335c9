// Every record of what was loaded, in columns: a hundred thousand rows are filtered, counted and sorted in milliseconds.

import type { Row } from "./worker/protocol.js";

/** What the table can be narrowed by; each has a bit in `#out`. */
export const DIMENSIONS = ["reason", "provider", "domain", "day", "kind", "outcome", "search"] as const;
export type Dimension = (typeof DIMENSIONS)[number];
/** Dimensions whose values are counted for the charts. */
export type Facet = Exclude<Dimension, "search">;
export type SortKey = "recipient" | "reason" | "blame" | "advice" | "provider" | "timestamp" | "status";

/** What a record comes to, for the person who keeps the list. */
export const OUTCOMES = ["hard", "soft", "complaint", "waiting", "info"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export function outcomeOf({ kind, hard }: Pick<Row, "kind" | "hard">): Outcome {
  if (kind === "bounce") return hard ? "hard" : "soft";
  if (kind === "feedback") return "complaint";
  return kind === "delay" ? "waiting" : "info";
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase() || "";
}

/** One facet: a small number for each value, and how many rows have it. */
class Dictionary {
  readonly values: string[] = [];
  readonly #codes = new Map<string, number>();
  code(value: string): number {
    const known = this.#codes.get(value);
    if (known !== undefined) return known;
    this.#codes.set(value, this.values.length);
    return this.values.push(value) - 1;
  }
  find(value: string): number | undefined {
    return this.#codes.get(value);
  }
}

/** A column of numbers that grows. */
class Codes {
  data = new Uint32Array(1024);
  set(row: number, code: number): void {
    if (row >= this.data.length) {
      const grown = new Uint32Array(this.data.length * 2);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[row] = code;
  }
}

export interface Count {
  value: string;
  count: number;
}

export class Store {
  rows: Row[] = [];
  paths: string[] = [];
  parts: Blob[] = [];
  /** Chosen values of each facet; an empty set lets everything through. */
  readonly chosen: { [facet in Facet]: Set<string> };
  days: [from: string, to: string] | undefined;
  search = "";
  sort: { key: SortKey; down: boolean } = { key: "timestamp", down: true };
  /** Row numbers that pass, in the order of the table. */
  shown: Uint32Array = new Uint32Array();

  readonly #dictionaries: { [facet in Facet]: Dictionary };
  readonly #codes: { [facet in Facet]: Codes };
  /** One bit for each dimension that leaves the row out. */
  #out = new Uint8Array(1024);
  #haystacks: (string | undefined)[] = [];

  constructor() {
    const facets = DIMENSIONS.filter((name) => name !== "search");
    const each = <T>(make: () => T) => Object.fromEntries(facets.map((facet) => [facet, make()])) as { [f in Facet]: T };
    this.chosen = each(() => new Set<string>());
    this.#dictionaries = each(() => new Dictionary());
    this.#codes = each(() => new Codes());
  }

  get size(): number {
    return this.rows.length;
  }

  /** Takes new rows; `settle()` then puts them into `shown`, which costs more and so need not follow every time. */
  add(rows: Row[], part: Blob): void {
    if (rows[0]) this.parts[rows[0].line[0]] = part;
    for (const row of rows) {
      const number = this.rows.push(row) - 1;
      this.#code(number, row);
      this.#judge(number, row);
    }
  }

  /** Puts rows that were read again in the place of the old ones. */
  replace(rows: Row[], part: Blob): void {
    if (rows[0]) this.parts[rows[0].line[0]] = part;
    const key = (row: Row) => `${row.place.source} ${row.place.offset} ${row.index}`;
    const fresh = new Map(rows.map((row) => [key(row), row]));
    this.rows.forEach((row, number) => {
      const found = fresh.get(key(row));
      if (!found) return;
      this.rows[number] = found;
      this.#code(number, found);
    });
    this.refresh();
  }

  /** Call it after a change to `chosen`, `days`, `search` or `sort`. */
  refresh(): void {
    this.rows.forEach((row, number) => this.#judge(number, row));
    this.settle();
  }

  /** Values of a facet by how many rows have them, among the rows that every *other* dimension lets through. */
  counts(facet: Facet): Count[] {
    const except = 0xff & ~(1 << DIMENSIONS.indexOf(facet));
    const { values } = this.#dictionaries[facet];
    const counts = new Uint32Array(values.length);
    const codes = this.#codes[facet].data;
    for (let row = 0; row < this.rows.length; row += 1) if ((this.#out[row]! & except) === 0) counts[codes[row]!]! += 1;
    const found = values.map((value, code) => ({ value, count: counts[code]! }));
    const chosen = this.chosen[facet];
    return found.filter(({ value, count }) => count > 0 || chosen.has(value)).sort((a, b) => b.count - a.count);
  }

  /** How many rows each outcome has on each day, oldest day first; the filter by day does not count. */
  byDay(): { days: string[]; series: { [outcome in Outcome]: number[] } } {
    const except = 0xff & ~(1 << DIMENSIONS.indexOf("day"));
    const days = this.#dictionaries.day.values.filter(Boolean).sort();
    const place = new Map(days.map((day, index) => [this.#dictionaries.day.find(day)!, index]));
    const series = Object.fromEntries(OUTCOMES.map((name) => [name, days.map(() => 0)])) as { [o in Outcome]: number[] };
    const outcomes = this.#dictionaries.outcome.values as Outcome[];
    const [dayCodes, outcomeCodes] = [this.#codes.day.data, this.#codes.outcome.data];
    for (let row = 0; row < this.rows.length; row += 1) {
      const index = place.get(dayCodes[row]!);
      if (index === undefined || (this.#out[row]! & except) !== 0) continue;
      series[outcomes[outcomeCodes[row]!]!]![index]! += 1;
    }
    return { days, series };
  }

  isNarrowed(): boolean {
    return this.search !== "" || this.days !== undefined || Object.values(this.chosen).some((set) => set.size > 0);
  }

  clearFilters(): void {
    for (const set of Object.values(this.chosen)) set.clear();
    this.days = undefined;
    this.search = "";
    this.refresh();
  }

  #code(number: number, row: Row): void {
    const values: { [facet in Facet]: string } = {
      reason: row.reason,
      provider: row.provider,
      domain: domainOf(row.recipient || row.original),
      day: row.timestamp.slice(0, 10),
      kind: row.kind,
      outcome: outcomeOf(row),
    };
    for (const facet of Object.keys(values) as Facet[]) {
      this.#codes[facet].set(number, this.#dictionaries[facet].code(values[facet]));
    }
    this.#haystacks[number] = undefined;
  }

  #judge(number: number, row: Row): void {
    if (number >= this.#out.length) {
      const grown = new Uint8Array(this.#out.length * 2);
      grown.set(this.#out);
      this.#out = grown;
    }
    let out = 0;
    DIMENSIONS.forEach((dimension, bit) => {
      if (!this.#passes(dimension, number, row)) out |= 1 << bit;
    });
    this.#out[number] = out;
  }

  #passes(dimension: Dimension, number: number, row: Row): boolean {
    if (dimension === "search") return this.search === "" || this.#haystack(number, row).includes(this.search);
    if (dimension === "day") {
      const day = row.timestamp.slice(0, 10);
      return this.days === undefined || (day >= this.days[0] && day <= this.days[1]);
    }
    const chosen = this.chosen[dimension];
    return chosen.size === 0 || chosen.has(this.#dictionaries[dimension].values[this.#codes[dimension].data[number]!]!);
  }

  #haystack(number: number, row: Row): string {
    const text = [row.recipient, row.original, row.diagnostic, row.reason, row.provider, row.status];
    return (this.#haystacks[number] ??= text.join("\n").toLowerCase());
  }

  /** Works out `shown`. */
  settle(): void {
    const shown = new Uint32Array(this.rows.length);
    let length = 0;
    for (let row = 0; row < this.rows.length; row += 1) if (this.#out[row] === 0) shown[length++] = row;
    const { key, down } = this.sort;
    const rows = this.rows;
    const sign = down ? -1 : 1;
    // Plain comparison of code units: it is quick, and addresses and dates need no more.
    this.shown = shown.subarray(0, length).sort((a, b) => {
      const [left, right] = [rows[a]![key], rows[b]![key]];
      if (left === right) return a - b;
      // Rows without a value come last, whichever way the column is sorted.
      if (left === "" || right === "") return left === "" ? 1 : -1;
      return left < right ? -sign : sign;
    });
  }
}
