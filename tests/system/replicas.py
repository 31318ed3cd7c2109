"""Clients of several daemons: each daemon gets its part of the requests, and no request fails when one of the daemons is
killed, ended or stopped. Counts only; tests/bench/bench_replicas.py has the times."""

import pathlib
import signal
import subprocess
import sys
import tempfile

from daemons import Clients, Replicas
from peer import BUILD, Checks, index
from variables import variable

CLIENTS = 30
PART = 0.25, 0.42  # of the requests, that each of three daemons gets
check = Checks()


def requests_are_spread(place, kind):
    replicas = Replicas(place / "index", place, 3)
    clients = Clients(replicas.endpoints, CLIENTS, kind)
    clients.answer(30)
    tally = clients.finish()
    searches = replicas.searches()
    parts = [one / sum(searches) for one in searches]
    check.that(f"{kind}: each of three daemons gets its part", all(PART[0] <= one <= PART[1] for one in parts), parts)
    check.that(f"{kind}: each request is answered", tally["failed"] == 0 and sum(searches) >= tally["answered"], tally, searches)
    replicas.stop()


def one_is_lost(place, kind, number):
    replicas = Replicas(place / "index", place, 3)
    clients = Clients(replicas.endpoints, CLIENTS, kind)
    clients.answer(5)
    replicas.signal(0, number)
    clients.answer(30)
    tally = clients.finish()
    check.that(f"{kind}: no request fails when one of three daemons gets {number.name}", tally["failed"] == 0, tally)
    replicas.stop()


def all_but_one_are_stopped(place, kind):
    replicas = Replicas(place / "index", place, 3)
    clients = Clients(replicas.endpoints, 3, kind)
    for stopped in 1, 2:
        replicas.signal(stopped, signal.SIGSTOP)
    clients.answer(10)
    tally = clients.finish()
    check.that(f"{kind}: one daemon of three is enough", tally["failed"] == 0, tally)
    replicas.stop()


def a_command_finds_the_daemon_that_answers(place):
    replicas = Replicas(place / "index", place, 3)
    for stopped in 1, 2:
        replicas.signal(stopped, signal.SIGSTOP)
    for number in range(4):  # the order is random
        run = subprocess.run([BUILD / "skillsearch", "--connect", replicas.endpoints, "--timeout", "5000", "--json", "mail"],
                             capture_output=True, text=True, check=False)
        check.that(f"run {number} of the command is answered while two of three daemons are stopped", run.returncode == 0,
                   run.stderr)
    replicas.stop()


def main():
    with tempfile.TemporaryDirectory() as name:
        place = pathlib.Path(name)
        index(place / "index", variable("SKS_CORPUS"))
        for kind in "wait", "poll":
            requests_are_spread(place, kind)
            for number in signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP:
                one_is_lost(place, kind, number)
            all_but_one_are_stopped(place, kind)
        a_command_finds_the_daemon_that_answers(place)
    return check.finish()


sys.exit(main())
