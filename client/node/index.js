// A client of skillsearchd for Node: many requests under way on one connection. index.d.ts has the shapes.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { Dealer } from 'zeromq';

const DEFAULT_ENDPOINT = 'tcp://127.0.0.1:7311';
const MAX_ENDPOINTS = 8;
const MAX_REQUEST_BYTES = 65536;
const MAX_UNDER_WAY = 128;
const FACETS = ['level', 'sector', 'group', 'occupation', 'zone', 'version'];

export class SkillsearchError extends Error {
  constructor(code, message, at) {
    super(message);
    this.name = 'SkillsearchError';
    this.code = code;
    this.at = at ?? null;
  }
}

function endpointsOf(given) {
  const listed = Array.isArray(given) ? given : (given ?? process.env.SKILLSEARCH_ENDPOINT ?? DEFAULT_ENDPOINT).split(',');
  if (listed.length < 1 || listed.length > MAX_ENDPOINTS)
    throw new SkillsearchError('invalid', `1 to ${MAX_ENDPOINTS} endpoints, not ${listed.length}`);
  for (const endpoint of listed)
    if (!/^(tcp:\/\/.+:\d+|ipc:\/\/.+)$/.test(endpoint))
      throw new SkillsearchError('invalid', `endpoint '${endpoint}': tcp://HOST:PORT or ipc://PATH is needed`);
  return listed;
}

// The keys of a certificate file; `secret` is undefined in a public one.
function certificate(path) {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new SkillsearchError('invalid', `${path}: ${error.message}`);
  }
  const key = name => text.match(new RegExp(`^\\s*${name}-key\\s*=\\s*"(.{40})"`, 'm'))?.[1];
  if (!key('public')) throw new SkillsearchError('invalid', `${path}: there is no public key in it`);
  return { public: key('public'), secret: key('secret') };
}

function curveOf(serverKey, clientKey) {
  if (!serverKey !== !clientKey)
    throw new SkillsearchError('invalid', "give both keys, the daemon's and the client's, or neither");
  if (!serverKey) return {};
  const server = certificate(serverKey), client = certificate(clientKey);
  if (server.secret)
    throw new SkillsearchError('invalid', `${serverKey}: this certificate has a secret key; the daemon's public one is needed`);
  if (!client.secret) throw new SkillsearchError('invalid', `${clientKey}: this certificate has no secret key`);
  return { curveServerKey: server.public, curvePublicKey: client.public, curveSecretKey: client.secret };
}

// Resolves to undefined if something listens, else to the error.
function listens(endpoint, timeout) {
  const [, host, port] = endpoint.match(/^tcp:\/\/\[?(.+?)\]?:(\d+)$/) ?? [];
  const path = endpoint.replace('ipc://', '').replace(/^@/, '\0');
  return new Promise(resolve => {
    const probe = net.connect(host ? { host, port: +port } : { path });
    probe.setTimeout(timeout, () => probe.destroy(new Error('no connection in time')));
    probe.on('connect', () => { probe.destroy(); resolve(); });
    probe.on('error', resolve);
  });
}

// The members of a request: what is undefined is left out; facets given by name become a filter.
function membersOf(op, given) {
  const members = { units: 'utf16' }, filter = { ...given.filter };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || name === 'filter') continue;
    if (FACETS.includes(name) && (op === 'search' || op === 'scan')) filter[name] = value;
    else members[name] = value;
  }
  for (const name in filter) if (typeof filter[name] === 'string') filter[name] = [filter[name]];
  if (Object.keys(filter).length) members.filter = filter;
  return members;
}

export const requests = {
  search: (q = '', members = {}) => ({ op: 'search', ...membersOf('search', { q, ...members }) }),
  get: (ids, members = {}) => ({ op: 'get', ...membersOf('get', { ids, ...members }) }),
  similar: (statement, members = {}) => ({ op: 'similar', ...membersOf('similar', { statement, ...members }) }),
  compare: (occupation, members = {}) => ({ op: 'compare', ...membersOf('compare', { occupation, ...members }) }),
  crosswalk: (left, right, members = {}) =>
    ({ op: 'crosswalk', ...membersOf('crosswalk', { occupations: [left, right], ...members }) }),
  occupation: (occupation, members = {}) => ({ op: 'occupation', ...membersOf('occupation', { occupation, ...members }) }),
  map: (text, members = {}) => ({ op: 'map', ...membersOf('map', { text, ...members }) }),
  suggest: (text, members = {}) => ({ op: 'suggest', ...membersOf('suggest', { text, ...members }) }),
  facetValues: (facet, q = '', members = {}) =>
    ({ op: 'facet_values', ...membersOf('facet_values', { facet, q, ...members }) }),
  analyze: (q, members = {}) => ({ op: 'analyze', ...membersOf('analyze', { q, ...members }) }),
  scanPage: (q = '', members = {}) => ({ op: 'scan', ...membersOf('scan', { q, limit: 1000, ...members }) }),
  multi: (asked, members = {}) => ({ op: 'multi', ...membersOf('multi', { requests: asked, ...members }) }),
  hello: () => ({ op: 'hello' }),
  stats: () => ({ op: 'stats' }),
  health: () => ({ op: 'health' }),
};

function errorOf(reply) {
  const { code, message, at } = reply.error ?? {};
  if (typeof code !== 'string') return new SkillsearchError('protocol', 'an error without a code');
  return new SkillsearchError(code, String(message ?? ''), Number.isInteger(at) ? at : null);
}

