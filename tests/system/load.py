"""The daemon under load and under attack: each case is a function, its outcome a row of a table.

    load.py [CASE...]          the short form, all cases unless some are named
    SKS_LONG=1 load.py ...     the full numbers, for `make soak`

Claims are about counts; only the long form has claims about times, because a loaded machine would fail them. SKS_INDEX
names a large index for `workers`, SOAK_SECONDS the length of `soak`."""

import collections
import contextlib
import json
import os
import pathlib
import random
import resource
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

import zmq

import badpeer
from cases import LONG, MIB, SANITIZED, check, choose, row, run
from peer import BUILD, LOOK_S, PATIENCE_S, REPLY_TIMEOUT_MS, Daemon, Echo, Peer, ask_much, finish, index, start, start_load
from variables import variable

CORPUS = variable("SKS_CORPUS")
UNDER_WAY = 128  # SKS_MAX_UNDER_WAY
FACETS = ',"limit":10,"facets":["level","sector","group"]'
PAIRS = [f'"op":"search","q":"{a} {b}","match":"any"{FACETS}'
         for a in ("mail", "train", "record", "safety") for b in ("staff", "report", "route", "data", "work")]


class Folder:
    """A temporary folder: files of requests, and an index with two generations that can be made current in turn."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.index = self.path / "index"
        sources = self.path / "exports"
        shutil.copytree(CORPUS, sources)
        index(self.index, sources)
        os.remove(sources / "51-4041.00.json")
        index(self.index, sources)

    def requests(self, lines):
        name = self.path / f"requests-{len(os.listdir(self.path))}"
        name.write_text("\n".join(lines) + "\n")
        return name

    def flip(self, generation):
        os.symlink(f"gen-{generation}", self.index / "aside")
        os.rename(self.index / "aside", self.index / "current")


@contextlib.contextmanager
def serving(folder, *arguments, **keywords):
    daemon = Daemon(folder, "--deadline-ms", "60000", *arguments, **keywords)
    try:
        yield daemon
    finally:
        check.that("SIGTERM ends the daemon with 0", daemon.stop() == 0)


def all_good(tally):
    return tally["sent"] == tally["ok"] and tally["lost"] == tally["empty"] == 0


# ------------------------------------------------------------------- speed
def case_workers(folder):
    """Two workers compared with one, on queries that take a millisecond or more."""
    big, lines = os.environ.get("SKS_INDEX") or folder.index, folder.requests(PAIRS)
    rates = {}
    for _ in range(choose(1, 3)):
        for workers in (1, 2):
            with serving(big, "--workers", str(workers)) as daemon:
                ask_much(daemon.endpoint, 4, 1, 0.5, lines)
                tally = ask_much(daemon.endpoint, 4, 1, choose(0.3, 5), lines)
            check.that(f"{workers} workers answer all requests", tally["sent"] == tally["ok"], tally)
            rates.setdefault(workers, []).append(tally["rate"])
    one, two = sorted(rates[1])[len(rates[1]) // 2], sorted(rates[2])[len(rates[2]) // 2]
    row("workers", index=os.path.basename(big), one_per_s=one, two_per_s=two, ratio=round(two / one, 2), goal=">= 1.6")


def case_echo(folder):
    """One client that sends one cheap query at a time, compared with a bare echo of as many bytes."""
    cheap = '"op":"search","q":"mail"' + FACETS
    for transport, place in (("tcp", "tcp://127.0.0.1:*"), ("ipc", f"ipc://{folder.path}/echo")):
        listen = [] if transport == "tcp" else ["--listen", f"ipc://{folder.path}/s"]
        times = {"ours": [], "echo": []}
        with serving(os.environ.get("SKS_INDEX") or folder.index, *listen) as daemon:
            endpoint = daemon.endpoints[-1]
            ask_much(endpoint, 1, 1, 0.2, folder.requests([cheap]))
            for _ in range(choose(1, 7)):
                tally = ask_much(endpoint, 1, 1, choose(0.2, 2), folder.requests([cheap]))
                check.that(f"requests sent one at a time over {transport} are all answered", all_good(tally), tally)
                times["ours"].append(tally["p50_us"])
                echo = Echo(place, tally["bytes"] // tally["ok"])
                plain = ask_much(echo.endpoint, 1, 1, choose(0.2, 2), folder.requests(['"ok":true,' + cheap]))
                echo.stop()
                times["echo"].append(plain["p50_us"])
        ours, bare = (sorted(t)[len(t) // 2] for t in (times["ours"], times["echo"]))
        row("echo " + transport, ours_p50_us=ours, echo_p50_us=bare, ratio=bare and round(ours / bare, 2), goal="<= 2",
            runs=f"{times['ours']} / {times['echo']}")


# ---------------------------------------------------------------- fairness
def case_fair(folder):
    """One client with 10,000 requests under way, and one that sends one at a time."""
    lines, polite_requests = folder.requests(PAIRS), choose(100, 1000)
    with serving(folder.index, "--workers", "1") as daemon:
        polite = daemon.peer()
        greedy = start_load(daemon.endpoint, 1, 10000, choose(2, 10), lines)
        while polite.ask("stats")["queue"]["waiting"] < 200:
            pass
        refused, ahead = 0, []
        for _ in range(polite_requests):
            before = polite.ask("stats")["replies"]["ok"]
            refused += not polite.ask(q="mail")["ok"]
            ahead.append(polite.ask("stats")["replies"]["ok"] - before)
            if greedy.poll() is not None:
                break
        tally = finish(greedy)
        unread = polite.ask("stats")["dropped"]["full"]
    asked = len(ahead)
    check.that("a polite client is never refused because of a greedy one", refused == 0, refused)
    check.that("the greedy client is refused with busy", tally["busy"] > 0, tally)
    check.that("every request of the greedy client is answered or refused, unless it did not read",
               tally["ok"] + tally["busy"] + unread == tally["sent"], tally, unread)
    check.that("few requests are answered before those of the polite client", sorted(ahead)[len(ahead) // 2] <= 100, sorted(ahead))
    row("fair", polite_asked=asked, polite_refused=refused, answers_between_median=sorted(ahead)[len(ahead) // 2],
        greedy_ok=tally["ok"], greedy_busy=tally["busy"], greedy_unread=unread,
        goal="0 refused")


class Steady(threading.Thread):
    """A client that sends one small request after the other until it is ended."""

    def __init__(self, endpoint):
        super().__init__(daemon=True)
        self.peer, self.answered, self.failed, self.ended = Peer(endpoint), 0, 0, threading.Event()

    def run(self):
        while not self.ended.is_set():
            self.peer.socket.send(b'{"v":1,"op":"search","q":"mail"}')
            good = b'"ok":true' in self.peer.socket.recv()
            self.answered, self.failed = self.answered + good, self.failed + (not good)

    def end(self):
        self.ended.set()
        self.join()


def case_steady(folder):
    """Clients with one small request under way each, which the main thread answers, beside one that sends large requests
    and one that asks for the health: these need not wait until the others end."""
    large, many = {"op": "map", "text": "Open the incoming mail and route the letters to patients and clerks. " * 40}, choose(20, 1000)
    for workers in ("1", "2"):
        with serving(folder.index, "--workers", workers) as daemon:
            peer, steady = daemon.peer(), [Steady(daemon.endpoint) for _ in range(3)]
            for client in steady:
                client.start()
            replies = [peer.ask(**request) for _ in range(many) for request in (large, {"op": "health"})]
            for client in steady:
                client.end()
        small = [client.answered for client in steady]
        check.that(f"with {workers} workers, large requests and those for the health are answered beside endless small ones",
                   all(reply["ok"] for reply in replies), replies[-2:])
        check.that("and each of the small ones", min(small) > 0 and not any(client.failed for client in steady), small)
        row("steady", workers=workers, small=sum(small), large=many, health=many)


def alike(folder):
    """An index of two occupations that are slow to compare: 1,000 statements per level, made from few words. Returns a
    crosswalk of them."""
    exports, socs = folder.path / "alike", ["43-9051.00", "43-9061.00"]
    if not exports.exists():
        exports.mkdir()
        model = json.loads((pathlib.Path(CORPUS) / "43-9051.00.json").read_text())
        words = [a + b for a in "mail route sort open clerk letter".split() for b in ("", "s", "room", "day", "work")]
        for soc in socs:
            one = json.loads(json.dumps(model).replace("43-9051.00", soc))
            random.seed(soc)
            for level in badpeer.levels_of(one):
                level[:] = [" ".join(random.choices(words, k=40)) + f" {i}" for i in range(1000)]
            (exports / f"{soc}.json").write_text(json.dumps(one))
        index(folder.path / "alike-index", exports)
    return folder.path / "alike-index", {"op": "crosswalk", "occupations": socs}


def case_late(folder):
    """A request that would take much longer than its deadline is cut off."""
    where, crosswalk = alike(folder)
    with serving(where, "--workers", "1") as daemon:
        peer = daemon.peer()
        began = time.monotonic()
        late = peer.ask(**crosswalk, deadline_ms=20)
        answered_ms = (time.monotonic() - began) * 1000
        check.that("a request that takes too long is answered with deadline", late.get("error", {}).get("code") == "deadline", late)
        check.that("after a request that was cut off, the worker takes the next one", peer.ask(q="mail", deadline_ms=60000)["ok"])
        free_ms = (time.monotonic() - began) * 1000
        whole = peer.ask(**crosswalk, deadline_ms=60000)
        check.that("the same request is answered with enough time", whole["ok"], whole.get("error"))
    row("late", deadline_ms=20, answered_after_ms=round(answered_ms), worker_free_after_ms=round(free_ms),
        whole_ms=round(whole["took_us"] / 1000))


def case_cut(folder):
    """SIGTERM while each worker has a request of a minute: the requests are cut off with shutting_down."""
    where, crosswalk = alike(folder)
    with serving(where, "--workers", "2") as daemon:
        peers = [daemon.peer() for _ in range(2)]
        compare = {"op": "compare", "occupation": crosswalk["occupations"][0], "duty": "nothing"}
        for peer in peers:
            request = {"v": 1, "op": "multi", "deadline_ms": 60000, "requests": [compare] * 16}
            peer.socket.send(json.dumps(request).encode())
        while daemon.peer().ask("stats")["workers"]["busy"] < 2:
            pass
        began = time.monotonic()
        daemon.process.terminate()
        codes = []
        for peer in peers:
            parts = json.loads(peer.socket.recv())["replies"]
            codes += ["ok" if part["ok"] else part["error"]["code"] for part in parts]
        status = daemon.process.wait(timeout=60)
        ended_s = time.monotonic() - began
        daemon.stop = lambda: status
    check.that("each part of a multi is answered, or refused with shutting_down", set(codes) <= {"ok", "shutting_down"}, codes)
    check.that("SIGTERM ends a daemon with long requests with 0", status == 0, status)
    row("cut", parts=len(codes), cut=codes.count("shutting_down"), ended_after_s=round(ended_s, 1))


# ------------------------------------------------------------------ changes
def case_swaps(folder):
    """New generations, one after the other, under the load of eight clients."""
    swaps = choose(10, 200)
    with serving(folder.index) as daemon:
        peer = daemon.peer()
        load = start_load(daemon.endpoint, 8, 2, choose(3, 60), folder.requests(PAIRS[:4]))
        done, waits = 0, []
        for i in range(swaps):
            folder.flip(wanted := 1 + i % 2)
            began = time.monotonic()
            while peer.ask("health")["generation"] != wanted and time.monotonic() < began + PATIENCE_S:
                pass
            waits.append(time.monotonic() - began)
            done += peer.ask(limit=0)["generation"] == wanted
        running = load.poll() is None
        tally = finish(load)
    check.that(f"{swaps} generations are loaded", done == swaps, done)
    check.that("the clients sent requests all the time", running or not LONG)
    check.that("no request fails, and no reply is empty", all_good(tally), tally)
    row("swaps", swaps=swaps, answered=tally["ok"], failed=tally["sent"] - tally["ok"], empty=tally["empty"],
        taken_up_ms=f"{sorted(waits)[swaps // 2] * 1000:.0f} median, {max(waits) * 1000:.0f} most")


def case_sigterm(folder):
    """SIGTERM at full load: every accepted request is answered or refused."""
    times, lines = choose(3, 100), folder.requests(PAIRS)
    lost = refused = answered = 0
    slowest = 0.0
    for _ in range(times):
        daemon = Daemon(folder.index, "--queue", "64")
        load = start_load(daemon.endpoint, 4, 50, 30, lines)
        peer = daemon.peer()
        while peer.ask("stats")["requests"]["search"] < 200:
            pass
        began = time.monotonic()
        code = daemon.stop()
        slowest = max(slowest, time.monotonic() - began)
        tally = finish(load)
        check.failed += code != 0
        lost, refused, answered = lost + tally["lost"], refused + tally["shutting_down"], answered + tally["ok"]
    # Under a sanitizer, a thread may pause for longer than the silence that ends the drain.
    check.that("every request is answered or refused with shutting_down", (lost == 0 or SANITIZED) and refused > 0, lost, refused)
    check.that("the daemon ends within 10 s under full load", slowest < 10 or not LONG, slowest)
    row("sigterm", times=times, answered=answered, refused=refused, lost=lost, slowest_s=round(slowest, 2))


def case_paused(folder):
    """SIGTERM while all clients pause: the endpoints stay open for half a second of silence, as a busy machine may not let
    any of them run for a tenth."""
    daemon = Daemon(folder.index)
    peer = daemon.peer()
    peer.ask(q="mail")
    began = time.monotonic()
    while time.monotonic() < began + 0.3:
        peer.ask("health")  # does not count as a request
    check.that("SIGTERM during a pause ends the daemon with 0", daemon.stop() == 0)
    daemon.log.seek(0)
    log = daemon.log.read()
    check.that("it waits longer after a request in the last second", " event=draining " in log and " quiet_ms=500\n" in log, log)


def scans_answered(stats):
    return stats["by_op"].get("scan", {"replies": {}})["replies"].get("ok", 0)


def case_unread(folder):
    """A client with as many requests under way as the library allows that reads its replies late."""
    page = {"op": "scan", "limit": 250}
    with serving(folder.index) as daemon:
        observer, sizes = daemon.peer(), []
        for read_before in range(0, 128, 20):  # the position of libzmq in a batch of messages that it considers read
            one = zmq.Context.instance().socket(zmq.DEALER)
            one.linger, one.rcvhwm, one.rcvbuf, one.rcvtimeo = 0, 1, 4096, REPLY_TIMEOUT_MS
            one.connect(daemon.endpoint)
            for number in range(read_before):
                one.send(json.dumps({"v": 1, "id": str(number), "op": "health"}).encode())
                one.recv()
            before = observer.ask("stats")
            for number in range(UNDER_WAY):
                one.send(json.dumps({"v": 1, "id": str(number), **page}).encode())
            while scans_answered(after := observer.ask("stats")) < scans_answered(before) + UNDER_WAY:
                pass
            dropped = after["dropped"]["full"] - before["dropped"]["full"]
            replies = [json.loads(one.recv()) for _ in range(UNDER_WAY - dropped)]
            sizes.append(len(json.dumps(replies[0])) if replies else 0)
            one.close()
            check.that(f"{UNDER_WAY} replies wait for a client that had read {read_before}",
                       sorted(int(reply["id"]) for reply in replies if reply["ok"]) == list(range(UNDER_WAY)),
                       len(replies), dropped)
    row("unread", under_way=UNDER_WAY, bytes_each=max(sizes))


# ----------------------------------------------------------------- attacks
def case_deaf(folder):
    """A hundred clients that send requests and never read."""
    clients, each = choose(20, 100), choose(200, 2000)
    lines = folder.requests(PAIRS)
    with serving(folder.index) as daemon:
        ask_much(daemon.endpoint, 4, 4, choose(0.3, 3), lines)
        before, calm = daemon.resident_bytes(), ask_much(daemon.endpoint, 1, 1, choose(0.3, 5), lines)
        deaf = start([BUILD / "test-load", "deaf", daemon.endpoint, str(clients), str(each), lines],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        deaf.stdout.readline()
        during = ask_much(daemon.endpoint, 1, 1, choose(0.3, 5), lines)
        most = daemon.resident_bytes()
        peer = daemon.peer()
        while peer.ask("stats")["queue"]["waiting"]:
            most = max(most, daemon.resident_bytes())
        after = ask_much(daemon.endpoint, 1, 1, choose(0.3, 5), lines)
        most = max(most, daemon.resident_bytes())
        dropped = peer.ask("stats")["dropped"]
        deaf.communicate()
    grown = (most - before) / MIB
    check.that("a polite client is answered beside clients that never read", all_good(during) and all_good(after), during, after)
    check.that("clients that never read cost at most 64 MiB", grown <= 64 or SANITIZED, grown)
    row("deaf", clients=clients, asked=clients * each, grown_mib=round(grown, 1), dropped_full=dropped["full"],
        p99_us=f"{calm['p99_us']:.0f} before, {during['p99_us']:.0f} during, {after['p99_us']:.0f} with all deaf",
        ratio=round(after["p99_us"] / calm["p99_us"], 2), goal="<= 64 MiB, p99 <= 2x")


def case_hostile(folder):
    """Hostile frames and connections."""
    count = choose(1500, 100000)
    with serving(folder.index, "--listen", f"ipc://{folder.path}/h") as daemon:
        peer = daemon.peer()
        peer.ask("health")
        descriptors = daemon.descriptors()
        badpeer.attack(daemon.endpoints, count // 10)
        badpeer.settle(daemon, peer, descriptors)
        memory = daemon.resident_bytes()
        began = time.monotonic()
        sent = badpeer.attack(daemon.endpoints, count)
        took = time.monotonic() - began
        badpeer.settle(daemon, peer, descriptors)
        grown, leaked = (daemon.resident_bytes() - memory) / MIB, daemon.descriptors() - descriptors
        check.that("the daemon answers after hostile bytes", peer.ask(q="mail")["total"] > 0)
    # The thread that decodes lists ahead may have had one open before.
    check.that("hostile bytes leak no descriptor", leaked <= 0, leaked)
    check.that("hostile bytes leak no memory", grown < 4 or SANITIZED, grown)
    row("hostile", **sent, seconds=round(took, 1), crashes=0, descriptors_leaked=leaked, grown_mib=round(grown, 2))


def case_endless(folder):
    """Messages whose last frame never comes."""
    many = choose(2, 10)
    with serving(folder.index, "--listen", f"ipc://{folder.path}/e") as daemon:
        peer, before = daemon.peer(), daemon.peak_bytes()
        for frame in (b"\x01\x00", b"\x03" + struct.pack(">Q", 60000) + b"x" * 60000):
            for endpoint in daemon.endpoints * many:
                one = badpeer.connect_raw(endpoint, random)
                badpeer.shake_hands(one)
                with contextlib.suppress(ConnectionError):
                    for _ in range(1000):
                        one.sendall(frame * (65536 // len(frame)))
                one.close()
        cut = peer.ask("stats")["dropped"]["cut"]
        answered, grown = peer.ask(q="mail")["ok"], (daemon.peak_bytes() - before) / MIB
    check.that("a message without an end closes its connection", cut == 4 * many, cut)
    check.that("a message without an end costs at most its limit of memory", grown < 16 or SANITIZED, grown)
    check.that("another client is answered beside messages without an end", answered)
    row("endless", connections=4 * many, cut=cut, grown_mib=round(grown, 1))


def ask_politely(peer, seconds):
    """One request at a time with a pause after each; median and 99th percentile in microseconds, and how many failed."""
    times, failed, end = [], 0, time.monotonic() + seconds
    while time.monotonic() < end or not times:
        began = time.monotonic()
        failed += not peer.ask(q="mail route", limit=5)["ok"]
        times.append((time.monotonic() - began) * 1e6)
        failed += peer.socket.poll(10)  # nothing arrives without a request
    times.sort()
    return round(times[len(times) // 2]), round(times[len(times) * 99 // 100]), failed


# How many connections, and the request that a flood repeats.
SEARCH = '{"v":1,"op":"search","q":"mail staff","match":"any"' + FACETS + "}"
NO_WANTS = '{"v":1,"op":"search","want":[' + ",".join(['"xxxxxxxx"'] * 4990) + "]}"
FILTERED = '{"op":"search","filter":{"occupation":[' + ",".join(f'"{i:03d}-0"' for i in range(250)) + "]},\"none\":1}"
NO_PARTS = '{"v":1,"op":"multi","requests":[' + ",".join([FILTERED] * 16) + "]}"
WRONG_VALUES = json.dumps({"v": 1, "op": "multi", "requests": [{"op": "search", "filter": {"level": [f"{i:03}-000000" for i in range(250)]}}] * 16})
WRONG_NUMBERS = json.dumps({"v": 1, "op": "multi", "requests": [[1234.5] * 511] * 9})
WRONG_NAMES = json.dumps({"v": 1, "op": "multi", "requests": [{"op": "search", "filter": {"a" * 40 + f"{i}\u00e9": 1 for i in range(62)}}] * 16})
ATTACKS = {"frames": (20, ""), "endless": (20, ""), "half": (2000, ""), "garbage": (20, ""), "searches": (20, SEARCH),
           "wrong lists": (20, NO_WANTS), "wrong parts": (20, NO_PARTS), "wrong values": (20, WRONG_VALUES), "wrong numbers": (20, WRONG_NUMBERS),
           "wrong names": (20, WRONG_NAMES)}


def case_attacks(folder):
    """A polite client beside each kind of client that takes up all of the daemon's time."""
    seconds = choose(0.5, 10)
    for shape, (many, request) in ATTACKS.items():
        flood = folder.requests([request])
        with serving(folder.index) as daemon:
            peer, port = daemon.peer(), daemon.endpoint.rsplit(":", 1)[1]
            alone, _, _ = ask_politely(peer, seconds / 2)
            before = daemon.resident_bytes()
            attack = start([BUILD / "test-attack", "flood" if request else shape, port, str(choose(min(many, 50), many)), str(seconds),
                                       flood], stdout=subprocess.PIPE, text=True)
            beside, late, failed = ask_politely(peer, seconds / 2)
            healthy = all(peer.ask("health")["ok"] for _ in range(20))
            sent = json.loads(attack.communicate()[0])
            for _ in range(choose(0, 60)):
                time.sleep(1)
            grown, peak = (daemon.resident_bytes() - before) / MIB, (daemon.peak_bytes() - before) / MIB
            check.that(f"{shape}: a polite client is answered", not failed and healthy, failed)
            check.that(f"{shape}: descriptors and memory are released", grown < 64 or SANITIZED or not LONG, grown)
        row("attacks " + shape, connections=many, ended=sent["ended"], sent_mib=sent["mib"], alone_p50_us=alone,
            beside_p50_us=beside, ratio=round(beside / alone, 2), goal="<= 2", p99_us=late, peak_mib=round(peak, 1), after_mib=round(grown, 1))


