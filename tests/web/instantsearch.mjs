// instantsearch.mjs NODE_MODULES URL ORIGIN: tests the search client alone, and with the widgets of InstantSearch in
// chromium, on ORIGIN/widgets.html; the gateway at URL allows that origin with --cors. Prints "ok" or "not ok" for each claim.
import { createRequire } from 'node:module';
import { createClient, SkillsearchError } from '../../client/instantsearch/index.js';

const [modules, url, origin] = process.argv.slice(2);
const require = createRequire(modules + '/x.js');
const { chromium } = require('playwright-core');
const PATIENCE = { timeout: 20000 };

let passed = 0, failed = 0;
function that(claim, holds, ...detail) {
  if (holds) passed++; else failed++;
  console.log((holds ? 'ok ' : 'not ok ') + claim + (holds ? '' : ' ' + JSON.stringify(detail)));
}
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const rejection = promise => promise.then(() => null, error => error);
async function ask(path) {
  return (await fetch(url + path)).json();
}

// ------------------------------------------------------------------------------------------------------- the client alone
let posts = 0;
const counted = (...parts) => { posts++; return fetch(...parts); };
const make = () => createClient({ url, fetch: counted });
const search = async (params, indexName = 'statements') => (await make().search([{ indexName, params }])).results[0];

async function checkAnswers() {
  const found = await search({ query: 'incoming mail', hitsPerPage: 5, facets: ['level', 'occupation'], highlightPreTag: '__a__', highlightPostTag: '__/a__' });
  const wanted = await ask('/v1/search?q=incoming+mail&limit=5&facet=level:100&facet=occupation:100');
  that('hits and totals equal those of the protocol', found.nbHits === wanted.total && same(found.hits.map(hit => hit.objectID), wanted.hits.map(hit => hit.id)));
  that('counts are listed under readable values', same(found.facets.occupation, Object.fromEntries(wanted.facets.occupation.map(v => [`${v.value} ${v.label}`, v.count])))
    && same(found.facets.level, Object.fromEntries(wanted.facets.level.map(v => [v.value, v.count]))), found.facets);
  that('matches are marked with the requested tags', found.hits.every(hit => hit._highlightResult.text.value.replaceAll(/__\/?a__/g, '') === hit.text)
    && found.hits[0]._highlightResult.text.value.startsWith('__a__Incoming__/a__ __a__mail__/a__'), found.hits[0]._highlightResult);
  that('matches in the duty are marked, too', found.hits[0]._highlightResult.duty.value.startsWith('__a__Incoming__/a__ __a__mail__/a__ for'), found.hits[0]._highlightResult.duty);
  for (const [highlightPreTag, highlightPostTag] of [['', ''], ['[', ''], ['', ']']]) {
    const { text, duty } = (await search({ query: 'incoming mail', hitsPerPage: 1, highlightPreTag, highlightPostTag })).hits[0]._highlightResult;
    that(`tags may be empty: "${highlightPreTag}" and "${highlightPostTag}"`, text.value.startsWith(duty.value)
      && duty.value.replaceAll(/[[\]]/g, '') === 'Incoming mail for six floors' && text.matchLevel === 'full', duty, text);
  }
  const quoted = await search({ query: "partners' integrations", hitsPerPage: 1 });
  that('marked text is not escaped', quoted.hits[0]._highlightResult.text.value.includes("'"), quoted.hits[0]);
  const pages = await search({ hitsPerPage: 30, page: 2 });
  that('the number of pages is right', pages.page === 2 && pages.hits.length === 30 && pages.nbPages === Math.ceil(pages.nbHits / 30));
  that('a page has 20 statements by default and at most 100', (await search({})).hits.length === 20 && (await search({ hitsPerPage: 1000 })).hits.length === 100);
  that('a page beyond the result window is empty', (await search({ hitsPerPage: 20, page: 600 })).hits.length === 0);
  const sorted = await search({ query: 'mail', hitsPerPage: 100 }, 'statements:sort:-level');
  that('the name of the index selects the order', sorted.hits[0].level === 'advanced' && sorted.hits.at(-1).level === 'emerging');
}

