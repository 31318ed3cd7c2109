"""Runs the shell sessions of the documents and compares the output with what they show.

A session is a fenced block with the info string "console": lines that begin with
"$ " are commands, the lines up to the next one are their output. A command without
output must end with 0, whatever it prints. All sessions of a page run in one bash, in a folder with corpus/ and build/
as in the checkout. A line "..." matches any lines, "..." in a line any text. Times and dates match any time and date.

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

from peer import BUILD, PATIENCE_S, ROOT, Checks, Port, start

PAGES = ["docs/backup.md", "docs/query-language.md", "README.md"]
PORT = "7311"  # the default, replaced by our own
CHANGES = [(r"\bts=\S+", "ts=T"), (r"\b\d+\.\d+ m?s\b", "T s"), (r"took \d+ us", "took T us"),
           (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?Z?", "DATE")]


def sessions(text):
    """The commands of a page in their order, each with its lines of output."""
    steps = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], []))
            elif steps and steps[-1][0].endswith("\\") and not steps[-1][1]:
                steps[-1] = (steps[-1][0] + "\n" + line, [])
            else:
                steps[-1][1].append(line)
    return steps


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
        self.port = Port()
        tools = folder / "tools"
        tools.mkdir()
        shutil.copytree(ROOT / "corpus", folder / "corpus")
        (folder / "build").symlink_to(BUILD)
        daemon = tools / "skillsearchd"
        daemon.write_text('#!/bin/sh\ncase " $* " in *" --listen "*) ;; *) set -- --listen '
                          f'{self.port.endpoint} "$@" ;; esac\nexec setpriv --pdeathsig KILL {BUILD}/skillsearchd "$@"\n')
        daemon.chmod(0o755)
        environment = {**os.environ, "HOME": str(folder), "PATH": f"{tools}:{BUILD}:{os.environ['PATH']}",
                       "SKILLSEARCH_ENDPOINT": self.port.endpoint, "LC_ALL": "C.UTF-8"}
        self.process = start(["bash", "--norc"], cwd=folder, env=environment, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        self.output, self.changed = "", threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            with self.changed:
                self.output += line.replace(str(self.port.number), PORT)
                self.changed.notify_all()
        with self.changed:
            self.output += "the shell ended\n"
            self.changed.notify_all()

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


def check_page(checks, page):
    steps = sessions((ROOT / page).read_text())
    checks.that(f"{page} has shell sessions", steps)
    with tempfile.TemporaryDirectory() as folder:
        shell = Shell(pathlib.Path(folder))
        try:
            for command, lines in steps:
                differs = shell.run(command, lines)
                checks.that(f"{page} shows the output of: {command.splitlines()[0]}", differs is None, f"\nprinted:\n{differs}")
        finally:
            shell.end()


def main():
    checks = Checks()
    for page in sys.argv[1:] or PAGES:
        check_page(checks, page)
    return checks.finish()


sys.exit(main())
