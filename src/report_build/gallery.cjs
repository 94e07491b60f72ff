// node gallery.cjs FOLDER BROWSER JOBS: a picture of the first screens of each page
const { createRequire } = require("node:module");
const [folder, executablePath, jobs] = process.argv.slice(2);
const { chromium } = createRequire(folder + "/node_modules/")("playwright-core");

(async () => {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  for (const { page: path, width, scheme, file } of JSON.parse(jobs)) {
    const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    await page.goto("file://" + path);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.screenshot({ path: file, clip: { x: 0, y: 0, width, height: Math.min(height, 3600) }, fullPage: true });
    await context.close();
  }
  await browser.close();
})().catch((error) => { console.error(String(error)); process.exit(1); });
