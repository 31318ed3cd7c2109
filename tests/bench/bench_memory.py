"""bench_memory.py INDEX REQUESTS: how soon a daemon answers, and how much memory it keeps, one JSON line per run.

Opening: from the start of the program until it says that it is ready, and until the first search with facets is
answered. Before each try the files of the index are read into memory, or dropped from it, which requires that no
other program has mapped them.

Memory: a daemon with each number of WORKERS ("1 2 4 8") receives every word of the index in phrases, so that each
posting list and each stem's places are decoded as far as its budget allows; any of these words; and the lists of
REQUESTS (as in bench.c) in all modes. Two clients per worker send, so that each worker's own memory reaches its
maximum. Resident memory includes the mapped pages of the index; "anonymous" does not."""

import ctypes
import mmap
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from bench_wire import MODES, ask_whole, say, write_requests
from peer import BUILD, Daemon

WORKERS = [int(n) for n in (os.environ.get("WORKERS") or "1 2 4 8").split()]
TRIES = 5
PHRASE_WORDS = 8


def memory_mib(pid):
    """Memory of a process as the kernel counts it: resident, proportional share, anonymous."""
    lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kib = {name: int(value.split()[0]) for name, value in (line.split(":") for line in lines)}
    return {"rss_mib": round(kib["Rss"] / 1024, 1), "pss_mib": round(kib["Pss"] / 1024, 1),
            "anonymous_mib": round(kib["Anonymous"] / 1024, 1)}


def files_of(index):
    return [path for path in (pathlib.Path(index) / "current").resolve().iterdir() if path.is_file()]


def pages_in_memory(file, size):
    with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_COPY) as view:
        flags = (ctypes.c_ubyte * -(-size // mmap.PAGESIZE))()
        start = ctypes.c_char.from_buffer(view)
        failed = ctypes.CDLL(None, use_errno=True).mincore(ctypes.c_void_p(ctypes.addressof(start)),
                                                           ctypes.c_size_t(size), flags)
        del start
    if failed:
        raise OSError(ctypes.get_errno(), "mincore")
    return sum(flag & 1 for flag in flags)


def drop(path):
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        if pages_in_memory(file, path.stat().st_size):
            sys.exit(f"bench_memory.py: {path} stays in memory: another program has mapped it")


def measure_opening(index, name, prepare):
    tries = []
    for _ in range(TRIES):
        for path in files_of(index):
            prepare(path)
        began = time.monotonic()
        daemon = Daemon(index, "--workers", "1")
        ready = time.monotonic()
        reply = daemon.peer().ask(limit=10, facets=["level", "sector", "occupation"])
        answered = time.monotonic()
        tries.append(((answered - began) * 1000, (ready - began) * 1000, memory_mib(daemon.process.pid)["rss_mib"]))
        daemon.stop()
    first, ready, resident = (statistics.median(column) for column in zip(*tries))
    say(run="open", files=name, statements=reply["total"], ms=round(first, 1), ready_ms=round(ready, 1),
        rss_mib=resident, tries_ms=[round(one[0], 1) for one in tries])


def measure_full(index, workers, lists):
    daemon = Daemon(index, "--workers", str(workers), "--deadline-ms", "60000")
    for requests in lists:
        ask_whole(daemon.endpoint, 2 * workers, requests, times=workers)
    say(run="full", workers=workers, **memory_mib(daemon.process.pid))
    daemon.stop()


def main():
    index, requests = sys.argv[1], pathlib.Path(sys.argv[2])
    measure_opening(index, "in memory", pathlib.Path.read_bytes)
    measure_opening(index, "on disk", drop)
    words = subprocess.run([BUILD / "test-words", index], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    phrases = [" ".join(words[i:i + PHRASE_WORDS]) for i in range(0, len(words), PHRASE_WORDS)]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        lists = [write_requests(folder / "words", phrases, "phrase"), write_requests(folder / "long", phrases, "any")]
        lists += [write_requests(folder / mode, (requests / source).read_text().splitlines(), mode)
                  for mode, source in MODES.values()]
        for workers in WORKERS:
            measure_full(index, workers, lists)


if __name__ == "__main__":
    main()
