"""Copies of an index that daemons serve: skillsearch-index --publish-to, what it refuses, new generations in service, and
the balancer and units of docs/replicas.md."""

import fcntl
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from peer import BUILD, PATIENCE_S, ROOT, Checks, Daemon, Peer, Port, index, start
from variables import variable

CORPUS = pathlib.Path(variable("SKS_CORPUS"))
PAGE = (ROOT / "docs" / "replicas.md").read_text()
CLIENTS = 30
RESEND_MS = 2000
NAMES = "abc"


def publish(master, *folders, arguments=()):
    """Run --publish-to; returns its exit code and what it prints."""
    run = subprocess.run([BUILD / "skillsearch-index", "--index", master, *arguments, "--publish-to", *folders],
                         capture_output=True, text=True, check=False)
    assert not run.stdout, run.stdout
    return run.returncode, run.stderr


def listed(folder):
    """The generations of an index; the current one is marked with *."""
    run = subprocess.run([BUILD / "skillsearch-index", "--index", folder, "--list"], capture_output=True, text=True, check=False)
    rows = [line.split("\t") for line in run.stdout.splitlines()]
    return " ".join(row[0] + "*" * (row[1] == "current") + "!" * (row[2] == "damaged") for row in rows)


def export(number):
    return CORPUS / sorted(path.name for path in CORPUS.glob("*.json"))[number]


def make(folder, generations):
    """An index with that many generations of one export each."""
    for number in range(generations):
        index(folder, export(number), arguments=["--only", "--allow-empty", "--allow-shrink", "--keep", "9"])
    return folder


# ------------------------------------------------------------------ publishing
def check_history(check, folder):
    """The folder keeps generations as the index does."""
    master, target = make(folder / "master", 1), folder / "new" / "deep"
    check.that("a missing folder is created", publish(master, target) == (0, f"generation 1: copied to {target}\n"), listed(target))
    for number in (1, 2, 3):
        index(master, export(number), arguments=["--keep", "9"])
        publish(master, target)
    check.that("two generations are kept", listed(target) == "3 4*", listed(target))
    index(master, export(4), arguments=["--keep", "9"])
    publish(master, target, arguments=["--keep", "3"])
    check.that("--keep keeps more", listed(target) == "3 4 5*", listed(target))
    subprocess.run([BUILD / "skillsearch-index", "--index", master, "--rollback"], check=True, capture_output=True)
    code, said = publish(master, target)
    check.that("a rollback is published", (code, listed(target)) == (0, "3 4* 5") and "made current again" in said, said)
    index(master, export(5), arguments=["--keep", "9"])
    publish(master, target)
    check.that("a generation that was given up is removed by the next one", listed(target) == "4 6*", listed(target))
    code, said = publish(master, target, arguments=["--quiet"])
    check.that("--quiet prints nothing", (code, said) == (0, ""), said)


