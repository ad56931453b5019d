/* The fit: data as open circles, the fitted curve, their difference below; drag or keys zoom, the pointer reads values. */
class FitPlot {
  constructor(canvas, readout, fit) {
    Object.assign(this, {canvas, readout, fit});
    this.all = [fit.rmin, fit.rmin + fit.rstep * (fit.data.length - 1)];
    this.view = [...this.all];
    this.pointer = null; /* Å */
    this.band = null;    /* Å, Å while a zoom is dragged */
    this.surface = new Surface(canvas, (...size) => this.draw(...size));
    this.listen();
  }
  show(curve) {
    this.curve = curve;
    this.surface.ask();
  }
  compare(other) {
    this.other = other;
    this.surface.ask();
  }
  zoom(factor, about = (this.view[0] + this.view[1]) / 2) {
    const span = clamp((this.view[1] - this.view[0]) * factor, 0.5, this.all[1] - this.all[0]);
    const low = clamp(about - (about - this.view[0]) / (this.view[1] - this.view[0]) * span, this.all[0], this.all[1] - span);
    this.view = [low, low + span];
    this.surface.ask();
  }
  move(share) {
    const span = this.view[1] - this.view[0];
    const low = clamp(this.view[0] + share * span, this.all[0], this.all[1] - span);
    this.view = [low, low + span];
    this.surface.ask();
  }
  reset() {
    this.view = [...this.all];
    this.surface.ask();
  }
  listen() {
    const at = event => clamp(this.frame.valueX(event.clientX - this.canvas.getBoundingClientRect().left), ...this.view);
    this.canvas.addEventListener("pointerdown", event => {
      if (event.button !== 0 || !this.frame) return;
      this.canvas.setPointerCapture(event.pointerId);
      this.band = [at(event), at(event)];
    });
    this.canvas.addEventListener("pointermove", event => {
      if (!this.frame) return;
      this.pointer = at(event);
      if (this.band) this.band[1] = this.pointer;
      this.surface.ask();
    });
    this.canvas.addEventListener("pointerup", () => {
      const band = this.band && [...this.band].sort((a, b) => a - b);
      this.band = null;
      if (band && this.frame.atX(band[1]) - this.frame.atX(band[0]) > 8 && band[1] - band[0] > 0.2) this.view = band;
      this.surface.ask();
    });
    this.canvas.addEventListener("pointercancel", () => (this.band = null, this.surface.ask()));
    this.canvas.addEventListener("pointerleave", () => (this.pointer = null, this.surface.ask()));
    this.canvas.addEventListener("dblclick", () => this.reset());
    this.canvas.addEventListener("wheel", event => {
      if (document.activeElement !== this.canvas) return; /* the page keeps its wheel until the plot was chosen */
      event.preventDefault();
      this.zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, at(event));
    }, {passive: false});
    this.canvas.addEventListener("keydown", event => {
      const action = {ArrowLeft: () => this.move(-0.15), ArrowRight: () => this.move(0.15), "+": () => this.zoom(1 / 1.4),
        "=": () => this.zoom(1 / 1.4), "-": () => this.zoom(1.4), "0": () => this.reset(), Home: () => this.reset()}[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    });
  }
  /* The range of G in view, and how far the difference is moved down to stand clear below the rest. */
  heights() {
    const {rmin, rstep, data: g} = this.fit, fine = data.fine;
    let low = Infinity, high = -Infinity, lowest = 0, highest = 0;
    g.forEach((value, i) => {
      const r = rmin + i * rstep;
      if (r >= this.view[0] && r <= this.view[1]) low = Math.min(low, value), high = Math.max(high, value);
    });
    for (const {calc} of this.other ? [this.curve, this.other] : [this.curve])
      calc.forEach((value, i) => {
        const r = fine.rmin + i * fine.rstep, difference = fine.data[i] - value;
        if (r < this.view[0] || r > this.view[1]) return;
        low = Math.min(low, value), high = Math.max(high, value);
        lowest = Math.min(lowest, difference), highest = Math.max(highest, difference);
      });
    const air = 0.06 * (high - low) || 1, shift = low - air - highest;
    return {y: [shift + lowest - air, high + air], shift};
  }
  line(context, values, shift) {
    const fine = data.fine;
    context.beginPath();
    values.forEach((value, i) => context.lineTo(this.frame.atX(fine.rmin + i * fine.rstep), this.frame.atY(value + shift)));
    context.stroke();
  }
  draw(context, width, height) {
    if (!this.curve) return;
    const {y, shift} = this.heights(), {rmin, rstep, data: g} = this.fit, calc = this.curve.calc;
    const frame = this.frame = new Frame(width, height, this.view, y);
    frame.clip(context);
    if (this.band) {
      context.fillStyle = themeColour("chosen");
      context.fillRect(frame.atX(this.band[0]), frame.top, frame.atX(this.band[1]) - frame.atX(this.band[0]), frame.bottom - frame.top);
    }
    context.strokeStyle = themeColour("zero");
    context.lineWidth = 1;
    context.setLineDash([1, 3]);
    for (const zero of [0, shift]) {
      context.beginPath();
      context.moveTo(frame.left, frame.atY(zero)), context.lineTo(frame.right, frame.atY(zero));
      context.stroke();
    }
    context.setLineDash([]);
    context.lineJoin = "round";
    context.strokeStyle = themeColour("data");
    const spacing = (frame.right - frame.left) * rstep / (this.view[1] - this.view[0]), radius = clamp(spacing * 0.8, 1.6, 3.6);
    context.lineWidth = 1.1;
    g.forEach((value, i) => {
      context.beginPath();
      context.arc(frame.atX(rmin + i * rstep), frame.atY(value), radius, 0, 2 * Math.PI);
      context.stroke();
    });
    const difference = values => values.map((value, i) => data.fine.data[i] - value);
    if (this.other) {
      context.strokeStyle = themeColour("other");
      context.lineWidth = 1.4;
      context.setLineDash([5, 3]);
      this.line(context, this.other.calc, 0);
      this.line(context, difference(this.other.calc), shift);
      context.setLineDash([]);
    }
    context.strokeStyle = themeColour("calc");
    context.lineWidth = 1.7;
    this.line(context, calc, 0);
    context.strokeStyle = themeColour("diff");
    context.lineWidth = 1.4;
    this.line(context, difference(calc), shift);
    if (this.pointer !== null) this.read(context);
    context.restore();
    frame.draw(context, "r (Å)", "G (Å⁻²)");
    if (this.pointer === null) this.readout.textContent = "";
  }
  read(context) {
    const fine = data.fine, i = clamp(Math.round((this.pointer - fine.rmin) / fine.rstep), 0, fine.data.length - 1);
    const r = fine.rmin + i * fine.rstep, x = this.frame.atX(r), measured = fine.data[i], fitted = this.curve.calc[i];
    context.strokeStyle = themeColour("soft");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, this.frame.top), context.lineTo(x, this.frame.bottom);
    context.stroke();
    context.fillStyle = themeColour("calc");
    context.beginPath();
    context.arc(x, this.frame.atY(fitted), 4, 0, 2 * Math.PI);
    context.fill();
    const text = value => value.toFixed(3).replace("-", "−");
    const other = this.other ? `, the other ${text(this.other.calc[i])}` : "";
    this.readout.textContent = `r ${r.toFixed(2)} Å: data ${text(measured)}, fit ${text(fitted)}, difference ${text(measured - fitted)}${other}`;
  }
}
