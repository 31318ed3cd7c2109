#!/usr/bin/python3 -B
"""Clients of three daemons, with the default options, while one of the daemons is killed, ended or stopped: the part of the
requests that each daemon gets, the requests that fail, and the slowest one. One JSON line for each case.

    bench_replicas.py [INDEX]      CLIENTS=30 SECONDS=6

Without INDEX, an index of corpus/ is made. The clients are those of tests/system/clients.c."""

import json
import os
import pathlib
import signal
import sys
import tempfile
import time

from daemons import Clients, Replicas
from peer import ROOT, index

CLIENTS = int(os.environ.get("CLIENTS") or 30)
SECONDS = float(os.environ.get("SECONDS") or 6)
CASES = (None, signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP)


def measure(folder, place, kind, number):
    replicas = Replicas(folder, place, 3)
    clients = Clients(replicas.endpoints, CLIENTS, kind)
    time.sleep(SECONDS / 3)
    if number:
        replicas.signal(0, number)
    time.sleep(SECONDS * 2 / 3)
    tally = clients.finish()
    line = {"calls": kind, "case": number.name if number else "none", "clients": CLIENTS, **tally}
    if number is None:
        searches = replicas.searches()
        line["parts"] = [round(one / sum(searches), 3) for one in searches]
    print(json.dumps(line), flush=True)
    replicas.stop()


def main():
    with tempfile.TemporaryDirectory() as name:
        place = pathlib.Path(name)
        folder = pathlib.Path(sys.argv[1]) if sys.argv[1:] and sys.argv[1] else place / "index"
        if folder == place / "index":
            index(folder, ROOT / "corpus")
        for kind in "wait", "poll":
            for number in CASES:
                measure(folder, place, kind, number)


main()
