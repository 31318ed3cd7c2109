// screenshots.mjs NODE_MODULES URL FOLDER: takes pictures of a search and of a level view.
import { createRequire } from 'node:module';

const [modules, base, folder] = process.argv.slice(2);
const { chromium } = createRequire(modules + '/x.js')('playwright-core');
const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH || '/usr/bin/chromium' });
const page = await browser.newPage({ viewport: { width: 760, height: 480 } });
for (const [name, path] of [['search', '/?level=advanced&level=developing&q=incoming+mail'], ['levels', '/occupation/43-9051.00']]) {
  await page.goto(base + path);
  await page.screenshot({ path: `${folder}/${name}.png` });
}
await browser.close();
