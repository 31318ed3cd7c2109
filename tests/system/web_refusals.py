"""Requests that skillsearch-http refuses before their body has arrived: the client gets the answer and no reset, even
if it sends everything before it reads. The same through nginx and caddy is in web_proxy.py."""

import select
import shutil
import socket
import subprocess
import sys

from gateway import Gateway, run_checks
from peer import PATIENCE_S, Daemon, index
from variables import variable

CORPUS = variable("SKS_CORPUS")
BODY = 1 << 20
SMALL = "Content-Length: 60000\r\n"  # a size that the gateway would read
MOST_LINGERING = 128
MOST_BYTES = 16 << 20
JSON = "Content-Type: application/json\r\n"
LENGTH = f"Content-Length: {BODY}\r\n"

REFUSALS = [  # status, and the part of the request that the gateway reads
    (400, f"POST /v1/search HTTP/1.1\r\n<H><H>{JSON}{LENGTH}\r\n"),
    (400, f"POST /v1/search HTTP/1.1\r\n{JSON}{LENGTH}\r\n"),
    (400, f"POST /v1/search HTTP/1.1\r\n<H>{JSON}{LENGTH}{LENGTH}\r\n"),
    (400, f"POST /v1/search?q=%00 HTTP/1.1\r\n<H>{JSON}{LENGTH}\r\n"),
    (400, f"POST /v1/search HTTP/1.1\r\n<H>{JSON}Content-Length: -1\r\n\r\n"),
    (405, f"POST /v1/export.csv HTTP/1.1\r\n<H>{JSON}{SMALL}\r\n"),
    (405, f"PUT /v1/search HTTP/1.1\r\n<H>{JSON}{SMALL}\r\n"),
    (413, f"POST /v1/search HTTP/1.1\r\n<H>{JSON}{LENGTH}\r\n"),
    (413, f"GET /v1/search HTTP/1.1\r\n<H>{JSON}{LENGTH}\r\n"),
    (413, f"POST /v1/search HTTP/1.1\r\n<H>{JSON}Content-Length: 99999999999999999999999\r\n\r\n"),
    (414, "GET /v1/search?q=" + "a" * 40000),
    (415, f"POST /v1/search HTTP/1.1\r\n<H>Content-Type: text/plain\r\n{SMALL}\r\n"),
    (415, "POST /v1/search HTTP/1.1\r\n<H>Transfer-Encoding: chunked\r\n\r\n"),
    (421, f"POST /v1/search HTTP/1.1\r\nHost: evil.example\r\n{JSON}{LENGTH}\r\n"),
    (431, "GET /v1/search HTTP/1.1\r\n<H>X: " + "a" * 40000),
    (501, f"POST /v1/search HTTP/1.1\r\n<H>{JSON}Transfer-Encoding: gzip, chunked\r\n\r\n"),
    (505, f"POST /v1/search HTTP/2.0\r\n<H>{JSON}{LENGTH}\r\n"),
]


def send_all(raw, head, size=BODY):
    """The error that the client gets when it sends `size` bytes after the answer has arrived, before it reads; None if
    there is none."""
    try:
        raw.socket.sendall(head.replace("<H>", "Host: 127.0.0.1\r\n").encode())
        select.select([raw.socket], [], [], PATIENCE_S)
        raw.socket.sendall(b" " * size)
        raw.socket.shutdown(socket.SHUT_WR)
    except OSError as error:
        return error
    return None


def read_rest(raw):
    """The error that ends the connection; None if there is none."""
    try:
        raw.file.read()
    except OSError as error:
        return error
    return None


def check_refusals(check, gateway):
    for status, head in REFUSALS:
        raw = gateway.connect()
        error = send_all(raw, head)
        got = raw.response()[0]
        error = error or read_rest(raw)
        raw.close()
        check.that(f"{status}: a client that sends 1 MB before it reads gets the answer ({head[:24]!r})",
                   (error, got) == (None, status), error, got)


def check_curl(check, gateway, folder):
    if not shutil.which("curl"):
        print("skipped: curl is missing")
        return
    body = folder / "body"
    body.write_bytes(b" " * BODY)
    for status, options in [(413, ["-H", "Content-Type: application/json"]), (415, ["-H", "Content-Type: text/plain", "-H", "Transfer-Encoding: chunked"]),
                            (421, ["-H", "Host: evil.example"]), (405, ["-X", "PUT", "-H", "Transfer-Encoding: chunked"])]:
        run = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Expect:", *options, "--data-binary", f"@{body}",
                              f"{gateway.url}/v1/search"], capture_output=True, text=True, check=False)
        check.that(f"curl: {status}", (run.returncode, run.stdout) == (0, str(status)), run)


def check_bounds(check, gateway):
    """Clients that never close cost a bounded number of sockets and bytes."""
    head = REFUSALS[7][1]
    raw = gateway.connect()
    error = send_all(raw, head, 4 * MOST_BYTES)
    check.that("a client that keeps sending is reset", isinstance(error, ConnectionError), error)
    raw.close()
    before = gateway.descriptors()
    raws = [gateway.connect() for _ in range(2 * MOST_LINGERING)]
    for raw in raws:
        raw.send(head.replace("<H>", "Host: 127.0.0.1\r\n").encode())
    got = [raw.response()[0] for raw in raws]
    figures = gateway.figures()
    check.that("all clients that never close are answered", got == [413] * len(raws), got)
    check.that("a bounded number of answered connections waits for the client to close", figures["http_lingering"] == MOST_LINGERING, figures)
    check.that("further answered connections hold no descriptor", gateway.descriptors() <= before + MOST_LINGERING + 1, gateway.descriptors(), before)
    gateway.wait_for(lambda figures: figures["http_lingering"] <= 1)
    check.that("answered connections are closed after a time limit", True)
    check.that("a client that sends its body slowly gets 408 and no reset", send_slowly(gateway) == 408)
    for raw in raws:
        raw.close()


def send_slowly(gateway):
    raw = gateway.connect()
    raw.send(f"POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\n{JSON}{SMALL}\r\n".encode())
    error = send_all(raw, " ", 30000)
    return error or raw.response()[0]


def main(check, folder):
    index(folder / "index", CORPUS)
    daemon = Daemon(folder / "index")
    gateway = Gateway(daemon.endpoint)
    gateway.wait_ready()
    check_refusals(check, gateway)
    check_curl(check, gateway, folder)
    check_bounds(check, gateway)
    check.that("SIGTERM ends the gateway with 0 after refusals", gateway.stop() == 0)
    daemon.stop()


if __name__ == "__main__":
    sys.exit(run_checks(main))
