#!/usr/bin/env python3
"""bench_table.py OURS PEERS: a table of CPU times, and of ratios to each peer.

OURS are the lines of tests/bench, PEERS those of the peers' runs, one a peer.
Times are microseconds; a ratio is our median by the peer's, lower is better."""
import json
import sys


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.startswith("{")]


def main():
    ours = {row["mode"]: row for row in lines(sys.argv[1])}
    peers = lines(sys.argv[2])
    print("| mode | who | p50 | p95 | p99 | queries/s | mean hits | ratio of p50 |\n|---|---|--:|--:|--:|--:|--:|--:|")
    for mode in ("any", "all", "phrase", "browse"):
        if mode not in ours:
            continue
        our = ours[mode]
        print(f"| {mode} | skillsearch | {our['p50_us']:,.0f} | {our['p95_us']:,.0f} | {our['p99_us']:,.0f} "
              f"| {our['qps']:,.0f} | {our['mean_hits']:,.1f} | |")
        for peer in peers:
            row = peer["modes"][mode]
            print(f"| {mode} | {peer['peer']} | {row['cpu_p50']:,.0f} | {row['cpu_p95']:,.0f} | {row['cpu_p99']:,.0f} "
                  f"| {row['cpu_qps']:,.0f} | {row['mean_hits']:,.1f} | {our['p50_us'] / row['cpu_p50']:.2f} |")


if __name__ == "__main__":
    main()
