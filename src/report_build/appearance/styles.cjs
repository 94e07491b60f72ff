// node styles.cjs FOLDER BROWSER SELECTORS FILE…: one line of JSON for each element of a role
const { createRequire } = require("node:module");
const [folder, executablePath, selectors, ...files] = process.argv.slice(2);
const { chromium } = createRequire(folder + "/node_modules/")("playwright-core");

const read = (roles) => Object.entries(roles).flatMap(([role, selector]) =>
  [...document.querySelectorAll(selector)].filter((e) => e.innerText?.trim()).map((element) => {
    const style = getComputedStyle(element);
    return {
      role, words: element.innerText.trim().slice(0, 60), family: style.fontFamily,
      size: parseFloat(style.fontSize), weight: style.fontWeight, slant: style.fontStyle,
      color: style.color, align: style.textAlign,
      before: parseFloat(style.marginTop), after: parseFloat(style.marginBottom),
    };
  }));

(async () => {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  for (const scheme of ["light", "dark"]) {
    const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 1440, height: 900 } });
    for (const file of files) {
      const page = await context.newPage();
      await page.goto("file://" + file);
      for (const one of await page.evaluate(read, JSON.parse(selectors)))
        console.log(JSON.stringify({ file, scheme, ...one }));
      await page.close();
    }
    await context.close();
  }
  await browser.close();
})().catch((error) => { console.error(String(error)); process.exit(1); });
