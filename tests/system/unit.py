"""Tests the systemd units with the programs, the gateway's if it is built. The daemon reports its state as Type=notify
expects; the indexer's unit runs its command; and the daemon's sandbox allows every system call of the daemon, from its
start through requests, keys and a new index to its end. The sandbox needs strace, and systemd-analyze to expand sets of
calls; what cannot be tried is printed as skipped."""

import functools
import os
import pathlib
import re
import shutil
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time

import gateway
import peer

from variables import variable

CORPUS = variable("SKS_CORPUS")
UNIT = (peer.BUILD / "skillsearchd.service").read_text()


INDEX_UNIT = (peer.BUILD / "skillsearch-index.service").read_text()


def setting(name, unit=UNIT):
    return [line.split("=", 1)[1].split() for line in unit.splitlines() if line.startswith(f"{name}=")]


def notified(folder, name):
    """The messages that a daemon sends to a service manager, from start to end."""
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind("\0" + name[1:] if name[0] == "@" else name)
    manager.settimeout(60)
    os.environ["NOTIFY_SOCKET"] = name
    try:
        daemon = peer.Daemon(folder / "index")
        states = [manager.recv(100)]
        daemon.stop()
        states.append(manager.recv(100))
    finally:
        del os.environ["NOTIFY_SOCKET"]
        manager.close()
    return states


def check_notify(checks, folder):
    peer.index(folder / "index", CORPUS)
    checks.that("the unit waits for the daemon's notification", setting("Type") == [["notify"]], setting("Type"))
    for name in (str(folder / "notify"), f"@skillsearch-{os.getpid()}"):
        states = notified(folder, name)
        checks.that(f"the daemon reports when it is ready and when it ends: {name[0]}",
                    states == [b"READY=1", b"STOPPING=1"], states)


def run_index_unit(folder):
    """Run the indexer's unit with the example of its options; returns the exit status."""
    example = pathlib.Path("indexer/skillsearch-index.default").read_text()
    options = dict(line.split("=", 1) for line in example.splitlines() if line and line[0] != "#")
    environment = {**os.environ, **options, "SKILLSEARCH_INDEX": str(folder / "timed"),
                   "SKILLSEARCH_SOURCES": str(folder / "exports")}
    words = setting("ExecStart", INDEX_UNIT)[0]
    command = [peer.BUILD / pathlib.Path(words[0]).name]
    for word in words[1:]:
        command += shlex.split(environment.get(word[1:], ""))
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode


def check_index_unit(checks, folder):
    shutil.copytree(CORPUS, folder / "exports")
    codes = [run_index_unit(folder), run_index_unit(folder)]
    checks.that("the indexer's unit publishes, and can run again", codes == [0, 0], codes)


@functools.cache
def calls_of(name):
    """The system calls that a name in the unit stands for: a call, or a set of calls and of other sets."""
    if not name.startswith("@"):
        return {name}
    text = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True).stdout
    members = [line.strip() for line in text.splitlines()[1:] if line.strip() and not line.strip().startswith("#")]
    return set().union(*map(calls_of, members))


def allowed_calls(unit):
    calls = calls_of("@default")
    for names in setting("SystemCallFilter", unit):
        if names[0].startswith("~"):
            calls = calls.difference(*(calls_of(name.lstrip("~")) for name in names))
        else:
            calls = calls.union(*map(calls_of, names))
    return calls


def live(folder, log, endpoint, *arguments):
    """Run a daemon from start to end, with its system calls in the log."""
    peer.index(folder / "index", CORPUS)
    before = ["strace", "-f", "-qq", "-o", log]
    daemon = peer.Daemon(folder / "index", *arguments, listen=endpoint, before=before)
    if not arguments:
        asking = daemon.peer()
        asking.ask(q="incoming mail", facets=[{"name": "occupation"}])
        peer.index(folder / "index", CORPUS + "/" + sorted(os.listdir(CORPUS))[0], arguments=["--only"])
        deadline = time.monotonic() + 60
        while asking.ask("hello")["generation"] == 1 and time.monotonic() < deadline:
            daemon.process.poll()
        asking.ask("scan", q="mail")
    return end_traced(daemon.process)


