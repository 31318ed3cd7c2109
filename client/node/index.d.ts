/** Shapes of requests and replies. docs/protocol.md says what each member means. Places in texts ([start, end), `at`)
 * count UTF-16 units, so they slice JavaScript strings. A later daemon may send more members. */

export type Level = 'emerging' | 'developing' | 'proficient' | 'advanced';
export type FacetName = 'level' | 'sector' | 'group' | 'occupation' | 'zone' | 'version';
export type Span = [number, number];
export type FilterValue = string | readonly string[];
export type ZoneRange = { min?: number; max?: number };
export type Filter = Partial<Record<FacetName, FilterValue>> | { zone?: FilterValue | ZoneRange };
export type FacetRequest = FacetName | { name: FacetName; limit?: number; find?: string; tree?: boolean };
export type Match = 'auto' | 'all' | 'any' | 'meaning';

interface Deadline {
  /** Milliseconds after which the daemon gives up. */
  deadline_ms?: number;
}
type OneOrMore<T> = T | readonly T[];
interface Filtered extends Deadline {
  filter?: Filter;
  /** Labels may stand for codes in filters. */
  resolve?: boolean;
}
interface Shown {
  want?: OneOrMore<'marked' | 'explain' | 'provenance'>;
  tags?: readonly [string, string];
  escape?: 'auto' | 'html' | 'none';
}
interface Facets {
  level?: Level | readonly Level[];
  sector?: FilterValue;
  group?: FilterValue;
  occupation?: FilterValue;
  zone?: FilterValue | ZoneRange;
  version?: FilterValue;
}
export interface SearchMembers extends Filtered, Shown, Facets {
  match?: Match;
  facets?: OneOrMore<FacetRequest>;
  sort?: string;
  offset?: number;
  limit?: number;
  meaning?: boolean;
  collapse?: { by: 'occupation'; keep?: number };
  /** Of an index in shards, shards that do not answer may be left out. */
  partial?: boolean;
}
export interface ScanMembers extends Filtered, Shown, Facets {
  match?: Match;
  sort?: string;
  limit?: number;
  meaning?: boolean;
  cursor?: string;
}
export interface SimilarMembers extends Filtered, Shown {
  exclude?: OneOrMore<'occupation' | 'level'>;
  limit?: number;
  meaning?: boolean;
}
export interface MapMembers extends Filtered, Shown {
  limit?: number;
  meaning?: boolean;
}
export interface FacetValuesMembers extends Filtered {
  partial?: boolean;
  match?: Match;
  meaning?: boolean;
}

