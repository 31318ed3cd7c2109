"""Runs the code blocks of the documents and compares the output with what they show. A block is one of these, by the word
after its fence and by how it begins:

- "console": a shell session. Lines that begin with "$ " are commands, the lines up to the next one are their output. A command
  without output must end with 0, whatever it prints. All sessions of a page run in one bash, in a folder with corpus/ and
  build/ as in the checkout. "console http" needs skillsearch-http, and is skipped where that is not built; "console rsync" needs
  rsync, "console xapian" the programs of xapian-tools. "ssh HOST COMMAND" runs the command in the folder hosts/HOST.
- a language and a name, as "python find.py": a file of that folder.
- lines "> REQUEST" and "< REPLY": an exchange with a daemon that serves corpus/.
- any other one must be in ELSEWHERE, with the reason why it does not run here.

A line "..." or "…" matches any lines, and inside a line any text. Times and dates match any time and date.

usage: pages.py [PAGE...]"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

from peer import BUILD, PATIENCE_S, ROOT, Checks, Daemon, Peer, Port, index, start

PAGES = ["README.md", "CONTRIBUTING.md", "client/instantsearch/README.md", "corpus/README.md",
         *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))]
ELSEWHERE = [
    ("README.md", "$ make demo", "it would install packages; tests/system/install.sh installs"),
    ("CONTRIBUTING.md", "$ make deps", "it would install packages and run all tests"),
    ("CONTRIBUTING.md", "$ SKS_BUILD", "it needs the test programs; make check runs them"),
    ("client/instantsearch/README.md", "import { createClient", "tests/web/instantsearch.mjs runs the client"),
    ("docs/architecture.md", " export files", "a drawing"),
    ("docs/architecture.md", " client/instantsearch/index.js", "the history of one change"),
    ("docs/architecture.md", " core/engine/occupation.c", "the files of one operation"),
    ("docs/backup.md", "# sudo", "it needs root and a service"),
    ("docs/bridge.md", "$ curl", "it needs OpenSearch"),
    ("docs/bridge.md", "$ cd tables", "it needs PostgreSQL; tests/system/bridge.py runs it"),
    ("docs/bridge.md", "$ indexer", "it needs Sphinx; tests/system/bridge.py runs it"),
    ("docs/bridge.md", "$ make check-bridge", "it installs packages"),
    ("docs/encoder.md", "$ make encoder", "it needs npm and the network"),
    ("docs/http.md", "upstream skillsearch", "tests/system/web_proxy.py starts nginx with it"),
    ("docs/http.md", "skills.example {", "tests/system/web_proxy.py starts caddy with it"),
    ("docs/index-format.md", "$ od -A d", "tests/system/format.py compares it with an index"),
    ("docs/operations.md", "$ export SKILLSEARCH_ENDPOINT=tcp://127.0.0.1:7311", "top runs until it is ended"),
    ("docs/operations.md", "word\tnear word", "a file; tests/unit/check_near.c reads such tables"),
    ("docs/operations.md", "$ make vectors", "it needs npm and the network"),
    ("docs/operations.md", "# ", "it needs root and a service"),
    ("docs/operations.md", "SKILLSEARCHD_OPTIONS", "a line of a service's file; tests/system/unit.py starts the unit"),
    ("docs/operations.md", "$ systemd-analyze", "tests/system/unit.py compares the unit"),
    ("docs/operations.md", "$ skillsearch keygen ~", "it writes to the home; tests/system/keys.py makes such keys"),
    ("docs/operations.md", "$ export SKILLSEARCH_ENDPOINT=tcp://10", "an address of another machine"),
    ("docs/operations.md", "metadata", "a file; tests/system/keys.py reads such certificates"),
    ("docs/packages.md", "", "it needs root; make check-deb installs the packages and runs the container"),
    ("docs/protocol.md", "import sys, zmq, zmq.auth", "tests/system/keys.py runs it with keys"),
    ("docs/protocol.md", "$ python3 keyed.py", "tests/system/keys.py runs it with keys"),
    ("docs/protocol.md", "for (const [start, end]", "a line of JavaScript; tests/web runs such clients"),
    ("docs/scale.md", "$ tests/bench/grow.py", "it measures millions of statements"),
    ("docs/replicas.md", "global", "tests/system/publishing.py starts haproxy with it"),
    ("docs/ten-jobs.md", "", "tests/system/jobs.py compares its screens with a terminal's"),
    ("docs/vectors.md", "$ make vectors", "it needs npm and the network"),
]
PORT, HTTP_PORT = "7311", "7380"  # the defaults, replaced by our own
SHARD_PORTS = ["7001", "7002"]  # of shard servers in docs/shards.md, likewise
SANITIZER = next((f"-fsanitize={BUILD.name.replace('-', ',')}" for _ in [0] if BUILD.name in ("address-undefined", "thread")), "")
CHANGES = [(r"\bts=\S+", "ts=T"), (r"\b\d+\.\d+ m?s\b", "T s"), (r"took \d+ us", "took T us"),
           (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?Z?", "DATE")]


def blocks(text):
    """The fenced blocks of a page: the words after the fence, and the content."""
    return re.findall(r"^```([^\n`]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def steps_of(block):
    """The commands of a session in their order, each with its lines of output."""
    steps = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        elif steps and steps[-1][0].endswith("\\") and not steps[-1][1]:
            steps[-1] = (steps[-1][0] + "\n" + line, [])
        else:
            steps[-1][1].append(line)
    return steps


def reason_of(page, content):
    """Why a block does not run here; None if it should."""
    return next((reason for of, begins, reason in ELSEWHERE if of == page and content.startswith(begins)), None)


def pattern(lines):
    """The expected output as a regular expression."""
    parts = []
    for line in lines:
        if line.strip() in ("...", "…"):
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(re.escape(normalise(line.rstrip())).replace(r"\.\.\.", ".*").replace("…", ".*") + r"[ ]*\n")
    return "".join(parts)


def normalise(text):
    for wanted, placeholder in CHANGES:
        text = re.sub(wanted, placeholder, text)
    return text


class Shell:
    """A bash in its own folder, in which skillsearchd listens on our port by default."""

    def __init__(self, folder):
        self.port, self.http, self.tools = Port(), Port(), folder / "tools"
        self.tools.mkdir()
        shutil.copytree(ROOT / "corpus", folder / "corpus")
        (folder / "build").symlink_to(BUILD)
        # Until the page starts a daemon nothing listens, as on a reader's machine, so the default index is searched.
        self.tool("skillsearch", f'[ -e {self.tools}/served ] || unset SKILLSEARCH_ENDPOINT\n[ -e {self.tools}/served ] || '
                                 f'export SKILLSEARCH_INDEX=${{SKILLSEARCH_INDEX-$HOME/.local/share/skillsearch}}\n'
                                 f'exec -a skillsearch {BUILD}/skillsearch "$@"')
        self.tool("skillsearchd", f'touch {self.tools}/served\ncase " $* " in *" --listen "*) ;; *) set -- --listen {self.port.endpoint} "$@" ;; esac\n'
                                  f'exec setpriv --pdeathsig KILL {BUILD}/skillsearchd "$@"')
        self.tool("skillsearch-http", f'exec setpriv --pdeathsig KILL {BUILD}/skillsearch-http --listen 127.0.0.1:{self.http.number} "$@"')
        self.kept = [Port() for _ in SHARD_PORTS]
        self.shards = dict(zip(SHARD_PORTS, (str(port.number) for port in self.kept)))
        self.tool("xapian-tcpsrv", f'exec setpriv --pdeathsig KILL {shutil.which("xapian-tcpsrv")} "$@"')
        self.tool("pkg-config", f"echo -I{ROOT}/include -L{BUILD} -lskillsearch -Wl,-rpath,{BUILD} {SANITIZER}")
        self.tool("ssh", f'host=$1; shift; mkdir -p "{folder}/hosts/$host" && cd "{folder}/hosts/$host" && exec bash -c "$*"')
        # A reader is slower than the gateway, which needs a moment to reach the daemon.
        curl = shutil.which("curl")
        ready = f"{curl} -sf -o /dev/null --retry {PATIENCE_S} --retry-delay 1 --retry-all-errors http://127.0.0.1:{self.http.number}/readyz"
        for name, program, first in (("curl", f"{curl} -s", ready), ("python3", "/usr/bin/python3 -B", ":")):
            self.tool(name, f"{first}\n"
                            "for word; do shift; set -- \"$@\" \"$(printf %s \"$word\" | sed "
                            f"'s/127.0.0.1:{HTTP_PORT}/127.0.0.1:{self.http.number}/; s/127.0.0.1:{PORT}/127.0.0.1:{self.port.number}/')\"; done\n"
                            f'exec {program} "$@"')
        tools = self.tools
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("SKILLSEARCH_", "XDG_"))}
        environment = {**plain, "HOME": str(folder), "PATH": f"{tools}:{BUILD}:{os.environ['PATH']}",
                       "SKILLSEARCH_ENDPOINT": self.port.endpoint, "LC_ALL": "C.UTF-8"}
        self.process = start(["bash", "--norc"], cwd=folder, env=environment, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        self.output, self.changed = "", threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def tool(self, name, script):
        """A wrapper that is found before the program of that name."""
        (self.tools / name).write_text(f"#!/bin/bash\n{script}\n")
        (self.tools / name).chmod(0o755)

    def read(self):
        for line in self.process.stdout:
            if line.startswith(("Connection from ", "Connection closed.")):
                continue  # a server of a shard prints this at any time, so also while another command runs
            with self.changed:
                self.output += self.shown(line)
                self.changed.notify_all()
        with self.changed:
            self.output += "the shell ended\n"
            self.changed.notify_all()

    def shown(self, line):
        for port, number in [(PORT, str(self.port.number)), (HTTP_PORT, str(self.http.number)), *self.shards.items()]:
            line = line.replace(number, port)
        return line

    def wait(self, wanted):
        """Read the output up to the first match of a pattern; None when there is no match."""
        with self.changed:
            found = self.changed.wait_for(lambda: re.search(wanted, normalise(self.output)), timeout=PATIENCE_S)
            text = normalise(self.output)
            self.output = text[found.end():] if found else ""
            return text[:found.start()] if found else None

    def run(self, command, lines):
        """Run a command; returns its output if it differs from these lines, else None."""
        background = command.rstrip().endswith("&")
        for port, number in self.shards.items():
            command = command.replace(port, number)
        self.process.stdin.write(f"{command}\necho \"end of $?\"\n")
        self.process.stdin.flush()
        shown = self.wait(r"end of \d+\n" if lines else r"end of 0\n")
        if shown is None:
            return "it does not end, or it does not end with 0"
        if background:
            wanted = pattern(lines) if lines else "event=ready.*\n"
            return None if self.wait(wanted) is not None else f"never printed: {wanted}"
        return None if not lines or re.fullmatch(pattern(lines), shown) else shown or "(nothing)"

    def end(self):
        self.process.stdin.close()
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=PATIENCE_S)


class Exchanges:
    """A daemon over corpus/ that requests of a page are sent to."""

    def __init__(self, folder):
        index(folder, ROOT / "corpus")
        self.daemon = Daemon(folder)
        self.peer = Peer(self.daemon.endpoint)

    def check(self, checks, page, content):
        lines = content.splitlines()
        for request, wanted in zip(lines[::2], lines[1::2]):
            self.peer.socket.send(request[2:].encode())
            shown = self.peer.socket.recv().decode()
            volatile = [(r'"took_us":\d+', '"took_us":T'), (r'"cursor":"1:[0-9a-f]{16}:', '"cursor":"1:HASH:'),
                        *([(r"\d+", "N"), (r'"by_op":.*', "")] if '"op":"stats"' in request else [])]
            for numbers, placeholder in volatile:
                shown, wanted = re.sub(numbers, placeholder, shown), re.sub(numbers, placeholder, wanted)
            checks.that(f"{page} shows the reply to: {request[:76]}", request[:2] == "> " and wanted[:2] == "< "
                        and re.fullmatch(re.escape(wanted[2:]).replace("…", ".*"), shown), f"\nanswered:\n< {shown}")


def check_session(checks, page, shell, content):
    for command, lines in steps_of(content):
        differs = shell.run(command, lines)
        checks.that(f"{page} shows the output of: {command.splitlines()[0]}", differs is None, f"\nprinted:\n{differs}")


def check_page(checks, page, exchanges):
    """Every block is run, or ELSEWHERE has the reason why not."""
    missing = {"http": not ((BUILD / "skillsearch-http").exists() and shutil.which("curl")) and "skillsearch-http is not built, or curl is missing",
               "rsync": not shutil.which("rsync") and "rsync is missing",
               "xapian": not (shutil.which("xapian-tcpsrv") and shutil.which("quest")) and "xapian-tools is missing"}
    with tempfile.TemporaryDirectory() as name:
        shell, folder, elsewhere = None, pathlib.Path(name), {}
        try:
            for words, content in blocks((ROOT / page).read_text()):
                kind, _, file = words.partition(" ")
                if reason := reason_of(page, content):
                    elsewhere.setdefault(reason, []).append(content.splitlines()[0])
                elif content.startswith("> {"):
                    exchanges.check(checks, page, content)
                elif kind == "console" and not missing.get(file):
                    shell = shell or Shell(folder)
                    check_session(checks, page, shell, content)
                elif kind == "console":
                    print(f"skipped: {page}: {content.splitlines()[0]}, as {missing[file]}")
                elif file:
                    shell = shell or Shell(folder)
                    (folder / file).parent.mkdir(exist_ok=True)
                    (folder / file).write_text(content.replace(f"127.0.0.1:{PORT}", f"127.0.0.1:{shell.port.number}"))
                else:
                    checks.that(f"{page}: a block that begins with {content[:60]!r} is run, or is in ELSEWHERE", False)
        finally:
            if shell:
                shell.end()
        for reason, begins in elsewhere.items():
            print(f"not run: {page}: {begins[0]}{f' and {len(begins) - 1} more' if begins[1:] else ''}: {reason}")


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        exchanges = Exchanges(folder)
        for page in sys.argv[1:] or PAGES:
            check_page(checks, page, exchanges)
        stale = [(page, begins) for page, begins, _ in ELSEWHERE
                 if not any(content.startswith(begins) for _, content in blocks((ROOT / page).read_text()))]
        checks.that("ELSEWHERE names only existing blocks", not stale, stale)
        exchanges.daemon.stop()
    return checks.finish()


sys.exit(main())