def check_refusals(check, folder):
    """Nothing is changed in a folder that is refused; the others get the generation."""
    master, good = make(folder / "master", 2), folder / "good"
    (folder / "files").mkdir()
    (folder / "files" / "letter").write_text("x")
    (folder / "file").write_text("x")
    (folder / "link").symlink_to(master)
    other = folder / "other"
    index(other, export(3), export(4))
    index(other, export(5))
    newer = make(folder / "newer", 3)
    shutil.rmtree(newer / "gen-2")
    for title, target, reason in (
            ("the index", master, "is the index itself"), ("a link to the index", folder / "link", "is the index itself"),
            ("a generation of the index", master / "gen-1", "a folder in it"), ("a folder with other files", folder / "files", "has files, but no index"),
            ("a file", folder / "file", "Not a directory"), ("another index", other, "its generation 2 is another one"),
            ("an index with a newer generation", newer, "holds generation 3, which is newer than 2"),
            ("a path that is too long", "/tmp/" + "x" * 5000, "/tmp/xxx")):
        before = listed(target) if pathlib.Path(str(target)[:200]).is_dir() else ""
        code, said = publish(master, target, good)
        after = listed(target) if before else ""
        check.that(f"{title} is refused", code == 1 and reason in said and before == after, code, said, before, after)
    check.that("the other folder has the generation each time", listed(good) == "2*", listed(good))
    shutil.rmtree(other / "gen-2")
    code, said = publish(master, other)
    check.that("without its generation of this number, a folder with another index is replaced", (code, listed(other)) == (0, "1 2*"), said, listed(other))
    (newer / "current").unlink()
    code, said = publish(master, newer)
    check.that("without its link, a folder with another index is replaced", (code, listed(newer)) == (0, "1 2*"), said, listed(newer))
    with open(good / "lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, said = publish(master, good, folder / "free")
    check.that("a locked folder is refused with exit 5, and the others are served", code == 5 and "locked" in said and listed(folder / "free") == "2*", code, said)


def check_misuse(check, folder):
    master = make(folder / "master", 1)
    for arguments in (["--list"], ["--rollback"], ["--rebuild"], ["--check"], ["--only"], ["--diff"]):
        code, said = publish(master, folder / "x", arguments=arguments)
        check.that(f"{arguments[0]} with --publish-to is misuse", code == 2 and not (folder / "x").exists(), code, said)
    check.that("an empty path is misuse", publish(master, "")[0] == 2)
    code, said = publish(folder / "nothing", folder / "x")
    check.that("a missing index is reported, and nothing is created", code == 1 and not (folder / "x").exists(), code, said)


def check_damage(check, folder):
    """What does not open is replaced in the folder, and never copied from the index."""
    master, target = make(folder / "master", 2), folder / "target"
    publish(master, target)
    for name in ("statements", "postings", "sources"):
        for change in (lambda path: os.truncate(path, 100), os.unlink):
            change(target / "gen-2" / name)
            code, said = publish(master, target)
            check.that(f"a copy without all of {name} is replaced", (code, listed(target)) == (0, "2*"), said, listed(target))
    (target / "current").unlink()
    (target / "current").mkdir()
    (target / "current" / "kept").write_text("x")
    code, said = publish(master, target)
    check.that("a folder in the place of the link is renamed", code == 0 and (target / "current.damaged" / "kept").exists(), said)
    (target / "gen-2" / "statements").unlink()
    os.truncate(master / "gen-2" / "postings", 5000)
    code, said = publish(master, target, folder / "fresh")
    check.that("a damaged index is not published", code == 1 and f"{master}/gen-2/postings" in said and not (folder / "fresh").exists(), said)


def await_true(condition):
    end = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < end:
        time.sleep(0.001)
    return condition()


def check_race(check, folder):
    """Another indexer removes the generation after its first file was copied: the run is stopped there."""
    master, target = make(folder / "master", 1), folder / "target"
    process = start(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=copy_file_range", "-e", "inject=copy_file_range:signal=STOP:when=1",
                     BUILD / "skillsearch-index", "--index", master, "--publish-to", target], stderr=subprocess.PIPE, text=True,
                    env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0:" + os.environ.get("ASAN_OPTIONS", "")})  # it cannot search a traced program
    await_true(lambda: any(file.stat().st_size for file in target.glob("building-1/*")))
    index(master, export(1), arguments=["--keep", "1"])
    os.kill(int(pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()), signal.SIGCONT)
    said = process.communicate(timeout=PATIENCE_S)[1]
    check.that("a generation that is removed meanwhile is replaced by the new one", (process.returncode, listed(target)) == (0, "2*"), said, listed(target))


# ------------------------------------------------------------------ in service
def serve(master, folder, *arguments):
    """Three replicas and their daemons."""
    folders = [folder / name for name in NAMES]
    assert publish(master, *folders)[0] == 0
    return folders, [Daemon(one, *arguments) for one in folders]


def check_service(check, folder):
    """tests/bench/bench_publish.py measures how soon."""
    master = make(folder / "master", 1)
    folders, daemons = serve(master, folder)
    peers = [daemon.peer() for daemon in daemons]
    for number in (2, 3, 4):
        index(master, export(number))
        publish(master, *folders)
        for peer in peers:
            await_true(lambda peer=peer, number=number: peer.ask("health")["generation"] == number)
        totals = {peer.total() for peer in peers}
        check.that(f"generation {number} is in service on all replicas", {peer.ask("health")["generation"] for peer in peers} == {number}
                   and len(totals) == 1, totals)
    check.that("no reload failed", all(peer.ask("stats")["reloads"]["failed"] == 0 for peer in peers))
    for daemon in daemons:
        check.that("a daemon ends with 0", daemon.stop() == 0)


def check_plain_copy(check, folder):
    """rsync without --copy-dest brings the link before the files."""
    master = make(folder / "master", 1)
    assert publish(master, folder / "target")[0] == 0
    daemon = Daemon(folder / "target")
    peer = daemon.peer()
    index(master, export(2))
    subprocess.run(["rsync", "-a", f"{master}/", folder / "target/"], check=True)
    check.that("a plain copy is in service", await_true(lambda: peer.ask("health")["generation"] == 2))
    daemon.stop()


# -------------------------------------------------------------------- balancer
class Balancer:
    """haproxy with the configuration of the page: only addresses are others, and it says which servers are up."""

    def __init__(self, folder, daemons):
        self.port, self.control = Port(), folder / "control"
        text = re.search(r"```haproxy\n(.*?)```", PAGE, re.S)[1]
        changes = [("127.0.0.1:7311", f"127.0.0.1:{self.port.number}"), ("    maxconn", f"    stats socket {self.control}\n    maxconn")]
        changes += [(f"server {name} 10.0.0.{5 + i}:7311", f"server {name} {daemons[i].endpoint[6:]}") for i, name in enumerate(NAMES)]
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (folder / "haproxy.cfg").write_text(text)
        self.process = start([program("haproxy"), "-db", "-f", folder / "haproxy.cfg"], stderr=subprocess.DEVNULL)
        self.endpoint = self.port.endpoint

    def states(self):
        """For example {"a": "UP"}."""
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self.control))
            control.sendall(b"show stat\n")
            rows = [line.split(",") for line in control.makefile(errors="replace").read().splitlines() if line.count(",") > 20]
        return {row[1]: row[rows[0].index("status")].split()[0] for row in rows if row[1] in NAMES}

    def are(self, wanted):
        try:
            return wanted.items() <= self.states().items()
        except OSError:
            return False  # not started yet

    def wait(self, **wanted):
        return await_true(lambda: self.are(wanted))

    def stop(self):
        self.process.terminate()
        self.process.wait()


