/* The page comes to life: what works without a script (text, table, pictures) stands already. */
const picks = new Map(data.picks.map(pick => [pick.rank, pick]));
const table = byId("table"), rows = [...table.tBodies[0].rows];
const SHORT = 12; /* rows before "show all" */
let plot, viewers;

function choose(rank) {
  const pick = picks.get(rank);
  for (const row of rows) row.setAttribute("aria-selected", String(+row.dataset.rank === rank));
  if (!pick) return;
  if (plot && pick.calc) {
    plot.show(pick);
    byId("fit-name").textContent = `${pick.rank}. ${pick.shape || pick.type}, ${pick.n_atoms} atoms, Rw ${pick.rw.toFixed(4)}`;
  }
  if (viewers) viewers.add(pick);
}

/* Shows the fit of a second structure, or of none for 0. */
function compare(rank) {
  byId("fit-other").value = rank || "";
  plot.compare(picks.get(rank));
  byId("fit").querySelector(".other").hidden = !rank;
}

function startFit() {
  if (!data.picks.length || !data.fine) return;
  const section = byId("fit");
  for (const part of [byId("fit-canvas"), section.querySelector(".tools"), section.querySelector(".hint")]) part.hidden = false;
  plot = new FitPlot(byId("fit-canvas"), byId("fit-readout"), data.fit);
  const other = byId("fit-other");
  for (const pick of data.picks) other.append(make("option", {value: pick.rank}, `${pick.rank}. ${pick.shape || pick.type}, ${pick.n_atoms} atoms`));
  other.addEventListener("change", () => compare(+other.value));
  section.querySelector(".buttons").addEventListener("click", event => {
    const action = {in: () => plot.zoom(1 / 1.5), out: () => plot.zoom(1.5), all: () => plot.reset()}[event.target.dataset.do];
    if (action) action();
  });
}

function startStructures() {
  if (!data.picks.length) return;
  byId("structures").hidden = false;
  viewers = new Viewers(byId("slots"), byId("colour-key"));
  const first = [picks.get(data.verdict_rank), data.picks[0]], types = new Set(first.map(pick => pick.type));
  const rivals = data.picks.filter(pick => pick.group === 1 && !types.has(pick.type) && types.add(pick.type));
  for (const pick of [...first, ...rivals, ...data.picks]) /* four at first, of the types that group 1 holds */
    if (viewers.slots.length < 4) viewers.add(pick);
  byId("colour-by").addEventListener("change", event => (viewers.by = event.target.value, viewers.redraw(), viewers.describe()));
  byId("draw-as").addEventListener("change", event => (viewers.as = event.target.value, viewers.redraw()));
  byId("straight").addEventListener("click", () => viewers.straighten());
  const spin = byId("spin");
  let last = 0;
  const step = time => {
    if (spin.getAttribute("aria-pressed") !== "true") return;
    viewers.rotate(Math.min(50, time - last) * 0.0006, 0);
    last = time;
    requestAnimationFrame(step);
  };
  spin.addEventListener("click", () => {
    const on = spin.getAttribute("aria-pressed") !== "true";
    spin.setAttribute("aria-pressed", String(on));
    last = performance.now();
    if (on) requestAnimationFrame(step);
  });
}

function startTable() {
  const body = table.tBodies[0], more = byId("more");
  let short = rows.length > SHORT + 3;
  const limit = () => {
    [...body.rows].forEach((row, i) => row.hidden = short && i >= SHORT);
    more.hidden = rows.length <= SHORT + 3;
    more.textContent = short ? `Show all ${rows.length}` : `Show the first ${SHORT}`;
  };
  more.addEventListener("click", () => (short = !short, limit()));
  for (const row of rows) {
    if (!picks.has(+row.dataset.rank)) continue;
    const button = make("button", {type: "button", title: "Show fit and structure"}, row.cells[0].textContent);
    row.cells[0].replaceChildren(button);
    row.classList.add("can");
    row.addEventListener("click", event => event.target.closest("a") || choose(+row.dataset.rank));
  }
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = make("button", {type: "button"});
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending", number = head.classList.contains("n");
      const value = row => number ? parseFloat(row.cells[column].textContent) : row.cells[column].textContent;
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const order = (a, b) => number ? value(a) - value(b) : value(a).localeCompare(value(b));
      body.append(...[...rows].sort((a, b) => (down ? -order(a, b) : order(a, b)) || a.dataset.rank - b.dataset.rank));
      limit();
    });
  });
  limit();
}

function startMap() {
  const {n, rw, type, rank, shape} = data.map;
  if (n.length < 2) return;
  byId("map-canvas").hidden = false;
  const points = n.map((x, i) => ({x, y: rw[i], type: type[i], rank: rank[i], size: n.length > 400 ? 4 : 5.5,
    label: `rank ${rank[i]}: ${shape[i] || data.types[type[i]].name}, ${x} atoms, Rw ${rw[i].toFixed(4)}`}));
  new Scatter(byId("map-canvas"), byId("map-key"), byId("map-readout"), {points, titles: ["Number of atoms", "R_w"],
    logX: Math.max(...n) > 12 * Math.min(...n), choose: point => choose(point.rank)});
}

function startLatent() {
  const latent = data.latent;
  if (!latent || !byId("latent-canvas")) return;
  byId("latent-canvas").hidden = false;
  const points = latent.x.map((x, i) => ({x, y: latent.y[i], type: latent.type[i], size: 2 + 0.55 * Math.cbrt(latent.n[i]),
    label: `${data.types[latent.type[i]].name}, ${latent.n[i]} atoms`}));
  const rings = [1, 2, 3].map(k => ({x: latent.mean[0], y: latent.mean[1], a: k * latent.sigma[0], b: k * latent.sigma[1], width: 2.4 - 0.6 * k}));
  new Scatter(byId("latent-canvas"), byId("latent-key"), byId("latent-readout"), {points, rings, titles: ["First latent axis", "Second latent axis"]});
}

function startTheme() {
  const button = byId("theme"), root = document.documentElement, system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  const refresh = () => {
    button.textContent = dark() ? "Light" : "Dark";
    surfaces.forEach(surface => surface.ask());
  };
  button.hidden = false;
  button.addEventListener("click", () => (root.dataset.theme = dark() ? "light" : "dark", refresh()));
  system.addEventListener("change", refresh);
  refresh();
}

startTable();
startFit();
startStructures();
startMap();
startLatent();
startTheme();
if (picks.size) choose(data.picks[0].rank);
if (plot && data.verdict_rank !== 1) compare(data.verdict_rank); /* the best fit beside the most probable structure's */
