"""browser.py [--lighthouse]: tests the pages in chromium (tests/web/page.mjs) and with the Nu HTML checker, and the widgets
of InstantSearch (tests/web/instantsearch.mjs); or runs only Lighthouse. Skipped where the browser, node or the packages of tests/web/package.json are missing; `make check-web`
installs them."""

import http.server
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

from gateway import PROGRAM, Gateway
from peer import Checks, Daemon, index
from variables import variable

WEB = pathlib.Path(__file__).resolve().parents[1] / "web"
MODULES = pathlib.Path(os.environ.get("SKS_NODE_MODULES") or WEB / "node_modules")
CHROME = os.environ.get("CHROME_PATH") or "/usr/bin/chromium"
CORPUS = variable("SKS_CORPUS")
PAGES = ["/", "/?level=emerging&q=incoming+mail", "/?q=mail+AND", "/?q=incomming+zzqqx", "/?level=advanced&q=mail&sector=11", "/?page=2&q=mail",
         "/occupation/43-9051.00?words=1", "/facet/occupation?find=c", "/crosswalk", "/crosswalk?left=25-2021.00&right=47-2111.00",
         "/crosswalk?left=43-&right=x", "/map", "/similar?statement=43-9051.00%2Fdeveloping%2F5bbaa99f9972", "/occupation/none"]


def run_node(check, script, *arguments):
    run = subprocess.run(["node", WEB / script, MODULES, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                         timeout=900, check=False)
    lines = run.stdout.splitlines()
    for line in lines:
        if line.startswith(("ok ", "not ok ")):
            check.that(line.split("ok ", 1)[1], line.startswith("ok "))
        elif line.startswith("#"):
            print(line)
    check.that(f"{script} ran to its end", lines and " passed, " in lines[-1], run.returncode)


class Application(http.server.BaseHTTPRequestHandler):
    """A web site of another origin, whose page has the widgets."""

    files = {"/widgets.html": (WEB / "widgets.html", "text/html"),
             "/index.js": (WEB.parents[1] / "client/instantsearch/index.js", "text/javascript"),
             "/instantsearch.production.min.js": (MODULES / "instantsearch.js/dist/instantsearch.production.min.js", "text/javascript")}

    def do_GET(self):
        file, kind = self.files.get(self.path.partition("?")[0], (None, None))
        self.send_response(200 if file else 404)
        self.send_header("Content-Type", kind or "text/plain")
        self.end_headers()
        self.wfile.write(file.read_bytes() if file else b"")

    def log_message(self, *_):
        pass


def run_widgets(check, daemon):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application)
    origin = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    gateway = Gateway(daemon.endpoint, "--cors", origin)
    while gateway.get("/readyz")[0] != 200:
        pass
    run_node(check, "instantsearch.mjs", gateway.url, origin)
    gateway.stop()
    server.shutdown()


def run_checker(check, gateway):
    with tempfile.TemporaryDirectory() as folder:
        for number, target in enumerate(PAGES):
            pathlib.Path(folder, f"{number}.html").write_bytes(gateway.get(target)[2])
        run = subprocess.run(["java", "-jar", MODULES / "vnu-jar/build/dist/vnu.jar", "--format", "text", folder], capture_output=True,
                             text=True, timeout=300, stdin=subprocess.DEVNULL, check=False)
        check.that(f"the Nu HTML checker finds nothing on {len(PAGES)} pages", run.returncode == 0 and "Error:" not in run.stderr
                   and "Warning:" not in run.stderr, run.stderr[:2000])


def main():
    check = Checks()
    missing = [what for what, there in [
        ("skillsearch-http", PROGRAM.exists()), ("node", shutil.which("node")), (CHROME, shutil.which(CHROME)),
        ("playwright-core and axe-core", (MODULES / "playwright-core").exists() and (MODULES / "axe-core").exists())] if not there]
    if missing:
        print(f"skipped: pages in a browser, as {', '.join(missing)} is missing (make check-web)")
        return check.finish()
    with tempfile.TemporaryDirectory() as folder:
        index(folder, CORPUS)
        daemon = Daemon(folder)
        gateway = Gateway(daemon.endpoint)
        while gateway.get("/readyz")[0] != 200:
            pass
        if sys.argv[1:2] == ["--lighthouse"]:
            if (MODULES / "lighthouse").exists():
                run_node(check, "lighthouse.mjs", gateway.url)
            else:
                print("skipped: Lighthouse, as it is missing")
            gateway.stop()
            daemon.stop()
            return check.finish()
        run_node(check, "page.mjs", gateway.url, str(daemon.process.pid))
        if (MODULES / "instantsearch.js").exists():
            run_widgets(check, daemon)
        else:
            print("skipped: the widgets of InstantSearch, as instantsearch.js is missing")
        if shutil.which("java") and (MODULES / "vnu-jar").exists():
            run_checker(check, gateway)
        else:
            print("skipped: the Nu HTML checker, as java or vnu-jar is missing")
        check.that("SIGTERM ends the gateway with 0", gateway.stop() == 0)
        daemon.stop()
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
