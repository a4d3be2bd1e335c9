// A terminal as a page, for the README's picture of it: commands of the built `komainu` with what they print, in colours.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const programs = resolve(root, process.env.CARGO_TARGET_DIR ?? "target", "release");
const COLUMNS = 118;
const COMMANDS = [
  ["classify", "550 Unknown user", "--provider", "docomo", "--command", "DATA", "--date", "2014-01-01", "--format", "text"],
  ["parse", "examples/mails", "--format", "table"],
];

/** What SGR sequences the command uses, by number. */
const STYLES = {
  1: "font-weight:700",
  2: "opacity:.6",
  31: "color:#ff8172",
  32: "color:#9ad17b",
  33: "color:#f0c060",
  35: "color:#d7a0e8",
};

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Escape sequences become spans; a reset closes all that are open. */
function html(text) {
  let open = 0;
  const out = escape(text).replaceAll(/\x1b\[([\d;]*)m/g, (_, codes) => {
    const wanted = codes.split(";").filter((code) => code !== "" && code !== "0");
    if (wanted.length === 0) {
      const close = "</span>".repeat(open);
      open = 0;
      return close;
    }
    open += 1;
    return `<span style="${wanted.map((code) => STYLES[code] ?? "").join(";")}">`;
  });
  return out + "</span>".repeat(open);
}

/** Runs a command on a terminal of its own, as a person would see it. */
function shown(words) {
  const typed = words.map((word) => (/^[\w./-]+$/.test(word) ? word : `'${word}'`)).join(" ");
  const env = { ...process.env, PATH: `${programs}:${process.env.PATH}`, TERM: "xterm-256color" };
  delete env.NO_COLOR;
  const script = ["--quiet", "--return", "--command", `stty cols ${COLUMNS}; komainu ${typed}`, "/dev/null"];
  const printed = execFileSync("script", script, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
  return `<b>$</b> komainu ${escape(typed)}\n${html(printed.toString().replaceAll("\r\n", "\n"))}`;
}

export async function terminal(view) {
  if (!existsSync(`${programs}/komainu`)) throw new Error(`${programs}/komainu is not built: cargo xtask screenshots does that`);
  const css = `body{margin:0;background:#1d1b18;color:#ece6da;font:13px/1.5 "DejaVu Sans Mono",monospace;padding:18px 22px}
    pre{margin:0;font:inherit;white-space:pre}`;
  await view.setContent(`<style>${css}</style><pre>${COMMANDS.map(shown).join("\n")}</pre>`);
}
