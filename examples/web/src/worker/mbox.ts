// Cuts an mbox into messages as its bytes come in: nothing but the unfinished message is kept.

export interface Piece {
  /** Where its postmark begins in the source, and how many bytes reach to the next one. */
  offset: number;
  length: number;
  /** The message without its postmark. */
  bytes: Uint8Array<ArrayBuffer>;
}

const NEWLINE = 10;
const RETURN = 13;
const FROM = [70, 114, 111, 109, 32]; // "From "
/** The parser reads 64 MiB of one message at most: what lies beyond is passed over. */
const LONGEST = 64 << 20;
/** A postmark ends with a date: a time of day, and a year. */
const DATED = /\d\d:\d\d.*\d{4}/;

export class MboxSplitter {
  /** Bytes of the source from `#base` on; the unfinished message begins the buffer. */
  #buffer: Uint8Array<ArrayBuffer> = new Uint8Array();
  #base = 0;
  #seen = 0;
  /** What a message longer than the limit has lost already. */
  #dropped = 0;

  /** Takes the next bytes and gives the messages that they complete. */
  push(chunk: Uint8Array<ArrayBuffer>): Piece[] {
    const joined = new Uint8Array(this.#buffer.length + chunk.length);
    joined.set(this.#buffer);
    joined.set(chunk, this.#buffer.length);
    this.#buffer = joined;
    return this.#cut(false);
  }

  /** The end of the source: gives the last message. */
  finish(): Piece[] {
    return this.#cut(true);
  }

  #cut(whole: boolean): Piece[] {
    const buffer = this.#buffer;
    const pieces: Piece[] = [];
    let start = 0;
    let at = this.#seen;
    for (;;) {
      const newline = buffer.indexOf(NEWLINE, at);
      if (newline < 0) break;
      at = newline + 1;
      if (buffer[at] !== undefined && buffer[at] !== FROM[0]) continue;
      const verdict = postmark(buffer, at, whole);
      if (verdict === undefined) {
        at = newline; // Decided when more has come.
        break;
      }
      if (verdict && blankAbove(buffer, newline)) {
        this.#take(pieces, start, at);
        start = at;
      }
    }
    if (whole) {
      this.#take(pieces, start, buffer.length);
      start = buffer.length;
    }
    this.#base += start;
    this.#buffer = buffer.slice(start);
    this.#seen = Math.max(0, at - start);
    this.#dropTail();
    return pieces;
  }

  #take(pieces: Piece[], start: number, end: number): void {
    const { length, body } = withoutPostmark(this.#buffer.subarray(start, end));
    const offset = this.#base + start;
    const dropped = this.#dropped;
    this.#base += dropped;
    this.#dropped = 0;
    if (body.some((byte) => byte > 32)) pieces.push({ offset, length: length + dropped, bytes: body });
  }

  #dropTail(): void {
    // Keeps the last bytes too, because a postmark may have begun in them.
    const tail = 512;
    if (this.#buffer.length <= LONGEST + 2 * tail) return;
    const kept = new Uint8Array(LONGEST + tail);
    kept.set(this.#buffer.subarray(0, LONGEST));
    kept.set(this.#buffer.subarray(this.#buffer.length - tail), LONGEST);
    const gone = this.#buffer.length - kept.length;
    this.#dropped += gone;
    if (this.#seen > LONGEST) this.#seen = Math.max(LONGEST, this.#seen - gone);
    this.#buffer = kept;
  }
}

/** Whether a postmark stands at `at`; undefined where more bytes are needed to say. */
function postmark(buffer: Uint8Array, at: number, whole: boolean): boolean | undefined {
  for (let letter = 0; letter < FROM.length; letter += 1) {
    const byte = buffer[at + letter];
    if (byte === undefined) return whole ? false : undefined;
    if (byte !== FROM[letter]) return false;
  }
  const end = buffer.indexOf(NEWLINE, at);
  if (end < 0 && !whole && buffer.length - at < 512) return undefined;
  const line = buffer.subarray(at, end < 0 ? Math.min(buffer.length, at + 512) : end);
  return DATED.test(String.fromCharCode(...line.subarray(0, 512)));
}

/** Whether the line that ends with `newline` is empty. */
function blankAbove(buffer: Uint8Array, newline: number): boolean {
  const before = buffer[newline - 1] === RETURN ? newline - 2 : newline - 1;
  return before < 0 || buffer[before] === NEWLINE;
}

/** The message behind its postmark line; also where the line stands at the very beginning of a file. */
export function withoutPostmark(piece: Uint8Array<ArrayBuffer>): { length: number; body: Uint8Array<ArrayBuffer> } {
  const marked = FROM.every((byte, index) => piece[index] === byte);
  const end = marked ? piece.indexOf(NEWLINE) + 1 : 0;
  return { length: piece.length, body: marked && end === 0 ? piece.subarray(piece.length) : piece.subarray(end) };
}
