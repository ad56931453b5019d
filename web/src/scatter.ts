/* A scatter plot on a canvas that stays quick with many thousand points, without a graphics card too: marks are drawn once
 * per type and size, and their pixels then mixed into the picture here, which is several times quicker than as many calls of
 * drawImage. What follows the pointer is drawn on a second canvas above. It moves, zooms, names what is under the pointer,
 * and takes a click or a lasso. */
import type {TypeMark} from "./api";
import {colour, isDark, onTheme} from "./theme";

export type Point = [number, number];
export interface Layer {
  x: ArrayLike<number>; y: ArrayLike<number>; type: ArrayLike<number>; n: ArrayLike<number>; /* n: atoms, the size of a mark */
  alpha: number; outline?: boolean;
}
export interface Rings {mean: Point; sigma: Point; reach: number}
export interface Hit {layer: number; i: number}
export interface Events {
  hover(hit: Hit | null): void;
  click(hit: Hit | null, at: Point): void;
  lasso(outline: Point[]): void;
}

const MARGIN = {left: 46, right: 8, top: 8, bottom: 38};
const REACH = 10; /* pixels at which the pointer is at a point */
const SIZES = 5;

const sizeClass = (n: number) => Math.min(SIZES - 1, Math.max(0, Math.floor(Math.log2(Math.max(n, 1) / 12) * 0.9)));
const radiusOf = (size: number) => 2.6 + 0.75 * size;

function ticks(low: number, high: number, wanted: number): number[] {
  const rough = (high - low) / Math.max(1, wanted), power = 10 ** Math.floor(Math.log10(rough)), lead = rough / power;
  const step = power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10), found: number[] = [];
  for (let i = Math.ceil(low / step - 1e-6); i * step <= high + 1e-6 * step; i++) found.push(i * step);
  return found;
}