interface Reply {
  v: 1;
  ok: true;
  generation: number;
  took_us: number;
}
export interface Note {
  code: string;
  at: number;
  text: string;
}
export interface NearWord {
  term: string;
  word: string;
  weight: number;
  source: string;
}
export interface SourceText {
  name: string;
  text: string;
}
export interface Hit {
  id: string;
  score: number;
  text: string;
  spans: Span[];
  duty: string | null;
  level: Level;
  position: number;
  soc: string;
  occupation: string;
  group: string;
  sector: string | null;
  zone: number | null;
  by?: 'meaning';
  marked?: string;
  more?: number;
  explain?: { part: string; term: string; score: number; word?: string }[];
  provenance?: { version: string; exported_at: string; sources: SourceText[]; attribution: string };
}
export interface FacetValue {
  value: string;
  label: string;
  count: number;
  selected: boolean;
  children?: FacetValue[];
  distinct?: number;
}
/** Only of requests with `partial`. */
interface InPart {
  partial?: boolean;
  shards?: { asked: number; answered: number };
}
export interface SearchReply extends Reply, InPart {
  total: number;
  matched_all: number;
  relaxed: boolean;
  read_as: string;
  ignored: string[];
  unknown: string[];
  notes: Note[];
  near?: NearWord[];
  suggestion: { word: string; replacement: string; query: string; count: number } | null;
  hits: Hit[];
  facets: Partial<Record<FacetName, FacetValue[]>>;
  distinct?: Partial<Record<FacetName, number>>;
}
export interface GetReply extends Reply {
  hits: Hit[];
  missing: string[];
}
export interface SimilarReply extends Reply {
  total: number;
  hits: Hit[];
  compared_by?: 'words' | 'meaning';
  notes?: Note[];
}
export interface Cell extends Hit {
  likeness: number;
  gained: string[];
  lost: string[];
  loose?: true;
  reasons?: { part: string; term: string; score: number; word?: string }[];
}
export interface CompareReply extends Reply {
  soc: string;
  occupation: string;
  rows: { duty: string | null; levels: Record<Level, Cell | null> }[];
  compared_by?: 'words' | 'meaning';
  partial?: true;
}
export interface CrosswalkReply extends Reply {
  left: { soc: string; title: string };
  right: { soc: string; title: string };
  pairs: { left: Hit; right: Hit; likeness: number; explain: { term: string; score: number; word?: string }[] }[];
  left_only: Hit[];
  right_only: Hit[];
  compared_by?: 'words' | 'meaning';
  partial?: true;
}
export interface OccupationReply extends Reply {
  soc: string;
  title: string;
  group: { code: string; title: string };
  sector: { code: string; label: string } | null;
  zone: number | null;
  zone_inferred: boolean | null;
  description: string;
  framework: { version: string; description: string };
  exported_at: string;
  sources: SourceText[];
  attribution: string;
  levels: { level: Level; label: string; count: number; statements: { id: string; position: number; text: string }[] }[];
}
export interface MapReply extends Reply {
  sentences: { start: number; end: number; coverage: number; matches: (Hit & { evidence: Span[]; share: number })[] }[];
  coverage: number;
  levels: Record<Level, number>;
  compared_by?: 'words' | 'meaning';
  notes?: Note[];
}
export interface Completion {
  text: string;
  count: number;
}
export interface SuggestReply extends Reply {
  words: Completion[];
  duties: Completion[];
  occupations: (Completion & { value: string })[];
}
export interface FacetValuesReply extends Reply, InPart {
  facet: { name: FacetName; values: FacetValue[]; distinct: number };
  notes?: Note[];
}
export interface Node {
  kind: string;
  start: number;
  end: number;
  field?: string;
  value?: string;
  distance?: number;
  exact?: true;
  words?: number[];
  children?: Node[];
}
export interface AnalyzeReply extends Reply {
  read_as: string;
  notes: Note[];
  near?: NearWord[];
  other?: { start: number; end: number; words: { form: string; stem: string | null }[] }[];
  words: {
    form: string; start: number; end: number; stem: string | null; stop: boolean; known: boolean; count: number;
    expansions: string[];
  }[];
  tree: Node;
}
export interface ScanReply extends Reply {
  total: number;
  hits: Hit[];
  cursor: string | null;
  notes?: Note[];
}
export interface HelloReply {
  v: 1;
  ok: true;
  name: string;
  version: string;
  protocol: number;
  generation: number;
  operations: string[];
  facets: FacetName[];
  levels: Level[];
  limits: Record<string, number>;
}
export interface Shard {
  shard: number;
  up: boolean;
  generation: number;
}
export interface StatsReply {
  v: 1;
  ok: true;
  version: string;
  generation: number;
  index: Record<string, number>;
  process: Record<string, number>;
  workers: Record<string, number>;
  queue: Record<string, number>;
  results: Record<string, number>;
  reloads: Record<string, number>;
  keys: Record<string, number>;
  dropped: Record<string, number>;
  requests: Record<string, number>;
  replies: Record<string, number>;
  latency: { sum_us: number; buckets_us: (number | null)[]; counts: number[] };
  by_op: Record<string, { replies: Record<string, number>; counts: number[]; sum_us: number }>;
  shards?: Shard[];
}
export interface HealthReply {
  v: 1;
  ok: true;
  status: 'ok';
  generation: number;
  statements: number;
  shards?: Shard[];
}