def program(name):
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")


def counts(daemons):
    return [daemon.peer().ask("stats")["requests"].get("search", 0) for daemon in daemons]


def is_answered(peer):
    """Whether a client gets an answer; what was lost with a connection is sent again, as the page says."""
    for _ in range(PATIENCE_S):
        peer.sent += 1
        peer.socket.send(json.dumps({"v": 1, "id": str(peer.sent), "op": "search", "limit": 1}).encode())
        while peer.socket.poll(RESEND_MS):
            reply = json.loads(peer.socket.recv())
            if reply["id"] == str(peer.sent):
                return reply["ok"]
    return False


def all_answer(peers):
    return all(is_answered(peer) for peer in peers)


def check_balancer(check, folder):
    master = make(folder / "master", 1)
    _, daemons = serve(master, folder)
    balancer = Balancer(folder, daemons)
    if not balancer.wait(a="UP", b="UP", c="UP"):
        return check.that("all servers are up", False, balancer.process.poll())
    peers = [Peer(balancer.endpoint) for _ in range(CLIENTS)]
    check.that(f"{CLIENTS} clients are answered", all_answer(peers))
    shares = counts(daemons)
    check.that("each daemon answers 25 to 42 %", all(25 <= 100 * share / sum(shares) <= 42 for share in shares), shares)
    daemons[0].process.send_signal(signal.SIGSTOP)
    check.that("a stopped daemon is found, though its port still accepts", balancer.wait(a="DOWN", b="UP", c="UP"))
    check.that("all clients are answered without it", all_answer(peers))
    daemons[0].process.send_signal(signal.SIGCONT)
    check.that("it is used again", balancer.wait(a="UP"))
    daemons[1].process.kill()
    daemons[1].process.wait()
    check.that("a killed daemon is found", balancer.wait(b="DOWN"))
    check.that("all clients are answered by the others", all_answer(peers))
    dropped = daemons[2].peer().ask("stats")["dropped"]
    check.that("the checks are not counted as faults of clients", dropped["cut"] == dropped["shape"] == 0, dropped)
    balancer.stop()
    for daemon in (daemons[0], daemons[2]):
        check.that("a daemon ends with 0", daemon.stop() == 0)
    return None


