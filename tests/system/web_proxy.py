"""The configurations of nginx and caddy in docs/http.md, started as they stand there but for ports and certificates."""

import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

from gateway import PROGRAM, Gateway
from peer import PATIENCE_S, ROOT, Checks, Daemon, Port, index, start

CORPUS = os.environ["SKS_CORPUS"]
PAGE = (ROOT / "docs" / "http.md").read_text()


def configuration(language, *changes):
    text = re.search(rf"```{language}\n(.*?)```", PAGE, re.S)[1]
    for old, new in changes:
        assert old in text, (language, old)
        text = text.replace(old, new)
    return text


def fetch(url, **headers):
    """Status and body; None for a body that breaks off."""
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    request = urllib.request.Request(url, headers=headers, data=headers.pop("data", None))
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S, context=unchecked) as answer:
            try:
                return answer.status, answer.read()
            except OSError:
                return answer.status, None
            except Exception as error:  # http.client has its own
                assert type(error).__name__ == "IncompleteRead", error
                return answer.status, None
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def wait_for(port, process):
    """Until the process listens on the port, which nobody else can; False when it ends instead."""
    while process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port.number)) == 0:
                return True
    return False


def check_proxy(check, name, url, gateway):
    status, body = fetch(f"{url}/v1/search?q=mail&limit=2")
    direct = json.loads(gateway.get("/v1/search?q=mail&limit=2")[2])
    got = json.loads(body)
    check.that(f"{name}: a search is answered as without it", status == 200 and got["hits"] == direct["hits"] and got["total"] == direct["total"], status, body[:300])
    status, body = fetch(f"{url}/v1/search", data=b'{"q":"mail"}', **{"Content-Type": "application/json"})
    check.that(f"{name}: a POST too", status == 200 and json.loads(body)["ok"], status, body[:300])
    status, body = fetch(f"{url}/v1/search?q=mail+AND")
    check.that(f"{name}: a problem goes through", status == 400 and json.loads(body)["code"] == "query_syntax", status, body[:300])
    status, body = fetch(f"{url}/v1/export.csv?q=mail")
    check.that(f"{name}: an export goes through", status == 200 and body == gateway.get("/v1/export.csv?q=mail")[2], status)
    status, _ = fetch(f"{url}/v1/search", data=b" " * 70000, **{"Content-Type": "application/json"})
    check.that(f"{name}: too large a body is 413", status == 413, status)


def run_nginx(check, folder, gateway):
    pem, key, port = folder / "skills.pem", folder / "skills.key", Port()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-keyout", key, "-out", pem], check=True, capture_output=True)
    server = configuration("nginx", ("127.0.0.1:7380", f"127.0.0.1:{gateway.port}"), ("listen 443", f"listen 127.0.0.1:{port.number}"),
                           ("/etc/ssl/skills.pem", str(pem)), ("/etc/ssl/skills.key", str(key)))
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
                                       f"http {{\naccess_log off;\n{temporary}{server}}}\n")
    command = [shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"), "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    run = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    check.that("nginx: the configuration is valid", run.returncode == 0, run.stderr)
    process = start(command, stderr=subprocess.DEVNULL)
    if wait_for(port, process):
        check_proxy(check, "nginx", f"https://127.0.0.1:{port.number}", gateway)
    else:
        check.that("nginx: starts", False, (folder / "error.log").read_text())
    process.terminate()
    process.wait(timeout=PATIENCE_S)


def run_caddy(check, folder, gateway):
    port = Port()
    server = configuration("caddyfile", ("127.0.0.1:7380", f"127.0.0.1:{gateway.port}"), ("skills.example", f"http://127.0.0.1:{port.number}"))
    (folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + server)
    environment = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    process = start(["caddy", "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"], env=environment,
                    stderr=(folder / "log").open("w"))
    if wait_for(port, process):
        check_proxy(check, "caddy", f"http://127.0.0.1:{port.number}", gateway)
    else:
        check.that("caddy: starts", False, (folder / "log").read_text())
    process.terminate()
    process.wait(timeout=PATIENCE_S)


def main():
    check = Checks()
    if not PROGRAM.exists():
        print("skipped: skillsearch-http is not built, as libmicrohttpd-dev or zlib1g-dev is missing")
        return check.finish()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        index(folder / "index", CORPUS)
        daemon = Daemon(folder / "index")
        gateway = Gateway(daemon.endpoint, "--trusted-proxy", "127.0.0.1")
        gateway.wait_ready()
        for program, run in (("nginx", run_nginx), ("caddy", run_caddy)):
            (folder / program).mkdir()
            if shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin") and (program != "nginx" or shutil.which("openssl")):
                run(check, folder / program, gateway)
            else:
                print(f"skipped: {program} is not here")
        gateway.stop()
        daemon.stop()
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
