/* Types keep their hue in the dark, but lighter. */
const darkPage = () => parseInt(themeColour("page").slice(1, 3), 16) < 128;
const typeColour = type => darkPage() ? mix(data.types[type].colour, "#ffffff", 0.28) : data.types[type].colour;

/* A map of points marked by type: hover reads one, a click chooses it, the key below hides and shows types. */
class Scatter {
  constructor(canvas, key, readout, options) {
    Object.assign(this, {canvas, key, readout}, options); /* points {x, y, type, size, label, rank}, titles, rings, logX, choose */
    this.hidden = new Set();
    this.near = null;
    this.paths = data.types.map(type => new Path2D(type.path));
    this.surface = new Surface(canvas, (...size) => this.draw(...size));
    canvas.addEventListener("pointermove", event => this.point(event));
    canvas.addEventListener("pointerleave", () => this.settle(null));
    canvas.addEventListener("click", event => {
      this.point(event);
      if (this.near && this.choose) this.choose(this.near);
    });
    canvas.addEventListener("keydown", event => this.walk(event));
    this.makeKey();
  }
  shown() {
    return this.points.filter(point => !this.hidden.has(point.type));
  }
  makeKey() {
    const types = [...new Set(this.points.map(point => point.type))].sort((a, b) => a - b);
    this.key.replaceChildren(...types.map(type => {
      const button = make("button", {type: "button", "aria-pressed": "true"});
      button.innerHTML = `<svg class="mark" aria-hidden="true"><use href="#mark-${data.types[type].name}"/></svg>`;
      button.append(data.types[type].name);
      button.addEventListener("click", () => {
        const shown = this.hidden.delete(type) || !this.hidden.add(type);
        button.setAttribute("aria-pressed", String(shown));
        this.surface.ask();
      });
      return button;
    }));
  }
  settle(point) {
    this.near = point;
    this.readout.textContent = point ? point.label : "";
    this.canvas.style.cursor = point && this.choose ? "pointer" : "";
    this.surface.ask();
  }
  point(event) {
    if (!this.frame) return;
    const box = this.canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    let best = null, distance = 18;
    for (const point of this.shown()) {
      const away = Math.hypot(this.frame.atX(point.x) - x, this.frame.atY(point.y) - y);
      if (away < distance) best = point, distance = away;
    }
    this.settle(best);
  }
  /* Arrow keys walk from point to point along x; Enter chooses. */
  walk(event) {
    const order = this.shown().sort((a, b) => a.x - b.x || a.y - b.y), i = order.indexOf(this.near);
    if (event.key === "ArrowRight") this.settle(order[Math.min(order.length - 1, i + 1)]);
    else if (event.key === "ArrowLeft") this.settle(order[Math.max(0, i - 1)]);
    else if (event.key === "Enter" && this.near && this.choose) this.choose(this.near);
    else return;
    event.preventDefault();
  }
  limits(values, log) {
    const low = Math.min(...values), high = Math.max(...values);
    if (log) return [low / 1.12, high * 1.12];
    const air = 0.05 * (high - low) || 0.5;
    return [low - air, high + air];
  }
  draw(context, width, height) {
    const xs = this.points.map(point => point.x), ys = this.points.map(point => point.y);
    for (const ring of this.rings || []) xs.push(ring.x - ring.a, ring.x + ring.a), ys.push(ring.y - ring.b, ring.y + ring.b);
    const frame = this.frame = new Frame(width, height, this.limits(xs, this.logX), this.limits(ys), this.logX);
    frame.clip(context);
    const points = this.shown();
    for (let i = points.length - 1; i >= 0; i--) this.mark(context, points[i], points.length > 400 ? 0.75 : 0.9, 1);
    this.drawRings(context);
    if (this.near) this.mark(context, this.near, 1, 1.6, true);
    context.restore();
    frame.draw(context, ...this.titles);
  }
  mark(context, point, alpha, grown, outlined) {
    context.save();
    context.translate(this.frame.atX(point.x), this.frame.atY(point.y));
    context.scale(point.size * grown, point.size * grown);
    context.globalAlpha = alpha;
    context.fillStyle = typeColour(point.type);
    context.fill(this.paths[point.type]);
    context.lineWidth = outlined ? 0.3 : 0.16;
    context.strokeStyle = themeColour(outlined ? "ink" : "page");
    context.stroke(this.paths[point.type]);
    context.restore();
  }
  drawRings(context) {
    context.strokeStyle = themeColour("ink");
    for (const ring of this.rings || []) {
      context.lineWidth = ring.width;
      context.beginPath();
      context.ellipse(this.frame.atX(ring.x), this.frame.atY(ring.y), Math.abs(this.frame.atX(ring.x + ring.a) - this.frame.atX(ring.x)),
        Math.abs(this.frame.atY(ring.y + ring.b) - this.frame.atY(ring.y)), 0, 0, 2 * Math.PI);
      context.stroke();
    }
  }
}
