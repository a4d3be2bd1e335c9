// What people give: dropped, picked or pasted, files and folders, to a list of inputs for the worker.

import type { Input } from "./worker/protocol.js";

/** The browser does not let this page read a dropped folder: Chromium refuses it to pages that were opened from disk. */
export class FolderRefused extends Error {}

/** Files and whole folders from a drop. The entries must be taken before the first await: they vanish afterwards. */
export async function dropped(transfer: DataTransfer): Promise<Input[]> {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const lists = await Promise.all(
    entries.map(async ({ entry, file }): Promise<Input[]> => {
      if (entry?.isDirectory) return walk(entry as FileSystemDirectoryEntry);
      return file ? [{ file, path: file.name, sure: true }] : [];
    }),
  );
  return lists.flat();
}

async function walk(folder: FileSystemDirectoryEntry): Promise<Input[]> {
  const reader = folder.createReader();
  const found: Input[] = [];
  // A reader gives a hundred entries at a time, and an empty list at the end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((done, failed) => {
      // File handles would be another way, but Chromium's leave out names with a colon, as all read mail in a Maildir has.
      reader.readEntries(done, (error) => failed(location.protocol === "file:" ? new FolderRefused() : error));
    });
    if (entries.length === 0) return found.sort((a, b) => (a.path < b.path ? -1 : 1));
    const lists = await Promise.all(
      entries.map(async (entry): Promise<Input[]> => {
        if (entry.isDirectory) return walk(entry as FileSystemDirectoryEntry);
        const file = await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed));
        return [{ file, path: entry.fullPath.replace(/^\//, ""), sure: false }];
      }),
    );
    found.push(...lists.flat());
  }
}

/** Files from a file picker; of a folder, the path below it is kept. */
export function picked(files: FileList): Input[] {
  return [...files].map((file) => {
    const path = file.webkitRelativePath;
    return { file, path: path || file.name, sure: path === "" };
  });
}

/** Pasted text is a message, a mailbox or a server's reply. */
export function pasted(pastedText: string): { input: Input } | { reply: string } | undefined {
  const trimmed = pastedText.trim();
  if (trimmed === "") return undefined;
  const head = pastedText.replace(/^\s+/, "").slice(0, 4000);
  const isMailbox = /^From \S.*\d\d:\d\d/.test(head);
  // Two header lines in a row; "550 5.1.1 <a@b>: …" has no colon behind its first word.
  const isMessage = /^[A-Za-z][!-9;-~]*:[^\n]*\n(?:[ \t][^\n]*\n)*[A-Za-z][!-9;-~]*:/.test(head.replace(/\r\n?/g, "\n"));
  if (!isMailbox && !isMessage) return { reply: trimmed };
  return { input: { file: new Blob([pastedText.replace(/^\s+/, "")]), path: "pasted.eml", sure: true } };
}
