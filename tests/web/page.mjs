// page.mjs NODE_MODULES URL DAEMON: tests the pages in chromium. Prints "ok" or "not ok" for each claim, and a
// count. URL is a gateway over the index of corpus/; DAEMON the process id of its daemon, which is stopped for a while.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, base, daemon] = process.argv.slice(2);
const require = createRequire(modules + '/x.js');
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const executablePath = process.env.CHROME_PATH || '/usr/bin/chromium';
const DESKTOP = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 320, height: 700 }, isMobile: true, hasTouch: true };
const PATIENCE = { timeout: 20000 };

let passed = 0, failed = 0;
const foreign = [], violations = [], errors = [];
function that(claim, holds, ...detail) {
  if (holds) passed++; else failed++;
  console.log((holds ? 'ok ' : 'not ok ') + claim + (holds ? '' : ' ' + JSON.stringify(detail)));
}

const browser = await chromium.launch({ executablePath });
async function open(options = DESKTOP, path = '/') {
  const context = await browser.newContext(options);
  await context.route('**/*', route => {
    const url = new URL(route.request().url());
    if (!url.protocol.startsWith('http') || url.origin === new URL(base).origin) return route.continue();
    foreign.push(url.href);
    return route.abort();
  });
  const page = await context.newPage();
  page.on('console', message => { if (/Content Security Policy|Refused/.test(message.text()) && !options.bypassCSP) violations.push(message.text()); });
  page.on('pageerror', error => errors.push(error.message));
  await page.goto(base + path);
  return page;
}
const until = (page, test, value) => page.waitForFunction(test, value, PATIENCE).then(() => true, () => false);
const focused = page => page.evaluate(() => document.activeElement.id);
const count = page => page.textContent('#count');
// Collect what the status line says in window.announced.
const listen = page => page.evaluate(() => {
  window.announced = [];
  new MutationObserver(() => { const text = document.getElementById('live').textContent; if (text) announced.push(text); })
    .observe(document.getElementById('live'), { childList: true, characterData: true, subtree: true });
});
const chips = page => page.locator('.chips li').count();

async function axe(page, state) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  that(`axe finds nothing wrong in: ${state}`, found.violations.length === 0,
    ...found.violations.map(one => [one.id, one.nodes.length, one.nodes[0].html.slice(0, 100)]));
}

