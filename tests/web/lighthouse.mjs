// lighthouse.mjs NODE_MODULES URL: runs Lighthouse on three pages. Prints "ok" or "not ok" for accessibility and best
// practices; the score of performance depends on the machine, so it is only printed.
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { pathToFileURL } from 'node:url';

const [modules, base] = process.argv.slice(2);
const require = createRequire(modules + '/x.js');
const { chromium } = require('playwright-core');
const { default: lighthouse } = await import(pathToFileURL(require.resolve('lighthouse')));
const port = await new Promise(resolve => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH || '/usr/bin/chromium', args: [`--remote-debugging-port=${port}`] });
let passed = 0, failed = 0;
for (const path of ['/', '/?level=emerging&q=incoming+mail', '/occupation/43-9051.00']) {
  const { lhr } = await lighthouse(base + path, { port, logLevel: 'error', onlyCategories: ['performance', 'accessibility', 'best-practices'] });
  const { performance, ...others } = lhr.categories;
  console.log(`# Lighthouse, performance of ${path}: ${performance.score}`);
  for (const { id, score, auditRefs } of Object.values(others)) {
    const faults = auditRefs.filter(one => one.weight && lhr.audits[one.id].score !== null && lhr.audits[one.id].score < 1).map(one => one.id);
    if (score === 1) passed++; else failed++;
    console.log(`${score === 1 ? 'ok' : 'not ok'} Lighthouse, ${id} of ${path} is 1${score === 1 ? '' : ` ${score} ${faults}`}`);
  }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
