"""bench_deadlines.py INDEX: how soon a worker is free after a deadline, one JSON line per request.

For each operation the most expensive requests that are accepted: the most words, the
longest lists, what matches everything, and the longest statements that INDEX has. Each is sent to a daemon with one
worker: with a deadline of 100 ms right after the start, when no posting list is decoded; twice with 60 s; with 100 ms;
and with a quarter, half and three quarters of the time that it took, if that was less. A second request waits for the
worker. "after_ms" is the time from a deadline until the second one is answered; the worst of all requests that were cut
off.

INDEX should have a million statements, among them a few occupations with the longest statements that are allowed, and
with as many as can be compared: HOSTILE names at least two of these occupations, "SOC SOC ...". MODES names operations;
all if it is empty. DAEMON holds further options of the daemon, such as "--vectors FILE"."""

import json
import os
import string
import sys
import time

import zmq

from peer import Daemon

DEADLINE_MS = 100
MOST_MS = 60_000
OPTIONS = os.environ.get("DAEMON", "").split()


class Asker:
    """One connection, on which requests arrive in the order of sending."""

    def __init__(self, endpoint):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.rcvtimeo = 10 * MOST_MS
        self.socket.connect(endpoint)
        self.ask(op="health")

    def send(self, **request):
        self.socket.send(json.dumps({"v": 1, **request}).encode())

    def ask(self, **request):
        self.send(**request)
        return json.loads(self.socket.recv())

    def measure(self, request, deadline_ms):
        """The code and size of the reply, and the milliseconds until the worker is free, that is, until a second
        request that waits for it is answered."""
        began, replies = time.monotonic(), {}
        self.send(**{**request, "id": "measured", "deadline_ms": deadline_ms})
        self.send(op="get", id="waiting", ids=["none"], deadline_ms=MOST_MS)
        while len(replies) < 2:
            data = self.socket.recv()
            at, reply = time.monotonic(), json.loads(data)
            replies[reply["id"]] = (reply, len(data), (at - began) * 1000)
        reply, size, _ = replies["measured"]
        late = any(not part["ok"] and part["error"]["code"] == "deadline" for part in reply.get("replies", []))
        code = "deadline" if late else "ok" if reply["ok"] else reply["error"]["code"]
        return code, size, replies["waiting"][2]


# ---------------------------------------------------------------- requests
def frequent_words(asker):
    counts = {}
    for letter in string.ascii_lowercase:
        for word in asker.ask(op="suggest", text=letter, limit=20, deadline_ms=MOST_MS)["words"]:
            counts[word["text"]] = word["count"]
    return [word for word in sorted(counts, key=counts.get, reverse=True) if word.isascii()]


def prefixes(asker):
    """Prefixes that stand for many words, but not for more than are allowed."""
    found = []
    for first in string.ascii_lowercase:
        for second in string.ascii_lowercase:
            for third in ("", *"aeiourst"):
                reply = asker.ask(op="analyze", q=first + second + third + "*")
                if reply["ok"]:
                    word = reply["words"][0]
                    found.append((len(word["expansions"]), first + second + third + "*"))
    return [prefix for _, prefix in sorted(found, reverse=True)[:4]]


def fitting(words, most=2000):
    """As many words as a query may have."""
    while len(words) > 64 or len(" ".join(words)) > most:
        words = words[:-1]
    return " ".join(words)


def text_of(asker, soc):
    """The words of an occupation's first statement."""
    return asker.ask(op="scan", q=f"soc:{soc}", limit=1, deadline_ms=MOST_MS)["hits"][0]["text"].split()


def near_of(asker, soc):
    """Eight NEARs of phrases, 63 words in all, from the first statement of an occupation."""
    text = text_of(asker, soc)
    distinct = sorted(set(text[:200]), key=text.count, reverse=True)
    return " NEAR/64 ".join(f'"{a} {b} {a}"' if len(distinct) < 10 else a
                            for a, b in zip((distinct * 9)[:9], (distinct * 9)[1:10]))


