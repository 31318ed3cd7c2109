"""The gateway under load and attack, like load.py for the daemon.

Claims are about codes, memory and descriptors; times are only shown in the table. A polite client sends requests during
each attack, and within the same minute without it."""

import contextlib
import random
import resource
import select
import sys
import threading
import time

from cases import LONG, MIB, SANITIZED, check, choose, row, run
from gateway import PROGRAM, REQUEST, Gateway, index_many
from peer import Daemon, index
from variables import variable

CORPUS = variable("SKS_CORPUS")
HEAD = b"GET /v1/search?q=mail HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"


def prepare(folder):
    index(folder / "index", CORPUS)
    return folder


@contextlib.contextmanager
def serving(where):
    daemon = Daemon(where)
    gateway = Gateway(daemon.endpoint)
    gateway.wait_ready()
    try:
        yield gateway
    finally:
        check.that("SIGTERM ends the gateway with 0", gateway.stop() == 0)
        daemon.stop()


def ask_politely(gateway, seconds):
    """Send one request at a time on one connection, from another address than the attack's. Returns the median and the
    99th percentile in microseconds, and the number of failures."""
    raw, times, failed, end = gateway.connect(source="127.0.0.2"), [], 0, time.monotonic() + seconds
    while time.monotonic() < end or not times:
        began = time.monotonic()
        failed += raw.ask_again() != 200
        times.append((time.monotonic() - began) * 1e6)
        select.select([raw.socket], [], [], 0.002)  # nothing arrives without a request
    raw.close()
    times.sort()
    return round(times[len(times) // 2]), round(times[len(times) * 99 // 100]), failed


class Crowd:
    """Connections that send some bytes, then more at intervals, and never read."""

    def __init__(self, gateway, count, first, drip=b"", window=None):
        self.raws, self.drip, self.stopped = [], drip, threading.Event()
        for _ in range(count):
            raw = gateway.connect(window)
            raw.send(first)
            self.raws.append(raw)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while self.drip and not self.stopped.wait(2):
            for raw in self.raws:
                raw.send(self.drip)

    def leave(self):
        self.stopped.set()
        self.thread.join()
        for raw in self.raws:
            raw.close()


def attack(name, folder, first, drip=b"", window=None, gone_after=None):
    many, seconds = choose(100, 1000), choose(0.3, 5)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    with serving(folder) as gateway:
        alone = ask_politely(gateway, seconds)
        memory, descriptors = gateway.resident_bytes(), gateway.descriptors()
        crowd = Crowd(gateway, many, first, drip, window)
        beside = ask_politely(gateway, seconds)
        peak, left = gateway.resident_bytes(), None
        if LONG and gone_after:
            began = time.monotonic()
            while (left := gateway.figures()["http_connections"] - 1) and time.monotonic() < began + gone_after:
                select.select([], [], [], 0.5)
                peak = max(peak, gateway.resident_bytes())
            check.that(f"{name}: all connections are closed within {gone_after} s", left == 0, left)
        crowd.leave()
        gateway.wait_for(lambda f: f["http_connections"] == 1 and f["http_held_bytes"] == f["http_under_way"] == f["http_waiting"] == 0)
        check.that(f"{name}: a polite client is answered", alone[2] == beside[2] == 0, alone, beside)
        check.that(f"{name}: descriptors are released", (left := gateway.descriptors_left(descriptors)) <= descriptors, left, descriptors)
        check.that(f"{name}: memory is bounded", peak - memory < 64 * MIB or SANITIZED, peak - memory)
        row(name, connections=many, alone_p50_us=alone[0], alone_p99_us=alone[1], beside_p50_us=beside[0], beside_p99_us=beside[1],
            peak_mib=round(peak / MIB, 1), after_mib=round(gateway.resident_bytes() / MIB, 1))
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def case_http_silent(folder):
    """Connections that send nothing."""
    attack("http silent", folder / "index", b"", gone_after=20)


def case_http_headers(folder):
    """A header line every two seconds."""
    attack("http headers", folder / "index", HEAD, drip=b"X: y\r\n", gone_after=20)


def case_http_bodies(folder):
    """Half a body, and a byte of it every two seconds."""
    attack("http bodies", folder / "index", POST + b" " * 3000, drip=b" ", gone_after=20)


def case_http_unread(folder):
    """Large answers, requested again and again, that nobody reads."""
    attack("http unread", folder / "index", b"GET /v1/search?limit=100&q=the+mail&match=any HTTP/1.1\r\nHost: localhost\r\n\r\n" * 8,
           window=4096, gone_after=90)


def case_http_exports(folder):
    """Readers of exports at 200 KB/s."""
    readers, seconds = choose(4, 8), choose(0.5, 20)
    with serving(index_many(folder)) as gateway:
        memory, busy = gateway.resident_bytes(), gateway.cpu_seconds()
        raws = [gateway.connect(window=4096) for _ in range(readers)]
        for raw in raws:
            raw.send(b"GET /v1/export.csv HTTP/1.1\r\nHost: localhost\r\n\r\n")
            check.that("an export begins for each slow reader", raw.head()[0] == 200)
        peak, began, taken = memory, time.monotonic(), 0
        while (now := time.monotonic()) < began + seconds:
            for raw in raws:
                taken += len(raw.file.read(20_000))
            peak = max(peak, gateway.resident_bytes())
            select.select([], [], [], max(0, 0.1 - (time.monotonic() - now)))
        share = (gateway.cpu_seconds() - busy) / (time.monotonic() - began)
        for raw in raws:
            raw.close()
        began = time.monotonic()
        body = gateway.get("/v1/export.csv")[2]
        took = time.monotonic() - began
        check.that("slow readers hold at most one page each", peak - memory < (readers + 4) * 4 * MIB or SANITIZED, peak - memory)
        check.that("an export beside slow readers is complete", body.count(b"\r\n") == 12_001, body.count(b"\r\n"))
        row("http exports", readers=readers, kb_per_s=round(taken / seconds / readers / 1000), peak_mib=round(peak / MIB, 1),
            cpu_share=round(share, 3), whole_s=round(took, 2), whole_mb=round(len(body) / 1e6, 1))


def hostile_bytes():
    """Hostile requests: random bytes, and valid requests with bytes changed, removed or inserted."""
    good = random.choice([REQUEST, POST + b"{}", HEAD + b"X: " + b"a" * random.randrange(40_000) + b"\r\n\r\n", b"GET /v1/search?q=%00 HTTP/1.1\r\n\r\n",
                          HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"ffffffff\r\n", HEAD + b"Host: evil\r\n\r\n", HEAD * 20])
    kind = random.randrange(4)
    if kind == 0:
        return random.randbytes(random.randrange(200)) + b"\r\n\r\n"
    at = random.randrange(len(good))
    return [good, good[:at], good[:at] + random.randbytes(3) + good[at + 3:]][kind - 1]


def send_hostile(gateway, count):
    """Send 50 at a time, each from its own address: one address has ports for only 28,000 connections a minute."""
    for _ in range(count // 50):
        raws = [gateway.connect(source=f"127.0.1.{number + 1}") for number in range(50)]
        for raw in raws:
            raw.send(hostile_bytes())
        for raw in raws:
            raw.close()
    gateway.wait_for(lambda f: f["http_connections"] == 1 and f["http_under_way"] == f["http_waiting"] == 0)


def case_http_hostile(folder):
    """Thousands of hostile requests. The first third brings memory to its maximum."""
    count = choose(1500, 100_000)
    random.seed(7)
    with serving(folder / "index") as gateway:
        descriptors, began = gateway.descriptors(), time.monotonic()
        send_hostile(gateway, count // 3)
        memory = gateway.resident_bytes()
        send_hostile(gateway, count - count // 3)
        took = time.monotonic() - began
        grown = (gateway.resident_bytes() - memory) / MIB
        check.that("the gateway answers after hostile requests", gateway.get("/v1/search?q=mail")[0] == 200)
        check.that("hostile requests leak no descriptor", (left := gateway.descriptors_left(descriptors)) <= descriptors, left, descriptors)
        check.that("hostile requests leak no memory", grown < 8 or SANITIZED, grown)
        row("http hostile", requests=count, seconds=round(took, 1), crashes=0, after_a_third_mib=round(memory / MIB, 1),
            grown_mib=round(grown, 2))


def main():
    if PROGRAM.exists():
        return run(globals(), prepare)
    print("skipped: skillsearch-http is not built, as libmicrohttpd-dev or zlib1g-dev is missing")
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
