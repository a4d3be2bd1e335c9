// Every record of what was loaded, in columns: a hundred thousand rows are filtered, counted and sorted in milliseconds.

import { Column, Dictionary, TextRanks, highest, order } from "./columns.js";
import type { Row } from "./worker/protocol.js";

/** What the table can be narrowed by; each has a bit in `#out`. */
export const DIMENSIONS = ["reason", "provider", "domain", "day", "kind", "outcome", "search"] as const;
export type Dimension = (typeof DIMENSIONS)[number];
/** Dimensions whose values are counted for the charts. */
export type Facet = Exclude<Dimension, "search">;
/** Columns of few values that are not counted, only sorted by. */
const SORTED = ["blame", "advice", "status"] as const;
type Coded = Facet | (typeof SORTED)[number];
const FACETS = DIMENSIONS.filter((name) => name !== "search");
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

  readonly #dictionaries: { [column in Coded]: Dictionary };
  readonly #codes: { [column in Coded]: Column<Uint32Array> };
  /** Seconds since 1970, or -1. */
  readonly #times = new Column(new Float64Array(1024));
  readonly #addresses = new TextRanks();
  /** One bit for each dimension that leaves the row out. */
  readonly #out = new Column(new Uint8Array(1024));

  constructor() {
    const each = <K extends string, T>(names: readonly K[], make: () => T) =>
      Object.fromEntries(names.map((name) => [name, make()])) as { [name in K]: T };
    this.chosen = each(FACETS, () => new Set<string>());
    this.#dictionaries = each([...FACETS, ...SORTED], () => new Dictionary());
    this.#codes = each([...FACETS, ...SORTED], () => new Column(new Uint32Array(1024)));
  }

  get size(): number {
    return this.rows.length;
  }

  /** Takes new rows; `settle()` then puts them into `shown`, which costs more and so need not follow every time. */
  add(rows: Row[], part: Blob): void {
    if (rows[0]) this.parts[rows[0].line[0]] = part;
    const first = this.size;
    for (const row of rows) {
      const number = this.rows.push(row) - 1;
      this.#code(number, row);
      this.#out.set(number, 0);
    }
    for (const dimension of DIMENSIONS) this.#judge(dimension, first);
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

  /** Call it after a change to `chosen`, `days` or `search`, and say which. */
  refresh(dimensions: readonly Dimension[] = DIMENSIONS): void {
    for (const dimension of dimensions) this.#judge(dimension, 0);
    this.settle();
  }

  /**
   * The `most` frequent values of a facet, among the rows that every *other* dimension lets through, and how many values
   * there are.
   */
  counts(facet: Facet, most: number): { top: Count[]; all: number } {
    const except = 0xff & ~(1 << DIMENSIONS.indexOf(facet));
    const { values } = this.#dictionaries[facet];
    const counts = new Uint32Array(values.length);
    const [codes, out] = [this.#codes[facet].data, this.#out.data];
    for (let row = 0; row < this.size; row += 1) if ((out[row]! & except) === 0) counts[codes[row]!]! += 1;
    const chosen = this.chosen[facet];
    const found = highest(counts, (code) => counts[code]! > 0 || chosen.has(values[code]!));
    const top = Array.from(found.subarray(0, most), (code) => ({ value: values[code]!, count: counts[code]! }));
    return { top, all: found.length };
  }

  /** How many rows each outcome has on each day, oldest day first; the filter by day does not count. */
  byDay(): { days: string[]; series: { [outcome in Outcome]: number[] } } {
    const except = 0xff & ~(1 << DIMENSIONS.indexOf("day"));
    const days = this.#dictionaries.day.values.filter(Boolean).sort();
    const place = new Map(days.map((day, index) => [this.#dictionaries.day.find(day)!, index]));
    const series = Object.fromEntries(OUTCOMES.map((name) => [name, days.map(() => 0)])) as { [o in Outcome]: number[] };
    const outcomes = this.#dictionaries.outcome.values as Outcome[];
    const [dayCodes, outcomeCodes, out] = [this.#codes.day.data, this.#codes.outcome.data, this.#out.data];
    for (let row = 0; row < this.rows.length; row += 1) {
      const index = place.get(dayCodes[row]!);
      if (index === undefined || (out[row]! & except) !== 0) continue;
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
    const values: { [column in Coded]: string } = {
      reason: row.reason,
      provider: row.provider,
      domain: domainOf(row.recipient || row.original),
      day: row.timestamp.slice(0, 10),
      kind: row.kind,
      outcome: outcomeOf(row),
      blame: row.blame,
      advice: row.advice,
      status: row.status,
    };
    const known = <C extends Coded>(column: C): string => {
      const dictionary = this.#dictionaries[column];
      const code = dictionary.code(values[column]);
      this.#codes[column].set(number, code);
      return dictionary.values[code]!;
    };
    for (const column of ["domain", "day", "outcome"] as const) known(column);
    // Every row comes with copies of these words of its own: it gets those that are kept already.
    for (const column of ["reason", "provider", "kind", "blame", "advice", "status"] as const) row[column] = known(column);
    const time = Date.parse(row.timestamp);
    this.#times.set(number, Number.isNaN(time) ? -1 : Math.max(0, time / 1000));
  }

  /** Writes a dimension's bit for the rows from `first` on. */
  #judge(dimension: Dimension, first: number): void {
    const bit = 1 << DIMENSIONS.indexOf(dimension);
    const passes = this.#test(dimension);
    const out = this.#out.data;
    for (let row = first; row < this.size; row += 1) out[row] = passes?.(row) === false ? out[row]! | bit : out[row]! & ~bit;
  }

  /** What a row must be like for this dimension; nothing where everything passes. */
  #test(dimension: Dimension): ((row: number) => boolean) | undefined {
    if (dimension === "search") return this.search === "" ? undefined : this.#found(this.search);
    const [chosen, { days }] = [this.chosen[dimension], this];
    if (dimension === "day" ? days === undefined : chosen.size === 0) return undefined;
    const passes = (value: string) => (dimension === "day" ? value >= days![0] && value <= days![1] : chosen.has(value));
    return this.#each(dimension, passes);
  }

  /** Asks once for each value of a column, not for each row. */
  #each(column: Coded, passes: (value: string) => boolean): (row: number) => boolean {
    const [allowed, codes] = [this.#dictionaries[column].values.map(passes), this.#codes[column].data];
    return (row) => allowed[codes[row]!]!;
  }

  /** Whether the words stand anywhere in a row, in any case. Texts are searched where they lie: copies would cost memory. */
  #found(words: string): (row: number) => boolean {
    const pattern = new RegExp(words.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "i");
    const has = (text: string) => text !== "" && pattern.test(text);
    const coded = (["reason", "provider", "status"] as const).map((column) => this.#each(column, has));
    return (number) => {
      const row = this.rows[number]!;
      return coded.some((test) => test(number)) || has(row.recipient) || has(row.original) || has(row.diagnostic);
    };
  }

  /** Works out `shown`. */
  settle(): void {
    const address = (row: number) => this.rows[row]!.recipient || this.rows[row]!.original;
    this.#addresses.update(this.size, address);
    const shown = new Uint32Array(this.size);
    const out = this.#out.data;
    let length = 0;
    for (let row = 0; row < this.size; row += 1) if (out[row] === 0) shown[length++] = row;
    this.shown = shown.subarray(0, length);
    order(this.shown, this.#rank(this.sort.key, address), this.sort.down);
  }

  #rank(key: SortKey, address: (row: number) => string): (row: number) => number {
    if (key === "timestamp") return (row) => this.#times.data[row]!;
    if (key === "recipient") return (row) => (address(row) === "" ? -1 : this.#addresses.rank(row));
    const [ranks, codes] = [this.#dictionaries[key].ranks(), this.#codes[key].data];
    return (row) => ranks[codes[row]!]!;
  }
}
