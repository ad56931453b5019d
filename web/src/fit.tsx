/* The fit: data as blue open circles, the fit in red, the difference in green below, and a second candidate to compare. */
import {useEffect, useRef, useState} from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import {describe, type Curves, type Item} from "./items";
import {colour, onTheme} from "./theme";

type Column = (number | null)[];

/* The difference is drawn below everything else, clear of the lowest point. */
function columns({fit, fine}: Curves, first: Item, other: Item | null) {
  const r = fine.data.map((_, i) => fine.rmin + i * fine.rstep);
  const circles: Column = new Array(r.length).fill(null);
  fit.data.forEach((g, i) => {
    const at = Math.round((fit.rmin + i * fit.rstep - fine.rmin) / fine.rstep);
    if (at >= 0 && at < circles.length) circles[at] = g;
  });
  const calc = first.calc!, difference = fine.data.map((g, i) => g - calc[i]);
  const otherDifference = other ? fine.data.map((g, i) => g - other.calc![i]) : null;
  const low = Math.min(...fine.data, ...calc), high = Math.max(...difference, ...(otherDifference ?? []));
  const span = Math.max(...fine.data) - low, offset = low - high - 0.06 * span;
  return {
    offset, difference,
    table: [r, circles, calc, difference.map(d => d + offset), r.map(() => offset), other?.calc ?? r.map(() => null),
      otherDifference?.map(d => d + offset) ?? r.map(() => null)] as uPlot.AlignedData,
  };
}

/* Axes and lines in the colours of the theme, asked for at every drawing. */
function options(width: number, height: number, onCursor: (i: number | null) => void): uPlot.Options {
  const axis = {stroke: () => colour("soft"), grid: {stroke: () => colour("line"), width: 1}, ticks: {stroke: () => colour("line"), width: 1},
    font: "12px system-ui, sans-serif", labelFont: "13px system-ui, sans-serif", labelSize: 22};
  const line = (name: string, dash?: number[]): uPlot.Series => ({stroke: () => colour(name), width: 1.6, dash, points: {show: false}});
  return {
    width, height, legend: {show: false}, padding: [8, 8, 0, 0],
    scales: {x: {time: false}},
    cursor: {drag: {x: true, y: false}, points: {show: false}, y: false},
    axes: [{...axis, label: "r (Å)"}, {...axis, label: "G (1/Å²)", size: 46}],
    series: [{}, {stroke: () => colour("data"), width: 0, paths: () => null, points: {show: true, size: 6, width: 1.3, stroke: () => colour("data"), fill: "transparent"}},
      line("calc"), line("diff"), line("zero", [3, 4]), line("other", [6, 4]), line("other", [2, 3])],
    hooks: {setCursor: [plot => onCursor(plot.cursor.idx ?? null)]},
  };
}

export function FitPlot({curves, first, other}: {curves: Curves; first: Item; other: Item | null}) {
  const box = useRef<HTMLDivElement>(null), plot = useRef<uPlot | null>(null), live = useRef<ReturnType<typeof columns>>();
  const [at, setAt] = useState<number | null>(null);
  live.current = columns(curves, first, other);

  useEffect(() => {
    const element = box.current!;
    const made = new uPlot(options(element.clientWidth, element.clientHeight, setAt), live.current!.table, element);
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize({width: element.clientWidth, height: element.clientHeight}));
    watcher.observe(element);
    const forget = onTheme(() => made.redraw());
    return () => {
      watcher.disconnect();
      forget();
      made.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(live.current!.table, false), [curves, first, other]);
  useEffect(() => plot.current?.setData(live.current!.table, true), [curves]);

  const zoom = (factor: number, shift = 0) => {
    const scale = plot.current!.scales.x, rs = plot.current!.data[0], [low, high] = [rs[0], rs[rs.length - 1]];
    const middle = (scale.min! + scale.max!) / 2 + shift * (scale.max! - scale.min!), half = (scale.max! - scale.min!) / 2 * factor;
    plot.current!.setScale("x", {min: Math.max(low, middle - half), max: Math.min(high, middle + half)});
  };
  const all = () => plot.current!.setData(live.current!.table, true);
  const onKey = (event: KeyboardEvent) => {
    const action = ({"+": () => zoom(0.7), "=": () => zoom(0.7), "-": () => zoom(1 / 0.7), "0": all, ArrowLeft: () => zoom(1, -0.15),
      ArrowRight: () => zoom(1, 0.15)} as Record<string, () => void>)[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  const row = at === null ? null : {r: live.current.table[0][at], g: curves.fine.data[at], calc: first.calc![at], difference: live.current.difference[at]};
  return (
    <>
      <div class="tools">
        <output>{row ? `r ${row.r.toFixed(2)} Å · data ${row.g.toFixed(3)} · fit ${row.calc.toFixed(3)} · difference ${row.difference.toFixed(3)}` : describe(first)}</output>
        <span class="buttons">
          <button type="button" onClick={() => zoom(0.7)} aria-label="Zoom in">+</button>
          <button type="button" onClick={() => zoom(1 / 0.7)} aria-label="Zoom out">−</button>
          <button type="button" onClick={all}>All</button>
        </span>
      </div>
      <div ref={box} class="fitplot" tabIndex={0} role="img" onKeyDown={onKey}
        aria-label={`Measured and fitted G(r) of ${describe(first)}. Arrow keys move, plus and minus zoom, 0 shows all.`} />
      <p class="key"><span class="data">data</span><span class="calc">fit</span><span class="diff">difference</span>
        {other && <span class="other">{other.title}: {describe(other)}, and its difference</span>}
        <span class="hint">drag to zoom, double-click for all</span></p>
    </>
  );
}