def requests(asker, hostile):
    words, begun = frequent_words(asker), " OR ".join(prefixes(asker))
    common = fitting(words)
    stops = "the of to in for on with and a is by at as or an be from that are it".split()
    near = " NEAR/64 ".join([*stops[:3], *words[:6]])
    phrases = " OR ".join(f'"{a} {b} {c}"' for a, b, c in zip(stops * 3, stops[1:] * 3, (stops[2:] * 3)[:20]))
    titles = " ".join(f"title:{word}*" for word in words[:4]) + " OR " + " OR ".join(f"title:{w}" for w in words[:40])
    letters = " ".join(string.ascii_lowercase + string.ascii_lowercase)[:128]
    everything = {"limit": 100, "want": ["marked", "explain"],
                  "facets": [{"name": name, "limit": 1000} for name in ("level", "sector", "group", "zone")]
                  + [{"name": "occupation", "limit": 1000, "tree": True, "find": letters}]}
    longest = asker.ask(op="scan", q=f"soc:{hostile[0]}", limit=100, deadline_ms=MOST_MS)["hits"]
    longest.sort(key=lambda hit: -len(hit["text"]))
    own = fitting(longest[0]["text"].split()[:32])  # a word of letters and digits counts as its pieces, too
    nears = [(soc, f"soc:{soc} AND (" + near_of(asker, soc) + ")") for soc in hostile]
    misspelt = " ".join(word[:3] + "q" + word[3:] for word in words if len(word) > 8)[:300]
    long_words = [word for word in dict.fromkeys(text_of(asker, hostile[-1])) if word.isalpha() and len(word) > 8][:3]
    sentences = ".\n\n".join(" ".join(word.capitalize() for word in words[i % 50:i % 50 + 30]) for i in range(100))
    named = {name: [f"{i:02d}" for i in range(11, 99)] for name in ("sector", "group")}
    named["occupation"] = [f"{i:02d}-{k}" for i in range(11, 54) for k in range(1, 7)][:256]
    searches = {
        "64 common words, any, all facets": {"q": common, "match": "any", **everything},
        "64 common words, relaxed": {"q": common, "limit": 100},
        "prefixes": {"q": begun, "limit": 100, "want": ["explain"]},
        "NEAR of stop words": {"q": near, "limit": 100},
        "phrases of stop words": {"q": phrases, "limit": 100},
        "titles": {"q": titles, "limit": 100},
        **{f"NEAR in the statements of {soc}": {"q": q, "limit": 100, "want": ["marked"]} for soc, q in nears},
        "words of the longest statement": {"q": own, "match": "any", "limit": 100, "want": ["explain", "marked"]},
        "misspelt duties": {"q": " ".join("duty:" + word for word in misspelt.split()), "limit": 10},
        "misspelt words of the longest duties": {"q": " ".join(f"duty:{word[:-1]}" for word in long_words)},
        "256 values a filter": {"q": "", "filter": named, **everything},
        "by occupation, last page": {"q": common, "match": "any", "sort": "-occupation", "offset": 9900, "limit": 100,
                                     "collapse": {"by": "occupation", "keep": 10}},
    }
    search = [{"op": "search", "name": name, **request} for name, request in searches.items()]
    scans = [{"op": "scan", "name": "1,000 long hits", "q": own, "match": "any", "limit": 1000},
             *({"op": "scan", "name": f"1,000 hits of NEAR in {soc}", "q": q, "limit": 1000} for soc, q in nears[2:3]),
             {"op": "scan", "name": "a filter that rejects everything", "q": common, "match": "any", "limit": 1000,
              "filter": {"sector": ["99"], "level": ["advanced"]}}]
    pair = hostile[:2]
    others = [
        {"op": "get", "name": "100 long statements", "ids": [hit["id"] for hit in longest[:100]]},
        {"op": "facet_values", "name": "words to find", "q": common, "match": "any",
         "facet": {"name": "occupation", "find": letters, "limit": 1000}},
        {"op": "facet_values", "name": "all, as a tree", "q": common, "match": "any",
         "facet": {"name": "occupation", "tree": True, "limit": 1000}},
        {"op": "similar", "name": "to the longest statement", "statement": longest[0]["id"], "limit": 100},
        {"op": "compare", "name": "the longest statements", "occupation": pair[0]},
        {"op": "compare", "name": "the same with a duty", "occupation": pair[0], "duty": own[:120]},
        {"op": "crosswalk", "name": "the longest statements", "occupations": pair},
        *({"op": "occupation", "name": f"all statements of {soc}", "occupation": soc} for soc in hostile),
        {"op": "map", "name": "100 sentences", "text": sentences[:32000], "limit": 100},
        {"op": "suggest", "name": "one letter", "text": "a", "limit": 20},
        {"op": "suggest", "name": "stop words and a beginning", "text": "the of to and s", "limit": 20},
        {"op": "analyze", "name": "NEAR of stop words", "q": near},
        {"op": "analyze", "name": "phrases of stop words", "q": phrases},
    ]
    parts = [{key: value for key, value in request.items() if key != "name"} for request in search[:5] + others[4:5]]
    multi = [{"op": "multi", "name": "16 of the above", "requests": (parts * 3)[:16]}]
    compared = {"op": "compare", "occupation": pair[0]}
    multi.append({"op": "multi", "name": "16 comparisons", "requests": [compared] * 16})
    return search + scans + others + multi


# --------------------------------------------------------------- measuring
def measure(index, request):
    name = request.pop("name")
    daemon = Daemon(index, "--workers", "1", *OPTIONS)
    asker = Asker(daemon.endpoint)
    runs = [(DEADLINE_MS, asker.measure(request, DEADLINE_MS))]
    first_ms = asker.measure(request, MOST_MS)[2]
    code, size, whole_ms = asker.measure(request, MOST_MS)
    if code == "bad_request":
        sys.exit(f"bench_deadlines.py: {name}: refused")
    runs.append((DEADLINE_MS, asker.measure(request, DEADLINE_MS)))
    for share in (0.25, 0.5, 0.75):
        deadline_ms = int(whole_ms * share)
        if 0 < deadline_ms < DEADLINE_MS:
            runs.append((deadline_ms, asker.measure(request, deadline_ms)))
    cut = [max(0.0, run[2] - deadline_ms) for deadline_ms, run in runs if run[0] == "deadline"]
    print(json.dumps({"run": "deadlines", "op": request["op"], "name": name, "bytes": len(json.dumps(request)),
                      "code": code, "reply_bytes": size, "first_ms": round(first_ms, 1), "whole_ms": round(whole_ms, 1),
                      "cut": len(cut), "after_ms": round(max(cut, default=0), 1)}), flush=True)
    daemon.stop()


def main():
    index, hostile = sys.argv[1], os.environ.get("HOSTILE", "").split()
    if len(hostile) < 2:
        sys.exit("bench_deadlines.py: HOSTILE names two occupations at least")
    daemon = Daemon(index, "--workers", "1", *OPTIONS)
    cases = requests(Asker(daemon.endpoint), hostile)
    daemon.stop()
    wanted = os.environ.get("MODES", "").split()
    for request in cases:
        if not wanted or request["op"] in wanted:
            measure(index, request)


if __name__ == "__main__":
    main()