async function checkFilters() {
  const both = await ask('/v1/search?q=mail&level=emerging&level=advanced&occupation=43-&zone_min=2&zone_max=3&limit=0');
  const lvl0 = '43- Office & Administrative Support', lvl1 = '43-9051.00 Mail Clerks and Mail Machine Operators, Except Postal Service';
  const filtered = await search({ query: 'mail', facetFilters: [['level:emerging', 'level:advanced'], [`occupations.lvl0:${lvl0}`]], numericFilters: ['zone>=2', 'zone<=3'] });
  that('facet filters and numeric filters are applied', filtered.nbHits === both.total, filtered.nbHits, both.total);
  const leaf = await search({ query: 'mail', facetFilters: [`occupations.lvl0:${lvl0}`, [`occupations.lvl1:${lvl0} > ${lvl1}`]] });
  that('each level of the tree narrows the result', leaf.nbHits === (await ask('/v1/search?q=mail&occupation=43-9051.00&limit=0')).total, leaf.nbHits);
  const bare = await search({ query: 'mail', facetFilters: ['occupation:43-9051.00'] });
  that('a code without its label is accepted as a value', bare.nbHits === leaf.nbHits);
  const none = await search({ query: 'mail', facetFilters: ['level:emerging', 'level:advanced'], facets: ['level'] });
  that('a conjunction of two values of one facet finds nothing', none.nbHits === 0 && none.hits.length === 0 && none.nbPages === 0);
  const outside = await search({ facetFilters: ['zone:2'], numericFilters: ['zone>=3'] });
  that('a zone outside the range finds nothing', outside.nbHits === 0 && outside.hits.length === 0, outside.nbHits);
  const inside = await search({ facetFilters: [['zone:2', 'zone:3', 'zone:none']], numericFilters: ['zone>=3'] });
  that('a list of zones and a range are both applied', inside.nbHits === (await ask('/v1/search?zone=3&limit=0')).total && inside.nbHits > 0, inside.nbHits);
  const tree = await search({ facets: ['*'] });
  that('a request for all facets returns the levels of the tree', same(Object.keys(tree.facets).sort(), ['group', 'level', 'occupation', 'occupations.lvl0', 'occupations.lvl1', 'sector', 'version', 'zone']), Object.keys(tree.facets));
  that('levels are in their natural order', same(tree.renderingContent.facetOrdering.values.level.order, ['emerging', 'developing', 'proficient', 'advanced']));
  const zones = Object.keys(tree.facets.zone).filter(zone => zone !== 'none').map(Number);
  that('zones have a minimum and a maximum', tree.facets_stats.zone.min === Math.min(...zones) && tree.facets_stats.zone.max === Math.max(...zones), tree.facets_stats);
  that('facets may be a string instead of a list', Object.keys((await search({ facets: 'level', hitsPerPage: 0 })).facets).length === 1);
  for (const [params, named] of [[{ facetFilters: ['level:-emerging'] }, 'level:-emerging'], [{ facetFilters: [['level:emerging', 'zone:2']] }, 'alternatives'],
    [{ facetFilters: ['colour:red'] }, 'colour'], [{ numericFilters: ['price>2'] }, 'price>2'], [{ filters: 'level:x' }, 'filters']]) {
    const error = await rejection(search(params));
    that(`${JSON.stringify(params)} is rejected by name`, error instanceof SkillsearchError && error.code === 'bad_request' && error.message.includes(named), error?.message);
  }
  const error = await rejection(search({ query: 'mail AND' }));
  that('the error of a refused query has its code and place', error?.code === 'query_syntax' && error.at === 5, error);
}

