// Columns of numbers, and how a few hundred thousand of them are put in order within a frame or two.

/** The values of a column, and a small number for each. */
export class Dictionary {
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
  /** For each code its place among the values; -1 for the empty one. */
  ranks(): Int32Array {
    const ranks = new Int32Array(this.values.length);
    [...this.values].sort().forEach((value, place) => (ranks[this.#codes.get(value)!] = value === "" ? -1 : place));
    return ranks;
  }
}

/** A column of numbers that grows. */
export class Column<T extends Uint8Array | Uint32Array | Float64Array> {
  constructor(public data: T) {}
  set(row: number, value: number): void {
    if (row >= this.data.length) {
      const grown = new (this.data.constructor as new (length: number) => T)(this.data.length * 2);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[row] = value;
  }
}

/** Ranks are whole numbers below this: seconds since 1970 are. */
const RANKS = 2 ** 32;
/** Up to here floats are whole numbers, with one bit to spare. */
const WHOLE = 2 ** 52;

/**
 * Puts `rows`, which ascend, in the order of their ranks, and those of one rank in their own. Rows of a rank below zero have
 * no value and come last both ways. Rank and row go into one float: without a comparison to call, sorting takes a tenth.
 */
export function order(rows: Uint32Array, rank: (row: number) => number, down: boolean): void {
  const span = 2 ** Math.ceil(Math.log2((rows.at(-1) ?? 0) + 2));
  // A million rows leave seconds apart; with more of them, those of one moment may stand as they were read.
  const unit = Math.max(1, (RANKS * span) / WHOLE);
  const last = RANKS / unit;
  const packed = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) {
    const value = rank(rows[at]!);
    const place = value < 0 ? last : Math.floor(Math.min(value, RANKS - 1) / unit);
    packed[at] = (down && value >= 0 ? last - 1 - place : place) * span + rows[at]!;
  }
  packed.sort();
  for (let at = 0; at < rows.length; at += 1) rows[at] = packed[at]! - Math.floor(packed[at]! / span) * span;
}

/** The codes with the highest counts, the highest first; of equal ones that which came first. */
export function highest(counts: Uint32Array, among: (code: number) => boolean): Uint32Array {
  const codes = Uint32Array.from(counts.keys()).filter(among);
  order(codes, (code) => counts[code]!, true);
  return codes;
}

/** Ranks of rows by a text that has too many values for a dictionary. New rows are sorted by themselves and put in between. */
export class TextRanks {
  #order = new Uint32Array();
  #ranks = new Uint32Array();

  update(size: number, text: (row: number) => string): void {
    const old = this.#order;
    if (old.length === size) return;
    const before = (a: number, b: number): number => {
      const [left, right] = [text(a), text(b)];
      // Plain comparison of code units: it is quick, and addresses need no more.
      return left === right ? a - b : left < right ? -1 : 1;
    };
    const fresh = Uint32Array.from({ length: size - old.length }, (_, at) => old.length + at).sort(before);
    const merged = new Uint32Array(size);
    let [taken, at] = [0, 0];
    for (const row of fresh) {
      let [low, high] = [taken, old.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (before(old[middle]!, row) < 0) low = middle + 1;
        else high = middle;
      }
      merged.set(old.subarray(taken, low), at);
      at += low - taken;
      taken = low;
      merged[at++] = row;
    }
    merged.set(old.subarray(taken), at);
    this.#order = merged;
    this.#ranks = new Uint32Array(size);
    merged.forEach((row, place) => (this.#ranks[row] = place));
  }

  rank(row: number): number {
    return this.#ranks[row]!;
  }
}
