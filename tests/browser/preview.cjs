// node preview.cjs FOLDER BROWSER ADDRESS MASTER: what somebody sees who writes; prints it as JSON
const { createRequire } = require("node:module");
const fs = require("node:fs");
const [folder, executablePath, address, master] = process.argv.slice(2);
const { chromium } = createRequire(folder + "/node_modules/")("playwright-core");

(async () => {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  const found = { complaints };
  const revision = () => page.evaluate(() => Number(document.documentElement.dataset.revision || 0));
  const seen = async (work) => {
    const handle = await page.$("iframe.shown");
    return (await handle.contentFrame()).evaluate(work);
  };
  const until = async (what, test) => {
    const end = Date.now() + 20000;
    while (Date.now() < end) {
      if (await test().catch(() => false)) return; // the page may be on its way
      await new Promise((go) => setTimeout(go, 10));
    }
    throw new Error("never: " + what);
  };
  await page.goto(address);
  await until("a page", async () => (await revision()) > 0);
  found.editions = await page.$$eval("#edition option", (all) => all.map((one) => one.textContent));
  found.formats = await page.$$eval("#format option", (all) => all.map((one) => one.value));
  found.text = await seen(() => document.body.innerText);

  // at a place in the middle
  const place = () => seen(() => Math.round(document.getElementById("last-but-one").getBoundingClientRect().top));
  await until("the page at rest", async () => (await page.textContent("#status")) === "up to date");
  await seen(() => document.getElementById("last-but-one").scrollIntoView({ behavior: "instant" }));
  await seen(() => window.scrollBy({ top: -40, behavior: "instant" }));
  found.before = await place();
  const text = fs.readFileSync(master, "utf8");
  const start = Date.now();
  fs.writeFileSync(master, text.replace("first words", "other words\n\nand a paragraph more\n\nwhich comes above"));
  await until("the change", () => seen(() => document.body.innerText.includes("and a paragraph more")));
  found.milliseconds = Date.now() - start;
  found.after = await place();

  // something wrong
  fs.writeFileSync(master, text.replace("first words", "see @nowhere"));
  await page.waitForSelector("#problems:not([hidden]) li a");
  found.problem = await page.textContent("#problems li");
  found.link = await page.getAttribute("#problems li a", "href");
  found.kept = await seen(() => document.body.innerText.includes("and a paragraph more"));
  fs.writeFileSync(master, text);
  await page.waitForSelector("#problems", { state: "hidden" });
  await until("the page again", () => seen(() => document.body.innerText.includes("first words")));

  // who gets what, another edition, dark, the place of a problem
  await page.check("#proof");
  await until("marks", () => seen(() => Boolean(document.querySelector(".proof-mark"))));
  found.marks = await seen(() => [...document.querySelectorAll(".proof-mark")].map((one) => one.textContent));
  await page.uncheck("#proof");
  await page.selectOption("#scheme", "dark");
  await until("dark", () => seen(() => getComputedStyle(document.body).backgroundColor !== "rgb(255, 255, 255)"));
  await page.selectOption("#edition", { label: found.editions[1] });
  await until("a handout", () => seen(() => !document.body.innerText.includes("for the others")));
  const source = await browser.newPage();
  await source.goto(new URL(found.link, address).href);
  found.line = await source.evaluate(() => document.querySelector(":target")?.textContent || "");
  console.log(JSON.stringify(found));
  await browser.close();
})().catch((error) => { console.error(String(error)); process.exit(1); });
