"""One function for each operation: it returns the request, which a client then asks.

    client.search("mail", level="advanced")               asks at once
    client.multi([requests.search("mail"), requests.health()])   asks several on one generation

Arguments that are left out, or None, are not sent: the daemon's defaults apply. docs/protocol.md describes them all.
`facets`, `want` and `exclude` take one name or a list.
`filter` maps a facet to a value, a list of values, or for zones to a range; the keywords level, sector, group,
occupation, zone and version are short for it. `resolve=True` lets labels stand for codes. `deadline_ms` is the time
after which the daemon gives up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Generic, List, Mapping, Optional, Sequence, Tuple, TypeVar, Union

from . import types as t

R = TypeVar("R")

FACETS = ("level", "sector", "group", "occupation", "zone", "version")
_LISTS = ("facets", "want", "exclude")  # of which one may be given without a list


@dataclass(frozen=True)
class Request(Generic[R]):
    """A request whose reply has the type R. members are those of the protocol, without `v`, `id` and `op`."""

    op: str
    members: Dict[str, Any]


def _request(op: str, **members: Any) -> Request[Any]:
    given = {name: [value] if name in _LISTS and isinstance(value, (str, dict)) else value
             for name, value in members.items() if value is not None}
    filters = {name: [value] if isinstance(value, str) else value
               for name, value in {**given.pop("filter", {}), **given.pop("facet_filters", {})}.items()}
    if filters:
        given["filter"] = filters
    return Request(op, {**given, "units": "codepoints"})


def _filters(**values: Optional[t.FilterValue]) -> Dict[str, t.FilterValue]:
    return {name: value for name, value in values.items() if value is not None}


def search(q: str = "", *, match: Optional[str] = None, filter: Optional[Mapping[str, t.FilterValue]] = None,
           level: Optional[t.FilterValue] = None, sector: Optional[t.FilterValue] = None,
           group: Optional[t.FilterValue] = None, occupation: Optional[t.FilterValue] = None,
           zone: Optional[t.FilterValue] = None, version: Optional[t.FilterValue] = None,
           resolve: Optional[bool] = None, facets: Union[t.Facet, Sequence[t.Facet], None] = None, sort: Optional[str] = None,
           offset: Optional[int] = None, limit: Optional[int] = None, want: Union[str, Sequence[str], None] = None,
           tags: Optional[Tuple[str, str]] = None, escape: Optional[str] = None, meaning: Optional[bool] = None,
           collapse: Optional[t.Collapse] = None, partial: Optional[bool] = None,
           deadline_ms: Optional[int] = None) -> Request[t.SearchReply]:
    """Statements that match a query, best first, with exact counts of facets."""
    return _request("search", q=q, match=match, filter=filter,
                    facet_filters=_filters(level=level, sector=sector, group=group, occupation=occupation, zone=zone,
                                           version=version),
                    resolve=resolve, facets=facets, sort=sort, offset=offset, limit=limit, want=want, tags=tags,
                    escape=escape, meaning=meaning, collapse=collapse, partial=partial, deadline_ms=deadline_ms)


def get(ids: Union[str, Sequence[str]], *, deadline_ms: Optional[int] = None) -> Request[t.GetReply]:
    """Statements by id, one or a list of up to 100; `missing` lists ids that the index does not have."""
    return _request("get", ids=[ids] if isinstance(ids, str) else list(ids), deadline_ms=deadline_ms)


def similar(statement: str, *, exclude: Union[str, Sequence[str], None] = None,
            filter: Optional[Mapping[str, t.FilterValue]] = None, resolve: Optional[bool] = None,
            limit: Optional[int] = None, want: Union[str, Sequence[str], None] = None, tags: Optional[Tuple[str, str]] = None,
            escape: Optional[str] = None, meaning: Optional[bool] = None,
            deadline_ms: Optional[int] = None) -> Request[t.SimilarReply]:
    """Statements similar to the one with this id."""
    return _request("similar", statement=statement, exclude=exclude, filter=filter, resolve=resolve, limit=limit,
                    want=want, tags=tags, escape=escape, meaning=meaning, deadline_ms=deadline_ms)


def compare(occupation: str, *, resolve: Optional[bool] = None, duty: Optional[str] = None,
            meaning: Optional[bool] = None, deadline_ms: Optional[int] = None) -> Request[t.CompareReply]:
    """The four levels of an occupation side by side."""
    return _request("compare", occupation=occupation, resolve=resolve, duty=duty, meaning=meaning,
                    deadline_ms=deadline_ms)


def crosswalk(left: str, right: str, *, resolve: Optional[bool] = None, level: Optional[str] = None,
              meaning: Optional[bool] = None, deadline_ms: Optional[int] = None) -> Request[t.CrosswalkReply]:
    """What two occupations have in common."""
    return _request("crosswalk", occupations=[left, right], resolve=resolve, level=level, meaning=meaning,
                    deadline_ms=deadline_ms)


def occupation(occupation: str, *, resolve: Optional[bool] = None, statements: Optional[bool] = None,
               deadline_ms: Optional[int] = None) -> Request[t.OccupationReply]:
    """An occupation as its export describes it, with all its statements; without them if statements is False."""
    return _request("occupation", occupation=occupation, resolve=resolve, statements=statements, deadline_ms=deadline_ms)


def map(text: str, *, filter: Optional[Mapping[str, t.FilterValue]] = None, resolve: Optional[bool] = None,
        limit: Optional[int] = None, want: Union[str, Sequence[str], None] = None, tags: Optional[Tuple[str, str]] = None,
        escape: Optional[str] = None, meaning: Optional[bool] = None,
        deadline_ms: Optional[int] = None) -> Request[t.MapReply]:
    """The sentences of a text, and the statements that match each."""
    return _request("map", text=text, filter=filter, resolve=resolve, limit=limit, want=want, tags=tags, escape=escape,
                    meaning=meaning, deadline_ms=deadline_ms)


def suggest(text: str, *, limit: Optional[int] = None, deadline_ms: Optional[int] = None) -> Request[t.SuggestReply]:
    """Completions of the beginning of a text."""
    return _request("suggest", text=text, limit=limit, deadline_ms=deadline_ms)


def facet_values(facet: t.Facet, q: str = "", *, match: Optional[str] = None,
                 filter: Optional[Mapping[str, t.FilterValue]] = None, resolve: Optional[bool] = None,
                 meaning: Optional[bool] = None, partial: Optional[bool] = None,
                 deadline_ms: Optional[int] = None) -> Request[t.FacetValuesReply]:
    """The values of one facet, counted over the statements that match."""
    return _request("facet_values", facet=facet, q=q, match=match, filter=filter, resolve=resolve,
                    meaning=meaning, partial=partial, deadline_ms=deadline_ms)


def analyze(q: str, *, match: Optional[str] = None, deadline_ms: Optional[int] = None) -> Request[t.AnalyzeReply]:
    """How a query is read."""
    return _request("analyze", q=q, match=match, deadline_ms=deadline_ms)


def scan_page(q: str = "", *, cursor: Optional[str] = None, match: Optional[str] = None,
              filter: Optional[Mapping[str, t.FilterValue]] = None, level: Optional[t.FilterValue] = None,
              sector: Optional[t.FilterValue] = None, group: Optional[t.FilterValue] = None,
              occupation: Optional[t.FilterValue] = None, zone: Optional[t.FilterValue] = None,
              version: Optional[t.FilterValue] = None, resolve: Optional[bool] = None, sort: Optional[str] = None,
              limit: Optional[int] = 1000, want: Union[str, Sequence[str], None] = None,
              tags: Optional[Tuple[str, str]] = None, escape: Optional[str] = None, meaning: Optional[bool] = None,
              deadline_ms: Optional[int] = None) -> Request[t.ScanReply]:
    """One page of all statements that match; `cursor` of the reply asks for the next one, None after the last."""
    return _request("scan", q=q, cursor=cursor, match=match, filter=filter,
                    facet_filters=_filters(level=level, sector=sector, group=group, occupation=occupation, zone=zone,
                                           version=version),
                    resolve=resolve, sort=sort, limit=limit, want=want, tags=tags, escape=escape,
                    meaning=meaning, deadline_ms=deadline_ms)


def multi(requests: Sequence[Request[Any]], *, deadline_ms: Optional[int] = None) -> Request[t.MultiReply]:
    """Up to 16 requests, answered one after the other on one generation."""
    parts: List[Dict[str, Any]] = [{"op": request.op, **request.members} for request in requests]
    return _request("multi", requests=parts, deadline_ms=deadline_ms)


def hello() -> Request[t.HelloReply]:
    """Name, version, operations and limits of the daemon."""
    return _request("hello")


def stats() -> Request[t.StatsReply]:
    """The contents and the state of the daemon."""
    return _request("stats")


def health() -> Request[t.HealthReply]:
    """Whether the daemon can answer."""
    return _request("health")
