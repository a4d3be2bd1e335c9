// The mark: a guardian lion-dog's head, its mane in curls, with a letter in its mouth.

import { s } from "./dom.js";

export function logo(pixels: number): SVGElement {
  const curls = [
    [12, 20], [13.5, 11.5], [22, 7], [32, 5.5], [42, 7], [50.5, 11.5], [52, 20], [53, 30], [50, 39], [11, 30], [14, 39],
  ];
  return s(
    "svg",
    { viewBox: "0 -4 64 66", width: pixels, height: pixels, class: "logo", "aria-hidden": "true" },
    s("g", { class: "logo-mane" }, curls.map(([cx, cy]) => s("circle", { cx: cx!, cy: cy!, r: 8 }))),
    s("path", { class: "logo-face", d: "M16 22c0-9 7-14 16-14s16 5 16 14v13c0 9-7 15-16 15s-16-6-16-15z" }),
    s("path", { class: "logo-ear", d: "M15 19c-3-5-2-9 0-11 3 1 6 3 7 6zM49 19c3-5 2-9 0-11-3 1-6 3-7 6z" }),
    s("path", { class: "logo-line", d: "M20 24c2-3 6-3 8 0M36 24c2-3 6-3 8 0M32 15v4M28 17l2 3M36 17l-2 3" }),
    s("circle", { class: "logo-eye", cx: 24.5, cy: 27.5, r: 2.4 }),
    s("circle", { class: "logo-eye", cx: 39.5, cy: 27.5, r: 2.4 }),
    s("path", { class: "logo-eye", d: "M28 32.5h8l-1.5 3.2a2.8 2.8 0 0 1-5 0z" }),
    s("rect", { class: "logo-letter", x: 15, y: 40, width: 34, height: 19, rx: 2.5 }),
    s("path", { class: "logo-flap", d: "M16.5 42l15.5 9.5L47.5 42" }),
    s("path", { class: "logo-tooth", d: "M21 39.5h4.5l-2.2 4.2zM38.500 39.5H43l-2.200 4.200z" }),
  );
}
