/* The two maps: Rw against size of all candidates, and the latent map, from which structures are sampled. */
import {useEffect, useRef, useState} from "preact/hooks";
import * as api from "./api";
import {itemOfPick, type Item} from "./items";
import {placesWithin, Scatter, type Hit, type Layer, type Point} from "./scatter";

/* One button per type that is there: shows and hides it. */
function TypeKey({types, layers, hidden, toggle}: {types: api.TypeMark[]; layers: Layer[]; hidden: Set<number>; toggle: (type: number) => void}) {
  const counts = new Map<number, number>();
  for (const layer of layers) for (let i = 0; i < layer.type.length; i++) counts.set(layer.type[i], (counts.get(layer.type[i]) ?? 0) + 1);
  return (
    <p class="key">
      {types.map((type, i) => counts.has(i) && (
        <button type="button" key={type.name} aria-pressed={!hidden.has(i)} onClick={() => toggle(i)}>
          <svg class="mark" viewBox="-1 -1 2 2" aria-hidden="true"><path d={type.path} fill={type.colour} /></svg>{type.name}
        </button>))}
    </p>
  );
}

function useHidden(plot: {current: Scatter | null}) {
  const [hidden, setHidden] = useState<Set<number>>(new Set());
  const toggle = (type: number) => {
    const next = new Set(hidden);
    next.has(type) ? next.delete(type) : next.add(type);
    setHidden(next);
    if (plot.current) plot.current.hidden = next, plot.current.redraw();
  };
  return {hidden, toggle};
}

const range = (values: ArrayLike<number>): Point => {
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < values.length; i++) low = Math.min(low, values[i]), high = Math.max(high, values[i]);
  return [low, high];
};

export function SizeMap({data, pick}: {data: api.Data; pick: (rank: number) => void}) {
  const box = useRef<HTMLDivElement>(null), plot = useRef<Scatter | null>(null);
  const [said, setSaid] = useState("");
  const layers: Layer[] = [{x: data.map.n, y: data.map.rw, type: data.map.type, n: data.map.n.map(() => 40), alpha: 0.85}];
  const {hidden, toggle} = useHidden(plot);
  useEffect(() => {
    const {map} = data, name = (i: number) => `${map.rank[i]}. ${map.shape[i] || data.types[map.type[i]].name}, ${map.n[i]} atoms, Rw ${map.rw[i].toFixed(4)}`;
    const made = new Scatter(box.current!, data.types, {
      hover: hit => setSaid(hit ? name(hit.i) : ""),
      click: hit => hit && pick(map.rank[hit.i]),
      lasso: () => undefined,
    });
    plot.current = made;
    made.titles = ["atoms", "Rw"];
    made.layers = layers;
    made.setHome(range(map.n), range(map.rw));
    return () => made.close();
  }, [data]);
  return (
    <>
      <div ref={box} class="scatter" tabIndex={0} role="img" aria-label="Rw of every candidate against its number of atoms, marked by type. Arrow keys move, plus and minus zoom." />
      <output class="said">{said || "A click shows a candidate’s fit and structure."}</output>
      <TypeKey types={data.types} layers={layers} hidden={hidden} toggle={toggle} />
    </>
  );
}

let samplings = 0;

export interface LatentProps {
  job: api.Job; data: api.Data; latent: api.Latent; canSample: boolean; most: number; samples: Item[]; add: (items: Item[]) => void; show: (item: Item) => void;
}

