#!/usr/bin/env python3
"""What an index in shards costs, beside one index of the same exports: processor time of a search in the daemon and in all
servers together, bytes per statement, and the build. Requests are three words of the statements; no request comes twice, and
the first one of each kind is not counted.

usage: bench_shard_costs.py EXPORTS SHARDS...   (make bench-shard-costs EXPORTS=... SHARDS="1 4")"""

import json
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import time

from peer import BUILD, Daemon, Port
from shard_servers import Server, copy_front

REQUESTS = 200
FACETS = ["level", "sector", "group", "zone", "occupation"]
KINDS = [("any, five facets", {"match": "any", "facets": FACETS}), ("auto, five facets", {"match": "auto", "facets": FACETS}),
         ("all, five facets", {"match": "all", "facets": FACETS}), ("any", {"match": "any"}), ("all", {"match": "all"}),
         ("no words, five facets", None)]


def draw_texts(exports):
    drawn, texts = random.Random(7), []
    paths = sorted(exports.glob("*.json"))
    for path in drawn.sample(paths, min(len(paths), 200)):
        for level in json.loads(path.read_text())["framework"]["levels"].values():
            texts += drawn.sample(level["statements"], min(len(level["statements"]), 5))
    words = [word.strip("—,.;:()\"'-").lower() for text in texts for word in text.split()]
    words = [word for word in words if word.isalpha() and word not in ("and", "or", "not", "near")]
    return [" ".join(drawn.sample(words, 3)) for _ in range(REQUESTS)]


def thread_ns(pid):
    """The processor time of all threads of a process."""
    return sum(int(task.joinpath("schedstat").read_text().split()[0]) for task in pathlib.Path(f"/proc/{pid}/task").iterdir())


def group_ns(group):
    """The processor time of all processes of a group."""
    total = 0
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rsplit(")", 1)[1].split()[2]) == group:
                total += thread_ns(path.parent.name)
        except OSError:
            pass  # it ended meanwhile
    return total


def build(place, exports, *arguments):
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run = subprocess.run(["/usr/bin/time", "-f", "%M", BUILD / "skillsearch-index", "-q", "--index", place, *arguments, exports],
                         check=False, stderr=subprocess.PIPE, text=True)
    assert run.returncode in (0, 3), run.stderr  # 3: a statement came twice
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    sizes = {path.name: path.stat().st_size for path in (place / "gen-1").iterdir()}
    print(f"# {' '.join(arguments) or 'one index'}: built in {time.monotonic() - begun:.0f} s, {cpu:.0f} s of processor time, {int(run.stderr.split()[-1]) / 1024:.0f} MiB; "
          + ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in sorted(sizes.items())), flush=True)


def measure(daemon, servers, texts):
    """Microseconds of the daemon and of all servers by request, for each kind."""
    peer, results = daemon.peer(), []
    for _, members in KINDS:
        requests = [{"q": text, "meaning": False, **members} for text in texts] if members else [
            {"q": "", "facets": FACETS, "offset": i} for i in range(REQUESTS)]
        peer.ask(**requests[0])
        before = thread_ns(daemon.process.pid), sum(group_ns(server.process.pid) for server in servers)
        for request in requests[1:]:
            peer.ask(**request)
        after = thread_ns(daemon.process.pid), sum(group_ns(server.process.pid) for server in servers)
        results.append([(b - a) / 1000 / (len(requests) - 1) for a, b in zip(before, after)])
    return results


def main():
    exports, counts = pathlib.Path(sys.argv[1]), [int(count) for count in sys.argv[2:]] or [4]
    texts = draw_texts(exports)
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/tmp")) as name:
        folder = pathlib.Path(name)
        build(folder / "one", exports, "--vectors", "none")
        daemon = Daemon(folder / "one", "--workers", "1", "--near-words", "none")
        whole = measure(daemon, [], texts)
        statements = daemon.peer().ask(op="stats")["index"]["statements"]
        daemon.stop()
        print(f"# {statements} statements; load {os.getloadavg()[0]:.1f}\n| request | one index | shards | daemon | servers | times |\n"
              "|---|--:|--:|--:|--:|--:|")
        for shards in counts:
            place, ports = folder / f"in-{shards}", [Port() for _ in range(shards)]
            place.mkdir()
            (place / "shards.conf").write_text("".join(f"127.0.0.1:{port.number}\n" for port in ports))
            build(place, exports, "--shards", str(shards))
            servers = [Server(place / "current" / f"shard-{i}", port) for i, port in enumerate(ports)]
            copy_front(place, folder / f"front-{shards}")
            daemon = Daemon(folder / f"front-{shards}", "--workers", "1", "--shard-timeout-ms", "60000")
            for (kind, _), one, many in zip(KINDS, whole, measure(daemon, servers, texts)):
                print(f"| {kind} | {one[0]:,.0f} µs | {shards} | {many[0]:,.0f} µs | {many[1]:,.0f} µs | {sum(many) / one[0]:.0f} |", flush=True)
            print(f"# {shards} shards: daemon {daemon.resident_bytes() / 1e6:.0f} MB resident; load {os.getloadavg()[0]:.1f}", flush=True)
            daemon.stop()
            for server in servers:
                server.stop()


main()
