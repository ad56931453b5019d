/* Structures on plain canvases: shaded spheres from back to front, all under one rotation and at one scale. */
const elementColours = {Au: "#e6b422", Ag: "#c4c9d0", Cu: "#c97a45", Pt: "#b9bccb", Pd: "#5c8fa3", Ni: "#63b06a", Co: "#d98c9b",
  Fe: "#d0703c", Ru: "#3d8f8f", Rh: "#2f7d8c", Ir: "#4a6fa5", Al: "#b8a8a8", Ti: "#aeb3bb", W: "#6a8fbf", Mo: "#62a8a8", Re: "#5a86b0", Os: "#5a74a0"};
/* Coordination 3 and less (corners) to 12 and more (inside), after the viridis map: it rises in lightness too. */
const ramp = ["#46327e", "#3f4788", "#365c8d", "#2a788e", "#21918c", "#22a884", "#44bf70", "#7ad151", "#bddf26", "#fde725"];
const coordinationColour = n => ramp[clamp(n - 3, 0, 9)];
const CUTOFF = 1.12; /* bond lengths: beyond icosahedral strain, short of the second shell of bcc */

class Structure {
  constructor(pick) {
    const n = pick.xyz.length / 3, centre = [0, 0, 0];
    this.pick = pick;
    this.n = n;
    pick.xyz.forEach((value, i) => centre[i % 3] += value / n);
    this.at = pick.xyz.map((value, i) => value - centre[i % 3]);
    this.distance = Array.from({length: n}, (_, i) => Math.hypot(this.at[3 * i], this.at[3 * i + 1], this.at[3 * i + 2]));
    this.radius = Math.max(...this.distance) + pick.bond_length / 2;
    this.findBonds();
  }
  findBonds() {
    const cutoff = (CUTOFF * this.pick.bond_length) ** 2, at = this.at;
    this.bonds = [];
    this.coordination = new Array(this.n).fill(0);
    for (let i = 0; i < this.n; i++)
      for (let j = i + 1; j < this.n; j++) {
        const x = at[3 * i] - at[3 * j], y = at[3 * i + 1] - at[3 * j + 1], z = at[3 * i + 2] - at[3 * j + 2];
        if (x * x + y * y + z * z > cutoff) continue;
        this.bonds.push([i, j]);
        this.coordination[i]++, this.coordination[j]++;
      }
  }
  colours(by) {
    if (by === "element") return new Array(this.n).fill(elementColours[data.element] || "#8fa3bf");
    if (by === "centre") return this.distance.map(d => ramp[clamp(Math.round(9 * d / (this.radius - this.pick.bond_length / 2 || 1)), 0, 9)]);
    return this.coordination.map(coordinationColour);
  }
}

/* Spheres are drawn once per colour and depth and then copied. The far ones fade into the background. */
const sprites = new Map();
function mix(a, b, share) {
  const part = (text, i) => parseInt(text.slice(1 + 2 * i, 3 + 2 * i), 16);
  return "rgb(" + [0, 1, 2].map(i => Math.round(part(a, i) * (1 - share) + part(b, i) * share)).join() + ")";
}
function sprite(colour, background, depth) {
  const key = colour + background + depth;
  if (sprites.has(key)) return sprites.get(key);
  const size = 96, canvas = make("canvas", {width: size, height: size}), context = canvas.getContext("2d");
  const gradient = context.createRadialGradient(size * 0.36, size * 0.34, size * 0.03, size * 0.5, size * 0.5, size * 0.5);
  const shade = (other, share) => {
    const solid = mix(colour, other, share), hex = "#" + solid.match(/\d+/g).map(v => (+v).toString(16).padStart(2, "0")).join("");
    return mix(hex, background, depth * 0.09);
  };
  gradient.addColorStop(0, shade("#ffffff", 0.75));
  gradient.addColorStop(0.25, shade("#ffffff", 0.25));
  gradient.addColorStop(0.7, shade("#000000", 0.08));
  gradient.addColorStop(1, shade("#000000", 0.5));
  context.fillStyle = gradient;
  context.beginPath();
  context.arc(size / 2, size / 2, size / 2 - 1, 0, 2 * Math.PI);
  context.fill();
  sprites.set(key, canvas);
  return canvas;
}