def check_keys(check, folder):
    """Three daemons with the same folder of keys."""
    command = BUILD / "skillsearch"
    subprocess.run([command, "keygen", "--server", folder / "keys"], check=True, capture_output=True)
    subprocess.run([command, "keygen", folder / "alice"], check=True, capture_output=True)
    shutil.copy(folder / "alice", folder / "keys" / "clients")
    _, daemons = serve(make(folder / "master", 1), folder, "--curve-keys", folder / "keys")
    balancer = Balancer(folder, daemons)
    check.that("servers with keys are up", balancer.wait(a="UP", b="UP", c="UP"))
    ask = [command, "--connect", balancer.endpoint, "--server-key", folder / "keys" / "server", "--client-key", folder / "alice_secret"]
    for number in range(3):
        run = subprocess.run([*ask, "ping"], capture_output=True, text=True, check=False)
        check.that(f"a client with a key is answered through the balancer, {number + 1}", run.returncode == 0, run.stderr)
    run = subprocess.run([*ask, "--json", "stats"], capture_output=True, text=True, check=False)
    keys = json.loads(run.stdout)["keys"]
    check.that("the checks are not counted as clients without a key", keys["denied"] == keys["broken"] == 0, keys)
    balancer.stop()
    for daemon in daemons:
        check.that("a daemon with keys ends with 0", daemon.stop() == 0)


def check_units(check, folder):
    """The units are what systemd accepts, with the programs of this checkout."""
    units = dict(re.findall(r"```ini (\S+)\n(.*?)```", PAGE, re.S))
    for name, text in units.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text.replace("/usr/local/sbin/publish.sh", "/bin/true").replace("User=skillsearch", "User=root"))
    (folder / "skillsearch-index.service").write_text("[Service]\nType=oneshot\nExecStart=/bin/true\n")
    run = subprocess.run(["systemd-analyze", "verify", "--man=no", folder / "skillsearch-index.service", folder / "skillsearch-publish.service"],
                         capture_output=True, text=True, check=False, env={**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:"})
    check.that("systemd accepts the units", len(units) == 2 and run.returncode == 0 and not run.stderr, run.stderr)


def main():
    check = Checks()
    cases = [(check_history, None), (check_refusals, None), (check_misuse, None), (check_damage, None), (check_race, "strace"), (check_service, None),
             (check_plain_copy, "rsync"), (check_balancer, "haproxy"), (check_keys, "haproxy"), (check_units, "systemd-analyze")]
    for case, needs in cases:
        if needs and not program(needs):
            print(f"skipped: {case.__name__}: {needs} is missing")
            continue
        with tempfile.TemporaryDirectory() as name:
            case(check, pathlib.Path(name))
    return check.finish()


sys.exit(main())
