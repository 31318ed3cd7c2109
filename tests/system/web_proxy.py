"""The configurations of nginx and caddy in docs/http.md, run unchanged except for ports and certificates."""

import concurrent.futures
import json
import os
import pathlib
import re
import select
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

from between import Between
from gateway import MANY, Gateway, index_many, run_checks
from peer import PATIENCE_S, ROOT, Daemon, Port, index, start
from variables import variable

BETWEEN_S = 0.01  # two attempts to connect
ROUNDS = 50
CORPUS = variable("SKS_CORPUS")
PAGE = (ROOT / "docs" / "http.md").read_text()


def configuration(language, *changes):
    text = re.search(rf"```{language}\n(.*?)```", PAGE, re.S)[1]
    for old, new in changes:
        assert old in text, (language, old)
        text = text.replace(old, new)
    return text


def fetch(url, **headers):
    """Status and body; None for an incomplete body."""
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    request = urllib.request.Request(url, headers=headers, data=headers.pop("data", None), method=headers.pop("method", None))
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S, context=unchecked) as answer:
            try:
                return answer.status, answer.read()
            except OSError:
                return answer.status, None
            except Exception as error:  # http.client adds its own
                assert type(error).__name__ == "IncompleteRead", error
                return answer.status, None
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def wait_for(port, process):
    """Wait until the process listens on the port, on which nobody else can listen; False when it ends or never does.
    Between two attempts the processor is yielded to it."""
    ended, end = os.pidfd_open(process.pid), time.monotonic() + PATIENCE_S
    try:
        while time.monotonic() < end and not select.select([ended], [], [], BETWEEN_S)[0]:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port.number)) == 0:
                    return True
    finally:
        os.close(ended)
    return False


def before_third_page(break_off):
    """The function for Between that calls break_off once, before the third page of an export is requested."""
    pages = 0

    def on_request(message):
        nonlocal pages
        pages += b'"cursor"' in message
        return bool(b'"cursor"' in message and pages == 2 and break_off and break_off())
    return on_request


def check_proxy(check, name, url, gateway):
    status, body = fetch(f"{url}/v1/search?q=mail&limit=2")
    direct = json.loads(gateway.get("/v1/search?q=mail&limit=2")[2])
    got = json.loads(body)
    check.that(f"{name}: a search has the same answer as without the proxy", status == 200 and got["hits"] == direct["hits"] and got["total"] == direct["total"], status, body[:300])
    status, body = fetch(f"{url}/v1/search", data=b'{"q":"mail"}', **{"Content-Type": "application/json"})
    check.that(f"{name}: a POST has the same answer as without the proxy", status == 200 and json.loads(body)["ok"], status, body[:300])
    status, body = fetch(f"{url}/v1/search?q=mail+AND")
    check.that(f"{name}: a problem passes unchanged", status == 400 and json.loads(body)["code"] == "query_syntax", status, body[:300])
    status, body = fetch(f"{url}/v1/export.csv?q=mail")
    check.that(f"{name}: an export passes unchanged", status == 200 and body == gateway.get("/v1/export.csv?q=mail")[2], status)
    status, _ = fetch(f"{url}/v1/search", data=b" " * 70000, **{"Content-Type": "application/json"})
    check.that(f"{name}: a body that is too large has status 413", status == 413, status)


def check_refusals(check, name, url):
    """Refusals that arrive before the body is complete: the proxy may still be sending it, and must not lose the
    answer."""
    # nginx accepts 64 KB and refuses more itself.
    kinds = [(415, "POST", 60000, "text/plain"), (405, "PUT", 60000, "application/json")] + \
            [(413, "POST", 70000, "application/json"), (413, "POST", 200000, "application/json")] * (name == "caddy")
    for status, method, size, kind in kinds:
        def ask(_, status=status, method=method, size=size, kind=kind):
            got, body = fetch(f"{url}/v1/search", method=method, data=b" " * size, **{"Content-Type": kind})
            return got == status and b'"code"' in (body or b"")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            right = sum(pool.map(ask, range(ROUNDS)))
        check.that(f"{name}: a refusal with {status} of {size} bytes arrives {ROUNDS} of {ROUNDS} times", right == ROUNDS, right)


