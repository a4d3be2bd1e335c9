// Copies of messages, made without holding the event loop.

import { bytesOf, type Raw } from './options.js';
import { turn } from './turns.js';

/** Larger messages are copied in pieces of this size, with a turn of the event loop between two. */
const PIECE = 1024 * 1024;

/** Large messages wait for each other: a turn of the event loop copies one piece, however many there are. */
let last: Promise<unknown> = Promise.resolve();

/**
 * A copy that only we hold. The caller may reuse or change its buffer as soon as the call returns (a string has no
 * such problem), and bytes that change while another thread reads them are not safe in any language.
 */
export function copyOf(raw: Raw): Uint8Array | Promise<Uint8Array> {
  if (typeof raw === 'string') return raw.length <= PIECE ? bytesOf(raw) : afterTheLast(() => encodedInPieces(raw));
  const bytes = bytesOf(raw);
  return bytes.length <= PIECE ? Uint8Array.prototype.slice.call(bytes) : afterTheLast(() => joinedInPieces([bytes]));
}

function afterTheLast(copy: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const result = last.then(copy);
  // Who waits for the copy hears of its failure.
  last = result.catch(() => {});
  return result;
}

async function encodedInPieces(text: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + PIECE, text.length);
    // The two halves of a character stay together.
    if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end -= 1;
    pieces.push(bytesOf(text.slice(start, end)));
    start = end;
    await turn();
  }
  return joinedInPieces(pieces);
}

async function joinedInPieces(parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const copy = Buffer.allocUnsafeSlow(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    for (let start = 0; start < part.length; start += PIECE) {
      const piece = part.subarray(start, start + PIECE);
      copy.set(piece, end);
      end += piece.length;
      await turn();
    }
  }
  return copy;
}
