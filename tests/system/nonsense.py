"""Every command with a daemon that sends invalid replies: it ends within its time limit with the right exit status,
reads no more than the maximum of a reply, and shows nothing that a terminal would interpret."""

import json
import os
import pty
import subprocess
import sys

import liar
from peer import BUILD, PATIENCE_S, ROOT, Checks, start
from shown import obeyed

IDENTIFIER = "11-1011.00/emerging/000000000000"
COMMANDS = {
    "search": ["search", "mail"], "explain": ["search", "--explain", "--tree", "--facet", "sector", "mail"],
    "facets": ["facets", "mail"], "get": ["get", IDENTIFIER], "similar": ["similar", IDENTIFIER],
    "occupation": ["occupation", "11-1011.00"], "occupation lines": ["occupation", "--tsv", "11-1011.00"],
    "compare": ["compare", "11-1011.00"], "crosswalk": ["crosswalk", "11-1011.00", "11-1021.00"],
    "map": ["map", "sort mail"], "suggest": ["suggest", "ma"], "analyze": ["analyze", "mail"],
    "ndjson": ["export"], "csv": ["export", "--format", "csv"], "tsv": ["export", "--format", "tsv"],
    "stats": ["stats"], "prometheus": ["stats", "--prometheus"], "top": ["top", "--interval", "1", "--count", "1"],
    "ping": ["ping"], "json": ["--json", "mail"], "json map": ["--json", "map", "sort mail"],
    "json stats": ["--json", "stats"], "lines": ["--tsv", "mail"], "facet lines": ["facets", "--tsv", "mail"],
}
# Enough for modes that concern the transport of bytes, and for a reply of almost the largest size.
FEW = ["search", "ping", "csv", "prometheus", "json stats"]
# In modes without any reply, a command ends with its time limit; in the others, the reply decides.
UNANSWERED = ("silent", "flood_small", "flood_large")
UNANSWERED_TIMEOUT_MS = 300
FLOOD_TIMEOUT_MS = 500  # a server that sends all the time is slow to accept a connection
# On a busy machine not even the connection is complete by then.
LATE = (b"no answer from", b"accepts connections but does not answer")
HANGS_S = 2 * PATIENCE_S  # after this time a command counts as hanging


class Liar:
    def __init__(self, mode):
        self.timeout_ms = (1000 * PATIENCE_S if mode not in UNANSWERED else
                           UNANSWERED_TIMEOUT_MS if mode == "silent" else FLOOD_TIMEOUT_MS)
        self.process = start(["/usr/bin/python3", "-B", ROOT / "tests/support/liar.py", mode], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.endpoint = self.process.stdout.readline().strip()

    def stop(self):
        self.process.communicate()


def command(liar_, arguments):
    return [BUILD / "skillsearch", "--connect", liar_.endpoint, "--timeout", str(liar_.timeout_ms), *arguments]


def run(liar_, arguments):
    """Run a command; returns its exit status (-1 when it hangs) and its output."""
    try:
        done = subprocess.run(command(liar_, arguments), capture_output=True, timeout=HANGS_S, check=False)
    except subprocess.TimeoutExpired:
        return -1, b"", b""
    return done.returncode, done.stdout, done.stderr


def on_a_terminal(liar_, arguments):
    ours, theirs = pty.openpty()
    process = start(command(liar_, arguments), stdin=theirs, stdout=theirs, stderr=theirs,
                               env={**os.environ, "NO_COLOR": "1", "SKILLSEARCH_PAGER": "cat"})
    os.close(theirs)
    data = b""
    try:
        while more := os.read(ours, 65536):
            data += more
    except OSError:
        pass
    os.close(ours)
    return process.wait(timeout=HANGS_S), data


def check_mode(check, mode, names):
    liar_ = Liar(mode)
    wrong = {}
    for name in names:
        status, out, err = run(liar_, COMMANDS[name])
        if not 0 <= status <= 7 or b"ERROR: " in err or b"runtime error" in err or obeyed(out + err):
            wrong[name] = (status, obeyed(out + err), out[:200], err[-400:])
        elif status in (0, 1) and mode in liar.BYTES:
            wrong[name] = (status, "an invalid reply was accepted")
        elif status == 0 and mode.startswith(("flood", "silent")):
            wrong[name] = (status, "nothing was answered")
        elif mode == "flood_large" and b"sends more than the maximum size of a reply" in err:
            pass  # either the limit of bytes or the time limit ends it first, depending on the machine
        elif any(said in err for said in LATE) != (mode in UNANSWERED):
            wrong[name] = (status, "ended too early or too late", err)
        elif mode == "flood_parts" and b"sends more than the maximum size of a reply" not in err:
            wrong[name] = (status, err)
    check.that(f"{mode}: every command ends as it should ({len(names)})", not wrong, wrong)
    liar_.stop()


def check_terminal(check):
    """On a terminal, output of JSON must still be valid JSON."""
    liar_ = Liar("controls")
    wrong = {}
    for name, arguments in COMMANDS.items():
        status, data = on_a_terminal(liar_, arguments)
        # Written by the program itself: the beginning of each view of top.
        if not 0 <= status <= 7 or obeyed(data.replace(b"\x1b[H\x1b[J", b"")):
            wrong[name] = (status, obeyed(data), data[:300])
    check.that("no text of a reply controls the terminal", not wrong, wrong)
    values = [json.loads(run(liar_, COMMANDS[name])[1]) for name in ("json", "json map", "json stats")]
    check.that("JSON output has the values that the daemon sent",
               values[0]["hits"][0]["text"] == liar.CONTROLS and values[1]["sentences"][0]["matches"][0]["duty"]
               == liar.CONTROLS and liar.CONTROLS in values[2], values)
    liar_.stop()


def main():
    check = Checks()
    for mode in liar.MODES:
        check_mode(check, mode, list(COMMANDS) if mode in liar.REPLIES and mode != "longest_text" else FEW)
    check_terminal(check)
    return check.finish()


sys.exit(main())
