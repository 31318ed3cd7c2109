"""bench_publish.py INDEX: how soon a generation is in service on three replicas, under load. One JSON line per run.

A copy of INDEX is published to three folders that daemons serve, again and again as a new generation of one number more,
while clients search all three. Each replica is asked for its generation until it has the new one.

    copy_s      what --publish-to takes for all three folders: copy, sync, read back, rename, switch
    service_s   from the switch of a replica's link until it answers with the new generation; the longest of the three
    sent, ok    requests of the load during the run

RUNS is the number of generations (6), CLIENTS the number of clients for each daemon (4)."""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from bench_wire import say
from peer import BUILD, Daemon, finish, start_load

RUNS, CLIENTS = int(os.environ.get("RUNS") or 6), os.environ.get("CLIENTS") or "4"
LOAD = '"op":"search","q":"train new staff","match":"any","limit":10,"facets":["level"]\n'


def next_generation(master, folder, number):
    """Change one export, so that the indexer publishes."""
    (folder / "exports").mkdir(exist_ok=True)
    export = {"schemaVersion": "1.0", "occupation": {"soc": "99-9999.99", "title": "Bench"},
              "framework": {"levels": {"emerging": {"statements": [f"Note number {number} in the log."]}}}}
    (folder / "exports" / "bench.json").write_text(json.dumps(export))
    subprocess.run([BUILD / "skillsearch-index", "-q", "--index", master, folder / "exports"], check=True)


def wait_for(daemon, number, ends, place):
    peer = daemon.peer()
    while peer.ask("health")["generation"] < number:
        pass
    ends[place] = time.time()


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        folder = pathlib.Path(name)
        master, replicas = folder / "master", [folder / name for name in "abc"]
        shutil.copytree(pathlib.Path(sys.argv[1]), master, symlinks=True)
        publish = [BUILD / "skillsearch-index", "-q", "--index", master, "--publish-to", *replicas]
        subprocess.run(publish, check=True)
        daemons = [Daemon(one, "--workers", "1") for one in replicas]
        number = daemons[0].peer().ask("health")["generation"]
        (folder / "requests").write_text(LOAD)
        services = []
        for _ in range(RUNS):
            number += 1
            next_generation(master, folder, number)
            loads = [start_load(daemon.endpoint, CLIENTS, "1", "4", folder / "requests") for daemon in daemons]
            ends, begun = {}, time.time()
            waits = [threading.Thread(target=wait_for, args=(daemon, number, ends, i)) for i, daemon in enumerate(daemons)]
            for wait in waits:
                wait.start()
            subprocess.run(publish, check=True)
            copied = time.time()
            for wait in waits:
                wait.join()
            tallies = [finish(load) for load in loads]
            services.append(max(ends[i] - (one / "current").lstat().st_ctime for i, one in enumerate(replicas)))
            say(run="publish", statements=daemons[0].peer().total(), copy_s=round(copied - begun, 3), service_s=round(services[-1], 3),
                sent=sum(tally["sent"] for tally in tallies), ok=sum(tally["ok"] for tally in tallies))
        say(run="median", service_s=round(statistics.median(services), 3), longest_s=round(max(services), 3))
        for daemon in daemons:
            daemon.stop()


if __name__ == "__main__":
    main()
