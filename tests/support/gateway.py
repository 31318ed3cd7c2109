"""skillsearch-http on a free port, for the tests that send requests to it."""

import json
import os
import pathlib
import re
import socket
import tempfile
import time

import badpeer
from peer import BUILD, LOOK_S, PATIENCE_S, Checks, index, start, stop
from variables import variable

PROGRAM = BUILD / "skillsearch-http"
REQUEST = b"GET /v1/search?q=mail&limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"

MANY = 12_000  # statements: 12 pages of an export, 8 MB; a socket buffers at most 4


def index_many(folder):
    """An index of one occupation with MANY statements."""
    model = json.loads((pathlib.Path(variable("SKS_CORPUS")) / "43-9051.00.json").read_text())
    for number, level in enumerate(badpeer.levels_of(model)):
        level[:] = [f"Mail {number} — sort the letters of route {i} " + "by street and house and " * 20 + "hand them out"
                    for i in range(MANY // 4)]
    source = pathlib.Path(folder) / "many.json"
    source.write_text(json.dumps(model))
    index(pathlib.Path(folder) / "many", source)
    return pathlib.Path(folder) / "many"


def run_checks(part):
    """Call part(checks, empty folder) if the gateway is built. Returns the exit status of the script."""
    check = Checks()
    if PROGRAM.exists():
        with tempfile.TemporaryDirectory() as folder:
            part(check, pathlib.Path(folder))
    else:
        print("skipped: skillsearch-http is not built, as libmicrohttpd-dev or zlib1g-dev is missing")
    return check.finish()


class Gateway:
    def __init__(self, endpoint, *arguments, before=()):
        read, write = os.pipe()
        self.log = tempfile.TemporaryFile("w+")
        self.process = start(
            [*before, PROGRAM, "--listen", "127.0.0.1:0", "--connect", endpoint, "--ready-fd", str(write), *arguments],
            pass_fds=[write], stderr=self.log)
        os.close(write)
        with os.fdopen(read) as ready:
            self.url = ready.readline().strip()
        if not self.url:
            self.log.seek(0)
            raise AssertionError(f"not ready: {self.log.read()}")
        self.port = int(self.url.rsplit(":", 1)[1])

    def connect(self, window=None, source="127.0.0.1"):
        """A connection; with a small window it accepts few bytes until it reads."""
        connection = socket.socket()
        connection.settimeout(PATIENCE_S)
        if window:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        connection.bind((source, 0))
        connection.connect(("127.0.0.1", self.port))
        return Raw(connection)

    def wait_ready(self):
        while self.get("/readyz")[0] != 200:
            pass

    def figures(self, daemon=False):
        """The samples of /metrics as a dictionary: name with labels, and value."""
        text = self.get("/metrics?daemon=1" if daemon else "/metrics")[2].decode()
        return {name: float(value) for name, value in re.findall(r"^skillsearch_(\S+) (\S+)$", text, re.M)}

    def wait_for(self, wanted):
        """Read the figures until wanted(figures) holds, and return them. Fails after the time that a connection may
        last."""
        end = time.monotonic() + 2 * PATIENCE_S
        while not wanted(figures := self.figures()):
            assert time.monotonic() < end, figures
            time.sleep(LOOK_S)
        return figures

    def get(self, target, method="GET", body=None, **headers):
        """One request on a new connection: status, headers with lower-case names, body."""
        raw = self.connect()
        lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}"] if body is not None else []
        raw.send("\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b""))
        answer = raw.response(method == "HEAD")
        raw.close()
        return answer

    def resident_bytes(self):
        return int(pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def descriptors_left(self, most):
        """The number of descriptors once it is at most `most`, or after PATIENCE_S: the last connection may still be
        about to close."""
        end = time.monotonic() + PATIENCE_S
        while (left := self.descriptors()) > most and time.monotonic() < end:
            time.sleep(LOOK_S)
        return left

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        return stop(self.process, self.log)


class Raw:
    """A connection whose answers are read as raw bytes."""

    def __init__(self, connection):
        self.socket = connection
        self.file = connection.makefile("rb")

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass  # what the server sent before it closed is read below

    def head(self):
        """Status, and headers with lower-case names; status 0 when the connection ends first."""
        line = self.file.readline()
        if not line:
            return 0, {}
        status, headers = int(line.split()[1]), {}
        while (line := self.file.readline().strip()):
            name, _, value = line.decode().partition(":")
            name = name.lower()
            headers[name] = f"{headers[name]}, {value.strip()}" if name in headers else value.strip()
        return status, headers

    def response(self, head=False):
        """Status, headers, body; status 0 when the connection ends first."""
        try:
            status, headers = self.head()
            if not status or head or status in (100, 204, 304):
                return status, headers, b""
            if headers.get("transfer-encoding") == "chunked":
                return status, headers, self.chunks()
            if "content-length" in headers:
                return status, headers, self.file.read(int(headers["content-length"]))
            return status, headers, self.file.read()
        except ConnectionError:
            return 0, {}, b""

    def ask_again(self):
        self.send(REQUEST)
        return self.response()[0]

    def chunks(self):
        """The body; None when the connection ends within it."""
        parts = []
        while True:
            line = self.file.readline()
            if not line:
                return None
            size = int(line, 16)
            parts.append(self.file.read(size))
            self.file.readline()
            if size == 0:
                return b"".join(parts)

    def is_closed(self):
        """Whether the server closes the connection, after whatever it still sends."""
        try:
            while self.socket.recv(65536):
                pass
            return True
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    def close(self):
        self.file.close()
        self.socket.close()
