"""Random parameters and bodies. URLs are also translated here, by the rules of docs/http.md, and sent over ZeroMQ: both
ways must return the same answer or the same failure. SKS_LONG tries twenty times as many."""

import json
import os
import re
import sys
import tempfile
import urllib.parse

from gateway import PROGRAM, Gateway
from peer import Checks, Daemon, index
from variables import variable

try:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as some
except ImportError:
    some = None

CORPUS = variable("SKS_CORPUS")
FILTERS = ["level", "sector", "group", "occupation", "zone", "version"]
SWITCHES = ["resolve", "meaning", "partial"]
LISTS, NUMBERS, TEXTS = ["want", "tags"], ["offset", "limit", "deadline_ms"], ["q", "match", "sort", "escape", "units"]
WORDS = ["mail", "incoming mail", "rout*", '"incoming mail"', "mail AND", "(", "NEAR/3", "level:advanced", "é", "-mail", "", "a"]


class Refused(Exception):
    pass


def number(value):
    if not re.fullmatch("0|[1-9][0-9]{0,8}", value):
        raise Refused
    return int(value)


def facet(value):
    name, *parts = value.split(":")
    read = {"name": name}
    if not name or len(name.encode()) >= 160:
        raise Refused
    while parts:
        if parts[0] == "tree" and "tree" not in read:
            read["tree"] = True
        elif re.fullmatch("0|[1-9][0-9]{0,8}", parts[0]) and "limit" not in read:
            read["limit"] = int(parts[0])
        elif ":".join(parts):
            read["find"] = ":".join(parts)
            break
        else:
            raise Refused
        parts.pop(0)
    return read


def read_search(pairs):
    """The request for parameters of /v1/search."""
    request, filters, zone = {}, {}, {}
    for name, value in pairs:
        if name in FILTERS:
            if not value:
                raise Refused
            filters.setdefault(name, []).append(value)
        elif name in LISTS:
            request.setdefault(name, []).append(value)
        elif name == "facet":
            request.setdefault("facets", []).append(facet(value))
        elif name in ("zone_min", "zone_max"):
            if name[5:] in zone:
                raise Refused
            zone[name[5:]] = number(value)
        elif name in SWITCHES and name not in request and value in ("true", "false", "1", "0"):
            request[name] = value in ("true", "1")
        elif name in NUMBERS + TEXTS + ["collapse"] and name not in request:
            request[name] = number(value) if name not in TEXTS else value
        else:
            raise Refused
    if zone and "zone" in filters:
        raise Refused
    if zone:
        filters["zone"] = zone
    if filters:
        request["filter"] = filters
    if "collapse" in request:
        request["collapse"] = {"by": "occupation", "keep": request["collapse"]}
    return request


def without_time(reply):
    return {name: value for name, value in reply.items() if name not in ("v", "id", "took_us")}


def is_same(status, body, reply, alone):
    """If several parameters are invalid, any of them may be reported; for one parameter, it must be the same fault."""
    if reply["ok"]:
        return status == 200 and without_time(body) == without_time(reply)
    return status >= 400 and (not alone or (body["code"], body.get("at") if body["code"].startswith("query") else None) == (
        reply["error"]["code"], reply["error"].get("at") if body["code"].startswith("query") else None))


