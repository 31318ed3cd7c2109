"""Many clients of one gateway: scheduling, addresses behind a proxy, clients that do not read, and slow clients."""

import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile
import time

from gateway import PROGRAM, REQUEST, Gateway, index_many, run_checks
from peer import LOOK_S, PATIENCE_S, Daemon, index
from variables import variable

CORPUS = variable("SKS_CORPUS")


def pause(process):
    """Stop a process, and wait until it has stopped: after the signal, a thread on another processor may run long
    enough to answer more requests."""
    os.kill(process.pid, signal.SIGSTOP)
    tasks = pathlib.Path(f"/proc/{process.pid}/task")
    while any((task / "stat").read_text().rpartition(")")[2].split()[0] != "T" for task in tasks.iterdir()):
        pass


class Stopped:
    """A gateway whose daemon does not answer, so that all requests stay under way or waiting."""

    def __init__(self, folder, *options):
        self.daemon = Daemon(folder)
        self.gateway = Gateway(self.daemon.endpoint, "--deadline-ms", "60000", *options)
        self.gateway.wait_ready()
        pause(self.daemon.process)
        self.raws = []

    def ask(self, count, *forwarded):
        headers = "".join(f"X-Forwarded-For: {value}\r\n" for value in forwarded)
        for _ in range(count):
            raw = self.gateway.connect()
            raw.send(f"GET /v1/search?q=mail&limit=1 HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode())
            self.raws.append(raw)

    def counts(self, wanted):
        """The numbers of requests under way, waiting and refused, once they are as wanted, or after PATIENCE_S."""
        end = time.monotonic() + PATIENCE_S
        while (counts := count(self.gateway.figures())) != wanted and time.monotonic() < end:
            time.sleep(LOOK_S)
        return counts

    def go_on(self):
        os.kill(self.daemon.process.pid, signal.SIGCONT)
        statuses = [raw.response()[0] for raw in self.raws]
        for raw in self.raws:
            raw.close()
        self.raws.clear()
        return statuses

    def end(self):
        self.gateway.wait_for(lambda f: f["http_under_way"] == f["http_waiting"] == f["http_held_bytes"] == 0)
        code = self.gateway.stop()
        self.daemon.stop()
        return code


def count(figures):
    refused = figures['http_refused_total{reason="client"}'] + figures['http_refused_total{reason="queue"}']
    return figures["http_under_way"], figures["http_waiting"], refused


def check_one_address(check, folder):
    stopped = Stopped(folder)
    stopped.ask(100)
    counts = stopped.counts((16, 64, 20))
    check.that("one address has at most 16 requests under way and 64 waiting", counts == (16, 64, 20), counts)
    for raw in stopped.raws[:40]:
        raw.close()
    del stopped.raws[:40]
    statuses = stopped.go_on()
    check.that("further requests of one address get 429, and all that waited are answered", set(statuses) == {200, 429} and statuses.count(429) <= 20, statuses)
    check.that("clients that disconnected are no longer counted, and nothing is held for them", stopped.end() == 0)


def check_deadlines(check, folder):
    stopped = Stopped(folder)
    for raw in [stopped.gateway.connect() for _ in range(40)]:
        raw.send(b"GET /v1/search?q=mail&deadline_ms=50 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        stopped.raws.append(raw)
    statuses = [raw.response()[0] for raw in stopped.raws]
    check.that("the deadline of a request includes its time of waiting", set(statuses) == {504}, statuses)
    stopped.raws.clear()
    stopped.go_on()
    check.that("late replies have no effect", stopped.end() == 0)


SHARES = [  # two lists of X-Forwarded-For headers, and whether they are two clients
    ("two addresses", ["192.0.2.1"], ["192.0.2.2"], True),
    ("one address", ["192.0.2.1"], ["192.0.2.1"], False),
    ("one address, alone and after one that the client added", ["192.0.2.1"], ["10.0.0.7, 192.0.2.1"], False),
    ("one address, alone and in a header after the client's own header", ["192.0.2.1"], ["10.0.0.7", "192.0.2.1"], False),
    ("one address, with and without a port", ["192.0.2.1"], ["192.0.2.1:4711"], False),
    ("one /64", ["2001:db8::1"], ["2001:db8::ffff:2"], False),
    ("one /64 network, with brackets and a port", ["2001:db8::1"], ["[2001:db8::2]:4711"], False),
    ("two /64", ["2001:db8::1"], ["2001:db8:0:1::1"], True),
    ("two IPv4-mapped IPv6 addresses", ["::ffff:192.0.2.1"], ["::ffff:192.0.2.2"], True),
    ("an IPv4 address, and the same mapped into IPv6", ["192.0.2.1"], ["::ffff:192.0.2.1"], False),
    ("two texts that are not addresses", ["unknown"], ["nonsense"], False),
    ("no header and an empty one", [], [""], False),
]


def check_proxy(check, folder):
    stopped = Stopped(folder, "--trusted-proxy", "127.0.0.1")
    for name, left, right, two in SHARES:
        stopped.ask(20, *left)
        stopped.ask(20, *right)
        wanted = (32, 8, 0) if two else (16, 24, 0)
        counts = stopped.counts(wanted)
        check.that(f"behind a proxy, {name}: {'two clients' if two else 'one client'}", counts == wanted, counts)
        stopped.go_on()
        stopped.gateway.wait_for(lambda f: f["http_under_way"] == f["http_waiting"] == 0)
        pause(stopped.daemon.process)
    for number in range(30):
        stopped.ask(15, f"192.0.2.{number}")
    stopped.gateway.wait_for(lambda f: sum(count(f)) == 450)
    under_way, waiting, late = count(stopped.gateway.figures())
    check.that("all addresses together have at most 128 requests under way and 256 waiting", under_way <= 128 and waiting <= 256 and late >= 66,
               under_way, waiting, late)
    statuses = stopped.go_on()
    counts = {status: statuses.count(status) for status in set(statuses)}
    check.that("further requests get 503, and all that waited are answered", counts == {503: late, 200: 450 - late}, counts, late)
    check.that("SIGTERM ends a gateway behind a proxy with 0", stopped.end() == 0)
    stopped = Stopped(folder, "--trusted-proxy", "192.0.2.9")
    stopped.ask(20, "192.0.2.1")
    stopped.ask(20, "192.0.2.2")
    counts = stopped.counts((16, 24, 0))
    check.that("without a trusted proxy the header is ignored", counts == (16, 24, 0), counts)
    stopped.go_on()
    stopped.end()


def check_takers(check, many):
    """Large answers that one address does not read."""
    daemon = Daemon(many)
    gateway = Gateway(daemon.endpoint, "--trusted-proxy", "127.0.0.1", "--deadline-ms", "60000")
    gateway.wait_ready()
    size = len(gateway.get("/v1/scan?limit=1000")[2])
    raws = [gateway.connect(window=4096) for _ in range(60)]
    for raw in raws:
        raw.send(b"GET /v1/scan?limit=1000&deadline_ms=60000 HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n" * 5)
    figures = gateway.wait_for(lambda f: f["http_waiting"] > 0 and f["http_under_way"] == 0 and f["http_held_bytes"] >= 16 << 20)
    check.that("an address that does not read holds at most 16 MiB and one more answer", figures["http_held_bytes"] < (16 << 20) + size,
               figures["http_held_bytes"], size)
    status = gateway.get("/v1/search?q=mail", X_Forwarded_For="192.0.2.2")[0]
    check.that("others are answered beside an address that does not read", status == 200, status)
    statuses = [raw.response()[0] for raw in raws]
    check.that("its requests continue when it reads again", set(statuses) == {200}, statuses)
    for raw in raws:
        raw.close()
    gateway.wait_for(lambda f: f["http_held_bytes"] == 0)
    check.that("the held bytes are released", gateway.stop() == 0)
    daemon.stop()


SLOW = {
    "silence": (b"", b""),
    "headers, one at a time": (b"GET /v1/search?q=mail HTTP/1.1\r\nHost: localhost\r\n", b"X: y\r\n"),
    "a header, byte by byte": (b"GET /v1/search?q=mail HTTP/1.1\r\nHost: localhost\r\nX: ", b"y"),
    "half a body": (b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    b"Content-Length: 60000\r\n\r\n{", b""),
    "a body, byte by byte": (b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                             b"Content-Length: 60000\r\n\r\n{", b" "),
    "small chunks": (b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                     b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "a second request": (REQUEST + b"GET /v1/search?q=mail HTTP/1.1\r\nHost: localhost\r\n", b"X: y\r\n"),
}


def check_slow(check, folder):
    """Requests that never end: each is closed 10 seconds after it began, whatever it sends."""
    daemon = Daemon(folder)
    gateway = Gateway(daemon.endpoint)
    gateway.wait_ready()
    descriptors = gateway.descriptors()
    many = [(name, gateway.connect(), drip) for name, (_, drip) in SLOW.items() for _ in range(5)]
    for name, raw, _ in many:
        raw.send(SLOW[name][0])
    kept = gateway.connect()
    first = kept.ask_again()
    served, began = 0, time.monotonic()
    while gateway.figures()["http_connections"] > 2:
        served += gateway.get("/v1/search?q=mail&limit=1")[0] == 200
        for _, raw, drip in many:
            raw.send(drip)
        select.select([], [], [], 0.2)
        if time.monotonic() > began + PATIENCE_S:
            break
    check.that("others are answered beside requests that never end", served > 5, served)
    check.that("a connection without a request is kept for longer than that", (first, kept.ask_again()) == (200, 200))
    kept.close()
    for name in SLOW:
        statuses = [raw.response()[0] for other, raw, _ in many if other == name]
        if name == "a second request":
            check.that(f"{name}: the first one is answered", set(statuses) == {200}, statuses)
            statuses = [raw.response()[0] for other, raw, _ in many if other == name]
            check.that(f"{name}: the second one has status 408", set(statuses) == {408}, statuses)
        check.that(f"{name}: the connection is closed after 10 seconds", set(statuses) <= {408, 0}, statuses)
        check.that(f"{name}: closed", all(raw.is_closed() for other, raw, _ in many if other == name))
    for _, raw, _ in many:
        raw.close()
    check.that("each closed request is counted", gateway.figures()['http_reaped_total{reason="request"}'] == len(many), gateway.figures())
    gateway.wait_for(lambda f: f["http_connections"] == 1)
    check.that("the descriptors of closed requests are released", (left := gateway.descriptors_left(descriptors)) <= descriptors, left, descriptors)
    gateway.stop()
    daemon.stop()


def check_start(check):
    """Addresses that other machines can reach need an option."""
    for options, starts in ((["--listen", "0.0.0.0:0"], False), (["--listen", "[::]:0"], False), (["--listen", "nonsense"], False),
                            (["--listen", "127.0.0.1:99999"], False), (["--per-client", "0"], False), (["--nonsense"], False)):
        run = subprocess.run([PROGRAM, *options], capture_output=True, check=False, timeout=60)
        check.that(f"{' '.join(options)} is refused with 2", (run.returncode == 2 and run.stderr) or starts, run.returncode)
    for option, values in (("--host", ("http://skills.example/", "skills.example:80", "skills.example/x", "*", "[::1", "::1", "a b", "")),
                           ("--cors", ("skills.example", "*", "https://skills.example/", "https://Skills.example", "https://",
                                       "https://a:", "https://a:8o", "")),
                           ("--trusted-proxy", ("localhost", "10.0.0.0/8", "127.0.0.1:80", "[::1]", "::0:1", "")),
                           ("--connect", ("skills.example:80",))):
        for value in values:
            done = subprocess.run([PROGRAM, "--listen", "127.0.0.1:0", option, value], capture_output=True, text=True,
                                  check=False, timeout=PATIENCE_S)
            check.that(f"{option} {value!r} is refused as wrong usage", done.returncode == 2 and "skillsearch-http:" in done.stderr, done)
    gateway = Gateway("tcp://127.0.0.1:1", "--host", "skills.example", "--host", "[2001:db8::1]", "--host", "192.0.2.1", "--cors", "null",
                      "--cors", "https://skills.example:8443", "--cors", "http://[::1]:80", "--trusted-proxy", "2001:DB8::1")
    check.that("names, origins and addresses that can occur are taken", gateway.port > 0)
    gateway.stop()
    for options in (["--\x1b[2Jx"], ["\x1b]0;x\x07"], ["--listen", "\x1b[2J"], ["--per-client", "\x1b[1m"], ["--listen", "\x1b[2J:x"]):
        run = subprocess.run([PROGRAM, *options], capture_output=True, check=False, timeout=60)
        check.that(f"{options!r} is escaped on the terminal", run.returncode == 2 and len(run.stderr.splitlines()) == 2
                   and run.stderr.isascii() and all(line.isprintable() for line in run.stderr.decode().split("\n")), run.stderr)
    gateway = Gateway("tcp://127.0.0.1:1", "--listen", "0.0.0.0:0", "--insecure")
    check.that("with --insecure any address is accepted", gateway.get("/healthz")[0] == 200)
    gateway.stop()


def main(check, folder):
    index(folder, CORPUS)
    check_start(check)
    check_one_address(check, folder)
    check_deadlines(check, folder)
    check_proxy(check, folder)
    check_slow(check, folder)
    with tempfile.TemporaryDirectory() as other:
        check_takers(check, index_many(other))


if __name__ == "__main__":
    sys.exit(run_checks(main))
