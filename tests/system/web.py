"""skillsearch-http from outside: bytes, parameters, headers, its description, failures of the daemon, shutdown. Every
JSON answer is compared with /openapi.json."""

import gzip
import json
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import threading

import exposition
from api import Api, expected_schema
from gateway import PROGRAM, REQUEST, Gateway, run_checks
from peer import PATIENCE_S, ROOT, Daemon, Peer, Port, index
from variables import variable

CASES = pathlib.Path(__file__).with_name("http_cases.txt")
CORPUS = variable("SKS_CORPUS")
PROBE = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
ORIGIN = "https://skills.example"
WAITING = 500  # connections: more than the server accepts in one iteration, fewer than a process may have open
LONGER_THAN_STOP_S = 0.3


def read_cases():
    for line in CASES.read_text().splitlines():
        if not line.startswith("#"):
            name, statuses, end, text = line.split(" | ", 3)
            text = text.replace("<H>", r"Host: 127.0.0.1\r\n")
            text = re.sub(r"<a\*(\d+)>", lambda m: "a" * int(m[1]), text)
            text = re.sub(r"<q\*(\d+)>", lambda m: "&q" * int(m[1]), text)
            text = re.sub(r"<chunks\*(\d+)>", lambda m: (r"3e8\r\n" + "x" * 1000 + r"\r\n") * (int(m[1]) // 1000), text)
            yield name, statuses, end, text.encode().decode("unicode_escape").encode("latin-1")


def check_case(check, gateway, name, statuses, end, data):
    raw = gateway.connect()
    raw.send(data)
    got = [raw.response(end == "open-head")[0] for _ in statuses.split(",")]
    right = all(str(status or "-") in wanted.split() for status, wanted in zip(got, statuses.split(",")))
    if end.startswith("open"):
        raw.send(PROBE)
        after = raw.response()[0] == 200
    else:
        after = end == "any" or raw.is_closed()
    raw.close()
    check.that(f"{name}: status {statuses}, connection {end}", right and after, got, after)


api = None  # the description with which all answers are compared
undescribed = []


def ask(gateway, target, method="GET", **more):
    status, headers, body = gateway.get(target, method=method, **more)
    reply = json.loads(body) if body else None
    if reply is not None:
        undescribed.extend(api.answer_faults(method, target, status, headers, reply))
    return status, headers, reply


def without_time(reply):
    return {name: value for name, value in reply.items() if name not in ("v", "id", "took_us")}


def check_answers(check, gateway, peer):
    one = peer.ask(q="incoming mail", limit=1)["hits"][0]["id"]
    pairs = [
        ("/v1/search?q=mail&level=emerging&level=advanced&facet=occupation:2:clerk&limit=3&want=marked",
         {"op": "search", "q": "mail", "filter": {"level": ["emerging", "advanced"]}, "limit": 3, "want": ["marked"],
          "facets": [{"name": "occupation", "limit": 2, "find": "clerk"}]}),
        ("/v1/search?q=mail&facet=occupation:tree&zone_min=2&sector=44%E2%80%9345&sector=55&collapse=1&sort=-level&offset=1&match=any",
         {"op": "search", "q": "mail", "filter": {"zone": {"min": 2}, "sector": ["44-45", "55"]}, "sort": "-level", "offset": 1,
          "match": "any", "collapse": {"by": "occupation", "keep": 1}, "facets": [{"name": "occupation", "tree": True}]}),
        ("/v1/search", {"op": "search"}),
        (f"/v1/get?ids={one}", {"op": "get", "ids": [one]}),
        (f"/v1/similar?statement={one}&exclude=occupation&limit=2",
         {"op": "similar", "statement": one, "exclude": ["occupation"], "limit": 2}),
        ("/v1/occupation?occupation=43-9051", {"op": "occupation", "occupation": "43-9051"}),
        ("/v1/compare?occupation=43-9051.00&duty=misaddressed",
         {"op": "compare", "occupation": "43-9051.00", "duty": "misaddressed"}),
        ("/v1/crosswalk?occupations=25-2021.00&occupations=47-2111.00&level=advanced",
         {"op": "crosswalk", "occupations": ["25-2021.00", "47-2111.00"], "level": "advanced"}),
        ("/v1/suggest?text=mai&limit=3", {"op": "suggest", "text": "mai", "limit": 3}),
        ("/v1/facet_values?facet=group:3&q=mail", {"op": "facet_values", "facet": {"name": "group", "limit": 3}, "q": "mail"}),
        ("/v1/analyze?q=rout*", {"op": "analyze", "q": "rout*"}),
        ("/v1/scan?q=mail&limit=2&sort=-level", {"op": "scan", "q": "mail", "limit": 2, "sort": "-level"}),
        ("/v1/search?q=mail&resolve=true&sector=finance&occupation=elementary&occupation=mail+clerks&limit=2",
         {"op": "search", "q": "mail", "resolve": True, "filter": {"sector": ["finance"], "occupation": ["elementary", "mail clerks"]}, "limit": 2}),
        ("/v1/occupation?occupation=mail+clerks&resolve=1", {"op": "occupation", "occupation": "mail clerks", "resolve": True}),
        ("/v1/compare?occupation=mail+clerks&resolve=true&duty=misaddressed",
         {"op": "compare", "occupation": "mail clerks", "resolve": True, "duty": "misaddressed"}),
        ("/v1/crosswalk?occupations=elementary&occupations=electricians&resolve=true",
         {"op": "crosswalk", "occupations": ["elementary", "electricians"], "resolve": True}),
        (f"/v1/similar?statement={one}&sector=finance&resolve=true&limit=2",
         {"op": "similar", "statement": one, "filter": {"sector": ["finance"]}, "resolve": True, "limit": 2}),
        ("/v1/facet_values?facet=occupation:3&sector=finance&resolve=true",
         {"op": "facet_values", "facet": {"name": "occupation", "limit": 3}, "filter": {"sector": ["finance"]}, "resolve": True}),
        ("/v1/scan?sector=finance&resolve=true&limit=2", {"op": "scan", "filter": {"sector": ["finance"]}, "resolve": True, "limit": 2}),
        ("/v1/search?q=mail&version=v30.2&limit=0&facet=version",
         {"op": "search", "q": "mail", "filter": {"version": ["v30.2"]}, "limit": 0, "facets": ["version"]}),
        ("/v1/search?q=kids+trash&match=meaning&want=explain&facet=level&limit=5",
         {"op": "search", "q": "kids trash", "match": "meaning", "want": ["explain"], "facets": ["level"], "limit": 5}),
        ("/v1/search?q=kids+trash&match=any&meaning=false", {"op": "search", "q": "kids trash", "match": "any", "meaning": False}),
        ("/v1/scan?q=kids+trash&match=meaning&limit=2", {"op": "scan", "q": "kids trash", "match": "meaning", "limit": 2}),
    ]
    for target, request in pairs:
        op = request["op"]
        wanted = without_time(peer.ask(**request))
        status, _, got = ask(gateway, target)
        check.that(f"GET {target.split('&')[0]} has the same answer as the protocol", status == 200 and without_time(got) == wanted, got)
        body = json.dumps({name: value for name, value in request.items() if name != "op"}).encode()
        undescribed.extend(api.request_faults(f"/v1/{op}", json.loads(body)))
        status, _, got = ask(gateway, f"/v1/{op}", method="POST", body=body, Content_Type="application/json")
        check.that(f"POST {op} has the same answer as the protocol", status == 200 and without_time(got) == wanted, got)
    parts = [{"op": "search", "q": "mail", "limit": 0}, {"op": "health"}]
    status, _, got = ask(gateway, "/v1/multi_search", method="POST", body=json.dumps({"requests": parts}).encode(),
                         Content_Type="application/json")
    check.that("POST multi_search answers all requests", status == 200 and [r["ok"] for r in got["replies"]] == [True, True], got)
    status, _, got = ask(gateway, "/v1/map", method="POST", body=b'{"text":"Route incoming mail."}', Content_Type="application/json")
    check.that("POST map is answered", status == 200 and got["ok"], got)


def check_meaning(check, gateway):
    """match=meaning finds statements without a word of the query, and marks each of them."""
    found = {match: ask(gateway, f"/v1/search?q=kids+trash&match={match}&limit=100&facet=level")[2] for match in ("any", "meaning")}
    by = {hit["id"]: hit.get("by") for hit in found["meaning"]["hits"]}
    holding = {hit["id"] for hit in found["any"]["hits"]}
    check.that("some statements are found by meaning", "meaning" in by.values(), by)
    check.that("none of them has a word of the query", not any(value == "meaning" and id in holding for id, value in by.items()), by)
    check.that("total and facets count them, matched_all does not",
               found["meaning"]["total"] == len(by) == sum(value["count"] for value in found["meaning"]["facets"]["level"])
               and found["meaning"]["matched_all"] <= sum(value is None for value in by.values()), found["meaning"])
    check.that("near words are listed", {near["term"] for near in found["meaning"]["near"]} == {"kids", "trash"}, found["meaning"]["near"])
    without = ask(gateway, "/v1/search?q=kids+trash&match=any&meaning=false")[2]
    check.that("without meaning there are none", not without.get("near") and without["total"] == found["any"]["total"], without)
    status, _, body = ask(gateway, "/v1/search?q=kids&match=meanings")
    check.that("another word is refused", status == 400 and '"meanings"' in body["detail"], body)


def check_problems(check, gateway):
    for target, status, code, named in [
            ("/v1/search?q=mail+AND", 400, "query_syntax", None), ("/v1/search?levle=x", 400, "bad_request", "levle"),
            ("/v1/search?q=a&q=b", 400, "bad_request", "q"), ("/v1/search?limit=", 400, "bad_request", "limit"),
            ("/v1/search?%ff=1", 400, "bad_request", "no parameter"), ("/v1/search?q=a%ffb", 400, "bad_request", "q: not UTF-8"),
            ("/v1/search?" + "x%ed%a0%80" * 20 + "=1", 400, "bad_request", "no parameter"),
            ("/v1/search?" + "&".join(["level=emerging"] * 301), 400, "bad_request", "too many parameters"),
            ("/v1/search?offset=1e3", 400, "bad_request", "offset"), ("/v1/search?limit=1000", 400, "limit", "limit"),
            ("/v1/search?zone=1&zone_min=2", 400, "bad_request", "zone"), ("/v1/search?level=", 400, "bad_request", "level"),
            ("/v1/search?facet=occupation:", 400, "bad_request", "facet"), ("/v1/search?level=novice", 400, "bad_request", "level"),
            ("/v1/similar?statement=1/emerging/0", 404, "not_found", None), ("/v1/occupation?occupation=99-9999", 404, "not_found", "99-9999"),
            ("/v1/occupation", 400, "bad_request", "occupation"), ("/v1/occupation?soc=43-9051", 400, "bad_request", "soc"),
            ("/nothing", 404, "not_found", None),
            ("/v1/export.ndjson?limit=5", 400, "bad_request", "limit"), ("/v1/export.ndjson?q=mail+AND", 400, "query_syntax", None),
            ("/v1/export.csv?cursor=1", 400, "bad_request", "cursor"), ("/v1/export.csv?want=marked", 400, "bad_request", "want"),
            ("/v1/search?%3Cb%3E=1", 400, "bad_request", "<b>"), ("/v1/search?=1", 400, "bad_request", "name"),
            ("/v1/search?q", 200, None, None), ("/v1/search?zone_min=", 400, "bad_request", "zone_min"),
            ("/v1/search?collapse=0", 400, "bad_request", "keep"), ("/v1/search?collapse=1&collapse=2", 400, "bad_request", "collapse"),
            ("/v1/get", 400, "bad_request", "ids"), ("/v1/suggest", 400, "bad_request", "text"),
            ("/v1/crosswalk?occupations=43-9051.00", 400, "bad_request", "occupations"),
            ("/v1/search?facet=a:b:tree:5", 400, "bad_request", "facet"), ("/v1/search?resolve=yes&level=x", 400, "bad_request", "resolve"),
            ("/v1/search?resolve=true&sector=finanse", 400, "bad_request", "Finance and Insurance"), ("/v1/suggest?text=a&resolve=1", 400, "bad_request", "resolve"),
            ("/v1/occupation?occupation=postal+zzz&resolve=true", 404, "not_found", "postal zzz"), ("/v1/scan?sort=relevence", 400, "bad_request", "sort"),
            ("/v1/export.csv?sort=x", 400, "bad_request", "sort"), ("/v1/search?resolve=true&resolve=true", 400, "bad_request", "resolve"), ("/v1/search?level=emerging&level=emerging", 200, None, None)]:
        got, headers, body = ask(gateway, target)
        if status == 200:
            check.that(f"{target} is answered", got == 200, got, body)
            continue
        check.that(f"{target} has status {status} and code {code}",
                   (got, headers["content-type"], body["status"], body["code"]) == (status, "application/problem+json", status, code)
                   and body["type"].endswith(f"#{code}") and (not named or named in body["detail"]), got, body)
    _, _, body = ask(gateway, "/v1/search?q=mail%20AND")
    check.that("a refused query has the place of the error", body["at"] == 5, body)
    check_shown(check, gateway)
    check_places(check, gateway)
    check_reserved(check, gateway)
    check_types(check, gateway)
    status, _, body = ask(gateway, "/v1/search?q=mail", method="POST", body=b"{}", Content_Type="application/json")
    check.that("a POST with a parameter in its URL has status 400", status == 400 and body["detail"].startswith("q:"), body)
    for size, status in ((65536, 400), (65537, 413)):
        body = b'{"ids":["%s"]}' % (b"x" * (size - len('{"ids":[""]}')))
        got, _, problem = ask(gateway, "/v1/get", method="POST", body=body, Content_Type="application/json")
        check.that(f"a body of {size} bytes has status {status}, not that of too many requests",
                   (got, problem["code"]) == (status, "limit" if status == 400 else "body_size"), got, problem)
    status, headers, _ = gateway.get("/v1/multi_search")
    check.that("an answer with 405 lists the allowed methods", (status, headers["allow"]) == (405, "POST, OPTIONS"), headers)


HIDDEN = "%1b%5b2J%c2%9b2J%e2%80%ae%e2%81%a6%7f%0a"  # interpreted by terminals, or changes the direction of text


def check_shown(check, gateway):
    """Messages escape control characters and direction marks that they quote from a request, also after decoding its
    JSON."""
    one = "43-9051.00"
    for target in [f"/v1/search?{HIDDEN}=1", f"/v1/search?level={HIDDEN}", f"/v1/search?facet={HIDDEN}", f"/v1/search?sort={HIDDEN}",
                   f"/v1/search?match={HIDDEN}", f"/v1/search?want={HIDDEN}", f"/v1/search?limit={HIDDEN}", f"/v1/search?zone={HIDDEN}",
                   f"/v1/search?q=level:{HIDDEN}", f"/v1/search?q={HIDDEN}+AND", f"/v1/search?units={HIDDEN}", f"/v1/search?tags={HIDDEN}",
                   f"/v1/search?collapse={HIDDEN}", f"/v1/occupation?occupation={HIDDEN}", f"/v1/similar?statement={HIDDEN}",
                   f"/v1/similar?statement={HIDDEN}&exclude={HIDDEN}", f"/v1/scan?cursor={HIDDEN}", f"/v1/facet_values?facet={HIDDEN}",
                   f"/v1/compare?occupation={HIDDEN}", f"/v1/crosswalk?occupations={HIDDEN}&occupations={one}",
                   f"/v1/crosswalk?occupations={one}&occupations={one}&level={HIDDEN}", f"/metrics?{HIDDEN}=1", f"/metrics?daemon={HIDDEN}",
                   f"/v1/export.csv?{HIDDEN}=1", f"/v1/export.csv?want={HIDDEN}", f"/{HIDDEN}", f"/v1/search{HIDDEN}"]:
        status, headers, body = ask(gateway, target)
        check.that(f"{target.replace(HIDDEN, '...')}: the message is one line without control characters", status in (400, 404) and body["detail"].isprintable()
                   and headers["x-content-type-options"] == "nosniff" and headers["content-type"] == "application/problem+json", status, body)
    for body in (b'{"\\u001b\\u009b\\u202e":1}', b'{"filter":{"level":["\\u001b\\u009b\\u202e<b>"]}}'):
        status, _, got = ask(gateway, "/v1/search", method="POST", body=body, Content_Type="application/json")
        check.that("messages about a body are one line without control characters", status == 400 and got["detail"].isprintable(), got)


def check_reserved(check, gateway):
    """Members that the gateway sends itself."""
    for op, body, name, at in [("search", '{"op":"health"}', "op", 1), ("search", ' { "q":"a,{", "v" :1}', "v", 14), ("get", '{"ids":["1/emerging/0"],"id":"1"}', "id", 24),
                               ("search", '{"\\u006fp":"search"}', "op", 1), ("search", '{"i\\u0064":""}', "id", 1), ("map", '{"text":"\\"","op":1}', "op", 13),
                               ("multi_search", '{"requests":[{"op":"health"}],"op":"multi"}', "op", 30), ("search", '{"filter":{"level":["emerging"]},"v":1}', "v", 33)]:
        status, _, got = ask(gateway, f"/v1/{op}", method="POST", body=body.encode(), Content_Type="application/json")
        check.that(f"{body}: {name} is refused in a body", (status, got["code"], got.get("at")) == (400, "bad_request", at)
                   and f'"{name}"' in got["detail"] and "twice" not in got["detail"] and "server" in got["detail"], got)
    for body in ('{"q":"op","want":["marked"]}', '{"q":"\\"op\\":"}', '{"q":",\\"v\\":{"}'):
        status, _, got = ask(gateway, "/v1/search", method="POST", body=body.encode(), Content_Type="application/json")
        check.that(f"{body} is accepted, as it has these words only in values", "server" not in got.get("detail", ""), got)


def check_types(check, gateway):
    """The type of a problem is a URL of the server that explains it."""
    page = gateway.get("/problems")[2].decode()
    for code in api.document["components"]["schemas"]["problem"]["properties"]["code"]["enum"]:
        check.that(f"/problems#{code} exists", page.count(f'id="{code}"') == 1)
    kind = ask(gateway, "/nothing")[2]["type"]
    path, _, anchor = kind.partition("#")
    check.that("the type of a problem leads to its explanation", gateway.get(path)[0] == 200 and f'id="{anchor}"' in page, kind)


def check_places(check, gateway):
    """"at" of an invalid body is a byte of the body as sent."""
    for body, at in [('{"q": nope}', 6), ('  \n{"q": nope}', 9), ('{"q":"a",}', 9), ('{}x}', 2), ('{"q":"a"}{"q":"b"}', 9), ('{"q":"\x01"}', 6),
                     ('{"limit":' + "[" * 40 + "]" * 40 + "}", 24), ('{"q":"mail AND"}', 5), ('{"q":1}', None), ('{"é":"\\ud800"}', 7)]:
        status, _, got = ask(gateway, "/v1/search", method="POST", body=body.encode(), Content_Type="application/json")
        check.that(f"{body[:20]!r}: at is {at}", status == 400 and got.get("at") == at, got)
    for body in (b"", b"[]", b"{", b"}", b'"{}"', b"{}\0{}", b"null", b"{\"q\":\"}"):
        status, _, got = ask(gateway, "/v1/search", method="POST", body=body, Content_Type="application/json")
        check.that(f"{body!r} is refused, as it is not an object", status == 400 and got["code"] == "bad_request", got)
    for body in (b"{}", b" { } ", b'\t{"limit":0}\r\n'):
        status, _, got = ask(gateway, "/v1/search", method="POST", body=body, Content_Type="application/json")
        check.that(f"{body!r} is answered", status == 200 and got["ok"], got)


def check_headers(check, gateway):
    status, headers, plain = gateway.get("/v1/search?q=mail&limit=5")
    etag = headers["etag"]
    check.that("a reply has a weak entity tag", re.fullmatch(r'W/"1-[0-9a-f]{16}"', etag), headers)
    check.that("the order of parameters does not matter", gateway.get("/v1/search?limit=5&q=mail")[1]["etag"] == etag)
    check.that("another query has another entity tag", gateway.get("/v1/search?limit=5&q=mails")[1]["etag"] != etag)
    for value in (etag, etag[2:], f'"x", {etag}', "*"):
        status, _, body = gateway.get("/v1/search?q=mail&limit=5", If_None_Match=value)
        check.that(f"If-None-Match: {value[:3]}... has status 304", (status, body) == (304, b""), status)
    for value in ('"a,*"', '"x", "*"', "*x", f'"a,{etag[2:]}"', f'"a, W/{etag[2:]}', etag[3:-1], '"open', ""):
        check.that(f"If-None-Match: {value[:8]} has status 200", gateway.get("/v1/search?q=mail&limit=5", If_None_Match=value)[0] == 200)
    for value in (f'"a,b",{etag}', f' , {etag} ,"z"', " * "):
        got = gateway.get("/v1/search?q=mail&limit=5", If_None_Match=value, Origin=ORIGIN)
        check.that(f"If-None-Match: {value[:8]}... has status 304 and the headers that a cache needs", got[0] == 304 and got[1]["etag"] == etag
                   and got[1]["cache-control"] == "no-cache" and got[1]["vary"] == headers["vary"], got)
    check.that("an unknown entity tag has status 200", gateway.get("/v1/search?q=mail&limit=5", If_None_Match='"1-0"')[0] == 200)
    for accept in ("identity", "gzip"):
        size = int(gateway.get("/v1/search?q=mail&limit=5", Accept_Encoding=accept)[1]["content-length"])
        got = gateway.get("/v1/search?q=mail&limit=5", Accept_Encoding=accept, If_None_Match=etag)
        check.that(f"{accept}: a 304 has no body, and the size of the reply's", got[0] == 304 and not got[2] and "content-encoding" not in got[1]
                   and abs(int(got[1]["content-length"]) - size) < 16, got, size)  # the times in them differ
    raw = gateway.connect()
    raw.send(2 * f"GET /v1/search?q=mail&limit=5 HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: {etag}\r\n\r\n".encode())
    check.that("a connection serves further requests after a 304", [raw.response()[0], raw.response()[0], raw.ask_again()] == [304, 304, 200])
    raw.close()
    for accept, wanted in [("gzip", True), ("deflate, gzip;q=0.5", True), ("gzip;q=0", False), ("gzip;q=0.000;x=1", False), ("gzip ;\tQ=0.", False), ("gzip;q=0, *", False), ("gzip;q=0.001", True), ("x-gzip", False), ("", False)]:
        _, headers, body = gateway.get("/v1/search?q=mail&limit=5", Accept_Encoding=accept)
        packed = headers.get("content-encoding") == "gzip"
        text = gzip.decompress(body) if packed else body
        check.that(f"Accept-Encoding {accept or 'without a value'} selects the encoding", packed == wanted and "Accept-Encoding" in headers["vary"]
                   and without_time(json.loads(text)) == without_time(json.loads(plain)), headers)
    for _ in range(3):
        body = gateway.get("/v1/search?q=mail&limit=5", Accept_Encoding="gzip")[2]
        check.that("the compression stream is reset after each answer", without_time(json.loads(gzip.decompress(body))) == without_time(json.loads(plain)))
    status, headers, _ = gateway.get("/v1/search?q=mail", Origin=ORIGIN)
    check.that("a listed origin may read answers", headers.get("access-control-allow-origin") == ORIGIN and "Origin" in headers["vary"], headers)
    check.that("and when to try again", "Retry-After" in headers["access-control-expose-headers"].split(", "), headers)
    status, headers, _ = gateway.get("/v1/search?q=mail", Origin="https://evil.example")
    check.that("another origin may not read answers", "access-control-allow-origin" not in headers, headers)
    status, headers, _ = gateway.get("/v1/search", method="OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="POST")
    check.that("a preflight is answered", status == 204 and headers["access-control-allow-origin"] == ORIGIN
               and "POST" in headers["access-control-allow-methods"], headers)


def members_of(parameters):
    """The members of a request for which there are parameters."""
    members, filters = set(parameters), {"level", "sector", "group", "occupation", "zone", "version"}
    if filters <= members:
        members = members - filters - {"zone_min", "zone_max"} | {"filter"}
    return {"facets" if name == "facet" and "collapse" in members else name for name in members}


def check_description(check, operations):
    """The document at /openapi.json: complete, current, and without dangling references."""
    document = api.document
    check.that("/openapi.json is OpenAPI 3.1 and has this version", document["openapi"] == "3.1.0" and re.match(r"\d", document["info"]["version"]))
    dead = []
    for reference in set(api.references()):
        try:
            api.resolve(reference)
        except (KeyError, TypeError):
            dead.append(reference)
    check.that("no reference in /openapi.json is dangling", not dead, dead)
    schemas = document["components"]["schemas"]
    old = [name for name in schemas if schemas[name] != expected_schema(name)]
    check.that(f"the {len(schemas)} schemas in /openapi.json equal those of docs/schema", not old and len(schemas) > 10, old)
    paths = {"multi": "/v1/multi_search"}
    missing = [op for op in operations if op not in ("hello", "stats", "health")
               and f"reply-{op}" not in json.dumps(document["paths"].get(paths.get(op, f"/v1/{op}"), {}))]
    check.that("every operation of the daemon except hello, stats and health has a path", not missing, missing)
    page = (ROOT / "docs" / "http.md").read_text()
    lacking = [path for path in document["paths"] if path not in page and path.split("/")[-1] not in page]
    check.that("docs/http.md has every path", not lacking, lacking)
    defs = schemas["request"]["$defs"]
    for path, methods in document["paths"].items():
        if "post" not in methods or "get" not in methods:
            continue
        op = methods["post"]["requestBody"]["content"]["application/json"]["schema"]["allOf"][0]["$ref"].split("/")[-1]
        needed = {parameter["name"] for parameter in methods["get"]["parameters"] if parameter["required"]}
        check.that(f"GET {path} requires what the request requires", needed == set(defs[op].get("required", [])), needed)
        members = members_of(parameter["name"] for parameter in methods["get"]["parameters"])
        check.that(f"GET {path} accepts all that the request accepts", members == {*defs[op]["properties"], "deadline_ms", "units"} - {"op"},
                   members ^ {*defs[op]["properties"], "deadline_ms", "units"})
    for path, lacks in [("ndjson", set()), ("csv", {"escape", "tags", "units"}), ("tsv", {"escape", "tags", "units"})]:
        members = members_of(parameter["name"] for parameter in document["paths"][f"/v1/export.{path}"]["get"]["parameters"])
        wanted = {*defs["scan"]["properties"], "deadline_ms", "units"} - {"op", "cursor", "limit"} - lacks
        check.that(f"/v1/export.{path} accepts what scan accepts, except limit and cursor, and columns", members == wanted | {"columns"}, members ^ wanted)
    for path, more in [("case1.0", {"base_uri", "creator"}), ("case1.1", {"base_uri", "creator"}), ("ctdl", {"base_uri", "creator", "publisher"}),
                       ("rsd", {"base_uri", "creator"}), ("md", set())]:
        members = members_of(parameter["name"] for parameter in document["paths"][f"/v1/export.{path}"]["get"]["parameters"])
        check.that(f"/v1/export.{path} accepts what selects statements, and its own options",
                   members == {"q", "match", "meaning", "filter", "resolve", "deadline_ms"} | more, members)
    names = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
    check.that("operation ids are unique", len(names) == len(set(names)), names)
    check.that("the description refuses a body with an unknown member",
               api.request_faults("/v1/search", {"op": "search"}) and api.request_faults("/v1/search", {"levle": 1})
               and not api.request_faults("/v1/search", {"q": "mail", "units": "utf16", "deadline_ms": 5}))


def check_validators(check, gateway):
    """Two external validators. `make openapi-tools` installs them from npm."""
    tools = ROOT / "build" / "openapi"
    if not shutil.which("node") or not (tools / "node_modules").exists():
        print("skipped: the validators of OpenAPI are missing; make openapi-tools installs them")
        return
    document = tools / "openapi.json"
    for bogus in (False, True):
        document.write_text(json.dumps({**api.document, **({"bogus": 1} if bogus else {})}))
        for command in (["npx", "--no-install", "redocly", "lint", "openapi.json"], ["node", "validate.mjs", "openapi.json"]):
            run = subprocess.run(command, cwd=tools, capture_output=True, text=True, check=False,
                                 env={**os.environ, "REDOCLY_TELEMETRY": "off"})
            check.that(f"{command[-2]} {command[-3] if command[0] == 'npx' else ''}: "
                       f"{'a bogus member is refused' if bogus else 'valid'}", (run.returncode != 0) == bogus, run.stdout[-1500:], run.stderr[-500:])


def check_metrics(check, gateway):
    own = gateway.get("/metrics")[2].decode()
    both = gateway.get("/metrics?daemon=1")[2].decode()
    for name, text in (("the gateway's", own), ("the gateway's and the daemon's", both)):
        check.that(f"{name} figures have the text format of Prometheus", not exposition.faults(text), exposition.faults(text))
    check.that("/metrics has the daemon's figures on request", "\nskillsearch_statements " not in own and "\nskillsearch_statements 560\n" in both)
    check.that("/metrics reports that the daemon is up", "\nskillsearch_http_daemon_up 1\n" in own)
    check.that("/metrics counts answers by path and status", re.search(r'requests_total{path="/v1/search",code="200"} [1-9]', own), own)
    for target, named in (("/metrics?daemon=0", "daemon"), ("/metrics?demon=1", "demon")):
        status, _, body = ask(gateway, target)
        check.that(f"{target} has status 400", status == 400 and named in body["detail"], body)


def check_daemon_failures(check, folder):
    """One gateway while the daemon is stopped, missing, and back."""
    port = Port()
    daemon = Daemon(folder, listen=port.endpoint)
    gateway = Gateway(daemon.endpoint, "--deadline-ms", "300")
    while gateway.get("/readyz")[0] != 200:
        pass
    check.that("/readyz follows the state of the daemon", True)
    os.kill(daemon.process.pid, signal.SIGSTOP)
    status, _, body = ask(gateway, "/v1/search?q=mail")
    check.that("a stopped daemon causes status 504", (status, body["code"]) == (504, "deadline"), body)
    while gateway.get("/readyz")[0] != 503:
        pass
    check.that("with a stopped daemon the gateway is not ready", gateway.get("/healthz")[0] == 200)
    os.kill(daemon.process.pid, signal.SIGCONT)
    while gateway.get("/readyz")[0] != 200:
        pass
    daemon.process.kill()
    daemon.process.wait()
    while (answer := ask(gateway, "/v1/search?q=mail"))[2].get("code") not in ("connect",):
        pass
    check.that("a missing daemon causes status 503 with Retry-After", answer[0] == 503 and "retry-after" in answer[1], answer)
    while "\nskillsearch_http_daemon_up 0\n" not in (text := gateway.get("/metrics?daemon=1")[2].decode()):
        pass
    check.that("without a daemon /metrics still has the gateway's figures", not exposition.faults(text) and "skillsearch_statements" not in text, text)
    daemon = Daemon(folder, listen=port.endpoint)
    while gateway.get("/v1/search?q=mail")[0] != 200:
        pass
    check.that("the gateway uses the daemon again after it returns", True)
    address = gateway.url.removeprefix("http://")
    second = subprocess.run([PROGRAM, "--listen", address], capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    check.that("an address in use is reported with the option that chooses another", second.returncode == 1
               and f"cannot serve {address}: Address already in use; --listen ADDRESS:PORT chooses another" in second.stderr, second)
    check.that("SIGTERM ends the gateway with 0", gateway.stop() == 0)
    daemon.stop()


def check_end(check, folder, rounds):
    daemon = Daemon(folder)
    for _ in range(rounds):
        gateway = Gateway(daemon.endpoint)
        while gateway.get("/v1/search?limit=0")[0] != 200:
            pass
        raws = [gateway.connect() for _ in range(20)]
        for raw in raws:
            raw.send(b"GET /v1/search?q=mail HTTP/1.1\r\nHost: localhost\r\n\r\n" * 5)
        first = [raw.response()[0] for raw in raws]
        gateway.process.terminate()
        rest = [raw.response()[0] for raw in raws for _ in range(4)]
        code = gateway.process.wait(timeout=60)
        if code != 0 or set(first) != {200} or not set(rest) <= {200, 429, 503, 0}:
            check.that("SIGTERM under load", False, code, first, rest)
            break
        for raw in raws:
            raw.close()
    else:
        check.that(f"SIGTERM under load ends the gateway with 0, {rounds} times", True)
    daemon.stop()


def ask_until_closed(raw, answers):
    """Send one request after the other on one connection, until an answer has "Connection: close"."""
    headers = {}
    while headers.get("connection") != "close":
        raw.send(REQUEST)
        status, headers, _ = raw.response()
        answers.append(status)
        if status == 0:
            break
    raw.close()


def check_last_requests(check, folder, rounds):
    """When the server ends, a kept connection is closed only after an answer with "Connection: close"."""
    daemon, answers, codes = Daemon(folder), [], set()
    for _ in range(rounds):
        gateway = Gateway(daemon.endpoint)
        gateway.wait_ready()
        before = len(answers)
        clients = [threading.Thread(target=ask_until_closed, args=(gateway.connect(), answers), daemon=True) for _ in range(16)]
        for client in clients:
            client.start()
        while len(answers) < before + 100:
            pass
        gateway.process.terminate()
        for client in clients:
            client.join()
        codes.add(gateway.process.wait(timeout=60))
    check.that("every request on a kept connection is answered until an answer has \"Connection: close\"", set(answers) <= {200, 503} and codes == {0},
               {status: answers.count(status) for status in set(answers)}, codes)
    daemon.stop()


def check_unaccepted(check, folder):
    """Connections in the kernel's queue that the server has not accepted when it receives SIGTERM. The server is
    stopped for longer than it waits for clients that sent nothing."""
    daemon = Daemon(folder)
    gateway = Gateway(daemon.endpoint)
    gateway.wait_ready()
    os.kill(gateway.process.pid, signal.SIGSTOP)
    raws = [gateway.connect() for _ in range(WAITING)]
    for raw in raws:
        raw.send(REQUEST)
    gateway.process.terminate()
    os.kill(gateway.process.pid, signal.SIGCONT)
    select.select([raw.socket for raw in raws], [], [], PATIENCE_S)
    os.kill(gateway.process.pid, signal.SIGSTOP)
    select.select([], [], [], LONGER_THAN_STOP_S)
    os.kill(gateway.process.pid, signal.SIGCONT)
    statuses = [raw.response()[0] for raw in raws]
    check.that("a connection that waits to be accepted is answered before the server ends", set(statuses) <= {200, 503},
               {status: statuses.count(status) for status in set(statuses)})
    check.that("connections without a request do not delay the end of the server", gateway.process.wait(timeout=60) == 0)
    for raw in raws:
        raw.close()
    daemon.stop()


def main(check, folder):
    global api
    index(folder, CORPUS)
    daemon = Daemon(folder)
    gateway = Gateway(daemon.endpoint, "--cors", ORIGIN)
    peer = Peer(daemon.endpoint)
    while gateway.get("/readyz")[0] != 200:
        pass
    api = Api(json.loads(gateway.get("/openapi.json")[2]))
    check_description(check, peer.ask("hello")["operations"])
    check_validators(check, gateway)
    for case in read_cases():
        check_case(check, gateway, *case)
    check_answers(check, gateway, peer)
    check_meaning(check, gateway)
    check_problems(check, gateway)
    check_headers(check, gateway)
    check_metrics(check, gateway)
    check.that("SIGTERM ends the gateway with 0 after all requests", gateway.stop() == 0)
    daemon.stop()
    check_daemon_failures(check, folder)
    check_end(check, folder, 100 if os.environ.get("SKS_LONG") else 5)
    check_unaccepted(check, folder)
    check_last_requests(check, folder, 100 if os.environ.get("SKS_LONG") else 5)
    check.that("every JSON answer matches /openapi.json", not undescribed, undescribed[:5])


if __name__ == "__main__":
    sys.exit(run_checks(main))
