#!/usr/bin/env python3
"""bench_table.py KIND FILE...: a benchmark's JSON lines as a table in Markdown.

    peers OURS [PEERS]   tests/bench over one index; lines of the peers' runs, one file per peer
    growth FILE          tests/bench over several indexes: how times grow with statements
    wire FILE            tests/bench/bench_wire.py
    memory FILE          tests/bench/bench_memory.py
    bandwidth FILE       tests/bench/bandwidth.c
    limits FILE          tests/bench/bench_limits.sh
    deadlines FILE       tests/bench/bench_deadlines.py

Times are microseconds. A ratio is our median divided by the peer's, of CPU time. "Without clock" it is our median by the
monotonic clock divided by the peer's CPU time less what the clock of CPU time adds to ours. An exponent e between two
sizes means that the time grows as statements^e."""
import json
import math
import sys

MODES = ("any", "all", "phrase", "browse")
TIMES = ["p50", "p95", "p99"]


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.startswith("{")]


def table(words, numbers, rows):
    """The first columns hold words, the others numbers."""
    print("| " + " | ".join(words + numbers) + " |")
    print("|" + "---|" * len(words) + "--:|" * len(numbers))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def whole(value):
    return f"{value:,.0f}"


def tail(row, low, high):
    return f"{row[high] / row[low]:.1f}"


# ------------------------------------------------------------------- kinds
def peers(ours, others=()):
    """Latencies of each mode beside the peers'. A peer that finds nothing where we find something has no usable
    index."""
    rows = []
    for our in (row for row in ours if "p50_us" in row):
        mode, clock = our["mode"], our["p50_us"] - our["wall_p50_us"]
        rows.append([mode, "skillsearch", whole(our["requests"]), whole(our["p50_us"]), whole(our["p95_us"]),
                     whole(our["p99_us"]), tail(our, "p50_us", "p99_us"), whole(our["qps"]), f"{our['mean_hits']:,.1f}",
                     f"{our['wall_p50_us']:,.1f}", "", ""])
        for peer in others:
            row = peer["modes"][mode]
            if our["mean_hits"] and not row["mean_hits"]:
                sys.exit(f"bench_table.py: {peer['peer']} finds nothing in mode {mode}: is it installed as a whole?")
            rows.append([mode, peer["peer"], whole(row["n"]), whole(row["cpu_p50"]), whole(row["cpu_p95"]),
                         whole(row["cpu_p99"]), tail(row, "cpu_p50", "cpu_p99"), whole(row["cpu_qps"]),
                         f"{row['mean_hits']:,.1f}", f"{row['cpu_p50'] - clock:,.1f}",
                         f"{our['p50_us'] / row['cpu_p50']:.3f}",
                         f"{our['wall_p50_us'] / (row['cpu_p50'] - clock):.3f}"])
    table(["mode", "program"], ["requests", *TIMES, "p99 / p50", "queries/s", "mean hits", "p50 without clock",
                                "ratio of p50", "without clock"], rows)


def exponent(points, name):
    """Between the first and the last size."""
    first, last = points[0], points[-1]
    return math.log(last[name] / first[name]) / math.log(last["statements"] / first["statements"])


def openings(runs):
    """For each index the time of opening, and the memory resident after its requests."""
    rows = []
    for row in runs:
        if row["mode"] == "open":
            rows.append([whole(row["statements"]), f"{row['us'] / 1000:,.1f}"])
        elif row["mode"] == "end":
            rows[-1].append(f"{row['rss_kb'] / 1024:,.0f}")
    return rows


def growth(runs):
    points = {mode: sorted((row for row in runs if row["mode"] == mode), key=lambda row: row["statements"])
              for mode in MODES}
    points = {mode: of for mode, of in points.items() if len(of) > 1}
    if not points:
        sys.exit("bench_table.py: growth needs at least two indexes")
    sizes = [whole(row["statements"]) for row in next(iter(points.values()))]
    for name in ("p50_us", "p99_us"):
        rows = [[mode, *(whole(row[name]) for row in of), f"{exponent(of, name):.2f}", f"{exponent(of[-2:], name):.2f}"]
                for mode, of in points.items()]
        table([name[:3]], [*sizes, "exponent", "of the last step"], rows)
    rows = [[mode, *(tail(row, "p50_us", "p99_us") for row in of)] for mode, of in points.items()]
    table(["p99 / p50"], sizes, rows)
    table(["statements"], ["opening (ms)", "resident at the end (MiB)"], openings(runs))


