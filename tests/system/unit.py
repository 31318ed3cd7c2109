"""The unit's sandbox against what the daemon asks the system for: whatever it
calls, from its start over requests, keys and a new index to its end, the unit
allows. Needs strace, and systemd-analyze for the names behind its sets of calls;
what cannot be tried here is told as skipped."""

import functools
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import peer

CORPUS = os.environ["SKS_CORPUS"]
UNIT = (peer.BUILD / "skillsearchd.service").read_text()


def setting(name):
    return [line.split("=", 1)[1].split() for line in UNIT.splitlines() if line.startswith(f"{name}=")]


@functools.cache
def calls_of(name):
    """The calls behind a name of the unit: a call, or a set of them and of other sets."""
    if not name.startswith("@"):
        return {name}
    text = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True).stdout
    members = [line.strip() for line in text.splitlines()[1:] if line.strip() and not line.strip().startswith("#")]
    return set().union(*map(calls_of, members))


def allowed_calls():
    calls = calls_of("@default")
    for names in setting("SystemCallFilter"):
        if names[0].startswith("~"):
            calls = calls.difference(*(calls_of(name.lstrip("~")) for name in names))
        else:
            calls = calls.union(*map(calls_of, names))
    return calls


def live(folder, log, endpoint, *arguments):
    """A daemon from start to end, its calls in the log."""
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
    # strace passes on no signal: the daemon is its child.
    children = pathlib.Path(f"/proc/{daemon.process.pid}/task/{daemon.process.pid}/children").read_text()
    os.kill(int(children.split()[0]), signal.SIGTERM)
    return daemon.process.wait(timeout=60)


def main():
    checks = peer.Checks()
    if not shutil.which("strace") or b"__sanitizer" in (peer.BUILD / "skillsearchd").read_bytes():
        print("skipped: strace is not here, or the daemon runs with a sanitizer")
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
            checks.that(f"the daemon lives and ends under strace: {name}", code == 0, code)
            asked += (folder / "log").read_text()
    families = set(re.findall(r"socket(?:pair)?\((AF_\w+)", asked))
    denied = families - set(setting("RestrictAddressFamilies")[0])
    checks.that(f"the unit allows each family of sockets, {len(families)}", len(families) > 1 and not denied, denied)
    if shutil.which("systemd-analyze"):
        calls = set(re.findall(r"^\d+ +(\w+)\(", asked, re.MULTILINE))
        denied = calls - allowed_calls()
        checks.that(f"the unit allows each call, {len(calls)}", len(calls) > 20 and not denied, denied)
    else:
        print("skipped: systemd-analyze is not here to tell the calls that the unit allows")
    return checks.finish()


sys.exit(main())
