/* Structures side by side, to one scale and under one rotation, drawn by 3Dmol. */
import {useEffect, useRef, useState} from "preact/hooks";
import type {GLViewer} from "3dmol";
import {describe, type Item} from "./items";
import {colour, onTheme} from "./theme";

const elementColours: Record<string, string> = {Au: "#e6b422", Ag: "#c4c9d0", Cu: "#c97a45", Pt: "#b9bccb", Pd: "#5c8fa3", Ni: "#63b06a",
  Co: "#d98c9b", Fe: "#d0703c", Ru: "#3d8f8f", Rh: "#2f7d8c", Ir: "#4a6fa5", Al: "#b8a8a8", Ti: "#aeb3bb", W: "#6a8fbf", Mo: "#62a8a8",
  Re: "#5a86b0", Os: "#5a74a0"};
/* Coordination 3 and less (corners) to 12 and more (inside), after the viridis map: it rises in lightness too. */
const ramp = ["#46327e", "#3f4788", "#365c8d", "#2a788e", "#21918c", "#22a884", "#44bf70", "#7ad151", "#bddf26", "#fde725"];
const clampCoordination = (n: number) => Math.min(12, Math.max(3, n));
const NEIGHBOUR = 1.12; /* bond lengths: beyond icosahedral strain, short of the second shell of bcc */

export type ColourBy = "coordination" | "element";
export type DrawAs = "spheres" | "bonds";

interface Built {x: number; y: number; z: number; coordination: number; bonds: number[]}

/* Atoms about their centre with their neighbours. */
function build(item: Item): Built[] {
  const xyz = item.xyz!, n = xyz.length / 3, centre = [0, 0, 0], cutoff = (NEIGHBOUR * item.bond) ** 2;
  xyz.forEach((value, i) => (centre[i % 3] += value / n));
  const atoms = Array.from({length: n}, (_, i): Built =>
    ({x: xyz[3 * i] - centre[0], y: xyz[3 * i + 1] - centre[1], z: xyz[3 * i + 2] - centre[2], coordination: 0, bonds: []}));
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const a = atoms[i], b = atoms[j];
      if ((a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2 > cutoff) continue;
      a.coordination++, b.coordination++;
      a.bonds.push(j), b.bonds.push(i);
    }
  return atoms;
}

const radiusOf = (item: Item, atoms: Built[]) => Math.max(...atoms.map(a => Math.hypot(a.x, a.y, a.z))) + item.bond / 2;

type Library = typeof import("3dmol");
let library: Promise<Library> | null = null;
const loadLibrary = () => (library ??= import("3dmol").then(module => ((module as {default?: Library}).default ?? module)));

/* One rotation for all: whoever is turned tells the others. */
class Together {
  private members = new Map<string, GLViewer>();
  private telling = false;
  view: number[] | null = null;
  add(key: string, viewer: GLViewer) {
    this.members.set(key, viewer);
    if (this.view) viewer.setView(this.view);
    viewer.setViewChangeCallback(() => this.tell(viewer));
  }
  remove(key: string) {
    this.members.delete(key);
  }
  tell(from: GLViewer) {
    if (this.telling) return;
    this.telling = true;
    this.view = from.getView();
    for (const other of this.members.values()) if (other !== from) other.setView(this.view), other.render();
    this.telling = false;
  }
  each(action: (viewer: GLViewer) => void) {
    const first = this.members.values().next().value as GLViewer | undefined;
    if (!first) return;
    action(first);
    first.render();
    this.tell(first);
  }
}

/* The browser keeps few WebGL contexts: each is given back when its viewer goes. */
function giveBack(element: HTMLElement) {
  for (const canvas of element.querySelectorAll("canvas"))
    (canvas.getContext("webgl2") ?? canvas.getContext("webgl"))?.getExtension("WEBGL_lose_context")?.loseContext();
  element.replaceChildren();
}

