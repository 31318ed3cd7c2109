"""skillsearch-http from outside: bytes, parameters, failures of the daemon, exports, the end."""

import gzip
import json
import os
import pathlib
import re
import signal
import sys
import tempfile

from gateway import PROGRAM, Gateway
from peer import Checks, Daemon, Peer, index

CASES = pathlib.Path(__file__).with_name("http_cases.txt")
CORPUS = os.environ["SKS_CORPUS"]
PROBE = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
ORIGIN = "https://skills.example"


def read_cases():
    for line in CASES.read_text().splitlines():
        if not line.startswith("#"):
            name, statuses, end, text = line.split(" | ", 3)
            text = text.replace("<H>", r"Host: 127.0.0.1\r\n")
            text = re.sub(r"<a\*(\d+)>", lambda m: "a" * int(m[1]), text)
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
    check.that(f"{name}: {statuses}, {end}", right and after, got, after)


def ask(gateway, target, **more):
    status, headers, body = gateway.get(target, **more)
    return status, headers, json.loads(body) if body else None


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
        ("/v1/compare?occupation=43-9051.00&duty=misaddressed",
         {"op": "compare", "occupation": "43-9051.00", "duty": "misaddressed"}),
        ("/v1/crosswalk?occupations=25-2021.00&occupations=47-2111.00&level=advanced",
         {"op": "crosswalk", "occupations": ["25-2021.00", "47-2111.00"], "level": "advanced"}),
        ("/v1/suggest?text=mai&limit=3", {"op": "suggest", "text": "mai", "limit": 3}),
        ("/v1/facet_values?facet=group:3&q=mail", {"op": "facet_values", "facet": {"name": "group", "limit": 3}, "q": "mail"}),
        ("/v1/analyze?q=rout*", {"op": "analyze", "q": "rout*"}),
        ("/v1/scan?q=mail&limit=2", {"op": "scan", "q": "mail", "limit": 2}),
    ]
    for target, request in pairs:
        op = request["op"]
        wanted = without_time(peer.ask(**request))
        status, _, got = ask(gateway, target)
        check.that(f"GET {target.split('&')[0]} answers as the protocol does", status == 200 and without_time(got) == wanted, got)
        body = json.dumps({name: value for name, value in request.items() if name != "op"}).encode()
        status, _, got = ask(gateway, f"/v1/{op}", method="POST", body=body, Content_Type="application/json")
        check.that(f"POST {op} too", status == 200 and without_time(got) == wanted, got)
    parts = [{"op": "search", "q": "mail", "limit": 0}, {"op": "health"}]
    status, _, got = ask(gateway, "/v1/multi_search", method="POST", body=json.dumps({"requests": parts}).encode(),
                         Content_Type="application/json")
    check.that("POST multi_search answers all", status == 200 and [r["ok"] for r in got["replies"]] == [True, True], got)
    status, _, got = ask(gateway, "/v1/map", method="POST", body=b'{"text":"Route incoming mail."}', Content_Type="application/json")
    check.that("POST map answers", status == 200 and got["ok"], got)


def check_problems(check, gateway):
    for target, status, code, named in [
            ("/v1/search?q=mail+AND", 400, "query_syntax", None), ("/v1/search?levle=x", 400, "bad_request", "levle"),
            ("/v1/search?q=a&q=b", 400, "bad_request", "q"), ("/v1/search?limit=", 400, "bad_request", "limit"),
            ("/v1/search?offset=1e3", 400, "bad_request", "offset"), ("/v1/search?limit=1000", 400, "limit", "limit"),
            ("/v1/search?zone=1&zone_min=2", 400, "bad_request", "zone"), ("/v1/search?level=", 400, "bad_request", "level"),
            ("/v1/search?facet=occupation:", 400, "bad_request", "facet"), ("/v1/search?level=novice", 400, "bad_request", "level"),
            ("/v1/similar?statement=1/emerging/0", 404, "not_found", None), ("/nothing", 404, "not_found", None),
            ("/v1/export.ndjson?limit=5", 400, "bad_request", "limit"), ("/v1/export.ndjson?q=mail+AND", 400, "query_syntax", None)]:
        got, headers, body = ask(gateway, target)
        check.that(f"{target} is {status} {code}",
                   (got, headers["content-type"], body["status"], body["code"]) == (status, "application/problem+json", status, code)
                   and body["type"].endswith(f"#{code}") and (not named or named in body["detail"]), got, body)
    _, _, body = ask(gateway, "/v1/search?q=mail%20AND")
    check.that("a refused query says where", body["at"] == 5, body)
    status, headers, _ = gateway.get("/v1/multi_search")
    check.that("405 lists the methods", (status, headers["allow"]) == (405, "POST, OPTIONS"), headers)


