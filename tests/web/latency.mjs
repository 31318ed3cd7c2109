// latency.mjs NODE_MODULES URL [COUNT]: milliseconds from Enter to the results on the page, for queries of one and
// two words that the index suggests. Prints the median, the 95th percentile and the longest.
import { createRequire } from 'node:module';

const [modules, base, many = '100'] = process.argv.slice(2);
const { chromium } = createRequire(modules + '/x.js')('playwright-core');
const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH || '/usr/bin/chromium' });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
await page.goto(base);
const words = await page.evaluate(async () => {
  const found = [];
  for (const start of 'abcdefghilmnoprstuw') {
    const reply = await (await fetch(`/v1/suggest?limit=8&text=${start}`)).json();
    found.push(...reply.words.map(word => word.text));
  }
  return found;
});
const times = [];
for (let i = 0; i < +many; i++) {
  const query = i % 2 ? words[i % words.length] : `${words[i % words.length]} ${words[(i * 7 + 3) % words.length]}`;
  await page.fill('#q', query);
  times.push(await page.evaluate(query => new Promise(resolve => {
    const begin = performance.now();
    const seen = new MutationObserver(() => {
      const count = document.getElementById('count');
      if (!count || !count.textContent.endsWith(`“${query}”`)) return;
      seen.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begin)));
    });
    seen.observe(document.body, { childList: true, subtree: true });
    document.getElementById('search').requestSubmit();
  }), query));
}
await browser.close();
times.sort((a, b) => a - b);
const at = part => times[Math.min(times.length - 1, Math.floor(times.length * part))].toFixed(1);
console.log(`${times.length} searches: median ${at(.5)} ms, p95 ${at(.95)} ms, longest ${at(1)} ms`);
