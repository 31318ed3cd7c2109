"""A foreign client of the daemon, written from docs/protocol.md, and the way to
start one, to load it, and to have a bare echo beside it. Used by the end-to-end
tests and the benchmarks; every reply to Peer is checked against the JSON Schemas."""

import json
import os
import pathlib
import subprocess
import tempfile

import jsonschema
import zmq

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["SKS_BUILD"])
REPLY_TIMEOUT_MS = 60_000


def schema(name):
    document = json.loads((ROOT / "docs" / "schema" / f"{name}.json").read_text())
    return jsonschema.Draft202012Validator(document)


class Peer:
    """One DEALER socket; ask() sends a request and returns the reply."""

    schemas = {}

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
        self.schemas[kind].validate(reply)

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


class Daemon:
    """skillsearchd on a free port, ready when the constructor returns."""

    def __init__(self, folder, *arguments, setup=None, listen="tcp://127.0.0.1:*", before=()):
        """setup() runs in the child before it becomes the daemon, which `before` starts if it is given."""
        read, write = os.pipe()
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [*before, BUILD / "skillsearchd", "--index", folder, "--listen", listen, "--ready-fd", str(write),
             *arguments], pass_fds=[write], stderr=self.log, preexec_fn=setup)
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
        self.process.terminate()
        return self.process.wait(timeout=60)


class Echo:
    """A bare ROUTER that answers every request with `size` bytes."""

    def __init__(self, place, size):
        self.process = subprocess.Popen([BUILD / "test-load", "echo", place, str(size)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.endpoint = self.process.stdout.readline().strip()

    def stop(self):
        self.process.communicate()


def start_load(endpoint, clients, depth, seconds, requests):
    """tests/load: clients with `depth` requests under way each; finish() has its tally."""
    return subprocess.Popen([BUILD / "test-load", "ask", endpoint, str(clients), str(depth), str(seconds), requests],
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
