#!/usr/bin/env python3
"""bench_index.py BUILD CORPORA PEERS CHANGES: what indexing costs, one JSON line per run.

CORPORA   folders of exports, separated by blanks, each as FOLDER or NAME=FOLDER
PEERS     a program that is called as PEERS PEER NAME for the peers lucene and sqlite,
          and prints JSON with index_s, optimize_s, index_rss_kb, index_bytes; or ""
CHANGES   numbers of files to change, each measured against a fresh index; or ""

A run is the whole program: finding and reading files, JSON, building, reading back,
fsync, publishing. A corpus is indexed three times, a large one once; the lines with "ratios" use the median. A peer
reads the same statements from a ready table: it parses no JSON and reads nothing back, and what it does after its last
commit (optimize_s) is not counted against it."""
import json, os, random, resource, shutil, statistics, subprocess, sys, tempfile
from pathlib import Path

ONCE_FROM = 200_000  # statements: indexed once
build, corpora, peers, changes = sys.argv[1:5]
program = Path(build) / "skillsearch-index"


def say(**line):
    print(json.dumps(line), flush=True)
    return line


def index(name, kind, folder, source):
    """Run the indexer; returns its JSON line."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([program, "--quiet", "--json", "--index", folder, source], stdout=subprocess.PIPE, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        sys.exit(f"bench_index.py: {program} ended with {done.returncode}")
    report = json.loads(done.stdout)
    size = sum(f.stat().st_size for f in (Path(folder) / "current").resolve().iterdir())
    return say(corpus=name, run=kind, statements=report["statements"], files=report["files"],
               wall_s=report["elapsed_ms"] / 1000, user_s=round(after.ru_utime - before.ru_utime, 2),
               sys_s=round(after.ru_stime - before.ru_stime, 2), peak_mib=report["peak_bytes"] >> 20, bytes=size,
               phases_ms=report["phases_ms"])


def warm(source):
    """Read all files once, so that no run pays for a cold disk."""
    for path in Path(source).rglob("*"):
        if path.is_file():
            path.read_bytes()


def build_from_scratch(name, source, room):
    runs = []
    warm(source)
    while len(runs) < 3 and not (runs and runs[0]["statements"] >= ONCE_FROM):
        shutil.rmtree(room / "index", ignore_errors=True)
        runs.append(index(name, "full", room / "index", source))
    return runs


def change(files, count, seed):
    """Add words to one statement in each of `count` files."""
    for path in random.Random(seed).sample(files, count):
        export = json.loads(path.read_text("utf-8"))
        for level in export["framework"]["levels"].values():
            if level["statements"]:
                level["statements"][0] += f" Changed {seed}."
                break
        path.write_text(json.dumps(export, ensure_ascii=False), "utf-8")


def measure_changes(name, source, room, full):
    copy = room / "exports"
    shutil.copytree(source, copy)
    files = sorted(p for p in copy.rglob("*") if p.is_file() and p.read_bytes()[:1] == b"{")
    shutil.rmtree(room / "index")
    index(name, "full, of a copy", room / "index", copy)
    index(name, "unchanged", room / "index", copy)
    for number, count in enumerate(int(c) for c in changes.split()):
        if count > len(files):
            continue
        walls = []
        for again in range(3):
            shutil.rmtree(room / "index")
            subprocess.run([program, "--quiet", "--index", room / "index", copy], check=False)
            change(files, count, number * 3 + again + 1)
            walls.append(index(name, f"{count} changed", room / "index", copy)["wall_s"])
        say(corpus=name, run=f"{count} changed", ratios={"full": round(statistics.median(walls) / full, 3)})


def measure_peer(name, peer, full, size):
    done = subprocess.run([peers, peer, name], stdout=subprocess.PIPE, check=False, env=dict(os.environ, N="1"))
    if done.returncode:
        sys.exit(f"bench_index.py: {peers} {peer} {name} ended with {done.returncode}")
    other = json.loads(done.stdout.decode().splitlines()[-1])
    say(corpus=name, peer=peer, wall_s=other["index_s"], cpu_s=other["index_cpu_s"], optimize_s=other["optimize_s"],
        peak_mib=other["index_rss_kb"] >> 10, bytes=other["index_bytes"],
        ratios={"wall": round(full / other["index_s"], 3), "bytes": round(size / other["index_bytes"], 3)})


for entry in corpora.split():
    name, _, source = entry.rpartition("=")
    name = name or Path(source).name
    with tempfile.TemporaryDirectory() as made:
        room = Path(made)
        runs = build_from_scratch(name, source, room)
        full = statistics.median(run["wall_s"] for run in runs)
        if changes:
            measure_changes(name, source, room, full)
        for peer in ("lucene", "sqlite") if peers else ():
            measure_peer(name, peer, full, runs[-1]["bytes"])