/** A request failed. `code` is the protocol's, or on this side `connect`, `deadline`, `auth`, `protocol`, `invalid`
 * or `io`. `at` is the place in the query or text. */
export declare class SkillsearchError extends Error {
  constructor(code: string, message: string, at?: number | null);
  code: string;
  at: number | null;
}

/** A request whose reply has the type R. */
export interface Request<R> {
  op: string;
  readonly reply?: R;
  [member: string]: unknown;
}

interface Operations {
  search(q?: string, members?: SearchMembers): Request<SearchReply>;
  get(ids: OneOrMore<string>, members?: Deadline): Request<GetReply>;
  similar(statement: string, members?: SimilarMembers): Request<SimilarReply>;
  compare(occupation: string, members?: Deadline & { resolve?: boolean; duty?: string; meaning?: boolean }): Request<CompareReply>;
  crosswalk(left: string, right: string, members?: Deadline & { resolve?: boolean; level?: Level; meaning?: boolean }): Request<CrosswalkReply>;
  occupation(occupation: string, members?: Deadline & { resolve?: boolean; statements?: boolean }): Request<OccupationReply>;
  map(text: string, members?: MapMembers): Request<MapReply>;
  suggest(text: string, members?: Deadline & { limit?: number }): Request<SuggestReply>;
  facetValues(facet: FacetRequest, q?: string, members?: FacetValuesMembers): Request<FacetValuesReply>;
  analyze(q: string, members?: Deadline & { match?: Match }): Request<AnalyzeReply>;
  scanPage(q?: string, members?: ScanMembers): Request<ScanReply>;
  multi(asked: readonly Request<unknown>[], members?: Deadline): Request<Reply & { replies: unknown[] }>;
  hello(): Request<HelloReply>;
  stats(): Request<StatsReply>;
  health(): Request<HealthReply>;
}
/** One function for each operation; it returns the request, for `ask` and `multi`. */
export declare const requests: Operations;

type Replies<T> = { [K in keyof T]: T[K] extends Request<infer R> ? R : never };

export interface ClientOptions {
  /** "tcp://HOST:PORT" or "ipc://PATH"; several, as a list or separated by commas, share the requests. Missing:
   * $SKILLSEARCH_ENDPOINT, else tcp://127.0.0.1:7311. */
  endpoint?: string | readonly string[];
  /** Files: the daemon's public certificate and our secret one; both or neither. Missing: $SKILLSEARCH_SERVER_KEY and
   * $SKILLSEARCH_CLIENT_KEY. */
  serverKey?: string;
  clientKey?: string;
  /** Milliseconds that connecting and each request may take: 5,000 if missing. */
  timeout?: number;
}

type Asking = {
  [K in Exclude<keyof Operations, 'multi'>]:
    (...given: Parameters<Operations[K]>) => ReturnType<Operations[K]> extends Request<infer R> ? Promise<R> : never;
};
export interface Client extends Asking {}

/** Up to 128 requests are under way at a time; further ones wait. Nothing is sent twice by itself. */
export declare class Client {
  /** Throws `invalid` for wrong endpoints or keys. Nothing that listens is the error `connect` of the first request. */
  constructor(options?: ClientOptions);
  timeout: number;
  ask<R>(request: Request<R>): Promise<R>;
  /** The replies to up to 16 requests, of one generation. Rejects with the first error, or with returnErrors leaves each
   * in its place. */
  multi<const T extends readonly Request<unknown>[]>(asked: T, members?: Deadline & { returnErrors?: false }): Promise<Replies<T>>;
  multi(asked: readonly Request<unknown>[], members: Deadline & { returnErrors: true }): Promise<unknown[]>;
  /** All statements that match, page by page. A new generation in between is the error `not_found`: begin again. */
  scan(q?: string, members?: Omit<ScanMembers, 'cursor'>): AsyncGenerator<Hit, void, void>;
  /** End the connection. Requests under way fail. */
  close(): void;
}
