"""Tests of the tests: a server does not outlive the test that started it, a part of the check that leaves a process
running is ended and fails, and nobody else gets a reserved port."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time

from peer import LOOK_S, PATIENCE_S, ROOT, Checks, Port, kernel_ports, start

STARTS = """
import os, peer, signal, sys
child = peer.start(["sleep", "600"])
print(child.pid, flush=True)
"""
ENDS = {"its end": "", "an exception": "assert False", "SIGTERM": "os.kill(os.getpid(), signal.SIGTERM)",
        "SIGKILL": "os.kill(os.getpid(), signal.SIGKILL)", "sys.exit": "sys.exit(1)", "os._exit": "os._exit(1)"}


def lives(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def is_gone(pid):
    """Wait until the process has ended; False after PATIENCE_S."""
    end = time.monotonic() + PATIENCE_S
    while lives(pid) and time.monotonic() < end:
        time.sleep(LOOK_S)
    return not lives(pid)


def check_ends(check):
    for end, code in ENDS.items():
        run = subprocess.run([sys.executable, "-B", "-c", STARTS + code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             text=True, check=False)
        check.that(f"no child outlives {end} of its test", is_gone(int(run.stdout)), run)


def run_part(command):
    """What part.sh reports about a part, without times: its output and notes, its exit code, and the number of
    failures."""
    script = '. tests/support/part.sh; part "a part" bash -c "$1"; cat "$log" "$notes"; echo "$code $failed"'
    run = subprocess.run(["bash", "-c", script, "-", command], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
                         env={**os.environ, "ENDING_S": "1"})
    return [line for line in run.stdout.splitlines() if not re.fullmatch(r"# \d+ s", line)]


def check_parts(check):
    said = run_part("echo ok one; echo not ok two; exit 3")
    check.that("part.sh reports a part's output, failures and exit code", said == [
        "== a part", "ok one", "not ok two", "a part: not ok two", "3 0"], said)
    said = run_part("sleep 600 & echo $!; echo ok one")
    wanted = f"not ok: a part left running: {said[1]} (sleep)"
    check.that("a part that leaves a process running ends and fails", said == ["== a part", said[1], "ok one", wanted, wanted, "0 1"], said)
    check.that("a process that a part leaves running is killed", is_gone(int(said[1])))


def check_port(check):
    port, other, strange = Port(), socket.socket(), socket.socket()
    low, high = kernel_ports()
    check.that("the kernel does not assign a reserved port", not low <= port.number <= high, port.number)
    check.that("nothing listens on a reserved port", other.connect_ex(("127.0.0.1", port.number)) != 0)
    try:
        strange.bind(("127.0.0.1", port.number))
        check.that("a port that is held cannot be taken", False)
    except OSError:
        check.that("a port that is held cannot be taken", True)
    for turn in ("once", "again"):
        listener = socket.create_server(("127.0.0.1", port.number))  # with SO_REUSEADDR
        client = socket.create_connection(("127.0.0.1", port.number))
        check.that(f"a server can listen on a reserved port, {turn}", client.getpeername()[1] == port.number)
        listener.accept()[0].close()
        listener.close()
        client.close()


def main():
    check = Checks()
    check_ends(check)
    check_parts(check)
    check_port(check)
    return check.finish()


sys.exit(main())