def case_results(folder):
    """Kept replies: many different requests, and replies that are too large to keep, stay within the limit in bytes."""
    many = choose(2000, 100000)
    distinct = folder.requests([f'"op":"search","q":"mail {number}","match":"any","limit":10' for number in range(many)])
    huge = folder.requests([f'"op":"search","q":"work","match":"any","limit":100,"want":["explain","marked"],"offset":{number}'
                            for number in range(100)])
    with serving(folder.index, "--workers", "2", "--results-mb", "1") as daemon:
        peer, most, asked, grown = daemon.peer(), 0, 0, []
        for requests in (distinct, huge, distinct, huge):
            load = start_load(daemon.endpoint, 8, 4, choose(0.4, 10), requests)
            while load.poll() is None:
                most = max(most, peer.ask("stats")["results"]["bytes"])
            tally = finish(load)
            asked += tally["ok"]
            check.that("all are answered", all_good(tally), tally)
            grown.append(daemon.resident_bytes() / MIB)
        results = peer.ask("stats")["results"]
    check.that("kept replies stay within their bytes", 0 < most <= results["limit_bytes"] == MIB, most, results)
    check.that("each request found a kept reply or did not", results["hits"] + results["misses"] == asked, results, asked)
    check.that("memory does not grow with the number of different requests", grown[-1] - grown[1] < 8 or SANITIZED, grown)
    row("results", asked=asked, hits=results["hits"], most_kib=most // 1024, grown_mib=round(grown[-1] - grown[1], 1))


def case_owing(folder):
    """One connection that sends many large wrong requests at once: each is answered, and few take a worker's time."""
    many = 60
    with serving(folder.index, "--workers", "1") as daemon:
        peer = daemon.peer()
        for number in range(many):
            peer.socket.send(f'{{"id":"{number}",{WRONG_VALUES[1:]}'.encode())
        replies = [json.loads(peer.socket.recv()) for _ in range(many)]
        codes = collections.Counter(reply["error"]["code"] for reply in replies)
        check.that("each is answered under its id", sorted(int(reply["id"]) for reply in replies) == list(range(many)), replies[-1])
        check.that("most are refused unread", codes["busy"] > many // 2 and codes["busy"] + codes["bad_request"] == many, codes)
        check.that("a small request is answered all the same", peer.ask("health")["ok"])
        large = peer.ask("multi", requests=[{"op": "search", "limit": 0, "filter": {"occupation": ["43-9051.00"] * 100}}] * 4)
        check.that("and then a large one", large["ok"], large.get("error"))
    row("owing", sent=many, **codes)


def case_names(folder):
    """Peers that choose the routing ids which libzmq is about to assign to others."""
    many = choose(200, 100000)
    with serving(folder.index, "--listen", f"ipc://{folder.path}/n") as daemon:
        for endpoint in daemon.endpoints:
            for version in (1, 2, 3):
                taken = collections.deque(maxlen=500)
                for i in range(many // 3):
                    with contextlib.suppress(OSError):
                        one = badpeer.connect_raw(endpoint, random)
                        one.sendall(badpeer.named(version, badpeer.number(badpeer.FIRST_NUMBER + random.randrange(3 * many))))
                        taken.append(one)
                    if i % 10 == 0:
                        fresh = Peer(endpoint)
                        fresh.ask("health")
                        fresh.socket.close()
                for one in taken:
                    one.close()
        named = [Peer(endpoint, name=b"one name") for endpoint in daemon.endpoints * 2]
        for peer in named:
            peer.socket.send(b'{"v":1,"op":"search","q":"mail"}')
        answered = sum(json.loads(peer.socket.recv())["ok"] for peer in named)
        alive = daemon.process.poll() is None
    check.that(f"{many} chosen routing ids do not end the daemon", alive)
    check.that("all peers with the same routing id are answered", answered == len(named), answered)
    row("names", chosen=many // 3 * 6, crashes=0, answered=answered)


def case_lost(folder):
    """Connections that are lost before the daemon has read all that they sent, including a PING."""
    many = choose(60 if SANITIZED else 300, 10000)
    with serving(folder.index, "--listen", f"ipc://{folder.path}/l") as daemon:
        descriptors, peer = daemon.descriptors(), daemon.peer()
        for endpoint in daemon.endpoints:
            for i in range(many):
                one = badpeer.connect_raw(endpoint, random)
                badpeer.shake_hands(one)
                ask = badpeer.frame(b'{"v":1,"op":"search","q":"mail"}')
                one.sendall(ask * 150 + badpeer.PING + ask * random.randrange(30))
                one.close()
                if i % 100 == 0:
                    badpeer.settle(daemon, peer, descriptors + 1)
        badpeer.settle(daemon, peer, descriptors + 1)
        check.that("lost connections do not end the daemon", peer.ask("health")["ok"] and daemon.process.poll() is None)
    row("lost", connections=2 * many, crashes=0)


def case_leavers(folder):
    """Many connections that are open at once and end at once: the cost of one must not grow with their number."""
    many = choose(200, 10000)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with serving(folder.index, "--listen", f"ipc://{folder.path}/l") as daemon:
        descriptors, peer = daemon.descriptors(), daemon.peer()
        for endpoint in daemon.endpoints:
            spent = peer.ask("stats")["process"]["cpu_us"]
            crowd = []
            for _ in range(many):
                crowd.append(badpeer.connect_raw(endpoint, random))
                badpeer.shake_hands(crowd[-1])
                crowd[-1].sendall(badpeer.PING_WITH_A_LIFE)
            for one in reversed(crowd):
                one.close()
            began = time.monotonic()
            answered = peer.ask("health")["ok"]
            waited = time.monotonic() - began
            badpeer.settle(daemon, peer, descriptors + 1)
            spent = (peer.ask("stats")["process"]["cpu_us"] - spent) / many
            check.that(f"a polite client is answered while {many} others disconnect", answered)
            check.that("each disconnection costs at most 250 us", spent <= 250 or not LONG or SANITIZED, spent)
            row("leavers", endpoint=endpoint.partition(":")[0], connections=many, cpu_us_each=round(spent), answer_ms=round(waited * 1000, 1))


def case_descriptors(folder):
    """Many more connections than there are descriptors, over tcp and ipc."""
    limit, many = 128, 400

    def narrow():
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    for transport, family in (("tcp", socket.AF_INET), ("ipc", socket.AF_UNIX)):
        with serving(folder.index, "--listen", f"ipc://{folder.path}/d-{transport}", setup=narrow) as daemon:
            endpoint = daemon.endpoints[0 if transport == "tcp" else 1]
            peer, taken = Peer(endpoint), []
            peer.ask("health")
            for _ in range(many):
                one = socket.socket(family, socket.SOCK_STREAM)
                one.settimeout(5)
                with contextlib.suppress(OSError):
                    one.connect(badpeer.address_of(endpoint))
                taken.append(one)
            answered = sum(peer.ask(q="mail")["ok"] for _ in range(100))
            folder.flip(1)
            began = time.monotonic()
            while peer.ask("health")["generation"] != 1 and time.monotonic() < began + PATIENCE_S:
                time.sleep(LOOK_S)
            took_up = peer.ask("health")["generation"] == 1
            busy, began = daemon.cpu_seconds(), time.monotonic()
            unasked = peer.socket.poll(choose(200, 2000))  # while idle: a busy loop on connections that cannot be accepted
            share = (daemon.cpu_seconds() - busy) / (time.monotonic() - began)
            refused = peer.ask("stats")["dropped"]["connections"]
            for one in taken:
                one.close()
            began = time.monotonic()
            fresh = Peer(endpoint)
            back = fresh.ask("health")["ok"]
            back_s = time.monotonic() - began
            folder.flip(2)
        check.that(f"{transport}: connected clients are answered all the time", answered == 100, answered)
        check.that(f"{transport}: a new generation is loaded all the same", took_up)
        check.that(f"{transport}: nothing arrives without a request", not unasked)
        check.that(f"{transport}: excess connections are refused and counted", refused >= many - limit, refused)
        check.that(f"{transport}: new clients are served afterwards", back)
        row("descriptors " + transport, limit=limit, connections=many, refused=refused, crashes=0,
            cpu_share=round(share, 2), serves_again_after_s=round(back_s, 2))


# --------------------------------------------------------------------- soak
class Clock(threading.Thread):
    """How long all processes were stopped (SIGSTOP, a machine that sleeps). If longer than the allowed silence, the
    daemon may close connections."""

    def __init__(self):
        super().__init__(daemon=True)
        self.stopped, self.ended = 0.0, threading.Event()

    def run(self):
        last = time.monotonic()
        while not self.ended.wait(0.5):
            now = time.monotonic()
            self.stopped += now - last if now - last > 5 else 0
            last = now


def case_soak(folder):
    """Everything at once for a long time: memory and descriptors must not grow."""
    seconds = int(os.environ.get("SOAK_SECONDS", "2"))
    lines = folder.requests(PAIRS + badpeer.EVERY_OPERATION + badpeer.BAD_REQUESTS)
    samples, stopped, lost_by_stops, clock = [], 0.0, 0, Clock()
    clock.start()
    with serving(folder.index, "--listen", f"ipc://{folder.path}/k", "--results-mb", "1") as daemon:
        peer = daemon.peer()
        peer.ask("health")
        descriptors = daemon.descriptors()
        end, turn, answered, sent, lost = time.monotonic() + seconds, 0, 0, 0, 0
        began = time.monotonic()
        while time.monotonic() < end:
            left = min(10, max(1, end - time.monotonic()))
            loads = [start_load(endpoint, 4, 4, left, lines) for endpoint in daemon.endpoints]
            folder.flip(1 + turn % 2)
            badpeer.attack(daemon.endpoints, 100)
            tallies = [finish(load) for load in loads]
            sent, answered = sent + sum(t["sent"] for t in tallies), answered + sum(t["ok"] for t in tallies)
            missing = sum(t["lost"] for t in tallies)
            lost_by_stops += missing * (clock.stopped > stopped)
            lost += missing * (clock.stopped == stopped)
            stopped = clock.stopped
            badpeer.settle(daemon, peer, descriptors)
            samples.append((time.monotonic() - began, daemon.resident_bytes(), daemon.descriptors()))
            turn += 1
        folder.flip(2)
    clock.ended.set()
    third = max(1, len(samples) // 3)
    early, late = (max(s[1] for s in part) / MIB for part in (samples[:third], samples[-third:]))
    check.that("no request is lost in a soak", lost == 0 and answered > 0, lost)
    check.that("the number of descriptors does not grow in a soak", samples[-1][2] == samples[0][2], samples[0], samples[-1])
    check.that("memory does not grow in a soak", len(samples) < 6 or late - early < 4 or SANITIZED, early, late)
    row("soak", seconds=round(samples[-1][0] - stopped), stopped=round(stopped), reloads=turn, asked=sent, lost=lost,
        lost_by_stops=lost_by_stops,
        memory_mib=f"{early:.1f} first third, {late:.1f} last third", descriptors=f"{samples[0][2]} -> {samples[-1][2]}")


if __name__ == "__main__":
    sys.exit(run(globals(), Folder))