/* Structures of the training set are faint; those decoded around this PDF full; those sampled and fitted have an outline. */
export function LatentMap({job, data, latent, canSample, most, samples, add, show}: LatentProps) {
  const box = useRef<HTMLDivElement>(null), plot = useRef<Scatter | null>(null);
  const [sigma, setSigma] = useState(Math.min(7, Math.max(3, Number(job.settings.sigma) || 3)));
  const [focus, setFocus] = useState(""), [count, setCount] = useState(1000), [mode, setMode] = useState<"move" | "lasso">("move");
  const [cloud, setCloud] = useState<api.Cloud | null>(null), [state, setState] = useState(""), [said, setSaid] = useState("");
  const {hidden, toggle} = useHidden(plot);
  const typeOf = (name: string) => data.types.findIndex(type => type.name === name);
  const sampled: Layer = {x: samples.map(s => s.place![0]), y: samples.map(s => s.place![1]), type: samples.map(s => typeOf(s.type)), n: samples.map(s => s.n_atoms), alpha: 1, outline: true};
  const layers: Layer[] = [{...latent, alpha: 0.35}, ...(cloud ? [{...cloud, alpha: 0.8}] : []), sampled];

  const sample = async (places: Point[], what: string) => {
    if (!canSample) return;
    const number = ++samplings;
    setState(`sampling ${what} …`);
    try {
      const n = Math.min(most, Math.max(16, places.length));
      const found = await api.samples(job.id, {places, n, sigma, focus: focus || undefined, seed: number});
      const items = (found.data?.picks ?? []).map((pick, i) => ({...itemOfPick(pick, `s${number}.${i + 1}`, `s${number}.${i + 1}`), group: null, place: found.places[pick.name]}));
      add(items);
      setState(items.length ? `${items.length} different structures ${what}; the best: ${items[0].type}, ${items[0].n_atoms} atoms, Rw ${items[0].rw.toFixed(4)}`
        : `no valid structure ${what}${focus ? `; none of type ${focus}` : ""}`);
    } catch (error) {
      setState((error as Error).message);
    }
  };
  const name = (hit: Hit) => {
    const layer = layers[hit.layer], type = data.types[layer.type[hit.i]]?.name ?? "unknown";
    const which = layer === sampled ? `${samples[hit.i].title}, Rw ${samples[hit.i].rw.toFixed(4)}` : hit.layer === 0 ? "training structure" : "decoded for this PDF";
    return `${type}, ${layer.n[hit.i]} atoms: ${which}`;
  };
  const events = useRef({hover: (_: Hit | null) => {}, click: (_: Hit | null, __: Point) => {}, lasso: (_: Point[]) => {}});
  events.current = {
    hover: hit => setSaid(hit ? name(hit) : ""),
    click: (hit, at) => hit && layers[hit.layer] === sampled ? show(samples[hit.i]) : void sample([at], `at ${at.map(v => v.toFixed(2)).join(", ")}`),
    lasso: outline => void sample(placesWithin(outline, Math.min(32, most)), "in the region"),
  };

  useEffect(() => {
    const made = new Scatter(box.current!, data.types, {
      hover: hit => events.current.hover(hit), click: (hit, at) => events.current.click(hit, at), lasso: outline => events.current.lasso(outline)});
    plot.current = made;
    (box.current as HTMLDivElement & {scatter?: Scatter}).scatter = made; /* for tests and for the curious */
    made.titles = ["first axis of the map", "second axis"];
    made.setHome(range(latent.x), range(latent.y));
    return () => made.close();
  }, [data]);
  useEffect(() => {
    if (!plot.current) return;
    plot.current.layers = layers;
    plot.current.mode = mode;
    plot.current.rings = {mean: latent.mean, sigma: latent.sigma, reach: sigma};
    plot.current.redraw();
  });
  useEffect(() => {
    if (!canSample) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      setState("decoding …");
      api.cloud(job.id, count, sigma, focus, stop.signal).then(
        found => (setCloud(found), setState(`${found.x.length} structures decoded around this PDF, ${found.structures} different`)),
        error => !stop.signal.aborted && setState((error as Error).message));
    }, cloud ? 350 : 0);
    return () => (clearTimeout(timer), stop.abort());
  }, [job.id, sigma, focus, count]);

  const around = () => {
    const reach = Math.max(sigma, 3) * 1.4, [x, y] = latent.mean, [sx, sy] = latent.sigma;
    plot.current?.show([x - reach * sx, x + reach * sx, y - reach * sy, y + reach * sy]);
  };
  const families = ["fcc", "hcp", "bcc", "sc", "icosahedron", "decahedron", "octahedron", "stacking", "twin"];
  return (
    <>
      <div class="tools">
        <label>σ <input type="range" min={3} max={7} step={0.5} value={sigma} aria-label="Spread of the samples, sigma"
          onInput={event => setSigma(+event.currentTarget.value)} /> {sigma}</label>
        <label>Type <select value={focus} onChange={event => setFocus(event.currentTarget.value)}>
          <option value="">all</option>{families.map(type => <option key={type}>{type}</option>)}
        </select></label>
        <label>Points <select value={count} onChange={event => setCount(+event.currentTarget.value)}>
          {[1000, 2000, 4000, 8000].map(n => <option key={n}>{n}</option>)}
        </select></label>
        <span class="buttons">
          <button type="button" aria-pressed={mode === "move"} onClick={() => setMode("move")}>Move</button>
          <button type="button" aria-pressed={mode === "lasso"} onClick={() => setMode("lasso")}>Lasso</button>
          <button type="button" onClick={() => plot.current?.zoom(0.7)} aria-label="Zoom in">+</button>
          <button type="button" onClick={() => plot.current?.zoom(1 / 0.7)} aria-label="Zoom out">−</button>
          <button type="button" onClick={around}>This PDF</button>
          <button type="button" onClick={() => plot.current?.showAll()}>All</button>
        </span>
      </div>
      <div ref={box} class={`scatter latent ${mode}`} tabIndex={0} role="img"
        aria-label="Latent map. Arrow keys move, plus and minus zoom, Enter samples structures in the middle." />
      <output class="said">{said || state}</output>
      <p class="note">Each point is a structure: faint ones of the training set, full ones decoded for this PDF, outlined ones sampled and fitted. The cross is this PDF
        with rings of 1, 2, 3 and (dashed) {sigma} σ. {canSample ? "A click samples structures at a place, a lasso in a region." : "This server has no model to sample from."}</p>
      <TypeKey types={data.types} layers={layers} hidden={hidden} toggle={toggle} />
    </>
  );
}