const parts = {
  async 'forms without script'() {
    const page = await open({ ...DESKTOP, javaScriptEnabled: false });
    await page.fill('#q', 'mail');
    await page.keyboard.press('Enter');
    await page.waitForURL(base + '/?q=mail');
    const all = await count(page);
    that('without script, a search works', /^16 statements/.test(all), all);
    await page.check('#level-emerging');
    await page.click('text=Apply filters');
    await page.waitForURL(base + '/?level=emerging&q=mail');
    that('without script, a filter can be set', await chips(page) === 1 && await page.isChecked('#level-emerging'));
    await page.click('.chips a');
    await page.waitForURL(base + '/?q=mail');
    that('without script, a filter can be removed', await chips(page) === 0 && await count(page) === all);
    await page.selectOption('#sort', '-level');
    await page.click('text=Apply order');
    await page.waitForURL(base + '/?q=mail&sort=-level');
    await page.click('a[rel=next]');
    await page.waitForURL(base + '/?page=2&q=mail&sort=-level');
    that('without script, order and page can be chosen', true);
    await page.goBack();
    that('without script, Back returns to the previous page', page.url() === base + '/?q=mail&sort=-level', page.url());
    await page.click('.hits a');
    that('without script, an occupation opens its level view', /\/occupation\/\d\d-/.test(page.url()) && await page.locator('table.levels').count() === 1, page.url());
    await page.goto(base + '/map');
    await page.fill('#text', 'Sorts incoming mail.\nPlugh.');
    await page.click('text=Find statements');
    that('without script, a text can be matched', /^1 of 2 sentences/.test(await count(page)), await count(page));
  },

  async 'typing and the keyboard'() {
    const page = await open();
    await page.keyboard.press('/');
    that('the key / moves the focus to the search box', await focused(page) === 'q');
    await page.keyboard.type('incoming ma');
    that('suggestions open while the user types', await until(page, () => document.getElementById('q').getAttribute('aria-expanded') === 'true'));
    await axe(page, 'suggestions open');
    that('suggestions contain no links', await page.locator('[role=option] a').count() === 0);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    that('Down and Up select a suggestion, and the focus stays in the box', await page.evaluate(() => {
      const box = document.getElementById('q'), option = document.getElementById(box.getAttribute('aria-activedescendant'));
      return document.activeElement === box && option === option.parentNode.children[0] && option.getAttribute('aria-selected') === 'true';
    }));
    await page.keyboard.press('Escape');
    that('Escape closes the suggestions and keeps the text', await page.getAttribute('#q', 'aria-expanded') === 'false' && await page.inputValue('#q') === 'incoming ma');
    await page.keyboard.type('i');
    await until(page, () => !document.getElementById('q-list').hidden);
    await page.keyboard.press('ArrowDown');
    const chosen = await page.getAttribute('[role=option] >> nth=0', 'data-query');
    await page.keyboard.press('Enter');
    that('Enter searches for the selected suggestion', await until(page, query => document.title.includes(query), chosen) && await page.inputValue('#q') === chosen, chosen);
    that('after a search from a suggestion the focus is on the count', await until(page, () => document.activeElement.id === 'count'));
    await page.focus('#q');
    await page.keyboard.type(' ro');
    await until(page, () => !document.getElementById('q-list').hidden);
    await page.keyboard.press('Tab');
    that('Tab leaves the box and closes the suggestions', await page.isHidden('#q-list') && await focused(page) !== 'q');
    await page.goto(base + '/?q=mail');
    const fetched = [];
    page.on('request', request => fetched.push(request.url()));
    await page.evaluate(() => {
      const box = document.getElementById('q');
      box.focus();
      box.value = 'incoming';
      box.dispatchEvent(new InputEvent('input', { isComposing: true }));
      box.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', isComposing: true, cancelable: true }));
    });
    await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 400)));
    that('nothing is suggested while an input method composes', fetched.length === 0 && await page.isHidden('#q-list'), fetched);
    await page.evaluate(() => document.getElementById('q').dispatchEvent(new CompositionEvent('compositionend')));
    that('suggestions open when the composition has ended', await until(page, () => !document.getElementById('q-list').hidden));
    await listen(page);
    await page.keyboard.press('Escape');
    await page.fill('#q', '');
    await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 2200)));
    that('suggestions that are closed are not announced', await page.evaluate(() => announced.length) === 0, await page.evaluate(() => announced));
    await page.goto(base + '/');
    await page.keyboard.press('Tab');
    that('the first tab stop is the skip link', await page.evaluate(() => document.activeElement.textContent) === 'Skip to results');
    await page.keyboard.press('Enter');
    that('the skip link leads to the results', await until(page, () => document.activeElement.id === 'results'));
    await page.fill('#q', 'not sent');
    fetched.length = 0;
    await page.goto(base + '/#count');
    await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 200)));
    that('a link within the page loads nothing and keeps the text in the box', fetched.length === 0 && await page.inputValue('#q') === 'not sent', fetched);
    await page.goto(base + '/?q=mail');
    const stops = [];
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      stops.push(await page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim()));
    }
    const wanted = ['q', 'Search', 'Level', 'level-emerging', 'level-developing', 'level-proficient', 'level-advanced'];
    const first = stops.indexOf('q');
    that('tab stops are in reading order', wanted.every((stop, i) => stops[first + i] === stop), stops);
    that('the focus is visible', await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle) === 'solid');
    await page.focus('#level-advanced');
    await page.keyboard.press('Space');
    that('Space ticks a box and updates the page', await until(page, () => location.search === '?level=advanced&q=mail'));
  },

  async 'updates in place'() {
    const page = await open(DESKTOP, '/?q=mail'), loads = [];
    page.on('request', request => { if (request.isNavigationRequest()) loads.push(request.url()); });
    await listen(page);
    await page.check('#level-emerging');
    await until(page, () => document.querySelectorAll('.chips li').length === 1);
    that('the focus stays on the box that was ticked', await focused(page) === 'level-emerging');
    await page.check('#level-advanced');
    await until(page, () => document.querySelectorAll('.chips li').length === 2);
    const url = page.url(), announced = await count(page);
    that('values of one facet are alternatives', url === base + '/?level=advanced&level=emerging&q=mail' && announced === '8 statements for “mail”', url, announced);
    that('a changed count is announced', await until(page, text => window.announced.at(-1) === text, announced), await page.evaluate(() => window.announced));
    that('a changed count is announced only once', await page.evaluate(text => window.announced.filter(one => one === text).length, announced) === 1, await page.evaluate(() => window.announced));
    await axe(page, 'filters chosen');
    await page.goBack();
    that('Back restores the previous filters', await until(page, () => document.querySelectorAll('.chips li').length === 1) && page.url() === base + '/?level=emerging&q=mail', page.url());
    await page.goForward();
    that('Forward restores the next filters', await until(page, () => document.querySelectorAll('.chips li').length === 2) && page.url() === url && await count(page) === announced);
    const other = await open(DESKTOP, url.slice(base.length));
    that('a copied URL shows the same page', await count(other) === announced && await other.isChecked('#level-advanced'));
    await page.click('.chips a >> nth=0');
    that('a click on a chip removes its filter', await until(page, () => document.querySelectorAll('.chips li').length === 1) && !await page.isChecked('#level-advanced'));
    await page.click('text=Clear all filters');
    await until(page, () => document.querySelectorAll('.chips li').length === 0);
    await page.locator('#f-sector summary').click();
    await page.click('a[rel=next]');
    that('the next page is shown in place', await until(page, () => location.search === '?page=2&q=mail' && document.querySelector('.hits').start === 11));
    that('after a page change the focus is on the count', await until(page, () => document.activeElement.id === 'count'));
    that('an open facet stays open', await page.evaluate(() => document.getElementById('f-sector').open));
    await page.selectOption('#sort', 'occupation');
    that('a new order is shown in place, from the first page', await until(page, () => location.search === '?q=mail&sort=occupation'), page.url());
    that('the title is updated', await page.title() === '16 statements for mail - skillsearch', await page.title());
    that('none of these changes loaded a page', loads.length === 0, loads);
    await page.goto(base + '/?q=mail&version=v1');
    await page.uncheck('#version-v1');
    that('when the ticked box is gone, the focus is on the count', await until(page, () => location.search === '?q=mail' && document.activeElement.id === 'count'), await focused(page));
    await page.fill('#q', 'mail AND');
    await page.keyboard.press('Enter');
    that('an error is loaded as a page', await until(page, () => document.getElementById('q-error')) && await page.inputValue('#q') === 'mail AND');
    await page.route('**/*q=train*', route => route.request().isNavigationRequest() ? route.continue() : route.abort());
    await page.goto(base + '/');
    await page.fill('#q', 'train');
    await page.keyboard.press('Enter');
    that('after a failed request the page is loaded', await until(page, () => /for “train”/.test(document.getElementById('count').textContent)), page.url());
  },

  async 'states'() {
    const page = await open();
    for (const [state, path] of [['the first page', '/'], ['results', '/?q=incoming+mail'], ['a query error', '/?q=mail+AND'],
      ['nothing found', '/?level=advanced&q=mail&sector=11'], ['a suggestion and unknown words', '/?q=incomming+zzqqx'],
      ['the level view', '/occupation/43-9051.00?words=1'], ['values of a facet', '/facet/occupation'],
      ['similar statements', '/similar?statement=43-9051.00%2Fdeveloping%2F5bbaa99f9972'],
      ['two occupations', '/crosswalk?left=25-2021.00&right=47-2111.00'], ['a choice of occupations', '/crosswalk?left=43-&right=zzz'],
      ['a text to match', '/map'], ['no such page', '/occupation/99-9999.00']]) {
      await page.goto(base + path);
      await page.evaluate(() => document.querySelectorAll('details').forEach(one => { one.open = true; }));
      await axe(page, state);
      const heads = await page.evaluate(() => [...document.querySelectorAll('h1,h2,h3')].map(one => +one.tagName[1]));
      that(`headings are in order in: ${state}`, heads.filter(one => one === 1).length === 1 && heads.every((one, i) => one <= (heads[i - 1] || 2) + 1), heads);
    }
    await page.goto(base + '/map');
    await page.fill('#text', 'Sorts incoming mail.');
    await page.click('text=Find statements');
    await axe(page, 'a text matched');
    await page.goto(base + '/?q=mail');
    that('a count is read together with its value', await page.evaluate(() => document.querySelector('label[for=level-emerging]').textContent.replace(/\s+/g, ' ').trim()) === 'Emerging 1 statement');
    process.kill(+daemon, 'SIGSTOP');
    await page.goto(base + '/?q=mail');
    process.kill(+daemon, 'SIGCONT');
    that('when the daemon does not answer, a page says so', await count(page) === 'The search takes too long', await count(page));
    await axe(page, 'the daemon does not answer');
    await page.click('text=Try again');
    that('the request to a silent daemon can be repeated', await until(page, () => /^16 statements/.test(document.getElementById('count').textContent)), await count(page));
    for (const [state, options] of [['dark', { colorScheme: 'dark' }], ['forced colours', { forcedColors: 'active' }], ['a phone', PHONE]]) {
      await axe(await open({ ...DESKTOP, ...options }, '/?level=emerging&q=mail'), state);
      await axe(await open({ ...DESKTOP, ...options }, '/occupation/43-9051.00'), `the level view, ${state}`);
    }
    const markup = await open(DESKTOP, '/?q=' + encodeURIComponent('<script>window.x=1</script>"><img src=x onerror="window.x=1">'));
    that('markup in a query has no effect', await markup.evaluate(() => window.x === undefined && !document.querySelector('main script, img')));
  },

  async 'sizes and media'() {
    const wide = [];
    for (const path of ['/', '/?level=emerging&q=incoming+mail', '/?q=mail+AND', '/occupation/43-9051.00?words=1', '/facet/occupation', '/map',
      '/crosswalk?left=25-2021.00&right=47-2111.00', '/?level=advanced&q=mail&sector=11']) {
      const page = await open(PHONE, path);
      await page.evaluate(() => document.querySelectorAll('details').forEach(one => { one.open = true; }));
      if (await page.evaluate(() => document.documentElement.scrollWidth) > 320) wide.push(path);
      const small = await page.evaluate(() => [...document.querySelectorAll('a,button,input,select,summary,textarea')]
        .filter(one => one.offsetParent && !one.closest('.skip') && one.type !== 'hidden')
        .map(one => [one.getBoundingClientRect().height, one.outerHTML.slice(0, 80)]).filter(([height]) => height < 24));
      that(`click targets are at least 24 px high in ${path}`, small.length === 0, small.slice(0, 3));
    }
    that('no page scrolls sideways at 320 px', wide.length === 0, wide);
    const boxes = await open(PHONE, '/?q=mail');
    that('check boxes with their labels are 44 px high', await boxes.evaluate(() => [...document.querySelectorAll('.filters label')].filter(one => one.offsetParent).every(one => one.offsetHeight >= 44)));
    await boxes.keyboard.press('Tab');
    await boxes.focus('#q');
    await boxes.keyboard.press('End');
    await boxes.keyboard.type('s rou');
    await until(boxes, () => !document.getElementById('q-list').hidden);
    that('suggestions fit the width of a phone', await boxes.evaluate(() => document.documentElement.scrollWidth <= 320));
    await boxes.keyboard.press('Enter');
    that('Enter searches on a phone', await until(boxes, () => /^\/\?q=mail/.test(location.pathname + location.search) && document.activeElement.id === 'count'), boxes.url());
    const spaced = await open({ viewport: PHONE.viewport, bypassCSP: true }, '/?level=emerging&q=incoming+mail');
    await spaced.addStyleTag({ content: '*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}' });
    that('wider text spacing cuts nothing', await spaced.evaluate(() => document.documentElement.scrollWidth <= 320 && [...document.querySelectorAll('p,a,label,button')]
      .filter(one => one.offsetParent && !one.closest('.hidden')).every(one => one.scrollWidth <= one.clientWidth + 1 || getComputedStyle(one).display === 'inline')));
    const page = await open(DESKTOP, '/?q=mail');
    await page.emulateMedia({ media: 'print' });
    that('printing leaves out filters and forms', await page.evaluate(() => ['.filters', '#search', 'header nav', '.sort'].every(one => getComputedStyle(document.querySelector(one)).display === 'none')));
    await page.emulateMedia({ media: 'screen', reducedMotion: 'reduce' });
    that('reduced motion disables smooth scrolling', await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior) === 'auto');
    const contrast = await open({ ...DESKTOP, colorScheme: 'dark' }, '/?q=mail');
    for (const [scheme, shown] of [['light', page], ['dark', contrast]]) {
      const ratio = await shown.evaluate(() => {
        const light = color => {
          const [r, g, b] = color.match(/\d+/g).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
          return .2126 * r + .7152 * g + .0722 * b;
        };
        const ratio = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
        const mark = getComputedStyle(document.querySelector('mark')), back = getComputedStyle(document.body).backgroundColor;
        return [ratio(mark.color, mark.backgroundColor), ratio(getComputedStyle(document.querySelector('.bar')).fill, back)];
      });
      that(`marks and bars have enough contrast in the ${scheme} scheme`, ratio[0] >= 4.5 && ratio[1] >= 3, ratio);
    }
    const cold = await open(DESKTOP, '/?q=incoming+mail');
    const sent = await cold.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(one => one.transferSize));
    const bytes = sent.reduce((a, b) => a + b, 0);
    console.log(`# ${bytes} bytes in ${sent.length} requests, ${await cold.evaluate(() => document.getElementsByTagName('*').length)} elements`);
    that('a page without cache takes at most 4 requests and 25 KB', sent.length <= 4 && bytes <= 25600, sent);
  },
};

for (const [name, part] of Object.entries(parts)) {
  try {
    await part();
  } catch (error) {
    that(`${name} ran to its end`, false, error.message.slice(0, 500));
  }
}
that('no request went to another host', foreign.length === 0, foreign);
that('nothing violated the content security policy', violations.length === 0, violations);
that('the script threw no exception', errors.length === 0, errors);
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
