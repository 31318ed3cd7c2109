#!/usr/bin/env python3
"""What a search over an index in shards answers when one of its servers fails, and after how long. The daemon waits 1,500
ms for a server. `make bench-shards`; $SKS_CORPUS has the exports."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time

from peer import ROOT, Daemon
from shard_servers import Mute, Server, copy_front, serve

SHARDS = 3
IDLE_MS = 30_000
REQUEST = {"q": "work", "match": "any", "meaning": False}


def ask(peer, **members):
    begun = time.perf_counter()
    reply = peer.ask(**REQUEST, **members)
    said = f"{reply['total']} statements" if reply["ok"] else f"{reply['error']['code']}: {reply['error']['message']}"
    if "shards" in reply:
        said += f", {reply['shards']['answered']} of {reply['shards']['asked']} shards"
    return (time.perf_counter() - begun) * 1000, said


def show(case, outcome):
    print(f"| {case} | {outcome[0]:,.1f} ms | {outcome[1]} |", flush=True)


def until_whole(peer):
    begun = time.perf_counter()
    while not peer.ask(**REQUEST)["ok"]:
        pass
    return (time.perf_counter() - begun) * 1000, "answers are whole again"


def first_try(peer):
    """The first request for which the server is tried again."""
    while True:
        outcome = ask(peer)
        if "tried again" not in outcome[1]:
            return outcome


def hang(peer, server):
    os.killpg(server.process.pid, signal.SIGSTOP)
    outcome = ask(peer, deadline_ms=200)
    os.killpg(server.process.pid, signal.SIGCONT)
    return outcome


def connections(server):
    """The processes of a server; each connection has one."""
    listed = subprocess.run(["pgrep", "-g", str(server.process.pid)], capture_output=True, text=True, check=True)
    return listed.stdout.split()


def idle(peer, server):
    """A request after more idle seconds than the server allows, and whether the connection is the same one."""
    before = connections(server)
    time.sleep(IDLE_MS * 1.5 / 1000)
    took, said = ask(peer)
    return took, said + (", on the same connections" if connections(server) == before else ", on other connections")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        place, front = folder / "served", folder / "front"
        ports, servers = serve(place, pathlib.Path(os.environ.get("SKS_CORPUS", ROOT / "corpus")), SHARDS)
        copy_front(place, front)
        daemon = Daemon(front, "--shard-timeout-ms", "1500", "--workers", "1")
        peer = daemon.peer()
        shard = lambda number: Server(place / "current" / f"shard-{number}", ports[1])
        print("| case | time | answer |\n|---|---|---|")
        ask(peer)
        show("all servers answer", ask(peer))
        servers[1].stop()
        servers[1] = shard(1)
        show("a server was started again between two requests", ask(peer))
        servers[1].stop()
        show("a server was killed", ask(peer))
        show("the next request, before it is tried again", ask(peer))
        show("the same, with partial", ask(peer, partial=True))
        servers[1] = shard(1)
        show("it runs again", until_whole(peer))
        os.killpg(servers[1].process.pid, signal.SIGSTOP)
        for case in ("a server hangs (SIGSTOP)", "the next request", "the third", "the fourth: it is down"):
            show(case, ask(peer))
        show("the same, with partial", ask(peer, partial=True))
        os.killpg(servers[1].process.pid, signal.SIGCONT)
        show("it goes on", until_whole(peer))
        os.killpg(servers[1].process.pid, signal.SIGSTOP)
        show("it hangs, with partial", ask(peer, partial=True))
        os.killpg(servers[1].process.pid, signal.SIGCONT)
        until_whole(peer)
        show("it hangs, and the request has 200 ms", hang(peer, servers[1]))
        until_whole(peer)
        servers[1].stop()
        servers[1] = shard(2)
        show("it was started with another shard", ask(peer))
        servers[1].stop()
        for case, greeting in (("something else listens, which says nothing", None), ("a server of Xapian 2", b"\x00\x05\x2f\x00\x00\x00\x00")):
            mute = Mute(ports[1], greeting)
            show(case, first_try(peer))
            mute.stop()
        servers[1] = Server(place / "current" / "shard-1", ports[1], "--idle-timeout", str(IDLE_MS))
        until_whole(peer)
        show(f"idle for {IDLE_MS * 1.5 / 1000:.0f} s, where the server allows {IDLE_MS / 1000:.0f}", idle(peer, servers[1]))
        daemon.stop()
        for server in servers:
            server.stop()


main()
