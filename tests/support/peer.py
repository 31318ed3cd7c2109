"""A client of the daemon, written from docs/protocol.md without the library; functions that start a daemon and load it;
and a bare echo server for comparison. Used by the end-to-end tests and the benchmarks; every reply to Peer is checked
against the JSON Schemas."""

import ctypes
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import tempfile

import jsonschema
import zmq

from variables import variable

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
BUILD = pathlib.Path(variable("SKS_BUILD"))
PATIENCE_S = 60  # after this time an event will not happen, however busy the machine is
LOOK_S = 0.02  # between two looks at what another process does: looking all the time would take the processor from it
REPLY_TIMEOUT_MS = 1000 * PATIENCE_S
os.environ["SKILLSEARCH_TIMEOUT_MS"] = str(REPLY_TIMEOUT_MS)  # for all commands that a test runs without --timeout
# A shell ignores SIGINT in what it runs in the background, and every program that a test starts would inherit this.
signal.signal(signal.SIGINT, signal.default_int_handler)


def schema(name):
    document = json.loads((ROOT / "docs" / "schema" / f"{name}.json").read_text())
    return jsonschema.Draft202012Validator(document)


def lasting(document):
    """A document without valid values of the members that differ each time."""
    same = {"id": "", "took_us": 0}
    return {**document, **{name: value for name, value in same.items()
                           if type(document.get(name)) is type(value) and (name == "id" or document[name] >= 0)}}


class Peer:
    """One DEALER socket; ask() sends a request and returns the reply."""

    schemas = {}
    valid = set()  # hashes of documents that have been validated, as loops see the same ones again and again

    def __init__(self, endpoint, name=None):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        if name:
            self.socket.identity = name
        self.socket.rcvtimeo = REPLY_TIMEOUT_MS
        self.socket.connect(endpoint)
        self.sent = 0
        self.answered = set()

    def ask(self, op="search", **members):
        self.sent += 1
        request = {"v": 1, "id": str(self.sent), "op": op, **members}
        self.socket.send(json.dumps(request).encode())
        reply = json.loads(self.socket.recv())
        assert reply.get("id") == request["id"], (request, reply)
        if reply["ok"]:
            self.validate("request", request)
        self.validate(op if reply["ok"] else "error", reply)
        if reply["ok"]:
            self.answered.add(op)
        for part, inner in zip(members.get("requests", []), reply.get("replies", [])):
            self.validate(part["op"] if inner["ok"] else "error", inner)
        return reply

    def validate(self, kind, reply):
        if kind not in self.schemas:
            Peer.schemas[kind] = schema("request" if kind == "request" else f"reply-{kind}")
        known = hash((kind, json.dumps(lasting(reply))))
        if known not in self.valid:
            self.schemas[kind].validate(reply)
            self.valid.add(known)

    def total(self, **members):
        return self.ask(limit=0, **members)["total"]


def index(folder, *sources, arguments=(), expect=(0,)):
    """Run skillsearch-index; returns its JSON report."""
    run = subprocess.run([BUILD / "skillsearch-index", "--json", "--index", folder, *arguments, *sources],
                         capture_output=True, text=True, check=False)
    assert run.returncode in expect, (run.returncode, run.stderr)
    report = json.loads(run.stdout)
    schema("report").validate(report)
    report["exit"] = run.returncode
    return report


def start(command, setup=None, **options):
    """A child that is killed when this process ends, in whatever way. setup() runs in the child before the command."""
    parent = os.getpid()

    def prepare():
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        if setup:
            setup()
    return subprocess.Popen(command, preexec_fn=prepare, **options)


def stop(process, log):
    """End a server as a user does. Returns its exit code; if that is not 0, also its output."""
    process.terminate()
    code = process.wait(timeout=PATIENCE_S)
    if code:
        log.seek(0)
        print(f"# exit code {code}:", *log.read().splitlines()[-60:], sep="\n# ", flush=True)
    return code


class Port:
    """A TCP port that stays ours even while nothing listens; programs that set SO_REUSEADDR, as servers do, can listen
    on it. It is outside the range from which the kernel assigns ports, so no other process gets it; a port of that
    range may have belonged to another process a moment ago, which listens on it again. No two Ports are equal."""

    def __init__(self, numbers=None):
        """One of these numbers; OSError if none is free."""
        low, high = kernel_ports()
        others = [*range(10_000, low), *range(high + 1, 65_536)]
        for number in numbers or [*random.sample(others, min(len(others), 1_000)), 0]:  # 0: if the kernel's range has all ports
            self.socket = socket.socket()
            try:
                self.socket.bind(("127.0.0.1", number))
                break
            except OSError:
                self.socket.close()
        else:
            raise OSError(f"none of the ports {numbers} is free")
        # Set after bind: otherwise bind could succeed on the port of another process that sets this, too.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.number = self.socket.getsockname()[1]
        self.endpoint = f"tcp://127.0.0.1:{self.number}"


def kernel_ports():
    """The first and the last port that the kernel assigns to sockets bound to port 0."""
    return map(int, pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())


class Daemon:
    """skillsearchd on a free port, ready when the constructor returns."""

    def __init__(self, folder, *arguments, setup=None, listen="tcp://127.0.0.1:*", before=()):
        """setup() is that of start(); `before` is a command that starts the daemon. The deadline of requests is
        REPLY_TIMEOUT_MS unless the arguments name one: a busy machine may miss the daemon's default."""
        read, write = os.pipe()
        self.log = tempfile.TemporaryFile("w+")
        self.process = start(
            [*before, BUILD / "skillsearchd", "--index", folder, "--listen", listen, "--ready-fd", str(write),
             "--deadline-ms", str(REPLY_TIMEOUT_MS), *arguments], pass_fds=[write], stderr=self.log, setup=setup)
        os.close(write)
        with os.fdopen(read) as ready:
            self.endpoints = ready.readline().split()
        if not self.endpoints:
            self.log.seek(0)
            raise AssertionError(f"not ready: {self.log.read()}")
        self.endpoint = self.endpoints[0]

    def peer(self):
        return Peer(self.endpoint)

    def resident_bytes(self):
        return int(pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

    def peak_bytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        return stop(self.process, self.log)


class Echo:
    """A bare ROUTER that answers every request with `size` bytes."""

    def __init__(self, place, size):
        self.process = start([BUILD / "test-load", "echo", place, str(size)],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.endpoint = self.process.stdout.readline().strip()

    def stop(self):
        self.process.communicate()


def start_load(endpoint, clients, depth, seconds, requests):
    """Runs tests/system/load.c: clients with `depth` requests under way each; finish() returns its tally."""
    return start([BUILD / "test-load", "ask", endpoint, str(clients), str(depth), str(seconds), requests],
                 stdout=subprocess.PIPE, text=True)


def finish(load):
    out, _ = load.communicate(timeout=900)
    return json.loads(out)


def ask_much(*arguments):
    return finish(start_load(*arguments))


class Checks:
    """Counts claims and prints one line for each."""

    def __init__(self):
        self.passed = self.failed = 0

    def that(self, claim, holds, *detail):
        if holds:
            self.passed += 1
            print(f"ok {claim}", flush=True)
        else:
            self.failed += 1
            print(f"not ok {claim}", *detail, flush=True)

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0
