"""Shapes of requests and replies. docs/protocol.md says what each member means.

Replies are plain dictionaries as they came. A later daemon may send more members than are listed here.
Places in texts ([start, end), `at`) count code points, so they index Python strings.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, TypedDict, Union

# ------------------------------------------------------------------ requests


class ZoneRange(TypedDict, total=False):
    """Job zones from min to max; one of the two may be missing."""

    min: int
    max: int


class FacetRequest(TypedDict, total=False):
    """A facet to count; name is required."""

    name: str
    limit: int
    find: str
    tree: bool


class Collapse(TypedDict, total=False):
    """Only the first `keep` hits of each occupation; by is required."""

    by: str
    keep: int


FilterValue = Union[str, Sequence[str], ZoneRange]
Facet = Union[str, FacetRequest]

# ------------------------------------------------------------------- replies


class _Reply(TypedDict):
    v: int
    ok: bool
    generation: int
    took_us: int


class Note(TypedDict):
    code: str
    at: int
    text: str


class NearWord(TypedDict):
    term: str
    word: str
    weight: float
    source: str


class Suggestion(TypedDict):
    word: str
    replacement: str
    query: str
    count: int


class _Share(TypedDict):
    part: str
    term: str
    score: float


class Share(_Share, total=False):
    word: str


class SourceText(TypedDict):
    name: str
    text: str


class Provenance(TypedDict):
    version: str
    exported_at: str
    sources: List[SourceText]
    attribution: str


class _Hit(TypedDict):
    id: str
    score: float
    text: str
    spans: List[List[int]]
    duty: Optional[str]
    level: str
    position: int
    soc: str
    occupation: str
    group: str
    sector: Optional[str]
    zone: Optional[int]


class Hit(_Hit, total=False):
    """A statement that was found."""

    by: str
    marked: str
    more: int
    explain: List[Share]
    provenance: Provenance


class _FacetValue(TypedDict):
    value: str
    label: str
    count: int
    selected: bool


class FacetValue(_FacetValue, total=False):
    children: List["FacetValue"]
    distinct: int


class ShardsAsked(TypedDict):
    asked: int
    answered: int


class _SearchReply(_Reply):
    total: int
    matched_all: int
    relaxed: bool
    read_as: str
    ignored: List[str]
    unknown: List[str]
    notes: List[Note]
    suggestion: Optional[Suggestion]
    hits: List[Hit]
    facets: Dict[str, List[FacetValue]]


class SearchReply(_SearchReply, total=False):
    near: List[NearWord]
    distinct: Dict[str, int]
    partial: bool
    shards: ShardsAsked


class GetReply(_Reply):
    hits: List[Hit]
    missing: List[str]


class _SimilarReply(_Reply):
    total: int
    hits: List[Hit]


class SimilarReply(_SimilarReply, total=False):
    compared_by: str
    notes: List[Note]


class _Cell(Hit):
    likeness: float
    gained: List[str]
    lost: List[str]


class Cell(_Cell, total=False):
    """A statement in a row of compare."""

    loose: bool
    reasons: List[Share]


class Row(TypedDict):
    duty: Optional[str]
    levels: Dict[str, Optional[Cell]]


class _CompareReply(_Reply):
    soc: str
    occupation: str
    rows: List[Row]


class CompareReply(_CompareReply, total=False):
    compared_by: str
    partial: bool


class OccupationName(TypedDict):
    soc: str
    title: str


class _Reason(TypedDict):
    term: str
    score: float


class Reason(_Reason, total=False):
    """A common word, or two words of similar meaning."""

    word: str


class Pair(TypedDict):
    left: Hit
    right: Hit
    likeness: float
    explain: List[Reason]


class _CrosswalkReply(_Reply):
    left: OccupationName
    right: OccupationName
    pairs: List[Pair]
    left_only: List[Hit]
    right_only: List[Hit]


class CrosswalkReply(_CrosswalkReply, total=False):
    compared_by: str
    partial: bool


class Group(TypedDict):
    code: str
    title: str


class Sector(TypedDict):
    code: str
    label: str


class Framework(TypedDict):
    version: str
    description: str


class Statement(TypedDict):
    id: str
    position: int
    text: str


class LevelStatements(TypedDict):
    level: str
    label: str
    count: int
    statements: List[Statement]


class OccupationReply(_Reply):
    soc: str
    title: str
    group: Group
    sector: Optional[Sector]
    zone: Optional[int]
    zone_inferred: Optional[bool]
    description: str
    framework: Framework
    exported_at: str
    sources: List[SourceText]
    attribution: str
    levels: List[LevelStatements]


class Match(Hit):
    """A statement that matches a sentence of map."""

    evidence: List[List[int]]
    share: float


class Sentence(TypedDict):
    start: int
    end: int
    coverage: float
    matches: List[Match]


class _MapReply(_Reply):
    sentences: List[Sentence]
    coverage: float
    levels: Dict[str, int]


class MapReply(_MapReply, total=False):
    compared_by: str
    notes: List[Note]


class Completion(TypedDict):
    text: str
    count: int


class OccupationCompletion(Completion):
    value: str


class SuggestReply(_Reply):
    words: List[Completion]
    duties: List[Completion]
    occupations: List[OccupationCompletion]


class FacetValues(TypedDict):
    name: str
    values: List[FacetValue]
    distinct: int


class _FacetValuesReply(_Reply):
    facet: FacetValues


class FacetValuesReply(_FacetValuesReply, total=False):
    notes: List[Note]
    partial: bool
    shards: ShardsAsked


class Word(TypedDict):
    form: str
    start: int
    end: int
    stem: Optional[str]
    stop: bool
    known: bool
    count: int
    expansions: List[str]


class _Node(TypedDict):
    kind: str
    start: int
    end: int


class Node(_Node, total=False):
    field: str
    value: str
    distance: int
    exact: bool
    words: List[int]
    children: List["Node"]


class OtherWord(TypedDict):
    form: str
    stem: Optional[str]


class OtherWords(TypedDict):
    start: int
    end: int
    words: List[OtherWord]


class _AnalyzeReply(_Reply):
    read_as: str
    notes: List[Note]
    words: List[Word]
    tree: Node


class AnalyzeReply(_AnalyzeReply, total=False):
    near: List[NearWord]
    other: List[OtherWords]


class _ScanReply(_Reply):
    total: int
    hits: List[Hit]
    cursor: Optional[str]


class ScanReply(_ScanReply, total=False):
    notes: List[Note]


class MultiReply(_Reply):
    replies: List[Dict[str, Any]]


class HelloReply(TypedDict):
    v: int
    ok: bool
    name: str
    version: str
    protocol: int
    generation: int
    operations: List[str]
    facets: List[str]
    levels: List[str]
    limits: Dict[str, int]


class Shard(TypedDict):
    shard: int
    up: bool
    generation: int


class _StatsReply(TypedDict):
    v: int
    ok: bool
    version: str
    generation: int
    index: Dict[str, int]
    process: Dict[str, int]
    workers: Dict[str, int]
    queue: Dict[str, int]
    results: Dict[str, int]
    reloads: Dict[str, int]
    keys: Dict[str, int]
    dropped: Dict[str, int]
    requests: Dict[str, int]
    replies: Dict[str, int]
    latency: Dict[str, Any]
    by_op: Dict[str, Dict[str, Any]]


class StatsReply(_StatsReply, total=False):
    shards: List[Shard]


class _HealthReply(TypedDict):
    v: int
    ok: bool
    status: str
    generation: int
    statements: int


class HealthReply(_HealthReply, total=False):
    shards: List[Shard]
