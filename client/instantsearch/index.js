// index.js - a search client for InstantSearch over POST /v1/multi_search of skillsearch-http.
//
// Values of facets carry their code in front, "43-9061.00 Office Clerks, General": readable as they are, and read back
// from a URL by a client that has seen no reply. Levels, zones and versions are the bare value.

const SEPARATOR = ' > ';
const FACETS = ['level', 'sector', 'group', 'occupation', 'zone', 'version'];
const TREE = ['occupations.lvl0', 'occupations.lvl1'];
const MAX_REQUESTS = 16; // of one multi_search
const MAX_WINDOW = 10000; // pages end at this statement
const MAX_HITS = 100;
const MAX_VALUES = 1000;
const MAX_CACHED = 100;
const MAX_TRIES = 3; // for replies of one generation

/** What the daemon or the gateway refused: `code`, and `at`, a place in the query, if it names one. */
export class SkillsearchError extends Error {
  constructor({ message, code, at }) {
    super(message);
    this.name = 'SkillsearchError';
    this.code = code;
    if (at !== undefined) this.at = at;
  }
}
const refuse = message => { throw new SkillsearchError({ code: 'bad_request', message }); };

// ------------------------------------------------------------------------------------------------- values of facets
const isBare = facet => ['level', 'zone', 'version'].includes(facet);
const toLabel = (facet, { value, label }) => isBare(facet) || !label || label === value ? value : `${value} ${label}`;
const toCode = (facet, label) => isBare(facet) ? label : label.split(' ', 1)[0];

// ------------------------------------------------------------------------------------------------------ the request

// "attribute:value" as a facet of the protocol and a value in its form.
function readFilter(text) {
  const colon = text.indexOf(':');
  const attribute = text.slice(0, colon), value = text.slice(colon + 1);
  if (colon < 1) refuse(`facetFilters: ${text}: not of the form attribute:value`);
  if (value.startsWith('-')) refuse(`facetFilters: ${text}: filters that exclude are not supported`);
  const wanted = value.startsWith('\\-') ? value.slice(1) : value;
  if (attribute === TREE[0]) return ['occupation', toCode('occupation', wanted)];
  if (attribute === TREE[1]) return ['occupation', toCode('occupation', wanted.split(SEPARATOR)[1] ?? wanted)];
  if (!FACETS.includes(attribute)) refuse(`facetFilters: ${attribute}: no attribute of this name`);
  return [attribute, toCode(attribute, wanted)];
}

// Whether one of two codes begins with the other: then both filters accept the longer one.
const narrower = (a, b) => a.startsWith(b) ? a : b.startsWith(a) ? b : null;

// Alternatives in each clause, all clauses together. The protocol has one list of alternatives per facet, so clauses of
// one facet are intersected; null when that leaves nothing.
function readFacetFilters(clauses) {
  const filter = {};
  let possible = true;
  for (const clause of typeof clauses === 'string' ? [clauses] : clauses) {
    const read = [].concat(clause).map(readFilter), facet = read[0]?.[0];
    if (!facet) continue;
    if (read.some(([name]) => name !== facet)) refuse(`facetFilters: ${clause.join(', ')}: alternatives of several attributes`);
    const values = read.map(([, value]) => value);
    const both = filter[facet]?.flatMap(old => values.map(value => facet === 'occupation' ? narrower(old, value) : old === value ? old : null)).filter(Boolean);
    filter[facet] = [...new Set(both ?? values)];
    possible &&= filter[facet].length > 0;
  }
  return possible ? filter : null;
}

function readNumericFilters(filters) {
  const range = { min: 1, max: 5 };
  const conditions = [filters].flat(2);
  for (const text of conditions) {
    const [, sign, digits] = /^\s*zone\s*(>=|<=|>|<|=|:)\s*(\d+)\s*$/.exec(text) ?? refuse(`numericFilters: ${text}: not of the form zone>=2`);
    const value = Number(digits);
    if (sign[0] !== '<') range.min = Math.max(range.min, sign === '>' ? value + 1 : value);
    if (sign[0] !== '>') range.max = Math.min(range.max, sign === '<' ? value - 1 : value);
  }
  return conditions.length ? range : undefined;
}