def strategies():
    text = some.text(some.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20)
    number_ = some.one_of(some.integers(0, 120).map(str), some.sampled_from(["", "-1", "01", "1e1", "x", "99999999999"]))
    values = {"level": some.sampled_from(["emerging", "developing", "proficient", "advanced", "novice", ""]),
              "sector": some.sampled_from(["55", "52", "31-33", "0", "finance", "fin"]), "group": some.sampled_from(["43", "29", "99", "4"]),
              "occupation": some.sampled_from(["43-9051.00", "43-", "x", "", "mail clerks", "é"]), "zone": some.sampled_from(["1", "4", "none", "6"]),
              "version": some.sampled_from(["v30.2", "none", "30", "x"]), "resolve": some.sampled_from(["true", "1", "false", "0", "yes", ""]),
              "meaning": some.sampled_from(["true", "false", "x"]), "partial": some.sampled_from(["true", "0", "x"]), "zone_min": number_, "zone_max": number_, "limit": number_, "offset": number_, "collapse": number_,
              "match": some.sampled_from(["auto", "all", "any", "none"]), "sort": some.sampled_from(["level", "-id", "score"]),
              "escape": some.sampled_from(["auto", "html", "none", "x"]), "units": some.sampled_from(["bytes", "utf16", "codepoints"]),
              "want": some.sampled_from(["marked", "explain", "x"]), "tags": some.sampled_from(["<b>", "</b>", "", "*"]),
              "facet": some.one_of(some.sampled_from(["level", "occupation:tree", "occupation:2:clerk", "sector:3:", "x", "group:0"]), text),
              "q": some.one_of(some.sampled_from(WORDS), text), "deadline_ms": some.just("30000")}
    pair = some.one_of(*[some.tuples(some.just(name), value) for name, value in values.items()])
    odd = some.tuples(some.sampled_from(["levle", "Q", "q ", "cursor", "ids", "q[]"]), text)
    pairs = some.lists(pair, max_size=5) | some.lists(pair | odd, max_size=6)
    return pairs, text


def run_tests(check, gateway, peer, most):
    pairs_, text = strategies()
    quiet = settings(max_examples=most, deadline=None, database=None, derandomize=most < 1000,
                     suppress_health_check=list(HealthCheck))
    counts = {"read": 0, "refused": 0, "answered": 0}

    @quiet
    @given(pairs_)
    def parameters(pairs):
        status, _, body = gateway.get("/v1/search?" + urllib.parse.urlencode(pairs))
        try:
            request = read_search(pairs)
        except Refused:
            counts["refused"] += 1
            assert status == 400 and json.loads(body)["code"] == "bad_request", (pairs, status, body)
            return
        reply = peer.ask(**request)
        counts["read"] += 1
        counts["answered"] += reply["ok"]
        assert is_same(status, json.loads(body), reply, len(pairs) == 1), (pairs, status, body[:500], reply)

    @quiet
    @given(some.binary(max_size=40))
    def bytes_of_url(data):
        status, _, body = gateway.get("/v1/search?" + urllib.parse.quote_from_bytes(data, safe="&=+;%"))
        assert status in (200, 400), (data, status, body)

    json_value = some.recursive(some.none() | some.booleans() | some.integers(-9, 200) | some.sampled_from(WORDS) | text,
                                lambda inner: some.lists(inner, max_size=3) | some.dictionaries(text, inner, max_size=3), max_leaves=6)
    members = some.sampled_from(["q", "filter", "limit", "facets", "want", "requests", "ids", "text", "op", "v", "id", "x"])
    paths = some.sampled_from(["search", "multi_search", "get", "similar", "compare", "crosswalk", "map", "suggest",
                               "facet_values", "analyze", "scan"])

    @quiet
    @given(paths, some.dictionaries(members, json_value, max_size=3).map(lambda body: json.dumps(body).encode()) | some.binary(max_size=40))
    def bodies(path, body):
        status, headers, answer = gateway.get(f"/v1/{path}", method="POST", body=body, Content_Type="application/json")
        assert status in (200, 400, 404), (path, body, status, answer)
        assert json.loads(answer) and headers["content-type"].startswith("application/"), (path, body, answer)

    for test in (parameters, bytes_of_url, bodies):
        fault = None
        try:
            test()
        except AssertionError as error:
            fault = error
        check.that(f"random {test.__name__}, {most}: all answers are as described", fault is None, fault)
    check.that("some random requests were refused, some were accepted, and some had answers", all(count > most / 20 for count in counts.values()), counts)


def main():
    check = Checks()
    if not PROGRAM.exists() or not some:
        print("skipped: skillsearch-http or python3-hypothesis is missing")
        return check.finish()
    with tempfile.TemporaryDirectory() as folder:
        index(folder, CORPUS)
        daemon = Daemon(folder)
        gateway = Gateway(daemon.endpoint)
        gateway.wait_ready()
        run_tests(check, gateway, daemon.peer(), 4000 if os.environ.get("SKS_LONG") else 200)
        check.that("SIGTERM ends the gateway with 0 after random requests", gateway.stop() == 0)
        daemon.stop()
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
