// node axe.cjs FOLDER BROWSER FILE…: one line of JSON for each violation, or request of a page
const { createRequire } = require("node:module");
const [folder, executablePath, ...files] = process.argv.slice(2);
const installed = createRequire(folder + "/node_modules/");
const { chromium } = installed("playwright-core");
const { source } = installed("axe-core");
const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "section508"];
const views = [
  { colorScheme: "light", viewport: { width: 1280, height: 900 } },
  { colorScheme: "dark", viewport: { width: 320, height: 640 } },
];

async function look(context, file) {
  const page = await context.newPage();
  const tell = (rule, message) => console.log(JSON.stringify({ file, rule, message }));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith("file:") && !url.startsWith("data:")) tell("request", "it asks for " + url);
  });
  await page.goto("file://" + file);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) tell("reflow", `it is ${wide} pixels wider than the window`);
  await page.evaluate(source);
  const found = await page.evaluate((tags) => axe.run(document, { runOnly: { type: "tag", values: tags } }), values);
  for (const one of found.violations)
    tell(one.id, `${one.help}: ${one.nodes[0].html.slice(0, 120)}` + (one.nodes.length > 1 ? ` and ${one.nodes.length - 1} more` : ""));
  await page.close();
}

(async () => {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  for (const view of views) {
    const context = await browser.newContext({ ...view, bypassCSP: true });
    for (const file of files) await look(context, file);
    await context.close();
  }
  await browser.close();
})().catch((error) => { console.error(String(error)); process.exit(1); });
