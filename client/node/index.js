// A client of skillsearchd for Node: many requests under way on one connection. index.d.ts has the shapes.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { TextDecoder } from 'node:util';
import { Dealer } from 'zeromq';

const DEFAULT_ENDPOINT = 'tcp://127.0.0.1:7311';
const MAX_ENDPOINTS = 8;
const MAX_REQUEST_BYTES = 65536;
const MAX_REPLY_BYTES = 16777216;
const MAX_UNDER_WAY = 128;
const IDLE_MS = 1000; // after which the connection is closed
const MAX_TIMEOUT_MS = 2147483647; // of setTimeout
const MOST_LOSSES = 2; // connections that may break under one request of several endpoints: its bytes may be the cause
const PAUSES_MS = [1000, 8000]; // the first pause of an endpoint that failed, and the longest
const MOST_PAUSES = 256;
const LISTS = ['ids', 'facets', 'want', 'exclude']; // of which one may be given without a list
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
  const listed = Array.isArray(given) ? given
    : (given || process.env.SKILLSEARCH_ENDPOINT || DEFAULT_ENDPOINT).split(',').map(one => one.replace(/^ +| +$/g, ''));
  if (listed.length < 1 || listed.length > MAX_ENDPOINTS)
    throw new SkillsearchError('invalid', `1 to ${MAX_ENDPOINTS} endpoints, not ${listed.length}`);
  for (const endpoint of listed)
    if (!(endpoint.match(/^tcp:\/\/.+:(\d{1,5})$/)?.[1] < 65536 || /^ipc:\/\/.+$/.test(endpoint)))
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

// Resolves if something listens.
function listens(endpoint, timeout) {
  const [, host, port] = endpoint.match(/^tcp:\/\/\[?(.+?)\]?:(\d+)$/) ?? [];
  const path = endpoint.replace('ipc://', '').replace(/^@/, '\0');
  return new Promise((resolve, reject) => {
    const probe = net.connect(host ? { host, port: +port } : { path });
    probe.setTimeout(timeout, () => probe.destroy(new Error('no connection in time')));
    probe.on('connect', () => { probe.destroy(); resolve(); });
    probe.on('error', reject);
  });
}

// The members of a request: what is undefined is left out; facets given by name become a filter.
function membersOf(op, given) {
  const members = { units: 'utf16' }, filter = { ...given.filter };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || name === 'filter') continue;
    if (FACETS.includes(name) && (op === 'search' || op === 'scan')) filter[name] = value;
    else members[name] = LISTS.includes(name) && !Array.isArray(value) ? [value] : value;
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

// ------------------------------------------------------- several endpoints

const pauses = new Map(); // by endpoint, for all clients of the process: { end, length }
const answers = new Map(); // when it answered last

// Whether an endpoint has no pause, or it is over and nobody has tried the endpoint since.
function admits(endpoint) {
  const pause = pauses.get(endpoint), now = performance.now();
  if (!pause) return true;
  if (now < pause.end) return false;
  const length = Math.min(2 * pause.length, PAUSES_MS[1]);
  pauses.set(endpoint, { end: now + length, length });
  return true;
}

// An endpoint did not answer: it is left out for a while, unless it has answered another request in the second half of
// the time since a request began: then it is slow, not silent.
function pause(endpoint, began = Infinity) {
  if ((answers.get(endpoint) ?? 0) < (began + performance.now()) / 2 && pauses.size < MOST_PAUSES && !pauses.has(endpoint))
    pauses.set(endpoint, { end: performance.now() + PAUSES_MS[0], length: PAUSES_MS[0] });
}

