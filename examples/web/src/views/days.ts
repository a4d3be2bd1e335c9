// Records by day, stacked by what came of them. Dragging chooses days; two date fields do the same for the keyboard.

import uPlot from "uplot";
import { h } from "../dom.js";
import { OUTCOMES, type Outcome, type Store } from "../store.js";
import { currentLanguage, fill, number, text } from "../text/text.js";

const DAY = 86_400;
/** Of the chart, in pixels. */
const HEIGHT = 136;

/** A column of the chart: the days it stands for. */
interface Bin {
  from: string;
  to: string;
  seconds: number;
}

export class Days {
  readonly element: HTMLElement;
  readonly #plot = h("div.days-plot");
  readonly #legend = h("ul.legend");
  readonly #from: HTMLInputElement;
  readonly #to: HTMLInputElement;
  #chart: uPlot | undefined;
  #bins: Bin[] = [];

  constructor(
    private readonly store: Store,
    private readonly changed: () => void,
  ) {
    const words = text().many;
    const field = () => h("input", { type: "date", onchange: () => this.#typed() });
    this.#from = field();
    this.#to = field();
    this.element = h(
      "section.chart.chart-days",
      { "aria-labelledby": "chart-day" },
      h(
        "div.chart-head",
        {},
        h("h2", { id: "chart-day", title: words.byDayHelp }, words.byDay),
        h("div.day-fields", {}, h("label", {}, words.from, this.#from), h("label", {}, words.to, this.#to)),
      ),
      this.#plot,
      this.#legend,
    );
    new ResizeObserver(() => this.#resize()).observe(this.#plot);
  }

  update(): void {
    const { days, series } = this.store.byDay();
    this.#from.value = this.store.days?.[0] ?? days[0] ?? "";
    this.#to.value = this.store.days?.[1] ?? days.at(-1) ?? "";
    this.element.hidden = days.length === 0;
    const { bins, columns } = binned(days, series);
    this.#bins = bins;
    this.#updateLegend(series);
    this.#chart?.destroy();
    if (days.length > 0) this.#draw(columns);
  }

  #updateLegend(series: { [outcome in Outcome]: number[] }): void {
    const chosen = this.store.chosen.outcome;
    const items = OUTCOMES.map((outcome) => {
      const count = series[outcome].reduce((sum, value) => sum + value, 0);
      if (count === 0 && !chosen.has(outcome)) return null;
      const press = () => {
        if (!chosen.delete(outcome)) chosen.add(outcome);
        this.store.refresh(["outcome"]);
        this.changed();
      };
      return h(
        "li",
        {},
        h(
          "button.legend-button",
          { type: "button", "aria-pressed": String(chosen.has(outcome)), onclick: press },
          h(`span.dot.dot-${outcome}` as "span", { "aria-hidden": "true" }),
          text().outcome[outcome],
          h("strong", {}, number(count)),
        ),
      );
    });
    this.#legend.replaceChildren(...items.filter((item) => item !== null));
  }

  #draw(columns: { [outcome in Outcome]: number[] }): void {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    // Each series is drawn as the sum of itself and those below it; the tallest comes first and lies behind.
    const sums: number[][] = [];
    OUTCOMES.forEach((outcome, index) => sums.push(columns[outcome].map((value, at) => value + (sums[index - 1]?.[at] ?? 0))));
    const layers = OUTCOMES.map((outcome, index) => ({ outcome, sum: sums[index]! })).reverse();
    const bars = uPlot.paths.bars!({ size: [0.78, 28], radius: 0.12 });
    const axis: uPlot.Axis = {
      stroke: colour("--muted"),
      font: "12px system-ui, sans-serif",
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
    };
    const language = currentLanguage() === "ja" ? "ja-JP" : "en-GB";
    const date = (seconds: number, options: Intl.DateTimeFormatOptions) =>
      new Date(seconds * 1000).toLocaleDateString(language, { ...options, timeZone: "UTC" });
    const span = this.#bins.at(-1)!.seconds - this.#bins[0]!.seconds;
    const label: Intl.DateTimeFormatOptions = span > 400 * DAY ? { year: "numeric", month: "short" } : { month: "short", day: "numeric" };
    const width = this.#bins.length > 1 ? this.#bins[1]!.seconds - this.#bins[0]!.seconds : DAY;
    const options: uPlot.Options = {
      width: this.#plot.clientWidth || 600,
      height: HEIGHT,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1e3), "Etc/UTC"),
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      scales: { x: { range: (_plot, low, high) => [low - width * 0.6, high + width * 0.6] }, y: { range: (_p, _low, high) => [0, Math.max(4, high * 1.08)] } },
      axes: [
        { ...axis, grid: { show: false }, size: 30, space: 84, values: (_plot, splits) => splits.map((at) => date(at, label)) },
        { ...axis, size: 52, values: (_plot, splits) => splits.map((value) => (Number.isInteger(value) ? number(value) : "")) },
      ],
      series: [{}, ...layers.map(({ outcome }) => ({ fill: colour(`--${outcome}`), stroke: "transparent", width: 0, paths: bars, points: { show: false } }))],
      hooks: { setSelect: [(plot) => this.#dragged(plot)] },
    };
    this.#chart = new uPlot(options, [this.#bins.map((bin) => bin.seconds), ...layers.map(({ sum }) => sum)], this.#plot);
    const canvas = this.#chart.ctx.canvas;
    canvas.setAttribute("role", "img");
    const total = sums.at(-1)!.reduce((sum, value) => sum + value, 0);
    canvas.setAttribute("aria-label", `${text().many.byDay}: ${this.#bins[0]!.from} – ${this.#bins.at(-1)!.to}, ${fill(text().many.total, { n: total })}`);
  }

  #dragged(plot: uPlot): void {
    if (plot.select.width < 3) return;
    const from = plot.posToVal(plot.select.left, "x");
    const to = plot.posToVal(plot.select.left + plot.select.width, "x");
    const width = this.#bins.length > 1 ? this.#bins[1]!.seconds - this.#bins[0]!.seconds : DAY;
    const inside = this.#bins.filter((bin) => bin.seconds >= from - width / 2 && bin.seconds <= to + width / 2);
    if (inside.length > 0) this.#choose(inside[0]!.from, inside.at(-1)!.to);
  }

  #typed(): void {
    const [from, to] = [this.#from.value, this.#to.value];
    if (from && to) this.#choose(from < to ? from : to, from < to ? to : from);
  }

  #choose(from: string, to: string): void {
    this.store.days = [from, to];
    this.store.refresh(["day"]);
    this.changed();
  }

  #resize(): void {
    const width = this.#plot.clientWidth;
    if (this.#chart && width > 0 && width !== this.#chart.width) this.#chart.setSize({ width, height: HEIGHT });
  }
}

const seconds = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000;
const dayOf = (at: number) => new Date(at * 1000).toISOString().slice(0, 10);

/** Up to four months by day, up to three years by week, beyond that by month. */
function binned(days: string[], series: { [outcome in Outcome]: number[] }) {
  const valid = days.filter((day) => !Number.isNaN(seconds(day)));
  const span = valid.length > 0 ? (seconds(valid.at(-1)!) - seconds(valid[0]!)) / DAY : 0;
  const start = (day: string): string => {
    if (span > 1100) return `${day.slice(0, 7)}-01`;
    if (span <= 120) return day;
    const at = seconds(day);
    return dayOf(at - ((new Date(at * 1000).getUTCDay() + 6) % 7) * DAY);
  };
  const bins: Bin[] = [];
  const columns = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, [] as number[]])) as { [o in Outcome]: number[] };
  days.forEach((day, index) => {
    if (Number.isNaN(seconds(day))) return;
    const from = start(day);
    if (bins.at(-1)?.from !== from) {
      bins.push({ from, to: day, seconds: seconds(from) });
      for (const outcome of OUTCOMES) columns[outcome].push(0);
    }
    const last = bins.length - 1;
    bins[last]!.to = day;
    for (const outcome of OUTCOMES) columns[outcome][last]! += series[outcome][index]!;
  });
  return { bins, columns };
}
