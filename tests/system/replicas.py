"""Clients of several daemons: each daemon gets its part of the requests, and no request fails when one of the daemons is
killed, ended or stopped. Counts only; tests/bench/bench_replicas.py has the times."""

import asyncio
import pathlib
import signal
import subprocess
import sys
import tempfile

from daemons import Clients, Replicas
from gateway import PROGRAM, Gateway
from peer import BUILD, ROOT, Checks, index
from variables import variable

sys.path.insert(0, str(ROOT / "client" / "python"))
import skillsearch  # noqa: E402

CLIENTS = 30
PATIENT_MS = 600_000  # nobody is silent for a tenth of it, so no request is sent twice, however busy the machine is
MANY = 2000  # requests, after which each endpoint was asked once
PART = 0.25, 0.42  # of the requests, that each of three daemons gets
ROUNDS = 20  # of 3,000 answers, after which each client is connected to each daemon
check = Checks()


def requests_are_spread(place, kind):
    replicas = Replicas(place / "index", place, 3)
    clients = Clients(replicas.endpoints, CLIENTS, kind, PATIENT_MS)
    searches, parts, even, rounds = [0, 0, 0], [], False, 0
    while not even and rounds < ROUNDS:
        rounds += 1
        clients.answer(30)
        before, searches = searches, replicas.searches()
        parts = [(now - then) / max(1, sum(searches) - sum(before)) for now, then in zip(searches, before)]
        even = all(PART[0] <= one <= PART[1] for one in parts)
    check.that(f"{kind}: each of three daemons gets its part", even, parts)
    tally = clients.finish()
    searches = replicas.searches()
    check.that(f"{kind}: each request is answered once", tally["failed"] == 0 and sum(searches) == tally["answered"], tally, searches)
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


def python_spreads(place):
    replicas = Replicas(place / "index", place, 3)
    with skillsearch.Client(replicas.endpoints, timeout=PATIENT_MS / 1000) as client:
        for _ in range(MANY):
            client.search("mail")
            if all(replicas.searches()):  # each is connected
                break
        before = replicas.searches()
        for _ in range(30):
            client.search("mail")
        parts = [now - then for now, then in zip(replicas.searches(), before)]
    check.that("the Python client gives each of three daemons a third", parts == [10, 10, 10], parts)
    replicas.stop()


def ask_python(replicas, number):
    """The replies to the blocking client before and after a daemon is lost."""
    with skillsearch.Client(replicas.endpoints) as client:
        got = [client.health()["ok"] for _ in range(6)]
        replicas.signal(0, number)
        return got + [client.health()["ok"] for _ in range(30)]


async def ask_asyncio(replicas, number):
    async with skillsearch.AsyncClient(replicas.endpoints) as client:
        got = await asyncio.gather(*(client.health() for _ in range(6)))
        replicas.signal(0, number)
        for _ in range(5):
            got += await asyncio.gather(*(client.health() for _ in range(30)))
        return got


def python_loses_one(place, number):
    for kind, ask in (("Client", ask_python), ("AsyncClient", lambda *given: asyncio.run(ask_asyncio(*given)))):
        replicas = Replicas(place / "index", place, 3)
        try:
            failure = "" if ask(replicas, number) else "nothing"
        except skillsearch.SkillsearchError as error:
            failure = str(error)
        check.that(f"{kind} of Python: no request fails when one of three daemons gets {number.name}", not failure, failure)
        replicas.stop()


def the_gateway_loses_one(place, number):
    replicas = Replicas(place / "index", place, 3)
    gateway = Gateway(replicas.endpoints)
    gateway.wait_ready()
    statuses = []
    while not all(replicas.searches()) and len(statuses) < MANY:  # until each is connected
        statuses.append(gateway.get("/v1/search?q=mail")[0])
    check.that("the gateway shares its requests among three daemons", all(replicas.searches()), replicas.searches())
    replicas.signal(0, number)
    statuses += [gateway.get("/v1/search?q=mail")[0] for _ in range(40)]
    check.that(f"the gateway answers all requests when one of three daemons gets {number.name}", set(statuses) == {200}, statuses)
    gateway.stop()
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
        python_spreads(place)
        for number in signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP:
            python_loses_one(place, number)
        if PROGRAM.exists():
            for number in signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP:
                the_gateway_loses_one(place, number)
        else:
            print("skipped: skillsearch-http is not built, as libmicrohttpd-dev or zlib1g-dev is missing")
    return check.finish()


sys.exit(main())
