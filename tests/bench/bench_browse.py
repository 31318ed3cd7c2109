#!/usr/bin/env python3
"""bench_browse.py INDEX: what one key costs in skillsearch browse, in a terminal of 80 by 24, as one JSON line.

first_us is the time from a key to the first byte of the new picture; last_us to the last byte before a pause of
QUIET_S, when the statements of the new query are shown. bytes is the number written for one key."""
import fcntl
import json
import os
import pty
import select
import statistics
import struct
import sys
import termios
import time

from peer import BUILD, Daemon

QUIET_S = 0.15
START_S = 1.0
PHRASES = ("route incoming mail", "train new staff", "safety data sheets", "monthly budget report", "patient records")
BACKSPACE = b"\x7f"


def read_until_quiet(terminal, quiet_s):
    """The bytes that arrive, and the times of the first and the last of them."""
    size, first, last = 0, None, None
    while select.select([terminal], [], [], quiet_s)[0]:
        size += len(os.read(terminal, 65536))
        last = time.perf_counter()
        first = first or last
    return size, first, last


def measure(endpoint):
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        os.execv(BUILD / "skillsearch", ["skillsearch", "browse", "--connect", endpoint])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    read_until_quiet(terminal, START_S)
    keys = []
    for phrase in PHRASES:
        for key in [bytes([letter]) for letter in phrase.encode()] + [BACKSPACE] * len(phrase):
            sent = time.perf_counter()
            os.write(terminal, key)
            size, first, last = read_until_quiet(terminal, QUIET_S)
            if first:
                keys.append(((first - sent) * 1e6, (last - sent) * 1e6, size))
    os.write(terminal, b"\x03")
    os.waitpid(process, 0)
    return keys


def main():
    daemon = Daemon(sys.argv[1])
    peer = daemon.peer()
    keys = measure(daemon.endpoint)
    row = {"bench": "browse", "statements": peer.total(), "keys": len(keys)}
    for name, values in zip(("first_us", "last_us", "bytes"), zip(*keys)):
        cuts = statistics.quantiles(values, n=100)
        row |= {f"p50_{name}": round(cuts[49]), f"p95_{name}": round(cuts[94]), f"max_{name}": round(max(values))}
    print(json.dumps(row))
    daemon.stop()


main()
