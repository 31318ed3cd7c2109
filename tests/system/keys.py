"""Which keys are accepted: correct, wrong, unknown, missing and revoked ones, each tried SKS_TRIES times with one
daemon, over tcp and ipc. The table shows how many requests reached the decoder, by the daemon's own counters.

The client was written from docs/protocol.md, without the library."""

import collections
import json
import os
import re
import shutil
import signal
import statistics
import socket
import subprocess
import sys
import tempfile
import threading
import time

import zmq
import zmq.auth
import zmq.utils.monitor

import badpeer
from peer import BUILD, LOOK_S, PATIENCE_S, ROOT, Checks, Daemon, Peer, index
from variables import variable

CORPUS = variable("SKS_CORPUS")
TRIES = int(os.environ.get("SKS_TRIES", "40"))
PATIENCE_MS = 1000 * PATIENCE_S
SEARCH = json.dumps({"v": 1, "op": "search", "q": "mail"}).encode()
STATS = json.dumps({"v": 1, "op": "stats"}).encode()
ENDS = (zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
        | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL | zmq.EVENT_DISCONNECTED)


def keygen(*arguments):
    run = subprocess.run([BUILD / "skillsearch", "keygen", *arguments], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run


class Keys:
    """A daemon's key folder, and the keys of clients in the folder beside it."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "keys")
        self.home = folder
        keygen("--server", self.folder)
        for name in ("alice", "bob", "mallory"):
            keygen(self.of(name))
        self.let_in("alice")

    def of(self, name):
        return os.path.join(self.home, name)

    def let_in(self, name):
        shutil.copy(self.of(name), os.path.join(self.folder, "clients", name))

    def take_away(self, name):
        os.remove(os.path.join(self.folder, "clients", name))

    def open(self, who, server=None):
        """A DEALER with the keys of `who` (None: without keys)."""
        dealer = zmq.Context.instance().socket(zmq.DEALER)
        dealer.linger = 0
        dealer.rcvtimeo = dealer.sndtimeo = PATIENCE_MS
        if who:
            dealer.curve_publickey, dealer.curve_secretkey = zmq.auth.load_certificate(self.of(f"{who}_secret"))
            dealer.curve_serverkey, _ = zmq.auth.load_certificate(server or os.path.join(self.folder, "server"))
        return dealer

    def peer(self, who, endpoint):
        peer = Peer.__new__(Peer)
        peer.socket, peer.sent, peer.answered = self.open(who), 0, set()
        peer.socket.connect(endpoint)
        return peer


def refused_at_the_door(dealer, endpoint):
    """Whether a handshake with a request after it fails."""
    monitor = dealer.get_monitor_socket(ENDS)
    dealer.connect(endpoint)
    try:
        dealer.send(SEARCH, zmq.NOBLOCK)
    except zmq.Again:
        pass  # the handshake has failed, so there is no peer to send to
    assert monitor.poll(PATIENCE_MS), "no end of a handshake"
    event = zmq.utils.monitor.recv_monitor_message(monitor)["event"]
    dealer.disable_monitor()
    dealer.close()
    return event != zmq.EVENT_HANDSHAKE_SUCCEEDED


def refused_raw(endpoint):
    """A greeting that announces CURVE, followed by an unencrypted request."""
    if endpoint.startswith("ipc://"):
        plain = socket.socket(socket.AF_UNIX)
        plain.connect(endpoint[len("ipc://"):])
    else:
        host, port = endpoint[len("tcp://"):].split(":")
        plain = socket.create_connection((host, int(port)))
    plain.settimeout(PATIENCE_S)
    greeting = b"\xff\0\0\0\0\0\0\0\x01\x7f\x03\0" + b"CURVE".ljust(20, b"\0") + b"\0" * 32
    ready = b"\x04\x29\x05READY\x0bSocket-Type\0\0\0\x06DEALER\x08Identity\0\0\0\0"
    try:
        plain.sendall(greeting + ready + b"\0" + bytes([len(SEARCH)]) + SEARCH)
        answer = b""
        while chunk := plain.recv(4096):
            answer += chunk
    except ConnectionError:
        pass
    plain.close()
    return b'"ok":true' not in answer


def attempts(keys):
    """The cases that fail before a message: the name, and a function that tries an endpoint once."""
    return [
        ("unknown key", lambda at: refused_at_the_door(keys.open("mallory"), at)),
        ("wrong server key", lambda at: refused_at_the_door(keys.open("alice", server=keys.of("bob")), at)),
        ("no key", lambda at: refused_at_the_door(keys.open(None), at)),
        ("revoked key, new connection", lambda at: refused_at_the_door(keys.open("bob"), at)),
        ("raw bytes after a CURVE greeting", refused_raw),
    ]


def decoded(observer):
    """The number of requests decoded, except those of this function."""
    requests = observer.ask("stats")["requests"]
    return sum(count for op, count in requests.items() if op != "stats")


def ask_to_the_end(peer, monitor):
    """Send requests on an open connection until it ends; returns the number of answers, and of `auth` errors among them."""
    poller, answers, refused = zmq.Poller(), 0, 0
    poller.register(peer.socket, zmq.POLLIN)
    poller.register(monitor, zmq.POLLIN)
    while True:
        try:
            peer.socket.send(SEARCH, zmq.NOBLOCK)
        except zmq.Again:
            pass  # it ended
        ready = dict(poller.poll(PATIENCE_MS))
        assert ready, "the connection gives no answer and does not end"
        if peer.socket not in ready:
            peer.socket.disable_monitor()
            return answers, refused
        answers += 1
        refused += json.loads(peer.socket.recv()).get("error", {}).get("code") == "auth"


def ask_until(peer, wanted, request=SEARCH):
    """Repeat the request until the reply is as wanted. Returns the time taken, None if it never was."""
    start = time.monotonic()
    while time.monotonic() - start < PATIENCE_S:
        peer.socket.send(request)
        if wanted(json.loads(peer.socket.recv())):
            return time.monotonic() - start
    return None


def count_row(observer, name, tries, run):
    """One row of the table: how many tries of run() were refused, and how many requests decoded."""
    before = decoded(observer)
    refused = sum(run() for _ in range(tries))
    reached = decoded(observer) - before
    print(f"{name:45} {tries:6} {refused:8} {reached:8}", flush=True)
    return refused, reached


def check_table(check, keys, endpoints, observer):
    print(f"{'case':45} {'tries':>6} {'refused':>8} {'decoded':>8}")
    def right(at):
        peer = keys.peer("alice", at)
        peer.socket.send(SEARCH)
        ok = json.loads(peer.socket.recv())["ok"]
        peer.socket.close()
        return not ok
    for kind, at in zip(("tcp", "ipc"), endpoints):
        row = count_row(observer, f"accepted key, {kind}", TRIES, lambda at=at: right(at))
        check.that(f"a client with an accepted key is answered over {kind}", row == (0, TRIES), row)
        for name, attempt in attempts(keys):
            row = count_row(observer, f"{name}, {kind}", TRIES, lambda at=at, attempt=attempt: attempt(at))
            check.that(f"{name}: nothing is decoded over {kind}", row == (TRIES, 0), row)


def check_changes(check, keys, endpoints, observer):
    """Keys are added and revoked without a restart."""
    check.that("bob is unknown at first", refused_at_the_door(keys.open("bob"), endpoints[0]))
    keys.let_in("bob")
    start = time.monotonic()
    while refused_at_the_door(keys.open("bob"), endpoints[0]) and time.monotonic() - start < PATIENCE_S:
        time.sleep(LOOK_S)
    took = time.monotonic() - start
    check.that("a new key is accepted", took < PATIENCE_S, took)
    revoked = [keys.peer("bob", at) for at in endpoints]
    check.that("bob is answered", all(peer.ask()["ok"] for peer in revoked))
    monitors = [peer.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED) for peer in revoked]
    before = decoded(observer)
    with open(os.path.join(keys.folder, "clients", "broken"), "w") as broken:
        broken.write("curve\n    public-key = \"nothing\"\n")
    keys.take_away("bob")
    start = time.monotonic()
    answers, refused = map(sum, zip(*(ask_to_the_end(*both) for both in zip(revoked, monitors))))
    ended = time.monotonic() - start
    check.that("a revoked key: only requests that were answered before are decoded", decoded(observer) - before == answers - refused,
               decoded(observer) - before, answers, refused)
    print(f"a new key was accepted after {took * 1000:.0f} ms, open connections of a revoked one ended after {ended * 1000:.0f} ms, "
          f"{refused} requests on them refused")
    return refused


def median_us(peer):
    """The median round-trip time of a search."""
    times = []
    for _ in range(max(TRIES, 10)):
        start = time.perf_counter()
        peer.socket.send(SEARCH)
        peer.socket.recv()
        times.append((time.perf_counter() - start) * 1e6)
    return statistics.median(times)


def compare_times(built, keyed):
    """The time that keys add to a message, compared with a daemon without keys."""
    daemon = Daemon(built)
    plain = daemon.peer()
    print(f"a search, median round-trip time: {median_us(plain):.0f} us without keys, {median_us(keyed):.0f} us with")
    daemon.stop()


def ask_without_end(sockets, request, end):
    """Keep two requests under way on each connection, whatever the answers are."""
    poller = zmq.Poller()
    for one in sockets:
        poller.register(one, zmq.POLLIN)
        one.send(request)
        one.send(request)
    while not end.is_set():
        for one, _ in poller.poll(100):
            one.recv()
            one.send(request)


def check_turns(check, keys, built):
    """Scheduling is per key, not per connection: many connections of alice count as one client."""
    keys.let_in("bob")
    slow = json.dumps({"v": 1, "op": "scan", "limit": 200, "deadline_ms": 60000}).encode()
    daemon = Daemon(built, "--curve-keys", keys.folder, "--workers", "1", "--queue", "8")
    greedy, polite, end = [keys.open("alice") for _ in range(24)], keys.peer("bob", daemon.endpoint), threading.Event()
    polite.ask("health")
    for one in greedy:
        one.connect(daemon.endpoint)
    load = threading.Thread(target=ask_without_end, args=(greedy, slow, end), daemon=True)
    load.start()
    full = ask_until(polite, lambda reply: reply["queue"]["waiting"] == 8, STATS) is not None
    refused = sum(not polite.ask(q="mail")["ok"] for _ in range(20))
    end.set()
    load.join()
    check.that("a key with 24 connections gets no more turns than a key with one connection", full and refused == 0, full, refused)
    check.that("SIGTERM ends the daemon under that load with 0", daemon.stop() == 0)


def named(keys, who, endpoint, name):
    dealer = keys.open(who)
    dealer.identity = name
    dealer.connect(endpoint)
    return dealer


def check_names(check, keys, built, socket_path):
    """Routing ids that clients with keys choose are ignored: nobody gets another's number or reply."""
    many = 100_000 if os.environ.get("SKS_LONG") else 60
    compare = json.dumps({"v": 1, "id": "secret", "op": "compare", "occupation": "43-9051.00"}).encode()
    daemon = Daemon(built, "--curve-keys", keys.folder, "--workers", "1", "--listen", f"ipc://{socket_path}")
    victim = keys.peer("alice", daemon.endpoint)      # the very first peer
    victim.ask("health")
    os.kill(daemon.process.pid, signal.SIGSTOP)
    victim.socket.send(compare)
    victim.socket.close(linger=1000)
    os.kill(daemon.process.pid, signal.SIGCONT)
    thieves = [named(keys, "bob", at, badpeer.number(badpeer.FIRST_NUMBER + i)) for at in daemon.endpoints
               for i in range(2)]
    check.that("a reply to a client that disconnected reaches nobody else", not any(one.poll(500) for one in thieves))
    held = collections.deque(thieves, maxlen=100)
    for i in range(many):
        name = badpeer.number(badpeer.FIRST_NUMBER + 2 * i + 10)
        held.append(named(keys, "bob", daemon.endpoints[i % 2], name))
        if i % 5 == 0:
            one = keys.peer("alice", daemon.endpoints[i % 2])
            one.ask("health")
            one.socket.close()
    held[-1].send(SEARCH)
    check.that(f"{many} routing ids chosen by clients with keys do not end the daemon", json.loads(held[-1].recv())["ok"])
    long = named(keys, "bob", daemon.endpoint, b"x" * 255)
    for name in (b"", b"a", b"Identity", b"\0" * 255):
        long.send(SEARCH)
        check.that("a client that chooses a routing id is answered", json.loads(long.recv())["ok"])
        long = named(keys, "bob", daemon.endpoint, name) if name else keys.open("bob")
        long.connect(daemon.endpoint)
    check.that("SIGTERM ends a daemon after chosen routing ids with 0", daemon.stop() == 0)


def check_frames(check, keys, endpoint, observer):
    """With keys, a message with too many frames is detected only when it is read."""
    cut = observer.ask("stats")["dropped"]["cut"]
    greedy = keys.open("alice")
    monitor = greedy.get_monitor_socket(zmq.EVENT_DISCONNECTED)
    greedy.connect(endpoint)
    greedy.send(SEARCH)
    greedy.recv()
    start = time.monotonic()
    while not monitor.poll(10) and time.monotonic() - start < PATIENCE_S:
        greedy.send_multipart([b""] * 1000, zmq.NOBLOCK)
        observer.ask("health")
    check.that("a message of 1,000 frames closes its connection", monitor.poll(0))
    check.that("a message of 1,000 frames is counted as dropped", observer.ask("stats")["dropped"]["cut"] > cut)
    greedy.disable_monitor()
    greedy.close()


def forward(source, target):
    """Forward bytes until the source ends or is closed."""
    try:
        while chunk := source.recv(4096):
            target.sendall(chunk)
    except OSError:
        pass


def check_denied(check, keys, endpoint):
    """A client with an unknown key that does not disconnect when it is refused: a relay holds its connection open."""
    host, port = endpoint[len("tcp://"):].split(":")
    listener = socket.create_server(("127.0.0.1", 0))
    dealer = keys.open("mallory")
    monitor = dealer.get_monitor_socket(zmq.EVENT_HANDSHAKE_FAILED_AUTH)
    dealer.connect(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
    inner, _ = listener.accept()
    outer = socket.create_connection((host, int(port)))
    outer.settimeout(PATIENCE_S)
    threading.Thread(target=forward, args=(inner, outer), daemon=True).start()
    back = threading.Thread(target=forward, args=(outer, inner), daemon=True)
    back.start()
    denied = monitor.poll(PATIENCE_MS)
    dealer.disable_monitor()
    dealer.close()
    back.join(PATIENCE_S)
    check.that("a client whose key was refused does not keep its connection", denied and not back.is_alive())
    for one in (outer, inner, listener):
        one.close()


def check_page(check, keys, endpoint):
    """The clients of docs/protocol.md, run unchanged."""
    page = (ROOT / "docs" / "protocol.md").read_text()
    for name, code in zip(("ask.py", "keyed.py"), re.findall(r"```python[^\n]*\n(.*?)```", page, re.S)):
        with open(keys.of(name), "w") as file:
            file.write(code)
    run = subprocess.run([sys.executable, "keyed.py", endpoint, "keys/server", "alice_secret"], cwd=keys.home,
                         capture_output=True, text=True, check=False)
    check.that("the client of docs/protocol.md is answered", "'status': 'ok'" in run.stdout, run)
    run = subprocess.run([sys.executable, "keyed.py", endpoint, "bob", "alice_secret"], cwd=keys.home,
                         capture_output=True, text=True, check=False)
    check.that("the client of docs/protocol.md is not answered with another server key", "TimeoutError" in run.stderr, run)


def main():
    check = Checks()
    with tempfile.TemporaryDirectory() as folder:
        built = os.path.join(folder, "index")
        index(built, CORPUS)
        keys = Keys(folder)
        daemon = Daemon(built, "--curve-keys", keys.folder, "--listen", f"ipc://{folder}/socket")
        try:
            endpoints = daemon.endpoints
            observer = keys.peer("alice", endpoints[0])
            refused = check_changes(check, keys, endpoints, observer)
            check_table(check, keys, endpoints, observer)
            check_page(check, keys, endpoints[0])
            compare_times(built, observer)
            check_turns(check, keys, built)
            check_names(check, keys, built, f"{folder}/names")
            check_frames(check, keys, endpoints[0], observer)
            check_denied(check, keys, endpoints[0])
            outcome = observer.ask("stats")
            print("keys:", outcome["keys"])
            check.that("denials are counted", outcome["keys"]["denied"] >= 4 * TRIES, outcome["keys"])
            check.that("refused requests are counted", outcome["replies"]["auth"] == outcome["keys"]["refused"] >= refused)
            daemon.log.seek(0)
            check.that("a broken certificate is named in the log", "bad_certificate file=broken" in daemon.log.read())
        finally:
            check.that("SIGTERM ends the daemon with 0", daemon.stop() == 0)
    return check.finish()


sys.exit(main())