async function checkValues() {
  const [found] = await make().searchForFacetValues([{ indexName: 'statements', params: { query: 'mail', facetName: 'occupation', facetQuery: 'cler', maxFacetHits: 10, highlightPreTag: '[', highlightPostTag: ']' } }]);
  that('values of a facet are searched', found.facetHits.length === 1 && found.facetHits[0].value.startsWith('43-9051.00 Mail Clerks') && found.facetHits[0].highlighted.includes('Mail [Cler]ks'), found);
}

async function checkSending() {
  const one = make(), requests = [{ indexName: 'statements', params: { query: 'mail' } }, { indexName: 'statements', params: { facets: 'level', hitsPerPage: 0 } }];
  posts = 0;
  await one.search(requests);
  that('the queries of one search are sent in one request', posts === 1, posts);
  await one.search(requests);
  that('an answered query is not sent again', posts === 1, posts);
  one.clearCache();
  await one.search(requests);
  that('an answered query is sent again after clearCache', posts === 2, posts);
  posts = 0;
  const many = await make().search(Array.from({ length: 35 }, (_, i) => ({ indexName: 'statements', params: { query: 'mail', page: i } })));
  that('more than 16 queries are sent in several requests', posts === 3 && many.results.length === 35, posts);
  let generation = 0, sent;
  const answer = reply => ({ ok: true, status: 200, json: async () => reply });
  const empty = { ok: true, total: 0, hits: [], facets: {}, took_us: 1 };
  const large = createClient({ url, fetch: async (_, { body }) => { [sent] = JSON.parse(body).requests; return answer({ generation: 1, replies: [{ ...empty, total: 20000 }] }); } });
  for (const hitsPerPage of [20, 30, 100, 99]) {
    const { nbPages } = (await large.search([{ indexName: 's', params: { hitsPerPage } }])).results[0], last = nbPages - 1;
    await large.search([{ indexName: 's', params: { hitsPerPage, page: last } }]);
    that(`with ${hitsPerPage} hits per page, the last page ends at statement 10,000`, sent.offset === last * hitsPerPage && sent.offset + sent.limit === 10000 && sent.limit > 0, sent);
  }
  const moving = createClient({ url, fetch: async (_, { body }) => answer({ generation: ++generation < 3 ? generation : 3, replies: JSON.parse(body).requests.map(() => empty) }) });
  await moving.search(Array.from({ length: 20 }, () => ({ indexName: 's' })));
  that('replies of different generations are requested again', generation === 4, generation);
  const short = createClient({ url, fetch: async () => answer({ generation: 1, replies: [] }) });
  that('an answer with too few replies is rejected', (await rejection(short.search(requests)))?.code === 'protocol');
  const down = createClient({ url, fetch: async () => ({ ok: false, status: 503, json: async () => ({ code: 'connect', detail: 'no daemon' }) }) });
  that('an error of the gateway is rejected with its code', (await rejection(down.search(requests)))?.code === 'connect');
  const odd = createClient({ url, fetch: async () => ({ ok: false, status: 502, json: async () => { throw new SyntaxError('HTML'); } }) });
  that('an answer that is not JSON is rejected', (await rejection(odd.search(requests)))?.code === 'protocol');
  that('an empty list of queries sends nothing', same(await short.search([]).catch(error => error), { results: [] }));
}

