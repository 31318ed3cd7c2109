/** What the daemon or the gateway refused: a code of docs/http.md, and a place in the query if it names one. */
export declare class SkillsearchError extends Error {
  code: string;
  at?: number;
}

export interface ClientOptions {
  /** Where skillsearch-http is, without a path: "http://127.0.0.1:7380". */
  url: string;
  fetch?: typeof fetch;
}

/** A request as InstantSearch sends it. */
export interface SearchRequest {
  indexName: string;
  params?: Record<string, unknown>;
}

export interface Highlight {
  value: string;
  matchLevel: 'none' | 'partial' | 'full';
  matchedWords: string[];
}

export interface Hit {
  objectID: string;
  id: string;
  score: number;
  text: string;
  duty: string | null;
  level: 'emerging' | 'developing' | 'proficient' | 'advanced';
  position: number;
  soc: string;
  occupation: string;
  group: string;
  sector: string | null;
  zone: number | null;
  /** The statement has no word of the query, only words of similar meaning. */
  by?: 'meaning';
  _highlightResult: { text: Highlight; duty?: Highlight; occupation: Highlight };
  _snippetResult: { text: { value: string; matchLevel: 'none' | 'partial' | 'full' } };
}

export interface SearchResult {
  index: string;
  query: string;
  params: string;
  page: number;
  hitsPerPage: number;
  nbHits: number;
  nbPages: number;
  processingTimeMS: number;
  exhaustiveNbHits: boolean;
  exhaustiveFacetsCount: boolean;
  hits: Hit[];
  facets: Record<string, Record<string, number>>;
  facets_stats: Record<string, { min: number; max: number; avg: number; sum: number }>;
  renderingContent: {
    facetOrdering: {
      facets: { order: string[] };
      values: Record<string, { order?: string[]; sortRemainingBy: 'count' }>;
    };
  };
}

export interface FacetValuesResult {
  facetHits: { value: string; highlighted: string; count: number }[];
  exhaustiveFacetsCount: boolean;
  processingTimeMS: number;
}

export interface Client {
  search(requests: readonly SearchRequest[]): Promise<{ results: SearchResult[] }>;
  searchForFacetValues(requests: readonly SearchRequest[]): Promise<FacetValuesResult[]>;
  clearCache(): void;
}

export declare function createClient(options: ClientOptions): Client;