function Slot({item, element, by, as, extent, together, close}: {
  item: Item; element: string; by: ColourBy; as: DrawAs; extent: number; together: Together; close: () => void;
}) {
  const box = useRef<HTMLDivElement>(null), viewer = useRef<GLViewer | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    let gone = false, forget = () => {};
    void loadLibrary().then(lib => {
      if (gone) return;
      const made = lib.createViewer(box.current!, {backgroundColor: colour("panel"), disableFog: false, antialias: true, nomouse: false} as object);
      if (!made) return setFailed(true);
      viewer.current = made;
      const model = made.addModel();
      model.addAtoms(build(item).map((atom, i) => ({elem: element === "X" ? "He" : element, serial: i, x: atom.x, y: atom.y, z: atom.z, bonds: atom.bonds,
        bondOrder: atom.bonds.map(() => 1), properties: {coordination: atom.coordination}})));
      paint();
      if (!together.view) {
        made.zoomTo();
        made.rotate(25, "y");
        made.rotate(20, "x");
        fitTo(made, extent);
        together.view = made.getView();
      }
      together.add(item.key, made);
      made.render();
      forget = onTheme(() => {
        made.setBackgroundColor(colour("panel"), 1);
        made.render();
      });
    }).catch(() => setFailed(true));
    const watcher = new ResizeObserver(() => viewer.current?.resize());
    watcher.observe(box.current!);
    return () => {
      gone = true;
      watcher.disconnect();
      forget();
      together.remove(item.key);
      viewer.current?.setViewChangeCallback(null);
      viewer.current?.removeAllModels();
      viewer.current = null;
      if (box.current) giveBack(box.current);
    };
  }, [item.key]);

  const paint = () => {
    const radius = (as === "bonds" ? 0.22 : 0.5) * item.bond;
    const style = {sphere: {radius, colorfunc: (atom: {properties: {coordination: number}}) =>
      by === "element" ? elementColours[element] ?? "#8fa3bf" : ramp[clampCoordination(atom.properties.coordination) - 3]}} as Record<string, object>;
    if (as === "bonds") style.stick = {radius: 0.05 * item.bond, color: "#8a8f98"};
    viewer.current?.setStyle({}, style as never);
    viewer.current?.render();
  };
  useEffect(paint, [by, as]);

  const onKey = (event: KeyboardEvent) => {
    const turn: Record<string, [number, string]> = {ArrowLeft: [-6, "y"], ArrowRight: [6, "y"], ArrowUp: [-6, "x"], ArrowDown: [6, "x"]};
    const size: Record<string, number> = {"+": 1.15, "=": 1.15, "-": 1 / 1.15};
    if (!viewer.current || (!turn[event.key] && !size[event.key])) return;
    event.preventDefault();
    if (turn[event.key]) viewer.current.rotate(...turn[event.key]);
    else viewer.current.zoom(size[event.key]);
    viewer.current.render();
    together.tell(viewer.current);
  };
  return (
    <div class="slot">
      <p><b>{item.title}</b> <span>{describe(item)}</span></p>
      <div ref={box} class="viewer" tabIndex={0} role="img" aria-label={`Structure ${item.title}: ${describe(item)}. Arrow keys turn all structures.`} onKeyDown={onKey} />
      {failed && <p class="soft">This browser draws no WebGL; the files are below.</p>}
      <button type="button" class="quiet" onClick={close} aria-label={`Remove structure ${item.title}`}>×</button>
    </div>
  );
}

/* The camera's distance at which a sphere of this radius (Å) fills the picture. */
function fitTo(viewer: GLViewer, extent: number) {
  const view = viewer.getView(), half = (20 / 2) * Math.PI / 180;
  view[3] = 150 - extent * 1.12 / Math.tan(half);
  viewer.setView(view);
}

export function Viewers({items, element, remove}: {items: Item[]; element: string; remove: (key: string) => void}) {
  const [by, setBy] = useState<ColourBy>("coordination"), [as, setAs] = useState<DrawAs>("spheres"), [spin, setSpin] = useState(false);
  const together = useRef(new Together()).current;
  const shown = items.filter(item => item.xyz);
  const extent = Math.max(1, ...shown.map(item => radiusOf(item, build(item))));
  useEffect(() => {
    if (!spin) return;
    let frame = 0;
    const turn = () => {
      together.each(viewer => viewer.rotate(0.7, "y"));
      frame = requestAnimationFrame(turn);
    };
    frame = requestAnimationFrame(turn);
    return () => cancelAnimationFrame(frame);
  }, [spin]);
  const reset = () => together.each(viewer => {
    viewer.setView([0, 0, 0, 0, 0, 0, 0, 1]);
    viewer.rotate(25, "y");
    viewer.rotate(20, "x");
    fitTo(viewer, extent);
  });
  const seen = [...new Set(shown.flatMap(item => build(item).map(atom => clampCoordination(atom.coordination))))].sort((a, b) => a - b);
  return (
    <>
      <div class="tools">
        <label>Colour <select value={by} onChange={event => setBy(event.currentTarget.value as ColourBy)}>
          <option value="coordination">coordination number</option><option value="element">element</option>
        </select></label>
        <label>Draw <select value={as} onChange={event => setAs(event.currentTarget.value as DrawAs)}>
          <option value="spheres">touching spheres</option><option value="bonds">balls and bonds</option>
        </select></label>
        <span class="buttons">
          <button type="button" aria-pressed={spin} onClick={() => setSpin(!spin)}>Turn</button>
          <button type="button" onClick={reset}>Reset view</button>
        </span>
      </div>
      <div class="slots">
        {shown.map(item => <Slot key={item.key} {...{item, element, by, as, extent, together}} close={() => remove(item.key)} />)}
      </div>
      <p class="key">
        {by === "element" ? <span><i class="swatch" style={{background: elementColours[element] ?? "#8fa3bf"}} />{element === "X" ? "unknown element" : element}</span>
          : <>neighbours: {seen.map(n => <span key={n}><i class="swatch" style={{background: ramp[n - 3]}} />{n === 3 ? "≤ 3" : n === 12 ? "≥ 12" : n}</span>)}</>}
      </p>
    </>
  );
}