def check_headers(check, gateway):
    status, headers, plain = gateway.get("/v1/search?q=mail&limit=5")
    etag = headers["etag"]
    check.that("a reply has a weak entity tag", re.fullmatch(r'W/"1-[0-9a-f]{16}"', etag), headers)
    check.that("the order of parameters does not matter", gateway.get("/v1/search?limit=5&q=mail")[1]["etag"] == etag)
    check.that("another query has another", gateway.get("/v1/search?limit=5&q=mails")[1]["etag"] != etag)
    for value in (etag, etag[2:], f'"x", {etag}', "*"):
        status, _, body = gateway.get("/v1/search?q=mail&limit=5", If_None_Match=value)
        check.that(f"If-None-Match: {value[:3]}... is 304", (status, body) == (304, b""), status)
    check.that("a foreign tag is 200", gateway.get("/v1/search?q=mail&limit=5", If_None_Match='"1-0"')[0] == 200)
    for accept, wanted in [("gzip", True), ("deflate, gzip;q=0.5", True), ("gzip;q=0", False), ("x-gzip", False), ("", False)]:
        _, headers, body = gateway.get("/v1/search?q=mail&limit=5", Accept_Encoding=accept)
        packed = headers.get("content-encoding") == "gzip"
        text = gzip.decompress(body) if packed else body
        check.that(f"Accept-Encoding: {accept or 'nothing'}", packed == wanted and "Accept-Encoding" in headers["vary"]
                   and without_time(json.loads(text)) == without_time(json.loads(plain)), headers)
    for _ in range(3):
        body = gateway.get("/v1/search?q=mail&limit=5", Accept_Encoding="gzip")[2]
        check.that("the stream is reset after each", without_time(json.loads(gzip.decompress(body))) == without_time(json.loads(plain)))
    status, headers, _ = gateway.get("/v1/search?q=mail", Origin=ORIGIN)
    check.that("a listed origin may read", headers.get("access-control-allow-origin") == ORIGIN and "Origin" in headers["vary"], headers)
    status, headers, _ = gateway.get("/v1/search?q=mail", Origin="https://evil.example")
    check.that("another one may not", "access-control-allow-origin" not in headers, headers)
    status, headers, _ = gateway.get("/v1/search", method="OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="POST")
    check.that("a preflight is answered", status == 204 and headers["access-control-allow-origin"] == ORIGIN
               and "POST" in headers["access-control-allow-methods"], headers)


def check_export(check, gateway, peer):
    _, headers, body = gateway.get("/v1/export.ndjson")
    lines = [json.loads(line) for line in body.decode().splitlines()]
    total = peer.total()
    check.that("an export has every statement once", len({line["id"] for line in lines}) == len(lines) == total, len(lines))
    check.that("and says how many there are", (headers["x-total-count"], headers["x-generation"]) == (str(total), "1"), headers)
    _, headers, body = gateway.get("/v1/export.ndjson?q=mail&level=emerging")
    wanted = peer.ask("scan", q="mail", filter={"level": ["emerging"]}, limit=1000)["hits"]
    check.that("filters hold for it", [json.loads(line) for line in body.splitlines()] == wanted)
    _, headers, body = gateway.get("/v1/export.ndjson?q=zzzzqqq")
    check.that("nothing found is an empty body", (headers["x-total-count"], body) == ("0", b""), headers, body)


def check_daemon_failures(check, folder):
    daemon = Daemon(folder)
    gateway = Gateway(daemon.endpoint, "--deadline-ms", "300")
    while gateway.get("/readyz")[0] != 200:
        pass
    check.that("readyz follows the daemon", True)
    os.kill(daemon.process.pid, signal.SIGSTOP)
    status, _, body = ask(gateway, "/v1/search?q=mail")
    check.that("a stopped daemon is 504", (status, body["code"]) == (504, "deadline"), body)
    while gateway.get("/readyz")[0] != 503:
        pass
    check.that("and not ready", gateway.get("/healthz")[0] == 200)
    os.kill(daemon.process.pid, signal.SIGCONT)
    while gateway.get("/readyz")[0] != 200:
        pass
    daemon.process.kill()
    daemon.process.wait()
    while (answer := ask(gateway, "/v1/search?q=mail"))[2].get("code") not in ("connect",):
        pass
    check.that("a daemon that is gone is 503 with Retry-After", answer[0] == 503 and "retry-after" in answer[1], answer)
    daemon = Daemon(folder, listen=daemon.endpoint)
    while gateway.get("/v1/search?q=mail")[0] != 200:
        pass
    check.that("and is used again when it is back", True)
    check.that("SIGTERM ends it with exit 0", gateway.stop() == 0)
    daemon.stop()


def check_fairness(check, folder):
    daemon = Daemon(folder)
    gateway = Gateway(daemon.endpoint, "--deadline-ms", "60000")
    while gateway.get("/v1/search?limit=0")[0] != 200:
        pass
    os.kill(daemon.process.pid, signal.SIGSTOP)
    raws = [gateway.connect() for _ in range(100)]
    for raw in raws:
        raw.send(b"GET /v1/search?q=mail&limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    pattern = re.compile(r"^skillsearch_http_(under_way|waiting) (\d+)$", re.M)
    refused = re.compile(r'^skillsearch_http_refused_total{reason="client"} (\d+)$', re.M)
    while int(refused.findall(text := gateway.get("/metrics")[2].decode())[0]) < 20:
        pass
    check.that("of one address 16 are under way and 64 wait", dict(pattern.findall(text)) == {"under_way": "16", "waiting": "64"}, text)
    gone = raws[:40]
    for raw in gone:
        raw.close()
    os.kill(daemon.process.pid, signal.SIGCONT)
    statuses = [raw.response()[0] for raw in raws[40:]]
    check.that("the others are 429, all that waited are answered", set(statuses) == {200, 429} and statuses.count(429) <= 20, statuses)
    for raw in raws[40:]:
        raw.close()
    while dict(pattern.findall(gateway.get("/metrics")[2].decode())) != {"under_way": "0", "waiting": "0"}:
        pass
    check.that("clients that left are no longer counted", True)
    check.that("and nothing is left behind", gateway.stop() == 0)
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
        check.that(f"SIGTERM under load ends with exit 0, {rounds} times", True)
    daemon.stop()


def main():
    check = Checks()
    if not PROGRAM.exists():
        print("skipped: skillsearch-http is not built, as libmicrohttpd-dev or zlib1g-dev is missing")
        return check.finish()
    with tempfile.TemporaryDirectory() as folder:
        index(folder, CORPUS)
        daemon = Daemon(folder)
        gateway = Gateway(daemon.endpoint, "--cors", ORIGIN)
        peer = Peer(daemon.endpoint)
        while gateway.get("/readyz")[0] != 200:
            pass
        for case in read_cases():
            check_case(check, gateway, *case)
        check_answers(check, gateway, peer)
        check_problems(check, gateway)
        check_headers(check, gateway)
        check_export(check, gateway, peer)
        check.that("it ends as asked", gateway.stop() == 0)
        daemon.stop()
        check_daemon_failures(check, folder)
        check_fairness(check, folder)
        check_end(check, folder, 100 if os.environ.get("SKS_LONG") else 5)
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
