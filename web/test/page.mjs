/* The page as a person uses it: node page.mjs ADDRESS FILE.gr solve|return. tests/serve/test_page.py runs it. */
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {launch} from "./browser.mjs";

const [address, file, part] = process.argv.slice(2);
const PATIENCE = 90000; /* ms; a second or two where the machine is not busy with other things */
const done = what => console.log(`ok    ${what}`);

async function drop(page) {
  const text = readFileSync(file, "utf8");
  const carried = await page.evaluateHandle(content => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], "dropped.gr"));
    return transfer;
  }, text);
  await page.dispatchEvent(".page", "drop", {dataTransfer: carried});
  await page.waitForSelector(".card input[name=element]", {timeout: PATIENCE});
  assert.equal(await page.getAttribute(".card input[name=qmax]", "placeholder"), "24");
  assert.equal(await page.getAttribute(".card input[name=element]", "placeholder"), "Au");
  done("a dropped file shows what was read from it");
}

async function solve(page) {
  await page.fill(".card input[name=qmin]", "1.1");
  await page.click(".card summary");
  await page.selectOption(".card select[name=catalogue]", "paper");
  await page.fill(".card input[name=max-atoms]", "150");
  await page.fill(".card input[name=samples]", "100");
  await page.click(".card button.main");
  await page.waitForSelector("progress", {timeout: PATIENCE});
  done("it is solved with a corrected value, under a progress bar");
  await page.waitForSelector(".verdict h1", {timeout: PATIENCE});
  assert.match(await page.textContent(".verdict h1"), /Decahedron, 8\d atoms/);
  done("the verdict appears by itself");
}

async function lookAtFit(page) {
  await page.waitForSelector(".fitplot .u-over", {timeout: PATIENCE});
  const before = await page.textContent("#fit-title small");
  await page.hover(".fitplot .u-over", {position: {x: 100, y: 100}});
  assert.match(await page.textContent(".tools output"), /r \d+\.\d+ Å · data/);
  await page.click("tbody tr:nth-child(3) input[type=radio]");
  assert.notEqual(await page.textContent("#fit-title small"), before);
  await page.click("tbody tr:nth-child(2) input[aria-label^=Compare]");
  await page.waitForSelector(".key .other");
  done("the fit is read off, changed and compared");
}

/* Two structures: turning the first turns the second. */
async function turn(page) {
  await page.waitForFunction(() => document.querySelectorAll(".viewer canvas").length >= 2, null, {timeout: PATIENCE});
  await page.waitForTimeout(500);
  const second = page.locator(".viewer").nth(1), picture = () => second.screenshot();
  const before = await picture(), box = await page.locator(".viewer").first().boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 80, box.y + box.height / 2 + 30, {steps: 4});
  await page.mouse.up();
  await page.waitForTimeout(500);
  const turned = await picture();
  assert.ok(!turned.equals(before), "the second structure follows the first");
  await page.locator(".viewer").nth(1).focus();
  await page.keyboard.press("ArrowLeft");
  await page.waitForTimeout(500);
  assert.ok(!(await picture()).equals(turned), "arrow keys turn it");
  done("structures turn together, by mouse and by keys");
}

async function sample(page) {
  await page.waitForFunction(() => /decoded around/.test(document.querySelector("#latent-title").parentElement.textContent), null, {timeout: PATIENCE});
  await page.locator(".scatter.latent").scrollIntoViewIfNeeded();
  await page.click("button:text-is('This PDF')");
  const box = await page.locator(".scatter.latent").boundingBox();
  await page.mouse.click(box.x + 0.55 * box.width, box.y + 0.45 * box.height);
  await page.waitForSelector(".samples tbody tr", {timeout: PATIENCE});
  const clicked = await page.locator(".samples tbody tr").count();
  done("a click on the map samples structures");
  await page.click("button:text-is('Lasso')");
  const corners = [[0.3, 0.3], [0.7, 0.3], [0.7, 0.7], [0.3, 0.7], [0.3, 0.32]];
  for (const [i, [x, y]] of corners.entries()) {
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height, {steps: 3});
    if (i === 0) await page.mouse.down();
  }
  await page.mouse.up();
  await page.waitForFunction(n => document.querySelectorAll(".samples tbody tr").length > n || /All \d+/.test(document.querySelector(".samples").parentElement.parentElement.textContent), clicked, {timeout: PATIENCE});
  await page.locator(".samples tbody tr").first().locator("input[type=radio]").check();
  assert.match(await page.textContent("#fit-title small"), /sample s\d/);
  done("a lasso samples a region; a sample's fit is shown");
}

async function download(page) {
  for (const [selector, name] of [["a.main[download]", /dropped-deepstruc\.zip/], ["td.files a >> nth=1", /dropped-001-decahedron-8\d\.cif/]]) {
    const [got] = await Promise.all([page.waitForEvent("download", {timeout: PATIENCE}), page.click(selector)]);
    assert.match(got.suggestedFilename(), name);
    assert.ok(readFileSync(await got.path()).length > 1000);
  }
  done("everything as zip, a structure as cif");
}

async function comeBack(page) {
  await page.waitForSelector(".job.done", {timeout: PATIENCE});
  assert.match(await page.textContent(".job.done"), /dropped\.gr/);
  await page.click(".job.done a");
  await page.waitForSelector(".verdict h1", {timeout: PATIENCE});
  assert.match(await page.textContent(".verdict h1"), /Decahedron/);
}

async function fits(page) {
  for (const [width, height] of [[1280, 800], [390, 844]]) {
    await page.setViewportSize({width, height});
    await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth, null, {timeout: PATIENCE, polling: 200});
  }
  done("nothing is wider than a laptop or a phone");
}

const browser = await launch();
try {
  const page = await browser.newPage({viewport: {width: 1000, height: 700}});
  const troubles = [];
  page.setDefaultTimeout(PATIENCE);
  page.on("pageerror", error => troubles.push(error.message));
  page.on("console", message => message.type() === "error" && troubles.push(message.text()));
  page.on("request", request => request.url().startsWith(address) || /^(data|blob):/.test(request.url()) || troubles.push(`asked for ${request.url()}`));
  await page.goto(address);
  if (part === "solve") {
    await drop(page);
    await solve(page);
    await lookAtFit(page);
    await turn(page);
    await sample(page);
    await download(page);
    await page.reload();
    await page.waitForSelector(".verdict h1");
    done("a reload keeps the place");
    await fits(page);
  } else {
    await comeBack(page);
    done("after kill -9 and a new start the result is there");
  }
  assert.deepEqual(troubles, [], "no error, and nothing asked of any other place");
} finally {
  await browser.close();
}