export class Client {
  #socket;
  #waiting = new Map(); // id: { resolve, reject, timer }
  #queue = []; // requests that wait for a place, in their order
  #sending = Promise.resolve();
  #opening;
  #ready = false;
  #closed = false;
  #last = 0;

  constructor({ endpoint, serverKey = process.env.SKILLSEARCH_SERVER_KEY, clientKey = process.env.SKILLSEARCH_CLIENT_KEY,
    timeout = 5000 } = {}) {
    this.endpoints = endpointsOf(endpoint);
    this.timeout = timeout;
    const curve = curveOf(serverKey, clientKey);
    this.#socket = new Dealer({ linger: 0, immediate: true, sendTimeout: timeout, ...curve });
    this.#observe(Boolean(serverKey));
    this.#opening = this.#open();
    this.#opening.catch(() => {}); // each request reports it
  }

  async #open() {
    const failures = await Promise.all(this.endpoints.map(endpoint => listens(endpoint, this.timeout)));
    if (failures.every(Boolean))
      throw new SkillsearchError('connect', `nothing answers at ${this.endpoints.join(',')}: ${failures[0].message}`);
    if (this.#closed) return;
    for (const endpoint of this.endpoints) this.#socket.connect(endpoint);
    this.#receive();
  }

  #observe(keyed) {
    const events = this.#socket.events;
    const fail = text => this.#ready || this.#failAll(new SkillsearchError('auth', text));
    const other = keyed ? "the server key is not this daemon's, or the daemon uses no keys"
      : 'the daemon requires keys, or this is no skillsearchd';
    events.on('handshake', () => { this.#ready = true; });
    events.on('handshake:error:auth', () => fail("the daemon does not know this client's key"));
    for (const name of ['handshake:error:protocol', 'handshake:error:other', 'disconnect']) events.on(name, () => fail(other));
  }

  async #receive() {
    try {
      for await (const [data] of this.#socket) this.#take(data);
    } catch (error) {
      if (!this.#closed) this.#failAll(new SkillsearchError('io', error.message));
    }
  }

  #take(data) {
    let reply;
    try {
      reply = JSON.parse(data.toString());
    } catch (error) {
      return this.#failAll(new SkillsearchError('protocol', `a reply that is not JSON: ${error.message}`));
    }
    if (reply?.v !== 1 || typeof reply.ok !== 'boolean')
      return this.#failAll(new SkillsearchError('protocol', 'this is not a reply of version 1'));
    if (reply.id === undefined && !reply.ok) return this.#failAll(errorOf(reply)); // of the connection, such as `auth`
    this.#end(reply.id, waiter => reply.ok ? waiter.resolve(reply) : waiter.reject(errorOf(reply)));
  }

  // End a request, and let the next one have its place. Replies to requests that have ended are skipped.
  #end(id, how) {
    const waiter = this.#waiting.get(id);
    if (!waiter) return;
    this.#waiting.delete(id);
    clearTimeout(waiter.timer);
    how(waiter);
    this.#queue.shift()?.();
  }

  #failAll(error) {
    for (const id of [...this.#waiting.keys()]) this.#end(id, waiter => waiter.reject(error));
  }

  async ask(request) {
    if (this.#closed) throw new SkillsearchError('invalid', 'the client is closed');
    await this.#opening;
    if (this.#waiting.size >= MAX_UNDER_WAY) await new Promise(resolve => { this.#queue.push(resolve); });
    const id = String(++this.#last);
    const data = JSON.stringify({ v: 1, id, ...request });
    if (Buffer.byteLength(data) > MAX_REQUEST_BYTES)
      throw new SkillsearchError('limit', `a request of ${Buffer.byteLength(data)} bytes, at most ${MAX_REQUEST_BYTES}`);
    return new Promise((resolve, reject) => {
      const late = () => this.#end(id, waiter => waiter.reject(
        new SkillsearchError('deadline', `no answer within ${this.timeout} ms`)));
      this.#waiting.set(id, { resolve, reject, timer: setTimeout(late, this.timeout) });
      this.#sending = this.#sending.then(() => this.#waiting.has(id) && !this.#closed ? this.#socket.send(data) : undefined)
        .catch(error => this.#end(id, waiter => waiter.reject(new SkillsearchError('io', error.message))));
    });
  }

  async multi(asked, { returnErrors = false, ...members } = {}) {
    const { replies } = await this.ask(requests.multi(asked, members));
    if (!Array.isArray(replies) || replies.length !== asked.length || !replies.every(part => typeof part?.ok === 'boolean'))
      throw new SkillsearchError('protocol', 'a multi whose replies are not those of its requests');
    const found = replies.map(part => part.ok ? part : errorOf(part));
    const failed = found.find(part => part instanceof SkillsearchError);
    if (failed && !returnErrors) throw failed;
    return found;
  }

  async * scan(q = '', members = {}) {
    for (let cursor; cursor !== null;) {
      const page = await this.ask(requests.scanPage(q, { ...members, cursor }));
      yield * page.hits;
      cursor = page.cursor;
    }
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#failAll(new SkillsearchError('invalid', 'the client is closed'));
    this.#socket.close();
  }
}

for (const [name, build] of Object.entries(requests))
  if (name !== 'multi') Client.prototype[name] = async function (...given) { return this.ask(build(...given)); };
