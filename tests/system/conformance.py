"""Every client runs the data of tests/conformance: the C library, by its calls that do not wait, both Python clients, and
where `make check-node` installed it, the client for Node."""

import asyncio
import json
import pathlib
import subprocess
import sys
import tempfile
import threading

import zmq

from peer import BUILD, ROOT, Checks, Daemon, index
from variables import variable

sys.path.insert(0, str(ROOT / "client" / "python"))
import skillsearch  # noqa: E402
from skillsearch import requests  # noqa: E402

CORPUS = variable("SKS_CORPUS")
DATA = ROOT / "tests" / "conformance"
PATIENCE_MS = 60_000
check = Checks()


class Refused(Exception):
    """A request that failed."""

    def __init__(self, code, place):
        super().__init__(f"{code} at {place}")
        self.code, self.at = code, place


# ------------------------------------------------------------------- clients


class CClient:
    """libskillsearch, by its calls that do not wait; tests/system/conform.c makes them."""

    name = "C"

    def __init__(self, endpoint):
        self.process = subprocess.Popen([BUILD / "test-conform", endpoint], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def close(self):
        self.process.stdin.close()
        assert self.process.wait() == 0
        self.process.stdout.close()

    def ask(self, asked, timeout_ms=PATIENCE_MS):
        """What each of the requests, all sent before a reply is taken, came to."""
        lines = [f"{len(asked)} {timeout_ms}", *map(json.dumps, asked)]
        self.process.stdin.write("".join(line + "\n" for line in lines))
        self.process.stdin.flush()
        return [self.ended(self.process.stdout.readline()) for _ in asked]

    @staticmethod
    def ended(line):
        if not line.startswith("error "):
            return json.loads(line)
        _, code, place = line.split()
        return Refused(code, int(place) if int(place) >= 0 else None)


def request_of(members):
    return requests.Request(members["op"], {name: value for name, value in members.items() if name != "op"})


class PythonClient:
    """skillsearch.Client, which has one request under way."""

    name = "Python"

    def __init__(self, endpoint):
        self.client = skillsearch.Client(endpoint)
        self.close = self.client.close

    def ask(self, asked, timeout_ms=PATIENCE_MS):
        self.client.timeout = timeout_ms / 1000
        try:
            return [self.client.ask(request_of(request)) for request in asked]
        except skillsearch.SkillsearchError as error:
            return [error]


class PythonAsyncClient:
    """skillsearch.AsyncClient."""

    name = "Python, asyncio"

    def __init__(self, endpoint):
        self.loop = asyncio.new_event_loop()
        self.client = self.loop.run_until_complete(skillsearch.AsyncClient(endpoint).__aenter__())

    def close(self):
        self.loop.run_until_complete(self.client.close())
        self.loop.close()

    def ask(self, asked, timeout_ms=PATIENCE_MS):
        async def gather():
            self.client.timeout = timeout_ms / 1000
            return await asyncio.gather(*(self.client.ask(request_of(request)) for request in asked),
                                        return_exceptions=True)
        return self.loop.run_until_complete(gather())


class NodeClient:
    """client/node, as npm installed it."""

    name = "Node"
    home = BUILD / "node"

    def __init__(self, endpoint):
        self.process = subprocess.Popen(["node", self.home / "conform.mjs", endpoint], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, asked, timeout_ms=PATIENCE_MS):
        self.process.stdin.write(json.dumps({"asked": asked, "timeout_ms": timeout_ms}) + "\n")
        self.process.stdin.flush()
        ended = json.loads(self.process.stdout.readline())
        return [one["reply"] if "reply" in one else Refused(one["error"]["code"], one["error"]["at"]) for one in ended]


# --------------------------------------------------------------------- cases


def at(document, pointer):
    for name in pointer.split("/")[1:]:
        document = document[int(name) if isinstance(document, list) else name]
    return document


def holds(case, got):
    """Whether a reply or an error is what the case says."""
    if "error" in case:
        wanted = case["error"] if isinstance(case["error"], dict) else {"code": case["error"]}
        return isinstance(got, Exception) and all(
            getattr(got, name) in (value if isinstance(value, list) else [value]) for name, value in wanted.items())
    if isinstance(got, Exception):
        return False
    pointers = {**case.get("holds", {}), **case.get("reply", {})}
    return (all(at(got, pointer) == value for pointer, value in pointers.items())
            and all(least <= at(got, pointer) <= most for pointer, (least, most) in case.get("between", {}).items()))


def frames(message, ids):
    """The frames of a message of a script."""
    if "raw" in message:
        return [(message["raw"] * message.get("times", 1)).encode("latin-1")]
    reply = {name: value for name, value in message.items() if name != "second_frame"}
    if isinstance(reply.get("id"), str) and reply["id"][1:].isdigit():
        reply["id"] = ids[int(reply["id"][1:])]
    if "letters" in reply:
        reply["letters"] = "x" * reply["letters"]
    return [json.dumps(reply, separators=(",", ":")).encode(), *([b"x"] if "second_frame" in message else [])]


class Scripted:
    """A peer that does what a script says."""

    def __init__(self, script):
        self.endpoint = "tcp://127.0.0.1:*"
        self.listen()
        self.thread = threading.Thread(target=self.play, args=(script,), daemon=True)
        self.thread.start()

    def listen(self):
        self.socket = zmq.Context.instance().socket(zmq.ROUTER)
        self.socket.linger = 0
        self.socket.bind(self.endpoint)
        self.endpoint = self.socket.last_endpoint.decode()

    def go_away(self):
        """End all connections, and listen again."""
        monitor = self.socket.get_monitor_socket(zmq.EVENT_CLOSED)
        self.socket.unbind(self.endpoint)
        monitor.recv_multipart()  # the port is free
        self.socket.disable_monitor()
        monitor.close()
        self.socket.close()
        self.listen()

    def play(self, script):
        ids = []
        for messages in script:
            name, data = self.socket.recv_multipart()
            ids.append(json.loads(data)["id"])
            for message in messages:
                if message == "go away":
                    self.go_away()
                else:
                    self.socket.send_multipart([name, *frames(message, ids)])

    def close(self):
        self.thread.join()
        self.socket.close()


def ask_one_by_one(client, asked):
    for request in asked:
        timeout_ms = request.get("given_up", PATIENCE_MS)
        yield from client.ask([{"op": request["op"]}], timeout_ms)


def scripted(kind, case):
    peer = Scripted(case["script"])
    client = kind(peer.endpoint)
    if case.get("together"):
        got = client.ask(case["requests"])
    else:
        got = list(ask_one_by_one(client, case["requests"]))
    check.that(f"{kind.name}: {case['name']}", all(map(holds, case["expect"], got)), got)
    client.close()
    peer.close()


def main():
    kinds = [CClient, PythonClient, PythonAsyncClient]
    if (NodeClient.home / "node_modules" / "skillsearch").exists():
        kinds.append(NodeClient)
    else:
        print("skipped: the client for Node is not installed (make check-node)")
    for case in json.loads((DATA / "replies.json").read_text()):
        for kind in kinds:
            if not case.get("together") or kind is not PythonClient:
                scripted(kind, case)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name) / "index"
        index(folder, CORPUS)
        daemon = Daemon(folder)
        try:
            for kind in kinds:
                client = kind(daemon.endpoint)
                for case in json.loads((DATA / "requests.json").read_text()):
                    got, = client.ask([case["request"]])
                    check.that(f"{kind.name}: {case['name']}", holds(case, got), got)
                client.close()
        finally:
            daemon.stop()
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