// Translate a request of InstantSearch to the protocol; also returns what is needed to read its reply.
function readRequest({ indexName, params = {} }) {
  for (const name of ['filters', 'tagFilters', 'aroundLatLng', 'optionalFilters'])
    if (params[name]?.length) refuse(`${name}: not supported`);
  const filter = readFacetFilters(params.facetFilters ?? []);
  const zone = readNumericFilters(params.numericFilters ?? []);
  const all = filter ?? {}, chosen = zone && all.zone?.filter(value => value >= zone.min && value <= zone.max);
  const possible = filter !== null && (!zone || zone.min <= zone.max) && chosen?.length !== 0;
  if (zone && possible) all.zone = chosen ?? zone;
  const names = [].concat(params.facets ?? []).flatMap(name => name === '*' ? [...FACETS, ...TREE] : name);
  const limit = Math.max(1, Math.min(params.maxValuesPerFacet ?? 100, MAX_VALUES));
  const tree = names.some(name => TREE.includes(name));
  const facets = FACETS.filter(name => names.includes(name) || (tree && name === 'occupation'))
    .map(name => name === 'occupation' && tree ? { name, limit, tree } : { name, limit });
  const perPage = Math.min(params.hitsPerPage ?? 20, MAX_HITS), page = params.page ?? 0, offset = page * perPage;
  const reachable = offset < MAX_WINDOW;
  const tags = [params.highlightPreTag ?? '<em>', params.highlightPostTag ?? '</em>'];
  const sort = /:sort:(-?[a-z]+)$/.exec(indexName ?? '')?.[1];
  return {
    indexName, names, tags, perPage, page, shown: possible && reachable, possible,
    request: {
      op: 'search', q: params.query ?? '', filter: all, facets, offset: reachable ? offset : 0, limit: reachable ? Math.min(perPage, MAX_WINDOW - offset) : 0,
      want: ['marked'], tags, escape: 'none', ...(sort && sort !== 'relevance' ? { sort } : {}),
    },
  };
}

// -------------------------------------------------------------------------------------------------------- the result

// The marked text, cut to the length of `text`; a mark that is open there is closed. Either tag may be empty.
function cutMarked(marked, text, [open, close]) {
  let at = 0, inside = false;
  for (let taken = 0; taken < text.length && at < marked.length;) {
    if (open && !inside && marked.startsWith(open, at)) { at += open.length; inside = close !== ''; }
    else if (close && (inside || !open) && marked.startsWith(close, at)) { at += close.length; inside = false; }
    else { at++; taken++; }
  }
  return marked.slice(0, at) + (inside ? close : '');
}

function readHit({ marked, spans, ...hit }, tags) {
  const words = [...new Set((tags.every(Boolean) ? marked.split(tags[0]) : []).slice(1).map(part => part.split(tags[1], 1)[0].toLowerCase()))];
  const field = (value, matched) => ({ value, matchLevel: matched ? 'full' : 'none', matchedWords: matched ? words : [] });
  const text = field(marked, spans.length > 0);
  const duty = hit.duty ? cutMarked(marked, hit.duty, tags) : null;
  return {
    ...hit, objectID: hit.id,
    _highlightResult: { text, ...(duty === null ? {} : { duty: field(duty, duty !== hit.duty) }), occupation: field(hit.occupation, false) },
    _snippetResult: { text: { value: marked, matchLevel: text.matchLevel } },
  };
}

function readFacets({ names }, replied) {
  const facets = {}, stats = {}, values = {};
  const put = (name, label, count) => { if (names.includes(name)) (facets[name] ??= {})[label] = count; };
  for (const [facet, items] of Object.entries(replied)) {
    for (const item of items) {
      const label = toLabel(facet, item);
      if (!item.children) {
        if (item.count > 0 || item.selected) put(facet, label, item.count);
        continue;
      }
      put(TREE[0], label, item.count);
      for (const child of item.children) {
        put(TREE[1], label + SEPARATOR + toLabel(facet, child), child.count);
        put('occupation', toLabel(facet, child), child.count);
      }
    }
    if (isBare(facet)) values[facet] = { order: items.map(item => item.value), sortRemainingBy: 'count' };
    const zones = facet === 'zone' ? items.filter(item => item.count > 0 && item.value !== 'none') : [];
    if (zones.length) {
      const count = zones.reduce((sum, item) => sum + item.count, 0), sum = zones.reduce((sum, item) => sum + item.value * item.count, 0);
      const numbers = zones.map(item => Number(item.value));
      stats.zone = { min: Math.min(...numbers), max: Math.max(...numbers), avg: sum / count, sum };
    }
  }
  for (const name of ['sector', 'group', 'occupation', ...TREE]) values[name] = { sortRemainingBy: 'count' };
  return { facets, facets_stats: stats, renderingContent: { facetOrdering: { facets: { order: FACETS.filter(name => facets[name]) }, values } } };
}

