/* What every part of the page uses: its data, the theme's colours, canvases that follow their size, round ticks. */
const data = JSON.parse(document.getElementById("data").textContent);
const byId = id => document.getElementById(id);
const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const themeColour = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

/* Draws when the size or the theme changes, or when asked, at most once per frame and in the screen's own pixels. */
const surfaces = [];
class Surface {
  constructor(canvas, draw) {
    this.canvas = canvas;
    this.draw = draw;
    this.waiting = false;
    this.observer = new ResizeObserver(() => this.ask());
    this.observer.observe(canvas);
    surfaces.push(this);
  }
  ask() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.now();
    });
  }
  now() {
    const width = this.canvas.clientWidth, height = this.canvas.clientHeight;
    if (!width || !height) return;
    const pixels = Math.min(window.devicePixelRatio || 1, 3);
    if (this.canvas.width !== Math.round(width * pixels) || this.canvas.height !== Math.round(height * pixels)) {
      this.canvas.width = Math.round(width * pixels);
      this.canvas.height = Math.round(height * pixels);
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(pixels, 0, 0, pixels, 0, 0);
    context.clearRect(0, 0, width, height);
    this.draw(context, width, height);
  }
  close() {
    this.observer.disconnect();
    surfaces.splice(surfaces.indexOf(this), 1);
  }
}

function tickStep(range, wanted) {
  const rough = range / Math.max(1, wanted), power = Math.pow(10, Math.floor(Math.log10(rough))), lead = rough / power;
  return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

function tickText(value, step) {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (Math.abs(value) < step / 2 ? 0 : value).toFixed(decimals).replace("-", "−");
}

/* The frame of a plot: maps data to the canvas, draws axes. `x` and `y` are [low, high]. */
class Frame {
  constructor(width, height, x, y, logX) {
    this.left = 52, this.top = 10, this.right = width - 12, this.bottom = height - 44;
    this.x = x, this.y = y, this.logX = logX;
  }
  atX(x) {
    const [low, high] = this.x;
    const share = this.logX ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low);
    return this.left + (this.right - this.left) * share;
  }
  atY(y) {
    return this.bottom - (this.bottom - this.top) * (y - this.y[0]) / (this.y[1] - this.y[0]);
  }
  valueX(at) {
    const share = (at - this.left) / (this.right - this.left), [low, high] = this.x;
    return this.logX ? low * Math.pow(high / low, share) : low + share * (high - low);
  }
  ticksX() {
    const [low, high] = this.x;
    if (this.logX)
      return [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].filter(v => v >= low && v <= high).map(v => [v, String(v)]);
    const step = tickStep(high - low, (this.right - this.left) / 70), ticks = [];
    for (let i = Math.ceil(low / step - 1e-6); i * step <= high + 1e-6 * step; i++) ticks.push([i * step, tickText(i * step, step)]);
    return ticks;
  }
  ticksY() {
    const [low, high] = this.y, step = tickStep(high - low, (this.bottom - this.top) / 50), ticks = [];
    for (let i = Math.ceil(low / step - 1e-6); i * step <= high + 1e-6 * step; i++) ticks.push([i * step, tickText(i * step, step)]);
    return ticks;
  }
  draw(context, titleX, titleY) {
    context.strokeStyle = themeColour("line");
    context.fillStyle = themeColour("soft");
    context.lineWidth = 1;
    context.font = "12px system-ui, sans-serif";
    context.strokeRect(this.left + .5, this.top + .5, this.right - this.left - 1, this.bottom - this.top - 1);
    context.textAlign = "center";
    context.textBaseline = "top";
    context.beginPath();
    for (const [value, text] of this.ticksX()) {
      const x = Math.round(this.atX(value)) + .5;
      context.moveTo(x, this.bottom), context.lineTo(x, this.bottom - 5);
      context.fillText(text, x, this.bottom + 6);
    }
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const [value, text] of this.ticksY()) {
      const y = Math.round(this.atY(value)) + .5;
      context.moveTo(this.left, y), context.lineTo(this.left + 5, y);
      context.fillText(text, this.left - 6, y);
    }
    context.stroke();
    context.fillStyle = themeColour("ink");
    drawTitle(context, titleX, (this.left + this.right) / 2, this.bottom + 25, 0);
    drawTitle(context, titleY, 12, (this.top + this.bottom) / 2, -Math.PI / 2);
  }
  clip(context) {
    context.save();
    context.beginPath();
    context.rect(this.left, this.top, this.right - this.left, this.bottom - this.top);
    context.clip();
  }
}

/* A title whose first letter is a quantity, in italics: "r (Å)"; "R_w" sets what follows the underscore low. */
function drawTitle(context, text, x, y, angle) {
  const [, symbol, low, rest] = text.match(/^(\S)(?:_(\S+))?(.*)$/);
  const fonts = ["italic 14px system-ui, sans-serif", "10px system-ui, sans-serif", "14px system-ui, sans-serif"];
  const parts = symbol && text.length > 1 && text[1] !== " " && text[1] !== "_" ? ["", "", text] : [symbol, low || "", rest];
  const widths = parts.map((part, i) => (context.font = fonts[i], context.measureText(part).width));
  context.save();
  context.translate(x, y);
  context.rotate(angle);
  context.textAlign = "left";
  context.textBaseline = angle ? "middle" : "top";
  let at = -(widths[0] + widths[1] + widths[2]) / 2;
  parts.forEach((part, i) => {
    context.font = fonts[i];
    context.fillText(part, at, i === 1 ? (angle ? 4 : 7) : 0);
    at += widths[i];
  });
  context.restore();
}