def end_traced(process):
    """End the program under strace, its child: strace does not forward signals."""
    children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    os.kill(int(children.split()[0]), signal.SIGTERM)
    return process.wait(timeout=60)


def live_gateway(folder, log):
    """Run a gateway from start to end, with its system calls in the log."""
    daemon = peer.Daemon(folder / "index")
    one = gateway.Gateway(daemon.endpoint, before=["strace", "-f", "-qq", "-o", log])
    one.wait_ready()
    for target in ("/v1/search?q=incoming+mail&facet=occupation", "/v1/export.csv", "/openapi.json", "/metrics?daemon=1"):
        one.get(target, Accept_Encoding="gzip")
    code = end_traced(one.process)
    daemon.stop()
    return code


def check_sandbox(checks, name, unit, asked):
    families = set(re.findall(r"socket(?:pair)?\((AF_\w+)", asked))
    denied = families - set(setting("RestrictAddressFamilies", unit)[0])
    checks.that(f"the {name}'s unit allows each family of sockets, {len(families)}", families and not denied, denied)
    if shutil.which("systemd-analyze"):
        calls = set(re.findall(r"^\d+ +(\w+)\(", asked, re.MULTILINE))
        denied = calls - allowed_calls(unit)
        checks.that(f"the {name}'s unit allows each call, {len(calls)}", len(calls) > 20 and not denied, denied)
    else:
        print("skipped: systemd-analyze, which lists the calls that the unit allows, is missing")


def check_exposure(checks):
    """systemd's exposure level of a unit, from 0 to 10 (no sandbox)."""
    if not shutil.which("systemd-analyze"):
        print("skipped: systemd-analyze is missing")
        return
    for unit in sorted(peer.BUILD.glob("skillsearch*d.service")) + sorted(peer.BUILD.glob("skillsearch-http.service")):
        run = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", unit], capture_output=True, text=True, check=False)
        figure = re.search(r"exposure level for \S+: ([0-9.]+)", run.stdout)
        checks.that(f"the exposure level of {unit.name} is at most 1.5: {figure and figure[1]}", figure and float(figure[1]) <= 1.5, run.stderr[-300:])


def main():
    checks = peer.Checks()
    with tempfile.TemporaryDirectory() as place:
        check_notify(checks, pathlib.Path(place))
        check_index_unit(checks, pathlib.Path(place))
    check_exposure(checks)
    if not shutil.which("strace") or b"__sanitizer" in (peer.BUILD / "skillsearchd").read_bytes():
        print("skipped: strace is missing, or the daemon has a sanitizer")
        return checks.finish()
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        keygen = [peer.BUILD / "skillsearch", "keygen", "--server", folder / "ring"]
        subprocess.run(keygen, check=True, stdout=subprocess.DEVNULL)
        lives = [("tcp", "tcp://127.0.0.1:*", []), ("ipc", f"ipc://{folder}/socket", []),
                 ("keys", "tcp://127.0.0.1:*", ["--curve-keys", str(folder / "ring")])]
        asked = ""
        for name, endpoint, arguments in lives:
            (folder / name).mkdir()
            code = live(folder / name, str(folder / "log"), endpoint, *arguments)
            checks.that(f"the daemon runs and ends with 0 under strace: {name}", code == 0, code)
            asked += (folder / "log").read_text()
        check_sandbox(checks, "daemon", UNIT, asked)
        if gateway.PROGRAM.exists():
            code = live_gateway(folder / "tcp", str(folder / "log"))
            checks.that("the gateway runs and ends with 0 under strace", code == 0, code)
            check_sandbox(checks, "gateway", (peer.BUILD / "skillsearch-http.service").read_text(), (folder / "log").read_text())
        else:
            print("skipped: skillsearch-http is not built")
    return checks.finish()


sys.exit(main())