// ------------------------------------------------------------------------------------------- the widgets, in a browser
async function checkWidgets() {
  const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH || '/usr/bin/chromium' });
  const page = await browser.newPage();
  const thrown = [];
  page.on('pageerror', error => thrown.push(error.message));
  await page.goto(`${origin}/widgets.html?gateway=${encodeURIComponent(url)}`);
  await page.waitForFunction(() => window.ready, null, PATIENCE);
  const begin = async names => {
    await page.evaluate(names => window.begin(names), names);
    await page.waitForFunction(() => settled() && posts > 0, null, PATIENCE);
  };
  const go = async state => {
    await page.evaluate(state => { search.setUiState({ statements: state }); }, state);
    await page.waitForFunction(() => settled(), null, PATIENCE);
  };
  const holds = (test, value) => page.waitForFunction(test, value, PATIENCE).then(() => true, () => false);
  const names = await page.evaluate(() => window.names);
  for (const name of names) {
    await begin([name]);
    await go({ query: 'mail' });
    that(`${name} works alone`, await page.evaluate(() => errors.length) === 0 && thrown.length === 0, await page.evaluate(() => errors), thrown.splice(0));
  }
  await begin(names.filter(name => !['configure', 'numericMenu', 'toggleRefinement'].includes(name)));
  const total = async path => (await ask(path)).total;
  that('all widgets together show the total', await holds(text => document.querySelector('.ais-Stats').textContent.startsWith(text), `${await total('/v1/search?limit=0')} results`));
  await go({ query: 'incoming mail' });
  that('all widgets together show marks', await holds(() => [...document.querySelectorAll('#hits mark')].some(mark => mark.textContent === 'Incoming')));
  await page.evaluate(() => { posts = 0; });
  const state = { query: 'mail', refinementList: { level: ['emerging', 'advanced'] }, hierarchicalMenu: { 'occupations.lvl0': ['43- Office & Administrative Support', '43-9051.00 Mail Clerks and Mail Machine Operators, Except Postal Service'] } };
  await go(state);
  const wanted = await total('/v1/search?q=mail&level=emerging&level=advanced&occupation=43-9051.00&limit=0');
  that('two levels and both levels of the tree are combined', await holds(text => document.querySelector('.ais-Stats').textContent.startsWith(text), `${wanted} results`), await page.textContent('.ais-Stats'), wanted);
  that('a search of several filters is sent in one request', await page.evaluate(() => posts) === 1, await page.evaluate(() => posts));
  that('chosen values are shown by name', await holds(() => document.querySelectorAll('.ais-CurrentRefinements-category').length === 3 && document.querySelectorAll('.ais-Breadcrumb-item').length === 3),
    await page.textContent('#currentRefinements'), await page.textContent('#breadcrumb'));
  await go({ query: 'mail', hierarchicalMenu: { 'occupations.lvl0': ['43-'] } });
  that('a value from a URL works before any reply had it', await holds(text => document.querySelector('.ais-Stats').textContent.startsWith(text), `${await total('/v1/search?q=mail&occupation=43-&limit=0')} results`), await page.textContent('.ais-Stats'));
  await go({ query: 'mail', range: { zone: '2:3' }, menu: { sector: '55 Management of Companies and Enterprises' } });
  that('a range of zones and a sector are combined', await holds(text => document.querySelector('.ais-Stats').textContent.startsWith(text), `${await total('/v1/search?q=mail&zone_min=2&zone_max=3&sector=55&limit=0')} results`), await page.textContent('.ais-Stats'));
  await go({ sortBy: 'statements:sort:level', page: 3 });
  that('the third page in the order of levels is shown', await holds(() => document.querySelector('.ais-Pagination-item--selected').textContent === '3'));
  await go({ query: 'mail' });
  await page.fill('#refinementListOfOccupations input', 'clerk');
  that('a widget searches values of a facet', await holds(() => /43-9051.00 Mail Clerks/.test(document.querySelector('#refinementListOfOccupations li').textContent)), await page.textContent('#refinementListOfOccupations'));
  await go({ query: 'mail AND' });
  that('a refused query raises an error event with code and place', await holds(() => errors.includes('query_syntax@5')) && await page.evaluate(() => search.status) === 'error', await page.evaluate(() => errors));
  that('the last results stay visible after an error', await page.locator('#hits .hit').count() > 0);
  await go({ query: 'mail route' });
  that('the next query after an error works', await holds(() => search.status === 'idle' && document.querySelectorAll('#hits .hit').length > 0));
  that('no exception was thrown', thrown.length === 0, thrown);
  await browser.close();
}

for (const part of [checkAnswers, checkFilters, checkValues, checkSending, checkWidgets]) {
  try {
    await part();
  } catch (error) {
    that(`${part.name} ran to its end`, false, error.stack?.slice(0, 600));
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
