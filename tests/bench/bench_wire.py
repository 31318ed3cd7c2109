"""bench_wire.py INDEX REQUESTS: what a search costs through the daemon, one JSON line per run.

REQUESTS is a folder as for bench.c: any.txt, phrase.txt, browse.txt. Each client has one request under way, from a
mode's list in turn, over tcp loopback or ipc. In each cell of the matrix the daemon and a bare ZeroMQ ROUTER take
turns, three runs each. The ROUTER answers the same requests with as many bytes (ten more, so that clients accept them).
Figures are medians, because a run depends on the cores that its threads get.

    MODES    letters of tests/bench ("alpb")      CLIENTS  "1 2 4 8 16"
    COUNT    requests of each mode (1000)         WORKERS  "1 2"
    SECONDS  of each run (0.4)

Wall times are the clients'. CPU times are microseconds per request, by the kernel's clock of each thread: the daemon's,
its sockets (the thread of libzmq), its broker (the main thread), its workers. `engine_us` is the time of bench.c for
the same requests and near words on one thread right before and after; `own_us`, the rest, is decoding, encoding, queue and sockets.
Clients, echo and daemon share the cores: when more threads than cores are busy, they evict each other's caches, which
adds to own_us."""

import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from peer import BUILD, Daemon, Echo, ask_much

MODES = {"a": ("any", "any.txt"), "l": ("all", "any.txt"), "p": ("phrase", "phrase.txt"), "b": ("browse", "browse.txt")}
ASKED = {"limit": 10, "facets": ["level", "sector", "occupation"]}
COUNT = os.environ.get("COUNT") or "1000"
SECONDS = float(os.environ.get("SECONDS") or 0.4)
RUNS = 3
CLIENTS = [int(n) for n in (os.environ.get("CLIENTS") or "1 2 4 8 16").split()]
WORKERS = [int(n) for n in (os.environ.get("WORKERS") or "1 2").split()]
LETTERS = os.environ.get("MODES") or "alpb"
WALL = ("p50_us", "p95_us", "p99_us", "rate")


def search_of(mode, line):
    """The members of a request in a mode."""
    if mode == "browse":
        return {"filter": {"level": [line]}}
    return {"q": f'"{line}"' if mode == "phrase" else line, "match": "any" if mode == "any" else "all"}


def write_requests(path, lines, mode, before=""):
    members = [json.dumps({"op": "search", **search_of(mode, line), **ASKED}, separators=(",", ":"))[1:-1]
               for line in lines]
    path.write_text("".join(before + line + "\n" for line in members))
    return path


def say(**line):
    print(json.dumps(line), flush=True)


def thread_cpu_us(pid):
    """CPU times of the running threads, by purpose."""
    spent = {"sockets_us": 0, "broker_us": 0, "workers_us": 0}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        name = (task / "comm").read_text()
        part = "sockets_us" if name.startswith("ZMQbg") else "broker_us" if task.name == str(pid) else "workers_us"
        spent[part] += int((task / "schedstat").read_text().split()[0]) / 1000
    return spent


def ask_for(*arguments):
    """Check that every request of a tally was answered, and return it."""
    tally = ask_much(*arguments)
    if tally["ok"] != tally["sent"]:
        sys.exit(f"not every request was answered: {tally}")
    return tally


def ask_whole(endpoint, clients, requests, times=1):
    """The tally of a run that goes through the whole list this often; each client begins at its first line."""
    count, seconds = len(requests.read_text().splitlines()), SECONDS
    while (tally := ask_for(endpoint, clients, 1, seconds, requests))["sent"] < count * times:
        seconds *= 2
    return tally


def ask_and_account(pid, *arguments):
    """The wall times of a run, with the CPU time per request of process `pid`."""
    before = thread_cpu_us(pid)
    tally = ask_for(*arguments)
    after = thread_cpu_us(pid)
    parts = {part: (after[part] - before[part]) / tally["ok"] for part in after}
    return {**{name: tally[name] for name in WALL}, "cpu_us": sum(parts.values()), **parts}


def median_of(runs):
    return {name: round(statistics.median(run[name] for run in runs), 1) for name in runs[0]}


def measure_engine(index, requests, letter):
    """Number of statements, and the mean time of a request by bench.c, with the near words that the daemon uses."""
    run = subprocess.run([BUILD / "test-bench", index, requests, letter, COUNT, "3", BUILD / "near_words.tsv"],
                         stdout=subprocess.PIPE, text=True, check=True)
    line = json.loads(run.stdout.splitlines()[1])
    return line["statements"], 1e6 / line["qps"]


def measure_cell(daemons, transport, place, clients, files):
    """Run an echo and the daemon with each number of workers in turns; returns the medians."""
    asked, echoed, size = files
    runs = {"echo": [], **{workers: [] for workers in daemons}}
    echo = Echo(place, size)
    for _ in range(RUNS):
        runs["echo"].append(ask_and_account(echo.process.pid, echo.endpoint, clients, 1, SECONDS, echoed))
        for workers, daemon in daemons.items():
            endpoint = daemon.endpoints[("tcp", "ipc").index(transport)]
            runs[workers].append(ask_and_account(daemon.process.pid, endpoint, clients, 1, SECONDS, asked))
    echo.stop()
    return {who: median_of(of) for who, of in runs.items()}


def measure_mode(daemons, folder, index, requests, letter):
    """Measure all cells of a mode, between two runs of the engine alone."""
    mode, source = MODES[letter]
    lines = (requests / source).read_text().splitlines()[:int(COUNT)]
    asked = write_requests(folder / "asked", lines, mode)
    echoed = write_requests(folder / "echoed", lines, mode, '"ok":true,')
    statements, first_us = measure_engine(index, requests, letter)
    warm = [ask_whole(daemon.endpoint, 2 * workers, asked) for workers, daemon in daemons.items()][0]
    size, cells = warm["bytes"] // warm["ok"], []
    for transport, place in (("tcp", "tcp://127.0.0.1:*"), ("ipc", f"ipc://{folder}/echo")):
        for clients in CLIENTS:
            about = {"mode": mode, "statements": statements, "transport": transport, "clients": clients}
            cells.append((about, measure_cell(daemons, transport, place, clients, (asked, echoed, size))))
    engine_us = round((first_us + measure_engine(index, requests, letter)[1]) / 2, 1)
    for about, cell in cells:
        for who, figures in cell.items():
            if who == "echo":
                say(run="echo", **about, bytes=size, **figures)
            else:
                say(run="wire", **about, workers=who, **figures, engine_us=engine_us,
                    own_us=round(figures["cpu_us"] - engine_us, 1))


def main():
    index, requests = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder, daemons = pathlib.Path(name), {}
        for workers in WORKERS:
            daemons[workers] = Daemon(index, "--workers", str(workers), "--listen", f"ipc://{folder}/{workers}",
                                      "--deadline-ms", "60000")
            stack.callback(daemons[workers].stop)
        for letter in LETTERS:
            measure_mode(daemons, folder, index, requests, letter)


if __name__ == "__main__":
    main()