class Viewers {
  constructor(container, key) {
    Object.assign(this, {container, key});
    this.slots = [];
    this.structures = new Map();
    this.by = "coordination", this.as = "spheres", this.size = 1;
    this.straighten();
  }
  straighten() {
    this.turn = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    this.size = 1;
    this.rotate(0.5, 0.45);
  }
  /* About the screen's vertical axis by a, then its horizontal one by b (radians). */
  rotate(a, b) {
    const ca = Math.cos(a), sa = Math.sin(a), cb = Math.cos(b), sb = Math.sin(b), m = this.turn;
    const q = [ca, 0, sa, sb * sa, cb, -sb * ca, -cb * sa, sb, cb * ca];
    this.turn = [0, 1, 2].flatMap(i => [0, 1, 2].map(j => q[3 * i] * m[j] + q[3 * i + 1] * m[3 + j] + q[3 * i + 2] * m[6 + j]));
    this.redraw();
  }
  redraw() {
    this.slots.forEach(slot => slot.surface.ask());
  }
  has(rank) {
    return this.slots.some(slot => slot.structure.pick.rank === rank);
  }
  add(pick) {
    if (this.has(pick.rank)) return;
    if (!this.structures.has(pick.rank)) this.structures.set(pick.rank, new Structure(pick));
    const canvas = make("canvas", {tabindex: 0, role: "img", "aria-label": `Structure of rank ${pick.rank}; arrow keys turn it`});
    const close = make("button", {type: "button", title: "Remove", "aria-label": `Remove rank ${pick.rank}`}, "×");
    const shape = pick.shape || pick.type;
    const element = make("div", {class: "slot"}, make("p", {}, make("b", {}, `${pick.rank}. ${shape}`),
      make("span", {}, `${pick.n_atoms} atoms, Rw ${pick.rw.toFixed(3)}, group ${pick.group}`)), canvas, close);
    const slot = {structure: this.structures.get(pick.rank), element};
    slot.surface = new Surface(canvas, (context, width, height) => this.draw(slot, context, width, height));
    close.addEventListener("click", () => this.remove(slot));
    this.listen(canvas);
    this.slots.push(slot);
    this.slots.sort((a, b) => a.structure.pick.rank - b.structure.pick.rank);
    this.container.replaceChildren(...this.slots.map(each => each.element));
    this.redraw();
    this.describe();
  }
  remove(slot) {
    slot.surface.close();
    slot.element.remove();
    this.slots.splice(this.slots.indexOf(slot), 1);
    this.redraw();
  }
  listen(canvas) {
    const fingers = new Map();
    canvas.addEventListener("pointerdown", event => {
      canvas.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, [event.clientX, event.clientY]);
    });
    canvas.addEventListener("pointermove", event => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const spread = () => {
        const [a, b] = [...fingers.values()];
        return Math.hypot(a[0] - b[0], a[1] - b[1]);
      };
      const wide = fingers.size === 2 ? spread() : 0;
      fingers.set(event.pointerId, [event.clientX, event.clientY]);
      if (fingers.size === 2) this.grow(spread() / (wide || 1));
      else this.rotate((event.clientX - before[0]) * 0.01, (event.clientY - before[1]) * 0.01);
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, event => fingers.delete(event.pointerId));
    canvas.addEventListener("wheel", event => {
      if (document.activeElement !== canvas) return;
      event.preventDefault();
      this.grow(event.deltaY > 0 ? 1 / 1.1 : 1.1);
    }, {passive: false});
    canvas.addEventListener("keydown", event => {
      const action = {ArrowLeft: () => this.rotate(-0.1, 0), ArrowRight: () => this.rotate(0.1, 0), ArrowUp: () => this.rotate(0, -0.1),
        ArrowDown: () => this.rotate(0, 0.1), "+": () => this.grow(1.15), "=": () => this.grow(1.15), "-": () => this.grow(1 / 1.15),
        "0": () => this.straighten()}[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    });
  }
  grow(factor) {
    this.size = clamp(this.size * factor, 0.5, 6);
    this.redraw();
  }
  draw(slot, context, width, height) {
    const {structure} = slot, m = this.turn, background = themeColour("panel");
    const extent = Math.max(...this.slots.map(each => each.structure.radius));
    const scale = this.size * 0.42 * Math.min(width, height) / extent, eye = 6 * extent;
    const colours = structure.colours(this.by), bond = structure.pick.bond_length;
    const points = Array.from({length: structure.n}, (_, i) => {
      const [x, y, z] = structure.at.slice(3 * i, 3 * i + 3);
      const depth = m[6] * x + m[7] * y + m[8] * z, near = eye / (eye - depth);
      return {x: width / 2 + scale * near * (m[0] * x + m[1] * y + m[2] * z), y: height / 2 - scale * near * (m[3] * x + m[4] * y + m[5] * z),
        depth, near, i};
    });
    const items = [...points];
    if (this.as === "bonds")
      for (const [i, j] of structure.bonds) items.push({from: points[i], to: points[j], depth: (points[i].depth + points[j].depth) / 2});
    items.sort((a, b) => a.depth - b.depth);
    const fade = depth => clamp(Math.round(3 - 3 * depth / structure.radius), 0, 6);
    for (const item of items) {
      if (item.from) {
        context.strokeStyle = mix("#8a8f98", background, fade(item.depth) * 0.1);
        context.lineWidth = 0.09 * bond * scale;
        context.beginPath();
        context.moveTo(item.from.x, item.from.y), context.lineTo(item.to.x, item.to.y);
        context.stroke();
        continue;
      }
      const radius = (this.as === "bonds" ? 0.24 : 0.5) * bond * scale * item.near;
      context.drawImage(sprite(colours[item.i], background, fade(item.depth)), item.x - radius, item.y - radius, 2 * radius, 2 * radius);
    }
    this.drawRuler(context, height, scale);
  }
  /* A length to compare with: the round one nearest to a quarter of the picture. */
  drawRuler(context, height, scale) {
    const wanted = height / 4 / scale, length = [2, 5, 10, 20, 50].reduce((a, b) => Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a);
    context.strokeStyle = context.fillStyle = themeColour("soft");
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(10, height - 12), context.lineTo(10 + length * scale, height - 12);
    context.stroke();
    context.font = "11px system-ui, sans-serif";
    context.fillText(length < 10 ? `${length} Å` : `${length / 10} nm`, 10, height - 17);
  }
  describe() {
    const swatch = (colour, text) => {
      const dot = make("i", {class: "swatch"});
      dot.style.background = colour;
      return make("span", {}, dot, text);
    };
    if (this.by === "element") {
      this.key.replaceChildren(swatch(elementColours[data.element] || "#8fa3bf", data.element === "X" ? "unknown element" : data.element));
    } else if (this.by === "centre") {
      this.key.replaceChildren(swatch(ramp[0], "centre"), swatch(ramp[5], "half way"), swatch(ramp[9], "surface"));
    } else {
      const seen = new Set(this.slots.flatMap(slot => slot.structure.coordination.map(n => clamp(n, 3, 12))));
      this.key.replaceChildren("neighbours:", ...[...seen].sort((a, b) => a - b).map(n =>
        swatch(coordinationColour(n), n === 3 ? "≤ 3" : n === 12 ? "≥ 12" : String(n))));
    }
  }
}
