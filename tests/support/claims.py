"""Claims that hold for any index; asked through the protocol."""

import random

LEVELS = ["emerging", "developing", "proficient", "advanced"]
FACETS = ["level", "sector", "group", "occupation", "zone"]


def ask_facets(limit=1000):
    return [{"name": name, "limit": limit} for name in FACETS]


def counts_equal_totals(peer, **query):
    """For every facet value shown, its count is the total when filtered by it."""
    reply = peer.ask(limit=0, facets=ask_facets(), **query)
    wrong = []
    for facet, values in reply["facets"].items():
        for value in values:
            chosen = {**query.get("filter", {}), facet: [value["value"]]}
            total = peer.total(**{**query, "filter": chosen})
            if total != value["count"]:
                wrong.append((query, facet, value, total))
    return wrong


def random_filters(peer, seed, most=2):
    """A filter on one or two facets with values that the index has."""
    chance = random.Random(seed)
    values = peer.ask(limit=0, facets=ask_facets())["facets"]
    chosen = {}
    for facet in chance.sample(FACETS, chance.randint(1, most)):
        known = [value["value"] for value in values[facet]]
        chosen[facet] = chance.sample(known, min(len(known), chance.randint(1, 3)))
    return chosen


def pages_agree(peer, **query):
    """Totals are the same on every page, and the pages make up one list."""
    whole = peer.ask(limit=100, **query)
    ids, offset = [], 0
    while offset < min(whole["total"], 100):
        page = peer.ask(limit=7, offset=offset, **query)
        if page["total"] != whole["total"]:
            return False
        ids += [hit["id"] for hit in page["hits"]]
        offset += 7
    return ids[:100] == [hit["id"] for hit in whole["hits"]][:len(ids)]


def every_statement(peer):
    """All statements of an index of at most 10,000, in id order."""
    total = peer.ask(limit=0)["total"]
    hits = []
    for offset in range(0, total, 100):
        hits += peer.ask(sort="id", limit=100, offset=offset)["hits"]
    return hits


def scan_all(peer, **query):
    """The ids of all matches, page by page."""
    ids, cursor = [], None
    while True:
        page = peer.ask("scan", **query, **({"cursor": cursor} if cursor else {}))
        ids += [hit["id"] for hit in page["hits"]]
        cursor = page["cursor"]
        if not cursor:
            return ids if len(ids) == page["total"] else None


def not_first_for_their_own_words(peer, statements):
    """Statements that do not come first when their text is the query."""
    return [hit["id"] for hit in statements
            if (peer.ask(q=hit["text"], limit=1)["hits"] or [{"id": None}])[0]["id"] != hit["id"]]


def marked_words(hit):
    return [hit["text"].encode()[start:end].decode() for start, end in hit["spans"]]
