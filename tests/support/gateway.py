"""skillsearch-http on a free port, for the tests that speak to it."""

import os
import pathlib
import socket
import subprocess
import tempfile

from peer import BUILD

PROGRAM = BUILD / "skillsearch-http"
PATIENCE_S = 60


class Gateway:
    def __init__(self, endpoint, *arguments):
        read, write = os.pipe()
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [PROGRAM, "--listen", "127.0.0.1:0", "--connect", endpoint, "--ready-fd", str(write), *arguments],
            pass_fds=[write], stderr=self.log)
        os.close(write)
        with os.fdopen(read) as ready:
            self.url = ready.readline().strip()
        if not self.url:
            self.log.seek(0)
            raise AssertionError(f"not ready: {self.log.read()}")
        self.port = int(self.url.rsplit(":", 1)[1])

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        return Raw(connection)

    def get(self, target, method="GET", body=None, **headers):
        """One request on a connection of its own: status, headers in small letters, body."""
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

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE_S)


class Raw:
    """A connection whose answers are read byte by byte as they are."""

    def __init__(self, connection):
        self.socket = connection
        self.file = connection.makefile("rb")

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass  # what the server said before it closed is read below

    def response(self, head=False):
        """Status, headers, body; status 0 when the connection ends first."""
        try:
            line = self.file.readline()
            if not line:
                return 0, {}, b""
            status, headers = int(line.split()[1]), {}
            while (line := self.file.readline().strip()):
                name, _, value = line.decode().partition(":")
                name = name.lower()
                headers[name] = f"{headers[name]}, {value.strip()}" if name in headers else value.strip()
            if head or status in (204, 304):
                return status, headers, b""
            if headers.get("transfer-encoding") == "chunked":
                return status, headers, self.chunks()
            if "content-length" in headers:
                return status, headers, self.file.read(int(headers["content-length"]))
            return status, headers, self.file.read()
        except ConnectionError:
            return 0, {}, b""

    def chunks(self):
        """The body; None when it breaks off."""
        body = b""
        while True:
            line = self.file.readline()
            if not line:
                return None
            size = int(line, 16)
            body += self.file.read(size)
            self.file.readline()
            if size == 0:
                return body

    def is_closed(self):
        """Whether the server has closed it, after whatever it still says."""
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
