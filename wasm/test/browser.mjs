// Starts Chromium for tests: Debian's, headless, with nothing of its own on the network.

import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const PROGRAMS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
};

/** Set CHROMIUM to use another one. */
export function launch() {
  const executablePath = process.env.CHROMIUM ?? PROGRAMS.find((path) => existsSync(path));
  if (!executablePath) throw new Error("no Chromium is installed; name one with CHROMIUM=/path/to/it");
  const off = ["gpu", "quic", "background-networking", "component-update", "sync"].map((what) => `--disable-${what}`);
  const args = ["--no-sandbox", "--no-first-run", ...off];
  return chromium.launch({ executablePath, headless: true, args });
}

/** Serves `folder` on localhost, every answer with `headers`, and the `pages` given by path. */
export async function serve(folder, { headers = {}, pages = {} } = {}) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const file = join(folder, normalize(path));
    const found = pages[path] ?? (file.startsWith(folder) && existsSync(file) && extname(file) && readFileSync(file));
    const type = TYPES[extname(path)] ?? TYPES[".html"];
    response.writeHead(found ? 200 : 404, { "content-type": type, ...headers });
    response.end(found || "not found");
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://localhost:${server.address().port}`, close: () => server.close() };
}
