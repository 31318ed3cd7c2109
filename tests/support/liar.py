"""A daemon that sends invalid replies, in one of MODES; for tests of the command.

    python3 liar.py MODE          prints its endpoint and serves until its input ends

Modes whose names begin with "flood" send endlessly, but for at most FLOOD_SECONDS."""

import functools
import json
import socket
import struct
import sys
import threading
import time

import zmq

FLOOD_SECONDS = 30
LARGE = 16 * 1024 * 1024 - 200
# What a terminal would interpret: OSC 0, BEL, a colour, C1, direction marks, DEL, a line separator.
CONTROLS = "\x1b]0;taken\x07\x1b[31mred\x9b31m\u202egnp.exe\u2066\u200e\u200f\u061c\x08\x7f\u2028"
SOC = "11-1011.00"


def hit_of(number=0, **members):
    return {"id": f"{SOC}/emerging/{number:012x}", "score": 1.0, "text": "odd", "spans": [], "duty": None,
            "level": "emerging", "position": 1, "soc": SOC, "occupation": "O", "group": "G", "sector": None,
            "zone": None, **members}


def answer_of(op, hit):
    """A valid answer to each operation, with the hit in it."""
    text = hit["text"]
    others = ("developing", "proficient", "advanced")
    figures = {"replies": {text: 1}, "counts": [1, 2], "sum_us": 3}
    return {
        "search": {"total": 1, "matched_all": 1, "relaxed": False, "read_as": text, "ignored": [text],
                   "suggestion": {"word": text, "replacement": text, "query": text, "count": 1}, "hits": [hit],
                   "facets": {"sector": [{"value": text, "label": text, "count": 1, "selected": False}]},
                   "distinct": {"sector": 1}},
        "get": {"hits": [hit], "missing": [text]},
        "similar": {"total": 1, "hits": [hit]},
        "scan": {"total": 1, "hits": [hit], "cursor": None},
        "occupation": {"soc": text, "title": text, "group": {"code": text, "title": text},
                       "sector": {"code": text, "label": text}, "zone": 1, "zone_inferred": True, "description": text,
                       "framework": {"version": text, "description": text}, "exported_at": text,
                       "sources": [{"name": text, "text": text}], "attribution": text,
                       "levels": [{"level": level, "label": text, "count": 1,
                                   "statements": [{"id": text, "position": 1, "text": text}]}
                                  for level in ("emerging", "developing", "proficient", "advanced")]},
        "compare": {"soc": text, "occupation": text, "rows": [
            {"duty": text, "levels": {"emerging": {**hit, "likeness": 1, "gained": [text], "lost": [text]},
                                      **dict.fromkeys(others)}}]},
        "crosswalk": {"left": {"soc": text, "title": text}, "right": {"soc": text, "title": text},
                      "pairs": [{"left": hit, "right": hit, "likeness": 1, "explain": [{"term": text, "score": 1}]}],
                      "left_only": [hit], "right_only": [hit]},
        "map": {"sentences": [{"start": 0, "end": 4, "coverage": 1, "matches": [
            {**hit, "evidence": [[0, 4]], "share": 1}]}], "coverage": 1,
                "levels": {"emerging": 1, **dict.fromkeys(others, 0)}},
        "suggest": {kind: [{"text": text, "value": text, "count": 1}] for kind in ("words", "duties", "occupations")},
        "analyze": {"read_as": text, "words": [{"form": text, "start": 0, "end": 1, "stem": text, "stop": False,
                                                "known": True, "count": 1, "expansions": [text]}],
                    "tree": {"kind": text, "start": 0, "end": 1, "field": text, "value": text, "words": [0]}},
        "stats": {"version": text, text: {text: text}, "replies": {text: 1}, "by_op": {text: figures},
                  "dropped": {text: 1}, "requests": {text: 1}, "reloads": {text: 1},
                  "latency": {"buckets_us": [1, None], "counts": [1, 2], "sum_us": 3}},
        "health": {"status": text, "statements": 1},
    }.get(op, {})


def swapped(value):
    """The same with a list in place of each object below the top, and an object in place of each list."""
    if isinstance(value, dict):
        return [swapped(member) for member in value.values()]
    if isinstance(value, list):
        return {f"x{i}": swapped(item) for i, item in enumerate(value)}
    return value


def of_another_type(value):
    return {str: 7, int: "x", float: None, bool: [], type(None): {}}.get(type(value), value)


def members_of_another_type(value):
    if isinstance(value, dict):
        return {name: members_of_another_type(member) for name, member in value.items()}
    if isinstance(value, list):
        return [members_of_another_type(item) for item in value]
    return of_another_type(value)


def refusal(message):
    return {"ok": False, "error": {"code": "busy", "message": message}}


