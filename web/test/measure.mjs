/* What docs/api.md states of the page: node measure.mjs ADDRESS, of a server whose job 1 is done. */
import {readdirSync, readFileSync} from "node:fs";
import {launch} from "./browser.mjs";

/* CPU seconds of each of the browser's processes: on a busy machine these say more than the clock. */
function cpuSeconds() {
  const found = new Map();
  for (const pid of readdirSync("/proc").filter(name => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
      found.set(+pid, {parent: +fields[1], seconds: (+fields[11] + +fields[12]) / 100});
    } catch { /* it has ended */ }
  }
  const ours = pid => pid === process.pid || (found.has(pid) && ours(found.get(pid).parent));
  return [...found].filter(([pid]) => pid !== process.pid && ours(pid)).reduce((sum, [, each]) => sum + each.seconds, 0);
}

const address = process.argv[2], browser = await launch(...process.argv.slice(4));
const page = await browser.newPage({viewport: {width: 1280, height: 800}});
await page.goto(address);
await page.waitForSelector("h1");
const paint = () => page.evaluate(() => new Promise(found => new PerformanceObserver(list => found(Math.round(list.getEntriesByName("first-contentful-paint")[0].startTime)))
  .observe({type: "paint", buffered: true})));
const paints = [await paint()];
for (let i = 0; i < 4; i++) {
  await page.reload();
  await page.waitForSelector("h1");
  paints.push(await paint());
}

await page.goto(`${address}#/job/1`);
await page.waitForSelector(".candidates", {timeout: 60000});
const payload = await page.evaluate(() => [performance.getEntriesByType("navigation")[0], ...performance.getEntriesByType("resource")]
  .filter(each => !each.name.includes("/api")).reduce((sum, each) => sum + each.encodedBodySize, 0));
await page.selectOption("label:has-text('Points') select", process.argv[3] ?? "4000");
await page.waitForFunction(() => /decoded around/.test(document.querySelector("#latent-title").parentElement.textContent), null, {timeout: 60000});
await page.locator(".scatter.latent").scrollIntoViewIfNeeded();
const drawn = await page.waitForFunction(wanted => {
  const scatter = document.querySelector(".scatter.latent").scatter, n = scatter.layers.reduce((sum, layer) => sum + layer.x.length, 0);
  return n > +wanted * 0.9 && n;
}, process.argv[3] ?? "4000", {timeout: 120000}).then(handle => handle.jsonValue());

/* Moved on in every frame: frames drawn per second, and CPU time per frame of the page's own thread and of all processes
 * of the browser, which draws in software. */
const session = await page.context().newCDPSession(page);
await session.send("Performance.enable", {timeDomain: "threadTicks"});
const task = async () => (await session.send("Performance.getMetrics")).metrics.find(each => each.name === "TaskDuration").value;
const move = seconds => page.evaluate(seconds => new Promise(found => {
  const {scatter} = document.querySelector(".scatter.latent"), began = performance.now(), first = scatter.frames;
  const step = () => {
    const t = (performance.now() - began) / 1000;
    if (t > seconds) return found({frames: scatter.frames - first, seconds: t});
    scatter.move(0.002 * Math.sin(3 * t), 0.002 * Math.cos(3 * t));
    requestAnimationFrame(step);
  };
  step();
}), seconds);
await move(1);
const before = {task: await task(), all: cpuSeconds()};
const {frames, seconds} = await move(8);
const after = {task: await task(), all: cpuSeconds()};
const cpu = (what) => +(1000 * (after[what] - before[what]) / frames).toFixed(1);
await browser.close();
console.log(JSON.stringify({first_paint_ms: paints, payload_kB: Math.round(payload / 1000), points: drawn, frames_per_s: +(frames / seconds).toFixed(1),
  thread_ms_per_frame: cpu("task"), all_cpu_ms_per_frame: cpu("all")}));
