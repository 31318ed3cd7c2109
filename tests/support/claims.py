"""Claims that hold for any index; asked through the protocol."""

import random

LEVELS = ["emerging", "developing", "proficient", "advanced"]
FACETS = ["level", "sector", "group", "occupation", "zone", "version"]


def ask_facets(limit=1000):
    return [{"name": name, "limit": limit} for name in FACETS]


def counts_equal_totals(peer, **query):
    """The count of every shown facet value equals the total of a search filtered by it."""
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
    """Totals are equal on every page, and the pages together are one list."""
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
    """Statements that are not the first hit when their text is the query."""
    return [hit["id"] for hit in statements
            if (peer.ask(q=hit["text"], limit=1)["hits"] or [{"id": None}])[0]["id"] != hit["id"]]


def marked_words(hit):
    return [hit["text"].encode()[start:end].decode() for start, end in hit["spans"]]


def squeezed(text):
    """A text as the indexer stores it: each run of blanks is one blank."""
    return " ".join(text.split())


def wrong_occupations(peer, exports):
    """Parsed exports from which the reply to "occupation" differs."""
    wrong = []
    for export in exports:
        about, framework = export["occupation"], export["framework"]
        reply = peer.ask("occupation", occupation=about["soc"])
        wanted = {
            "soc": about["soc"], "title": squeezed(about["title"]), "zone": about["jobZone"],
            "zone_inferred": about["jobZoneInferred"], "description": squeezed(framework["contextCovered"]),
            "framework": {name: squeezed(framework[name]) for name in ("version", "description")},
            "exported_at": export["exportedAt"], "attribution": squeezed(export["attribution"]),
            "sources": [{"name": name, "text": squeezed(text)} for name, text in export["sources"].items()],
        }
        levels = [(level, framework["levels"][level]["label"],
                   [squeezed(text) for text in framework["levels"][level]["statements"]]) for level in LEVELS]
        outcome = [(level["level"], level["label"], [s["text"] for s in level["statements"]]) for level in reply["levels"]]
        if ({name: reply[name] for name in wanted} != wanted or reply["group"]["title"] != squeezed(about["group"])
                or (reply["sector"] or {}).get("code") != about["sector"] or outcome != levels
                or any([s["position"] for s in level["statements"]] != list(range(1, level["count"] + 1))
                       for level in reply["levels"])):
            wrong.append((wanted, reply))
    return wrong