# mode: the members of the reply to an operation
REPLIES = {
    "controls": lambda op: answer_of(op, hit_of(text=CONTROLS, occupation=CONTROLS, soc=CONTROLS, group=CONTROLS,
                                                duty=CONTROLS, id=CONTROLS)),
    "control_refusal": lambda op: refusal(CONTROLS),
    "empty_refusal": lambda op: refusal(""),
    "no_refusal": lambda op: {"ok": False},
    "nothing_in_it": lambda op: {},
    "lists_for_objects": lambda op: {name: swapped(member) for name, member in answer_of(op, hit_of()).items()},
    "other_types": lambda op: members_of_another_type(answer_of(op, hit_of())),
    "null_members": lambda op: {name: None for name in answer_of(op, hit_of())},
    "answer_of_another": lambda op: answer_of("stats" if op != "stats" else "search", hit_of()),
    "long_text": lambda op: answer_of(op, hit_of(text="a " * 200_000)),
    "longest_text": lambda op: answer_of(op, hit_of(text="a " * 1_000_000)),
    "many_hits": lambda op: {**answer_of("search", hit_of()), "hits": [hit_of(i) for i in range(10_000)]},
    "huge_numbers": lambda op: {**answer_of(op, hit_of(score=1e308, position=2**31)), "total": 2**53,
                                "latency": {"buckets_us": [-1e308, 1e308], "counts": [1e308, 1e308], "sum_us": 1e308},
                                "by_op": {"x": {"replies": {"ok": 1e308}, "counts": [1e308] * 99, "sum_us": -1}}},
    "spans_beyond": lambda op: answer_of(op, hit_of(spans=[[0, 2**31], [-1, 5], [3, 1]])),
    "words_beyond": lambda op: {"read_as": "x", "words": [{"form": "w"}] * 30_000,
                                "tree": {"kind": "bag", "words": [29_999, -1, 1e300] * 30_000}},
    "sentences_again": lambda op: {"sentences": [{"start": 0, "end": 4, "matches": []}] * 30_000, "levels": {}},
    "cursor_stays": lambda op: {"total": 2**53, "hits": [hit_of()], "cursor": "1:5"},
    "cursor_stays_empty": lambda op: {"total": 2**53, "hits": [], "cursor": "1:5"},
}
# mode: the bytes of a reply
BYTES = {
    "empty": lambda name: b"",
    "not_json": lambda name: b"\xff\xfe\x00",
    "a_list": lambda name: b"[1,2,3]",
    "deep": lambda name: b'{"v":1,"ok":true,"x":' + b"[" * 2_000_000 + b"]" * 2_000_000 + b"}",
    "nul": lambda name: b'{"v":1,"ok":true,"x":"\\u0000"}\0',
    "version_2": lambda name: b'{"v":2,"ok":true}',
    "too_large": lambda name: b" " * (LARGE + 1000),
}
OTHER_ID = {"v": 1, "id": "of nobody", "ok": True, "status": "ok", "generation": 1, "statements": 1}
FLOODS = {
    "flood_small": lambda: json.dumps(OTHER_ID).encode(),
    "flood_large": lambda: json.dumps({**OTHER_ID, "x": "x" * LARGE}).encode(),
}
MODES = [*REPLIES, *BYTES, "silent", *FLOODS, "flood_parts"]


# ------------------------------------------------------- a server of raw ZMTP
def frame(body, flags=0):
    return bytes([flags | 2]) + struct.pack(">Q", len(body)) + body


def read_all(connection, size):
    have = b""
    while len(have) < size:
        more = connection.recv(size - len(have))
        if not more:
            raise ConnectionError
        have += more
    return have


def serve_flood(connection, mode):
    """Greet as a ROUTER does, read one request, then send endlessly."""
    try:
        connection.sendall(b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32))
        read_all(connection, 64)
        read_all(connection, read_all(connection, 2)[1])
        ready = b"\x05READY\x0bSocket-Type" + struct.pack(">I", 6) + b"ROUTER"
        connection.sendall(bytes([4, len(ready)]) + ready)
        read_all(connection, 1)
        part = frame(bytes(LARGE), 1) if mode == "flood_parts" else frame(FLOODS[mode]())
        if len(part) < 4096:
            part *= 1024
        end = time.monotonic() + FLOOD_SECONDS
        while time.monotonic() < end:
            connection.sendall(part)
    except OSError:
        pass
    finally:
        connection.close()


def listen(mode):
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"tcp://127.0.0.1:{listener.getsockname()[1]}", flush=True)

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve_flood, args=(connection, mode), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.read()


# ---------------------------------------------------------- a daemon of ZeroMQ
@functools.cache
def text_of(mode, op):
    return json.dumps({"v": 1, "ok": True, "generation": 1, "took_us": 1, **REPLIES[mode](op)}, ensure_ascii=False)


def reply_to(mode, request):
    if mode in BYTES:
        return BYTES[mode](request.get("id"))
    text = text_of(mode, request["op"])
    if "id" in request:
        text = f'{text[:-1]}, "id": {json.dumps(request["id"])}}}'
    return text.encode()


def serve(mode):
    router = zmq.Context().socket(zmq.ROUTER)
    router.linger = 0
    router.bind("tcp://127.0.0.1:*")
    print(router.last_endpoint.decode().rstrip("\0"), flush=True)
    poller = zmq.Poller()
    poller.register(router, zmq.POLLIN)
    poller.register(sys.stdin, zmq.POLLIN)
    while True:
        ready = dict(poller.poll())
        if sys.stdin.fileno() in ready:
            return
        who, *frames = router.recv_multipart()
        if mode != "silent":
            router.send_multipart([who, reply_to(mode, json.loads(frames[-1]))])


if __name__ == "__main__":
    if sys.argv[1].startswith("flood"):
        listen(sys.argv[1])
    else:
        serve(sys.argv[1])