def check_breaks(check, name, start_proxy, folder, many):
    """An incomplete export must not look complete to the client of the proxy."""
    daemon = Daemon(many)

    def publish():
        index(many, pathlib.Path(CORPUS) / "51-4041.00.json")
        peer = daemon.peer()
        while peer.ask("health")["generation"] == 1:
            pass
        return False

    def kill():
        daemon.process.kill()
        daemon.process.wait()
        return True

    for title, break_off in (("runs to its end", None), ("a new index", publish), ("the end of the daemon", kill)):
        between = Between(daemon.endpoint, before_third_page(break_off))
        gateway = Gateway(between.endpoint, "--trusted-proxy", "127.0.0.1")
        gateway.wait_ready()
        proxy = start_proxy(folder, gateway)
        status, body = fetch(f"{proxy.url}/v1/export.csv")
        rows = body and body.count(b"\r\n") - 1
        if not break_off:
            check.that(f"{name}: an export that {title} is complete", (status, rows) == (200, MANY), status, rows)
        elif name == "caddy" and caddy_hides_breaks():
            check.that(f"{name}: this version does not report that {title} interrupted an export, and statements are missing",
                       status == 200 and rows < MANY, status, rows)
        else:
            check.that(f"{name}: the client sees that {title} interrupted an export", (status, body) == (200, None), status, rows)
        between.stop()
        proxy.stop()
        gateway.stop()


class Proxy:
    """A process that serves a port; url is None if it does not start."""

    def __init__(self, command, scheme, port, log, **options):
        self.port, self.log = port, log
        self.process = start(command, **options)
        self.url = f"{scheme}://127.0.0.1:{port.number}" if wait_for(port, self.process) else None

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=PATIENCE_S)


def start_old_nginx(folder, gateway):
    """Without proxy_http_version nginx sends HTTP/1.0 to the gateway: there are no chunks, and a body ends with its
    connection."""
    return start_nginx(folder, gateway, ("        proxy_http_version 1.1;\n", ""), ('        proxy_set_header Connection "";\n', ""))


def start_nginx(folder, gateway, *changes):
    pem, key, port = folder / "skills.pem", folder / "skills.key", Port()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-keyout", key, "-out", pem], check=True, capture_output=True)
    server = configuration("nginx", ("127.0.0.1:7380", f"127.0.0.1:{gateway.port}"), ("listen 443", f"listen 127.0.0.1:{port.number}"),
                           ("/etc/ssl/skills.pem", str(pem)), ("/etc/ssl/skills.key", str(key)), *changes)
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
                                       f"http {{\naccess_log off;\n{temporary}{server}}}\n")
    command = [shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"), "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    return Proxy(command, "https", port, folder / "error.log", stderr=subprocess.DEVNULL)


def start_caddy(folder, gateway):
    port = Port()
    server = configuration("caddyfile", ("127.0.0.1:7380", f"127.0.0.1:{gateway.port}"), ("skills.example", f"http://127.0.0.1:{port.number}"))
    (folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + server)
    environment = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    return Proxy(["caddy", "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"], "http", port, folder / "log", env=environment,
                 stderr=(folder / "log").open("w"))


def caddy_hides_breaks():
    """Whether this nginx ends an incomplete body as if it were complete, as versions before the fix of November 2023
    do."""
    version = subprocess.run(["caddy", "version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in re.search(r"(\d+)\.(\d+)", version).groups()) < (2, 8)


def main(check, folder):
    index(folder / "index", CORPUS)
    daemon = Daemon(folder / "index")
    gateway = Gateway(daemon.endpoint, "--trusted-proxy", "127.0.0.1")
    gateway.wait_ready()
    for program, start_proxy in (("nginx", start_nginx), ("caddy", start_caddy)):
        (folder / program).mkdir()
        if shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin") and (program != "nginx" or shutil.which("openssl")):
            proxy = start_proxy(folder / program, gateway)
            check.that(f"{program}: starts", proxy.url, "" if proxy.url else proxy.log.read_text())
            if proxy.url:
                check_proxy(check, program, proxy.url, gateway)
                check_refusals(check, program, proxy.url)
            proxy.stop()
            check_breaks(check, program, start_proxy, folder / program, index_many(folder / program))
            if program == "nginx":
                (folder / "old").mkdir()
                check_breaks(check, "nginx with HTTP/1.0", start_old_nginx, folder / "old", index_many(folder / "old"))
        else:
            print(f"skipped: {program} is missing")
    gateway.stop()
    daemon.stop()


if __name__ == "__main__":
    sys.exit(run_checks(main))