function insideOf(outline: Point[], [x, y]: Point): boolean {
  let inside = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [xi, yi] = outline[i], [xj, yj] = outline[j];
    if (yi > y !== yj > y && x < (xj - xi) * (y - yi) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/* n places spread evenly over the area of an outline, always the same ones (a Halton sequence). */
export function placesWithin(outline: Point[], n: number): Point[] {
  const xs = outline.map(p => p[0]), ys = outline.map(p => p[1]), found: Point[] = [];
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const halton = (i: number, base: number) => {
    let value = 0;
    for (let f = 1 / base; i > 0; i = Math.floor(i / base), f /= base) value += f * (i % base);
    return value;
  };
  for (let i = 1; found.length < n && i < 200 * n; i++) {
    const place: Point = [left + (right - left) * halton(i, 2), low + (high - low) * halton(i, 3)];
    if (insideOf(outline, place)) found.push(place);
  }
  return found;
}

/* "#14161a" as one opaque pixel in memory's order. */
const opaque = (hex: string) => (0xff000000 | parseInt(hex.slice(5, 7), 16) << 16 | parseInt(hex.slice(3, 5), 16) << 8 | parseInt(hex.slice(1, 3), 16)) >>> 0;

/* A mark about (x, y) over an opaque picture, cut at its edges. */
function mix(picture: ImageData, mark: ImageData, x: number, y: number, alpha: number) {
  const {data, width, height} = picture, from = mark.data, n = mark.width, left = x - (n >> 1), top = y - (n >> 1);
  for (let row = Math.max(0, -top); row < n && top + row < height; row++)
    for (let column = Math.max(0, -left); column < n && left + column < width; column++) {
      const source = 4 * (row * n + column), share = from[source + 3] * alpha / 255;
      if (share === 0) continue;
      const to = 4 * ((top + row) * width + left + column);
      data[to] += (from[source] - data[to]) * share;
      data[to + 1] += (from[source + 1] - data[to + 1]) * share;
      data[to + 2] += (from[source + 2] - data[to + 2]) * share;
    }
}

export class Scatter {
  layers: Layer[] = [];
  rings: Rings | null = null;
  hidden = new Set<number>(); /* types that are not shown */
  mode: "move" | "lasso" = "move";
  titles: [string, string] = ["", ""];
  frames = 0; /* drawn so far */
  private box: [number, number, number, number] = [0, 1, 0, 1]; /* x and y ranges in view */
  private home = this.box;
  private base: HTMLCanvasElement;
  private top: HTMLCanvasElement;
  private sprites: ImageData[] = []; /* by type, size and outline */
  private asked = 0;
  private hit: Hit | null = null;
  private path: Point[] = [];
  private picture: ImageData | null = null;
  private topIsEmpty = false;
  private cross = false; /* shown while the keyboard has the plot */
  private forget: (() => void)[] = [];

  constructor(private element: HTMLElement, private types: TypeMark[], private events: Events) {
    this.base = document.createElement("canvas");
    this.top = document.createElement("canvas");
    element.append(this.base, this.top);
    const watcher = new ResizeObserver(() => this.redraw());
    watcher.observe(element);
    this.forget = [() => watcher.disconnect(), onTheme(() => (this.sprites = [], this.redraw()))];
    this.listen();
  }
  close() {
    cancelAnimationFrame(this.asked);
    this.forget.forEach(each => each());
    this.element.replaceChildren();
  }

  /* ---- the view ---- */

  setHome(x: Point, y: Point) {
    const fx = 0.05 * (x[1] - x[0] || 1), fy = 0.05 * (y[1] - y[0] || 1);
    this.home = [x[0] - fx, x[1] + fx, y[0] - fy, y[1] + fy];
    this.showAll();
  }
  showAll() {
    this.box = [...this.home];
    this.redraw();
  }
  show(box: [number, number, number, number]) {
    this.box = box;
    this.redraw();
  }
  /* About a place of the plot; the middle of the view without one. */
  zoom(factor: number, about?: Point) {
    const [x0, x1, y0, y1] = this.box, [x, y] = about ?? [(x0 + x1) / 2, (y0 + y1) / 2];
    const width = (this.home[1] - this.home[0]), wanted = (x1 - x0) * factor;
    if (wanted > 3 * width || wanted < 1e-3 * width) return;
    this.box = [x + (x0 - x) * factor, x + (x1 - x) * factor, y + (y0 - y) * factor, y + (y1 - y) * factor];
    this.redraw();
  }
  move(dx: number, dy: number) {
    const [x0, x1, y0, y1] = this.box, sx = dx * (x1 - x0), sy = dy * (y1 - y0);
    this.box = [x0 + sx, x1 + sx, y0 + sy, y1 + sy];
    this.redraw();
  }
  get middle(): Point {
    return [(this.box[0] + this.box[1]) / 2, (this.box[2] + this.box[3]) / 2];
  }
  private get area() {
    return {left: MARGIN.left, top: MARGIN.top, width: this.element.clientWidth - MARGIN.left - MARGIN.right,
      height: this.element.clientHeight - MARGIN.top - MARGIN.bottom};
  }
  private atX = (x: number) => this.area.left + this.area.width * (x - this.box[0]) / (this.box[1] - this.box[0]);
  private atY = (y: number) => this.area.top + this.area.height * (this.box[3] - y) / (this.box[3] - this.box[2]);
  private placeAt([px, py]: Point): Point {
    const {left, top, width, height} = this.area;
    return [this.box[0] + (px - left) / width * (this.box[1] - this.box[0]), this.box[3] - (py - top) / height * (this.box[3] - this.box[2])];
  }

  /* ---- drawing ---- */

  redraw() {
    if (!this.asked) this.asked = requestAnimationFrame(() => (this.asked = 0, this.draw(), this.drawTop()));
  }
  private prepare(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
    const {clientWidth: width, clientHeight: height} = this.element, pixels = Math.min(devicePixelRatio || 1, 3);
    if (canvas.width !== Math.round(width * pixels) || canvas.height !== Math.round(height * pixels)) {
      canvas.width = Math.round(width * pixels);
      canvas.height = Math.round(height * pixels);
    }
    /* Thousands of small copies are quicker from plain memory than through a graphics card, above all where that is emulated. */
    const context = canvas.getContext("2d", {willReadFrequently: true})!;
    context.setTransform(pixels, 0, 0, pixels, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  }
  private sprite(type: number, size: number, outline: boolean): ImageData {
    const key = (type * SIZES + size) * 2 + +outline;
    if (this.sprites[key]) return this.sprites[key];
    const pixels = Math.min(devicePixelRatio || 1, 3), radius = radiusOf(size) + (outline ? 1.5 : 0), half = radius + 2;
    const canvas = document.createElement("canvas"), width = canvas.width = canvas.height = Math.ceil(2 * half * pixels);
    const context = canvas.getContext("2d", {willReadFrequently: true})!, path = new Path2D(this.types[type]?.path ?? "M-1,-1L1,-1L1,1L-1,1Z");
    context.scale(width / 2, width / 2);
    context.translate(1, 1);
    context.scale(radius / half, radius / half);
    context.fillStyle = this.types[type]?.colour ?? "#888";
    if (isDark()) context.filter = "brightness(1.35)";
    context.fill(path);
    context.filter = "none";
    context.strokeStyle = outline ? colour("ink") : colour("page");
    context.lineWidth = outline ? 0.3 : 0.12;
    context.stroke(path);
    return this.sprites[key] = context.getImageData(0, 0, width, width);
  }
  private draw() {
    const {width, height} = this.area;
    if (width < 20 || height < 20) return;
    const context = this.prepare(this.base);
    this.frames++;
    this.drawPoints(context);
    this.drawAxes(context);
    context.save();
    context.beginPath();
    context.rect(MARGIN.left, MARGIN.top, width, height);
    context.clip();
    if (this.rings) this.drawRings(context, this.rings);
    context.restore();
  }
  /* The plot's area in the screen's own pixels, all of it opaque, so that mixing colours is all there is to do. */
  private drawPoints(context: CanvasRenderingContext2D) {
    const pixels = Math.min(devicePixelRatio || 1, 3), {left, top, width, height} = this.area;
    const wide = Math.round(width * pixels), high = Math.round(height * pixels);
    if (this.picture?.width !== wide || this.picture.height !== high) this.picture = new ImageData(wide, high);
    new Uint32Array(this.picture.data.buffer).fill(opaque(colour("page")));
    for (const layer of this.layers) this.drawLayer(this.picture, layer);
    context.putImageData(this.picture, Math.round(left * pixels), Math.round(top * pixels));
  }
  private drawLayer(picture: ImageData, layer: Layer) {
    const [x0, x1, y0, y1] = this.box, kx = picture.width / (x1 - x0), ky = picture.height / (y1 - y0);
    for (let i = 0; i < layer.x.length; i++) {
      const x = layer.x[i], y = layer.y[i];
      if (x < x0 || x > x1 || y < y0 || y > y1 || this.hidden.has(layer.type[i])) continue;
      mix(picture, this.sprite(layer.type[i], sizeClass(layer.n[i]), !!layer.outline), Math.round((x - x0) * kx), Math.round((y1 - y) * ky), layer.alpha);
    }
  }
  private drawRings(context: CanvasRenderingContext2D, {mean, sigma, reach}: Rings) {
    const [x, y] = [this.atX(mean[0]), this.atY(mean[1])];
    const unit: Point = [Math.abs(this.atX(mean[0] + sigma[0]) - x), Math.abs(this.atY(mean[1] + sigma[1]) - y)];
    context.strokeStyle = colour("ink");
    for (const k of [1, 2, 3, reach]) {
      context.lineWidth = k === reach ? 1.8 : 1;
      context.setLineDash(k === reach ? [6, 4] : []);
      context.beginPath();
      context.ellipse(x, y, k * unit[0], k * unit[1], 0, 0, 2 * Math.PI);
      context.stroke();
    }
    context.setLineDash([]);
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x - 7, y), context.lineTo(x + 7, y), context.moveTo(x, y - 7), context.lineTo(x, y + 7);
    context.stroke();
  }
  private drawAxes(context: CanvasRenderingContext2D) {
    const {left, top, width, height} = this.area, [x0, x1, y0, y1] = this.box;
    context.strokeStyle = colour("line");
    context.fillStyle = colour("soft");
    context.lineWidth = 1;
    context.font = "12px system-ui, sans-serif";
    context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
    const text = (value: number, step: number) => (Math.abs(value) < step / 2 ? 0 : value).toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9))).replace("-", "−");
    const xs = ticks(x0, x1, width / 80), ys = ticks(y0, y1, height / 50);
    context.textAlign = "center", context.textBaseline = "top";
    for (const x of xs) context.fillText(text(x, xs[1] - xs[0] || 1), this.atX(x), top + height + 5);
    context.textAlign = "right", context.textBaseline = "middle";
    for (const y of ys) context.fillText(text(y, ys[1] - ys[0] || 1), left - 6, this.atY(y));
    context.fillStyle = colour("ink");
    context.textAlign = "center", context.textBaseline = "bottom";
    context.fillText(this.titles[0], left + width / 2, top + height + MARGIN.bottom - 2);
    context.save();
    context.translate(2, top + height / 2);
    context.rotate(-Math.PI / 2);
    context.textBaseline = "top";
    context.fillText(this.titles[1], 0, 0);
    context.restore();
  }
  private drawTop() {
    const empty = !this.hit && this.path.length < 2 && !this.cross;
    if (empty && this.topIsEmpty) return;
    this.topIsEmpty = empty;
    const context = this.prepare(this.top);
    context.strokeStyle = colour("accent");
    context.lineWidth = 2;
    if (this.hit) {
      const layer = this.layers[this.hit.layer];
      if (layer && this.hit.i < layer.x.length) {
        context.beginPath();
        context.arc(this.atX(layer.x[this.hit.i]), this.atY(layer.y[this.hit.i]), radiusOf(sizeClass(layer.n[this.hit.i])) + 4, 0, 2 * Math.PI);
        context.stroke();
      }
    }
    if (this.path.length > 1) {
      context.fillStyle = colour("lasso");
      context.beginPath();
      this.path.forEach(([x, y], i) => i ? context.lineTo(x, y) : context.moveTo(x, y));
      context.closePath();
      context.fill();
      context.stroke();
    }
    if (this.cross) {
      const [x, y] = [this.atX(this.middle[0]), this.atY(this.middle[1])];
      context.beginPath();
      context.moveTo(x - 12, y), context.lineTo(x + 12, y), context.moveTo(x, y - 12), context.lineTo(x, y + 12);
      context.stroke();
    }
  }

  /* ---- pointer and keys ---- */

  private find([px, py]: Point): Hit | null {
    let best: Hit | null = null, nearest = REACH * REACH;
    this.layers.forEach((layer, l) => {
      for (let i = 0; i < layer.x.length; i++) {
        if (this.hidden.has(layer.type[i])) continue;
        const dx = this.atX(layer.x[i]) - px, dy = this.atY(layer.y[i]) - py, d = dx * dx + dy * dy;
        if (d < nearest || (d === nearest && layer.outline)) nearest = d, best = {layer: l, i};
      }
    });
    return best;
  }
  private setHit(hit: Hit | null) {
    if (hit?.i === this.hit?.i && hit?.layer === this.hit?.layer) return;
    this.hit = hit;
    this.events.hover(hit);
    this.drawTop();
  }
  private listen() {
    const fingers = new Map<number, Point>();
    let start: Point | null = null, moved = false;
    const at = (event: PointerEvent | WheelEvent): Point => {
      const box = this.top.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const spread = () => {
      const [a, b] = [...fingers.values()];
      return Math.hypot(a[0] - b[0], a[1] - b[1]);
    };
    this.top.addEventListener("pointerdown", event => {
      if (event.button !== 0) return;
      this.top.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, at(event));
      start = at(event);
      moved = false;
      this.path = this.mode === "lasso" && fingers.size === 1 ? [start] : [];
    });
    this.top.addEventListener("pointermove", event => {
      const before = fingers.get(event.pointerId), now = at(event);
      if (!before || !start) return this.setHit(this.find(now));
      if (Math.hypot(now[0] - start[0], now[1] - start[1]) > 4) moved = true;
      const wide = fingers.size === 2 ? spread() : 0;
      fingers.set(event.pointerId, now);
      if (fingers.size === 2) this.zoom(wide / (spread() || 1), this.placeAt(now));
      else if (this.mode === "lasso") this.path.push(now), this.drawTop();
      else if (moved) this.move((before[0] - now[0]) / this.area.width, (now[1] - before[1]) / this.area.height);
    });
    const end = (event: PointerEvent) => {
      if (!fingers.delete(event.pointerId)) return;
      const outline = this.path.map(p => this.placeAt(p));
      this.path = [];
      if (event.type === "pointerup" && moved && this.mode === "lasso" && outline.length > 3) this.events.lasso(outline);
      else if (event.type === "pointerup" && !moved) this.events.click(this.find(at(event)), this.placeAt(at(event)));
      this.drawTop();
    };
    this.top.addEventListener("pointerup", end);
    this.top.addEventListener("pointercancel", end);
    this.top.addEventListener("pointerleave", () => this.setHit(null));
    this.top.addEventListener("wheel", event => {
      if (document.activeElement !== this.element && !event.ctrlKey) return; /* the page scrolls until the plot is taken up */
      event.preventDefault();
      this.zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, this.placeAt(at(event)));
    }, {passive: false});
    const keys: Record<string, () => void> = {ArrowLeft: () => this.move(-0.08, 0), ArrowRight: () => this.move(0.08, 0), ArrowUp: () => this.move(0, 0.08),
      ArrowDown: () => this.move(0, -0.08), "+": () => this.zoom(0.8), "=": () => this.zoom(0.8), "-": () => this.zoom(1.25), "0": () => this.showAll(),
      Enter: () => this.events.click(this.find([this.atX(this.middle[0]), this.atY(this.middle[1])]), this.middle)};
    this.element.addEventListener("keydown", event => {
      if (!keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
      this.cross = true;
      this.redraw();
    });
    this.element.addEventListener("blur", () => {
      this.cross = false;
      this.drawTop();
    });
  }
}
