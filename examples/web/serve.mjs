// Serves dist/site on localhost: `node serve.mjs [PORT]`.

import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };
const folder = fileURLToPath(new URL("dist/site/", import.meta.url));
const port = Number(process.argv[2] ?? 8025);

createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
  const file = join(folder, path === "/" ? "index.html" : path);
  const found = file.startsWith(folder) && extname(file) in TYPES && existsSync(file);
  response.writeHead(found ? 200 : 404, { "content-type": found ? TYPES[extname(file)] : "text/plain" });
  response.end(found ? readFileSync(file) : "not found\n");
}).listen(port, "127.0.0.1", () => console.log(`http://localhost:${port}/ (Ctrl+C ends it)`));