// Whether another endpoint may answer a request that failed; losses counts its broken connections.
function movesOn(error, request, losses) {
  if (error.code === 'not_found') return 'cursor' in request; // the pages of a scan belong to one generation
  if (error.code === 'connect' || error.code === 'auth') return losses < MOST_LOSSES;
  return ['busy', 'shutting_down', 'unavailable'].includes(error.code);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// Returns the reply; throws if the text is not a reply.
function replyOf(frames) {
  if (frames.length !== 1) throw new SkillsearchError('protocol', `a reply of ${frames.length} frames`);
  let reply;
  try {
    reply = JSON.parse(utf8.decode(frames[0]));
  } catch (error) {
    throw new SkillsearchError('protocol', `a reply that is not JSON: ${error.message}`);
  }
  if (reply?.v !== 1 || typeof reply.ok !== 'boolean' || !['undefined', 'string'].includes(typeof reply.id))
    throw new SkillsearchError('protocol', 'this is not a reply of version 1');
  return reply;
}

export class Client {
  #options;
  #socket; // none while there is nothing to do: a socket would keep the process from ending
  #opening;
  #connected; // addresses
  #failures; // by address, why there is no connection
  #idle; // the timer that closes the socket
  #queue = []; // requests that are not sent yet: { id, data, end, timer, resolve, reject }
  #waiting = new Map(); // those that were sent, by id
  #sending = false;
  #members = []; // of several endpoints: a client for each, in a random order
  #turn = 0;
  #closed = false;
  #last = 0;

  constructor({ endpoint, serverKey = process.env.SKILLSEARCH_SERVER_KEY, clientKey = process.env.SKILLSEARCH_CLIENT_KEY,
    timeout = 5000 } = {}) {
    if (!(timeout > 0 && timeout <= MAX_TIMEOUT_MS))
      throw new SkillsearchError('invalid', `a timeout of ${timeout} ms: more than 0 is needed, at most ${MAX_TIMEOUT_MS}`);
    this.endpoints = endpointsOf(endpoint);
    this.timeout = timeout;
    this.#options = { linger: 0, immediate: true, ipv6: this.endpoints.some(one => one.includes('[')),
      maxMessageSize: MAX_REPLY_BYTES, receiveHighWaterMark: MAX_UNDER_WAY, reconnectMaxInterval: 1000,
      ...curveOf(serverKey, clientKey) };
    if (this.endpoints.length > 1)
      this.#members = this.endpoints.map(one => new Client({ endpoint: one, serverKey, clientKey, timeout }))
        .map(member => [Math.random(), member]).sort(([a], [b]) => a - b).map(([, member]) => member);
  }

  // ------------------------------------------------------------ the socket

  #dial() {
    this.#socket = new Dealer(this.#options);
    this.#connected = new Set();
    this.#failures = new Map();
    this.#observe(this.#socket);
    this.#opening = this.#connect(this.#socket);
    this.#opening.catch(() => {}); // #send reports it
  }

  async #connect(socket) {
    try {
      await listens(this.endpoints[0], this.timeout);
    } catch ({ message }) {
      throw new SkillsearchError('connect', `nothing answers at ${this.endpoints[0]}: ${message}`);
    }
    if (socket !== this.#socket) return;
    try {
      socket.connect(this.endpoints[0]);
    } catch (error) {
      throw new SkillsearchError('invalid', `${this.endpoints[0]}: ${error.message}`);
    }
    this.#receive(socket);
  }

  #hangUp() {
    clearTimeout(this.#idle);
    this.#socket?.close();
    this.#socket = undefined;
  }

  #observe(socket) {
    const known = new Set(); // addresses that were connected at some time
    const other = this.#options.curveServerKey ? "the server key is not this daemon's, or the daemon uses no keys"
      : 'the daemon requires keys, or this is no skillsearchd';
    const on = (name, act) => socket.events.on(name, ({ address }) => socket === this.#socket && act(address));
    const fail = (address, text) => {
      this.#failures.set(address, text);
      if (!this.#connected.size)
        this.#failAll(() => new SkillsearchError('auth', text));
    };
    on('handshake', address => {
      this.#connected.add(address);
      known.add(address);
      this.#failures.delete(address);
    });
    on('handshake:error:auth', address => fail(address, "the daemon does not know this client's key"));
    for (const name of ['handshake:error:protocol', 'handshake:error:other', 'disconnect'])
      on(name, address => {
        if (this.#connected.delete(address)) this.#lose();
        else if ((name !== 'disconnect' || !known.has(address)) && !this.#failures.has(address)) fail(address, other);
      });
  }

  // A connection ended. If it was the only one, pending requests are lost; replies that have arrived are read first.
  #lose() {
    const socket = this.#socket, text = `${this.endpoints[0]} closed the connection before it answered`;
    setImmediate(() => {
      if (socket !== this.#socket) return;
      this.#hangUp(); // ZeroMQ does not always try again
      this.#failSent(() => Object.assign(new SkillsearchError('connect', text), { lost: true }));
    });
  }

  async #receive(socket) {
    try {
      for await (const frames of socket) this.#take(frames);
    } catch (error) {
      if (socket === this.#socket) this.#failAll(() => new SkillsearchError('io', error.message));
    }
  }

  // Send what is queued, in its order and one at a time, as ZeroMQ requires. It waits while there is no connection.
  async #send() {
    if (this.#sending) return;
    this.#sending = true;
    try {
      while (this.#queue.length && this.#waiting.size < MAX_UNDER_WAY) {
        if (!this.#socket) this.#dial();
        const socket = this.#socket;
        await this.#opening;
        const asked = this.#queue[0];
        if (!asked || socket !== this.#socket) continue;
        socket.sendTimeout = Math.max(1, Math.ceil(asked.end - performance.now()));
        try {
          await socket.send(asked.data);
        } catch (error) {
          if (socket === this.#socket && error.code !== 'EAGAIN') throw new SkillsearchError('io', error.message);
          continue;
        }
        if (this.#queue[0] !== asked) continue; // it has ended meanwhile
        this.#queue.shift();
        this.#waiting.set(asked.id, asked);
      }
    } catch (error) {
      this.#failAll(() => new SkillsearchError(error.code, error.message));
    } finally {
      this.#sending = false;
    }
  }

  // ---------------------------------------------------------- the requests

  #take(frames) {
    let reply;
    try {
      reply = replyOf(frames);
    } catch (error) {
      return this.#failSent(() => error);
    }
    if (reply.id === undefined && !reply.ok) return this.#failSent(() => errorOf(reply)); // of the connection, such as `auth`
    if (!reply.ok) return this.#reject(reply.id, errorOf(reply));
    this.#end(reply.id)?.resolve(reply); // none: a late reply, to a request that was given up
  }

  #reject(id, error) {
    this.#end(id)?.reject(error);
  }

  // Remove a sent request from the list, so that the next one can be sent.
  #end(id) {
    const asked = this.#waiting.get(id);
    if (!asked) return undefined;
    this.#waiting.delete(id);
    clearTimeout(asked.timer);
    this.#next();
    return asked;
  }

  #next() {
    clearTimeout(this.#idle);
    if (this.#queue.length) this.#send();
    else if (!this.#waiting.size) this.#idle = setTimeout(() => this.#hangUp(), IDLE_MS);
  }

  #failSent(error) {
    for (const id of [...this.#waiting.keys()]) this.#reject(id, error());
  }

  // Fail every request. The next one begins with a new socket: ZeroMQ does not try again after a daemon refused the key.
  #failAll(error) {
    const queued = this.#queue.splice(0);
    this.#failSent(error);
    this.#hangUp();
    for (const asked of queued) {
      clearTimeout(asked.timer);
      asked.reject(error());
    }
  }

  #giveUp(asked) {
    const place = this.#queue.indexOf(asked);
    const unsent = place >= 0 && !this.#waiting.size;
    if (place >= 0) this.#queue.splice(place, 1);
    this.#waiting.delete(asked.id);
    this.#next();
    const [failure] = unsent ? this.#failures.values() : [];
    if (failure && !this.#queue.length) this.#hangUp(); // ZeroMQ does not try again where it was refused
    asked.reject(failure ? new SkillsearchError('auth', failure)
      : unsent ? new SkillsearchError('connect', `no connection to ${this.endpoints[0]} within ${this.timeout} ms`)
        : new SkillsearchError('deadline', `no answer within ${this.timeout} ms`));
  }

  async ask(request) {
    if (this.#closed) throw new SkillsearchError('invalid', 'the client is closed');
    if (this.#members.length) return this.#askSeveral(request);
    const id = String(++this.#last);
    let data;
    try {
      data = Buffer.from(JSON.stringify({ v: 1, id, ...request }));
    } catch (error) {
      throw new SkillsearchError('invalid', `${request.op}: ${error.message}`);
    }
    if (data.length > MAX_REQUEST_BYTES)
      throw new SkillsearchError('limit', `a request of ${data.length} bytes, at most ${MAX_REQUEST_BYTES}`);
    return new Promise((resolve, reject) => {
      const asked = { id, data, resolve, reject, end: performance.now() + this.timeout };
      asked.timer = setTimeout(() => this.#giveUp(asked), this.timeout);
      this.#queue.push(asked);
      this.#next();
    });
  }

  // The clients as a request should try them: the next one first, and those that have a pause last. The counters of
  // different daemons do not belong together, so stats begins at the same one each time.
  #order(op) {
    const turn = op === 'stats' ? 0 : this.#turn;
    if (op !== 'stats') this.#turn = (this.#turn + 1) % this.#members.length;
    const turned = [...this.#members.slice(turn), ...this.#members.slice(0, turn)];
    const admitted = turned.filter(({ endpoints: [one] }) => admits(one));
    return [...admitted, ...turned.filter(member => !admitted.includes(member))];
  }

  // Ask one endpoint; another one as well when it does not answer within a tenth of the time limit, or instead when it
  // refuses or is lost. The first answer counts.
  async #askSeveral(request) {
    const left = this.#order(request.op), running = new Map(), began = performance.now(), end = began + this.timeout;
    let failure, losses = 0;
    try {
      for (let more = true; left.length || running.size;) {
        if (left.length && (more || !running.size)) {
          const member = left.shift();
          running.set(member, member.#start(request));
        }
        const span = left.length ? Math.max(this.timeout / 10, 100) : Infinity;
        const wait = Math.max(Math.min(span, end - performance.now()), 0);
        let timer;
        const late = new Promise(resolve => { timer = setTimeout(resolve, Math.ceil(wait)); });
        const ended = await Promise.race([...running.values()].map(({ ended }) => ended).concat(late));
        clearTimeout(timer);
        more = !ended;
        if (!ended && performance.now() >= end) {
          for (const member of running.keys()) pause(member.endpoints[0], began);
          throw new SkillsearchError('deadline', `no answer within ${this.timeout} ms`);
        }
        if (!ended) continue;
        const { member, error, reply } = ended;
        if (error?.lost) losses++;
        if (error && movesOn(error, request, losses)) {
          running.delete(member);
          if (error.code !== 'busy' && error.code !== 'not_found') pause(member.endpoints[0]);
          if (!failure || error.code !== 'connect') failure = error;
          continue;
        }
        pauses.delete(member.endpoints[0]);
        if (answers.size < MOST_PAUSES || answers.has(member.endpoints[0])) answers.set(member.endpoints[0], performance.now());
        for (const earlier of running.keys()) {
          if (earlier === member) break;
          pause(earlier.endpoints[0], began);
        }
        running.delete(member);
        if (error) throw error;
        return reply;
      }
      throw failure;
    } finally {
      for (const { drop } of running.values()) drop();
    }
  }

  // Begin a request of several endpoints at this one: a promise of its end, and a function that gives it up.
  #start(request) {
    const ended = this.ask(request).then(reply => ({ member: this, reply }), error => ({ member: this, error }));
    const id = String(this.#last);
    const drop = () => {
      const place = this.#queue.findIndex(asked => asked.id === id);
      if (place >= 0) clearTimeout(this.#queue.splice(place, 1)[0].timer);
      this.#end(id);
      this.#next();
    };
    return { ended, drop };
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
      if (!Array.isArray(page.hits) || !(page.cursor === null || typeof page.cursor === 'string'))
        throw new SkillsearchError('protocol', 'a page of scan without `hits` or `cursor`');
      yield * page.hits;
      cursor = page.cursor;
    }
  }

  close() {
    this.#closed = true;
    for (const member of this.#members) member.close();
    this.#failAll(() => new SkillsearchError('invalid', 'the client is closed'));
  }
}

for (const [name, build] of Object.entries(requests))
  if (name !== 'multi') Client.prototype[name] = async function (...given) { return this.ask(build(...given)); };