def wire(runs):
    """For each transport what clients measure, then the CPU times."""
    cells, workers = {}, sorted({row["workers"] for row in runs if row["run"] == "wire"})
    for row in runs:
        cells.setdefault((row["transport"], row["mode"], row["clients"]), {})[row.get("workers", "echo")] = row
    for transport in dict.fromkeys(cell[0] for cell in cells):
        rows = [[mode, whole(clients), *(figure for who in ("echo", *workers) for figure in
                                         (whole(of[who]["p50_us"]), whole(of[who]["p99_us"]), whole(of[who]["rate"])))]
                for (its, mode, clients), of in cells.items() if its == transport]
        table([transport], ["clients", "echo: p50", "p99", "requests/s",
                            *(name for n in workers for name in (f"workers {n}: p50", "p99", "requests/s"))], rows)
    rows = [[mode, transport, whole(clients), str(n),
             *(whole(of[n][name]) for name in ("sockets_us", "broker_us", "workers_us", "engine_us", "own_us")),
             whole(of["echo"]["cpu_us"]), tail(of[n], "p50_us", "p99_us")]
            for (transport, mode, clients), of in cells.items() for n in workers]
    table(["CPU", "transport"],
          ["clients", "workers", "sockets", "broker", "in workers", "engine", "own cost", "echo", "p99 / p50"], rows)


def memory(runs):
    table(["opening"], ["first answer (ms)", "ready (ms)", "resident (MiB)"],
          [[row["files"], whole(row["ms"]), whole(row["ready_ms"]), whole(row["rss_mib"])]
           for row in runs if row["run"] == "open"])
    full = [row for row in runs if row["run"] == "full"]
    rows = []
    for row in full:
        more = row["workers"] - full[0]["workers"]
        each = f"{(row['rss_mib'] - full[0]['rss_mib']) / more:.1f}" if more else ""
        rows.append([str(row["workers"]), *(whole(row[name]) for name in ("rss_mib", "pss_mib", "anonymous_mib")), each])
    table(["workers"], ["resident (MiB)", "proportional share", "anonymous", "each further worker"], rows)


def bandwidth(runs):
    runs = [row for row in runs if "read_gb_s" in row]
    kernels = [name for name in runs[0] if name.endswith("_gb_s")]
    sizes = dict.fromkeys(f"{row['bytes'] / 2**20:,.0f}" for row in runs)
    cores = sorted({row["cores"] for row in runs})
    found = {(f"{row['bytes'] / 2**20:,.0f}", row["cores"]): row for row in runs}
    table(["MiB"], [f"{name[:-5]}, {n} core{'s' * (n > 1)}" for n in cores for name in kernels],
          [[size, *(f"{found[size, n][name]:.1f}" for n in cores for name in kernels)] for size in sizes])


def limits(runs):
    """A request's bytes at the bandwidth of reading as much memory as the index has, on one core."""
    bandwidth(runs)
    rates = sorted((row["bytes"], row["read_gb_s"]) for row in runs if row.get("cores") == 1)
    times = {(row["mode"], row["statements"]): row["p50_us"] for row in runs if "p50_us" in row}
    rows = []
    for row in (row for row in runs if "limit" in row):
        rate = next((rate for size, rate in rates if size >= row["file_bytes"]), rates[-1][1])
        time, figures = times[row["limit"], row["statements"]], []
        for kind in ("encoded_bytes", "decoded_bytes"):
            least = row[kind] / rate / 1000
            figures += [whole(row[kind] / 1000), f"{least:,.1f}", f"{time / least:,.1f}" if least else ""]
        rows.append([whole(row["statements"]), row["limit"], *(whole(row[name]) for name in ("members", "postings",
                     "scores", "cells", "text_bytes", "operations")), f"{time:,.1f}",
                     f"{row['operations'] / time / 1000:.2f}", *figures])
    table(["statements", "mode"],
          ["members", "postings", "scores", "cells", "bytes of texts", "operations", "p50 (us)", "operations per ns",
           "encoded: kB", "us", "ratio", "decoded: kB", "us", "ratio"], rows)


def deadlines(runs):
    table(["operation", "request"],
          ["bytes", "reply bytes", "time (ms)", "answer", "times cut off", "worker free after the deadline (ms)"],
          [[row["op"], row["name"], whole(row["bytes"]), whole(row["reply_bytes"]), whole(row["first_ms"]), row["code"],
            str(row["cut"]), f"{row['after_ms']:.1f}" if row["cut"] else ""] for row in runs])


def main():
    kinds = {"peers": peers, "growth": growth, "wire": wire, "memory": memory, "bandwidth": bandwidth,
             "limits": limits, "deadlines": deadlines}
    kinds[sys.argv[1]](*map(lines, sys.argv[2:]))


if __name__ == "__main__":
    main()
