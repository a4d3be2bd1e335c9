// From what the user gave to mail: archives are opened, mailboxes recognised, and what is no mail is left out.

import { BlobReader, BlobWriter, ZipReader, configure } from "@zip.js/zip.js/lib/zip-core-native.js";
import type { Input } from "./protocol.js";

// Everything runs in this worker already, and the page may start no other one.
configure({ useWebWorkers: false, useCompressionStream: true });

/** A blob that holds mail. */
export interface Source {
  blob: Blob;
  path: string;
  form: "mbox" | "message";
}

/** Names that mail programs put beside mail. */
const NO_MAIL =
  /(^|\/)(\.DS_Store|\._[^/]*|__MACOSX\/.*|Thumbs\.db|dovecot[^/]*|maildirfolder|maildirsize|subscriptions|courierimap[^/]*|\.[^/]+\.(index|cache|log|msf))$/;

/** How deep archives in archives are opened. */
const DEEPEST = 3;

type Form = "zip" | "gzip" | "mbox" | "message" | "unclear" | "other";

/** Gives every source of mail in `input`; calls `skip` for each file that is none. */
export async function* sourcesOf(input: Input, skip: (path: string) => void, depth = 0): AsyncGenerator<Source> {
  const { file, path, sure } = input;
  if (NO_MAIL.test(path) && !sure) return;
  const form = await formOf(file);
  if (form === "zip" && depth < DEEPEST) {
    yield* unzip(file, path, skip, depth);
  } else if (form === "gzip" && depth < DEEPEST) {
    const blob = await new Response(file.stream().pipeThrough(new DecompressionStream("gzip"))).blob();
    yield* sourcesOf({ file: blob, path: path.replace(/\.gz$/i, ""), sure }, skip, depth + 1);
  } else if (form === "mbox") {
    yield { blob: file, path, form };
  } else if (form === "message" || (form === "unclear" && sure)) {
    yield { blob: file, path, form: "message" };
  } else {
    skip(path);
  }
}

async function* unzip(file: Blob, path: string, skip: (path: string) => void, depth: number): AsyncGenerator<Source> {
  const reader = new ZipReader(new BlobReader(file));
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (entry.directory || NO_MAIL.test(entry.filename)) continue;
      const name = `${path}/${entry.filename}`;
      if (entry.encrypted) {
        skip(name);
        continue;
      }
      const blob = await entry.getData(new BlobWriter());
      yield* sourcesOf({ file: blob, path: name, sure: false }, skip, depth + 1);
    }
  } finally {
    await reader.close();
  }
}

async function formOf(file: Blob): Promise<Form> {
  const head = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
  const begins = (...bytes: number[]) => bytes.every((byte, index) => head[index] === byte);
  if (begins(0x50, 0x4b, 3, 4)) return "zip";
  if (begins(0x1f, 0x8b)) return "gzip";
  const text = String.fromCharCode(...head);
  if (/^\s*From [^\r\n]*\d\d:\d\d[^\r\n]*\d{4}/.test(text)) return "mbox";
  // A header line stands first, or after a postmark without a date.
  if (/^(?:\s*|From [^\r\n]*[\r\n]+)[!-9;-~]+[ \t]*:/.test(text)) return "message";
  return head.includes(0) || head.length === 0 ? "other" : "unclear";
}