function readResult(work, reply) {
  const total = work.possible ? reply.total : 0;
  return {
    index: work.indexName, query: work.request.q, params: '', page: work.page, hitsPerPage: work.perPage, nbHits: total,
    nbPages: work.perPage ? Math.ceil(Math.min(total, MAX_WINDOW) / work.perPage) : 0,
    processingTimeMS: Math.round(reply.took_us / 1000), exhaustiveNbHits: true, exhaustiveFacetsCount: true,
    hits: work.shown ? reply.hits.map(hit => readHit(hit, work.tags)) : [],
    ...readFacets(work, work.possible ? reply.facets : {}),
  };
}

// ---------------------------------------------------------------------------------------------- values that are searched
function readValuesRequest({ indexName, params = {}, facet, query, maxFacetHits }) {
  const asked = facet ?? params.facetName, name = TREE.includes(asked) ? 'occupation' : asked;
  const find = query ?? params.facetQuery ?? '';
  if (!FACETS.includes(name)) refuse(`facetName: ${name}: no attribute of this name`);
  const { request, possible, tags } = readRequest({ indexName, params: { ...params, facets: [] } });
  const limit = Math.max(1, Math.min(maxFacetHits ?? params.maxFacetHits ?? 10, 100));
  return { name, find, possible, tags, request: { op: 'facet_values', q: request.q, filter: request.filter, facet: { name, limit, ...(find ? { find } : {}) } } };
}

function readValues({ name, find, possible, tags }, reply) {
  const highlight = label => {
    const at = find ? label.toLowerCase().indexOf(find.toLowerCase()) : -1, end = at + find.length;
    return at < 0 ? label : label.slice(0, at) + tags[0] + label.slice(at, end) + tags[1] + label.slice(end);
  };
  const facetHits = (possible ? reply.facet.values : []).map(item => {
    const value = toLabel(name, item);
    return { value, highlighted: highlight(value), count: item.count };
  });
  return { facetHits, exhaustiveFacetsCount: true, processingTimeMS: Math.round(reply.took_us / 1000) };
}

// -------------------------------------------------------------------------------------------------------- the client

/** A search client of the gateway at `url`. `fetch` is that of the platform unless another one is given. */
export function createClient({ url, fetch = (...parts) => globalThis.fetch(...parts) }) {
  const target = url.replace(/\/$/, '') + '/v1/multi_search';
  let cache = new Map(), cached; // replies by request, of one generation

  async function post(requests) {
    const answer = await fetch(target, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ requests }) });
    const reply = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new SkillsearchError({ code: reply.code ?? 'protocol', message: reply.detail ?? `HTTP ${answer.status}`, at: reply.at });
    if (reply.replies?.length !== requests.length) throw new SkillsearchError({ code: 'protocol', message: 'not as many replies as requests' });
    return reply;
  }

  // All replies must be of one generation; otherwise the counts on one page could disagree.
  async function postAll(requests) {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const parts = [];
      for (let at = 0; at < requests.length; at += MAX_REQUESTS) parts.push(await post(requests.slice(at, at + MAX_REQUESTS)));
      if (parts.every(part => part.generation === parts[0].generation)) return [parts[0]?.generation, parts.flatMap(part => part.replies)];
    }
    throw new SkillsearchError({ code: 'busy', message: 'the index changed during every attempt' });
  }

  async function ask(requests) {
    const keys = requests.map(request => JSON.stringify(request));
    if (keys.length && keys.every(key => cache.has(key))) return keys.map(key => cache.get(key));
    const [generation, replies] = await postAll(requests);
    if (generation !== cached) cache = new Map();
    cached = generation;
    replies.forEach((reply, i) => {
      if (!reply.ok) throw new SkillsearchError(reply.error);
      cache.delete(keys[i]);
      cache.set(keys[i], reply);
    });
    for (const key of cache.keys()) if (cache.size > MAX_CACHED) cache.delete(key);
    return replies;
  }

  return {
    async search(requests) {
      const work = requests.map(readRequest);
      const replies = await ask(work.map(one => one.request));
      return { results: work.map((one, i) => readResult(one, replies[i])) };
    },
    async searchForFacetValues(requests) {
      const work = requests.map(readValuesRequest);
      const replies = await ask(work.map(one => one.request));
      return work.map((one, i) => readValues(one, replies[i]));
    },
    /** Empty the cache of replies. */
    clearCache() {
      cache = new Map();
    },
  };
}
