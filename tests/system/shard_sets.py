"""Sets of shards: generations that follow each other under load while servers switch one after the other, servers that
have another set than the daemon, and the unit of docs/shards.md."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from peer import BUILD, LOOK_S, PATIENCE_S, ROOT, Checks, Daemon, index
from shard_servers import Server, copy_front, serve

CORPUS = ROOT / "corpus"
SHARDS = 3
GENERATIONS = 6
CLIENTS = 3
WORDS = ["mail", "work", "software report", '"incoming mail"', "level:advanced customer"]
PATIENT = ["--shard-timeout-ms", "60000", "--shard-connect-ms", "60000"]  # a busy machine may be slow


# ------------------------------------------------------------------ generations under load

def switch(folder, name):
    """Make the link `current` of a folder lead to a generation, in one step."""
    (folder / "current.new").symlink_to(name)
    os.rename(folder / "current.new", folder / "current")


class Hosts:
    """The machines of shards: a folder and a server each, started on the link of the folder."""

    def __init__(self, folder, place, shards):
        self.place = place
        self.folders = [folder / f"host-{i}" for i in range(shards)]
        for host in self.folders:
            host.mkdir()

    def publish(self, number, between=lambda: None):
        """One host after the other; the generation before is removed, though connections still read it."""
        for i, host in enumerate(self.folders):
            shutil.copy(self.place / f"gen-{number}" / f"shard-{i}", host / f"gen-{number}")
            switch(host, f"gen-{number}")
            (host / f"gen-{number - 1}").unlink(missing_ok=True)
            between()


def publish_front(place, front, number):
    copy = front / f"gen-{number}"
    copy.mkdir(parents=True)
    for name in ("statements", "shards"):
        shutil.copy(place / f"gen-{number}" / name, copy)
    switch(front, copy.name)


def seen(reply):
    """What differs between the generations of this test."""
    return reply["total"], [(value["value"], value["count"]) for value in reply["facets"]["occupation"]], [hit["id"] for hit in reply["hits"]]


def request_of(words):
    return {"q": words, "match": "any", "facets": [{"name": "occupation", "limit": 100}], "limit": 100, "meaning": False}


class Searchers:
    """Clients that search until `stop`. replies: what was seen, by generation and words; failed: all other replies."""

    def __init__(self, daemon):
        self.replies, self.failed, self.count = {}, [], 0
        self.ended, self.lock = threading.Event(), threading.Lock()
        self.threads = [threading.Thread(target=self.run, args=(daemon.peer(),)) for _ in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def run(self, peer):
        while not self.ended.is_set():
            for words in WORDS:
                reply = peer.ask(**request_of(words))
                with self.lock:
                    self.count += 1
                    if reply["ok"]:
                        self.replies.setdefault((reply["generation"], words), []).append(seen(reply))
                    else:
                        self.failed.append(reply)

    def wait(self, holds):
        """Wait until the replies so far satisfy this."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and any(thread.is_alive() for thread in self.threads):
            with self.lock:
                if holds(self):
                    return
            time.sleep(0.001)

    def wait_for_more(self):
        goal = self.count + 2 * len(WORDS)
        self.wait(lambda self: self.count >= goal)

    def stop(self):
        self.ended.set()
        for thread in self.threads:
            thread.join()


def check_swaps(check, folder):
    """Each generation has the exports of another choice, so that what is found differs in each."""
    place, front = folder / "place", folder / "front"
    exports = sorted(CORPUS.glob("*.json"))
    ports, servers = serve(place, CORPUS, SHARDS)
    for server in servers:
        server.stop()
    hosts = Hosts(folder, place, SHARDS)
    hosts.publish(1)
    servers = [Server(host / "current", port) for host, port in zip(hosts.folders, ports)]
    publish_front(place, front, 1)
    one = folder / "one"
    index(one, CORPUS, arguments=["--vectors", "none"])
    daemon = Daemon(front, "--workers", "2", *PATIENT)
    searchers = Searchers(daemon)
    searchers.wait_for_more()
    for number in range(2, GENERATIONS + 1):
        index(place, *exports[number:], arguments=["--only", "--allow-shrink"])
        index(one, *exports[number:], arguments=["--only", "--allow-shrink", "--vectors", "none", "--keep", str(GENERATIONS)])
        hosts.publish(number, searchers.wait_for_more)
        publish_front(place, front, number)
        searchers.wait(lambda self, number=number: all((number, words) in self.replies for words in WORDS))
    searchers.stop()
    check.that(f"{searchers.count} searches while {SHARDS} servers and the daemon took {GENERATIONS - 1} generations: none failed",
               not searchers.failed, len(searchers.failed), searchers.failed[:1])
    for number in range(1, GENERATIONS + 1):
        subprocess.run([BUILD / "skillsearch-index", "--index", one, "--publish", str(number)], check=True, capture_output=True)
        whole = Daemon(one, "--near-words", "none")
        peer = whole.peer()
        for words in WORDS:
            wanted, replies = seen(peer.ask(**request_of(words))), searchers.replies.get((number, words), [])
            check.that(f"generation {number}: replies to {words} are those of one index of it", replies and all(
                reply == wanted for reply in replies), len(replies), sum(reply != wanted for reply in replies))
        whole.stop()
    check.that("the daemon ends without an error", daemon.stop() == 0)
    for server in servers:
        server.stop()


# ------------------------------------------------------------------ servers with another set

