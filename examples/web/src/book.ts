// Addresses that people have judged: kept in the page, saved as a file that every surface of komainu reads.

import type { AddressStatus } from "komainu-wasm";
import type { Book, Row } from "./worker/protocol.js";

export class AddressBook {
  #entries = new Map<string, AddressStatus>();

  get size(): number {
    return this.#entries.size;
  }

  get(address: string): AddressStatus | undefined {
    return this.#entries.get(address.toLowerCase());
  }

  set(address: string, status: AddressStatus | undefined): void {
    if (status) this.#entries.set(address.toLowerCase(), status);
    else this.#entries.delete(address.toLowerCase());
  }

  merge(book: Book): void {
    for (const [address, status] of Object.entries(book)) this.set(address, status);
  }

  clear(): void {
    this.#entries.clear();
  }

  toObject(): Book {
    return Object.fromEntries(this.#entries);
  }

  /** TSV, with what it is written above it. */
  toFile(): Blob {
    const lines = [...this.#entries].sort().map(([address, status]) => `${address}\t${status}`);
    return new Blob([["# komainu address book", ...lines, ""].join("\n")], { type: "text/tab-separated-values" });
  }

  /** Rows that the parser has to look at again: the book's word on their addresses may be another than before. */
  touches(row: Row, before: Book): boolean {
    const now = this.#entries;
    return [row.recipient, row.original].some((address) => {
      const name = address.toLowerCase();
      return [name, name.slice(name.lastIndexOf("@"))].some((key) => key !== "" && now.get(key) !== before[key]);
    });
  }
}
