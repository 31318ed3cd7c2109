#!/usr/bin/env python3
"""bench_start.py INDEX [TIMES]: the time of a command from start to end, one JSON line per kind: help, a search and a
completion, with a daemon and with the index alone. "true" is a program that does nothing. cpu_ms is the processor time of
the command and of the processes that it starts and waits for; other load on the machine hardly changes it."""
import json
import os
import resource
import statistics
import subprocess
import sys
import time

from peer import BUILD, Daemon

COMMANDS = {"true": ["true"], "version": ["--version"], "help": ["--help"], "search": ["--limit", "10", "incoming", "mail"],
            "facets": ["facets", "incoming", "mail"], "complete": ["complete", "--", "skillsearch", "--sector", "fin"]}


def processor_ms():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) * 1000


def measure(command, times, **environment):
    taken, before = [], processor_ms()
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True, env={**os.environ, "SKILLSEARCH_COMPLETION_MS": "60000", **environment})
        taken.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(taken, n=100)
    return {"min_ms": round(min(taken), 1), "p50_ms": round(cuts[49], 1), "p95_ms": round(cuts[94], 1),
            "cpu_ms": round((processor_ms() - before) / times, 1)}


def main():
    index, times = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100
    daemon = Daemon(index)
    statements = daemon.peer().total()
    for name, words in COMMANDS.items():
        command = words if name == "true" else [BUILD / "skillsearch", *words]
        for way, environment in (("daemon", {"SKILLSEARCH_ENDPOINT": daemon.endpoint}), ("index", {"SKILLSEARCH_INDEX": index})):
            if way == "index" and name in ("true", "version", "help"):
                continue
            measure(command, 5, **environment)
            row = {"bench": "start", "command": name, "asks": way, "statements": statements, **measure(command, times, **environment)}
            print(json.dumps(row), flush=True)
    daemon.stop()


main()