def log_of(daemon, event):
    """The lines of an event in the daemon's log."""
    daemon.log.seek(0)
    return [line for line in daemon.log.read().splitlines() if f"event={event} " in line]


def without_label(path, out):
    """A copy of a shard whose label has another name."""
    content = path.read_bytes()
    assert content.count(b"skillsearch") == 1, content.count(b"skillsearch")
    out.write_bytes(content.replace(b"skillsearch", b"skillsearcx"))
    return out


def check_mutants(check, folder):
    """Servers with data that would be counted wrong: no reply may come of it."""
    place, front, again = folder / "place", folder / "front", folder / "again"
    ports, servers = serve(place, CORPUS, SHARDS)
    copy_front(place, front)
    kept = folder / "kept"
    shutil.copytree(place / "gen-1", kept)
    for i in range(SHARDS):
        servers[i].stop()
        servers[i] = Server(kept / f"shard-{i}", ports[i])
    index(again, CORPUS, arguments=["--shards", str(SHARDS)])
    index(place, *sorted(CORPUS.glob("*.json"))[1:], arguments=["--only", "--allow-shrink"])
    mutants = [("a shard of another build of the same exports", {1: again / "gen-1" / "shard-1"}, "2"),
               ("a shard of the next generation", {1: place / "gen-2" / "shard-1"}, "2"),
               ("one shard twice", {1: kept / "shard-0"}, "2"),
               ("shards in another order", {0: kept / "shard-1", 1: kept / "shard-0"}, "1"),
               ("a database without a label", {1: without_label(kept / "shard-1", folder / "unlabelled")}, "2")]
    daemon = Daemon(front, *PATIENT)
    peer = daemon.peer()
    request = {"q": "mail", "limit": 100, "meaning": False}
    total = peer.ask(**request)["total"]
    for title, served, number in mutants:
        before = len(log_of(daemon, "shard_mismatch"))
        for i, path in served.items():
            servers[i].stop()
            servers[i] = Server(path, ports[i])
        replies = [peer.ask(**request) for _ in range(3)]
        end = time.monotonic() + PATIENCE_S
        while len(log_of(daemon, "shard_mismatch")) == before and time.monotonic() < end:
            replies.append(peer.ask(**request))
            time.sleep(LOOK_S)
        check.that(f"{title} is never counted", all(not reply["ok"] and reply["error"]["code"] == "unavailable"
                   and f"shard {number} of {SHARDS}" in reply["error"]["message"] for reply in replies), replies)
        check.that(f"{title} is logged as shard_mismatch", len(log_of(daemon, "shard_mismatch")) > before, log_of(daemon, "shard_mismatch"))
        partial = peer.ask(**request, partial=True)
        check.that(f"{title} is left out of a partial reply", partial["ok"] and partial["partial"] and partial["total"] < total
                   and partial["shards"]["answered"] == SHARDS - len(served), partial)
        health = peer.ask(op="health")["shards"]
        check.that(f"{title} is not up", [shard["up"] for shard in health] == [i not in served for i in range(SHARDS)], health)
        run = subprocess.run([BUILD / "skillsearchd", "--index", front, "--listen", "tcp://127.0.0.1:*", *PATIENT], capture_output=True,
                             text=True, check=False)
        check.that(f"a daemon does not start on {title}", run.returncode == 1 and "instead of" in run.stderr
                   and f"shard {number} of {SHARDS}" in run.stderr, run.stderr)
        for i in served:
            servers[i].stop()
            servers[i] = Server(kept / f"shard-{i}", ports[i])
        end = time.monotonic() + PATIENCE_S
        while not (reply := peer.ask(**request))["ok"] and time.monotonic() < end:
            time.sleep(LOOK_S)
        check.that(f"without {title} answers are whole again", reply["ok"] and reply["total"] == total, reply)
    publish_front(place, front, 2)
    end = time.monotonic() + PATIENCE_S
    while not log_of(daemon, "reload_failed") and time.monotonic() < end:
        reply = peer.ask(**request)
        time.sleep(LOOK_S)
    check.that("a generation whose servers have the one before is not loaded", "instead of" in "".join(log_of(daemon, "reload_failed"))
               and reply["ok"] and reply["generation"] == 1, reply)
    check.that("the daemon ends without an error", daemon.stop() == 0)
    for server in servers:
        server.stop()


# ------------------------------------------------------------------ the unit

def check_unit(check, folder):
    text = re.search(r"```ini skillsearch-shard.service\n(.*?)```", (ROOT / "docs" / "shards.md").read_text(), re.S)[1]
    unit = folder / "skillsearch-shard.service"
    unit.write_text(text)
    run = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False,
                         env={**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:"})
    check.that("systemd accepts the unit of a shard", run.returncode == 0 and not run.stderr, run.stderr)
    command = re.search(r"^ExecStart=(\S+) --interface (\S+) ", text, re.M)
    check.that("it binds a private address, and is not writable", command and command[2].startswith("10.") and "--writable" not in text, command)


def main():
    checks = Checks()
    for case, needs in ((check_swaps, "xapian-tcpsrv"), (check_mutants, "xapian-tcpsrv"), (check_unit, "systemd-analyze")):
        if not shutil.which(needs):
            print(f"skipped: {case.__name__}: {needs} is missing")
            continue
        with tempfile.TemporaryDirectory() as name:
            case(checks, pathlib.Path(name))
    sys.exit(checks.finish())


main()
