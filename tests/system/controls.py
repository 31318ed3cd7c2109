"""Control characters and direction marks in file names, arguments, queries and statements are never written unescaped
to a terminal, a report or a log."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import zmq
from liar import CONTROLS
from peer import BUILD, Checks, Daemon
from shown import obeyed

NAME = "a\x1b[31m\x07b\x9b\u202ec\u061c\x7f"


def export(statement, title=CONTROLS):
    return json.dumps({
        "schemaVersion": "1.0", "exportedAt": "2026-05-15T12:00:00.000Z",
        "occupation": {"soc": "43-9051.00", "title": title, "group": CONTROLS, "sector": "55", "jobZone": 2,
                       "jobZoneInferred": False},
        "framework": {"version": "1", "description": "", "contextCovered": "",
                      "levels": {"emerging": {"label": CONTROLS, "statements": [statement, "sorts the mail"]}}},
        "sources": {CONTROLS: CONTROLS}, "attribution": CONTROLS})


def run(program, *arguments):
    done = subprocess.run([BUILD / program, *arguments], capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def check_runs(check, claim, runs, needle=b""):
    wrong = [(code, out, err) for code, out, err in runs if obeyed(out + err) or needle not in out + err]
    check.that(claim, not wrong, wrong)


def check_indexer(check, folder):
    exports, index = folder / NAME, folder / ("index" + NAME)
    exports.mkdir()
    (exports / f"{NAME}.json").write_text(export(f"mail {CONTROLS} routes"))
    (exports / f"broken{NAME}.json").write_text('{"schemaVersion":"1.0","' + "x" * 9 + '":')
    Path(os.fsdecode(os.fsencode(exports) + b"/raw\xff\xc3.json")).write_text("[]")
    reports = [run("skillsearch-index", "--index", index, *more, exports) for more in (["-v"], ["--json"], ["--check"])]
    check_runs(check, "the indexer's reports escape file names", reports, b"\\")
    report = json.loads(reports[1][1])
    check.that("a report in JSON has the exact file name", any(NAME in p["file"] for p in report["problems"]), report)
    (exports / f"{NAME}.json").write_text(export(f"other {CONTROLS} words", "Title" + CONTROLS))
    run("skillsearch-index", "--index", index, exports)
    check_runs(check, "--diff escapes the texts of statements",
               [run("skillsearch-index", "--index", index, "--diff", *more) for more in ([], ["--json"], ["--tsv"])], b"\\")
    check_runs(check, "the indexer's other commands and usage messages escape names", [
        run("skillsearch-index", "--index", index, "--list", "-v"), run("skillsearch-index", f"--{NAME}"),
        run("skillsearch-index", "--index", index, "--keep", NAME, exports),
        run("skillsearch-index", "--index", index, "--diff", "1", "2", NAME),
        run("skillsearch-index", "--index", folder / f"none{NAME}", "--rollback"),
        run("skillsearch-index", "--index", index, folder / f"none{NAME}")])
    damaged = folder / "damaged"
    shutil.copytree(index, damaged, symlinks=True)
    (damaged / "current").unlink()
    check_runs(check, "the advice about a damaged index escapes the names of its sources",
               [run("skillsearch-index", "--index", damaged, exports)], b"reads the sources of generation")
    return index


def check_daemon(check, index):
    daemon = Daemon(index, "--slow-ms", "0", "--log-level", "debug")
    peer = daemon.peer()
    replies = [peer.ask(q=f"mail {CONTROLS}"), peer.ask(op=CONTROLS), peer.ask(**{CONTROLS: 1}),
               peer.ask(filter={"level": [CONTROLS]}), peer.ask(q=f"({CONTROLS}")]
    check.that("the command's error messages escape what they quote",
               not any(obeyed(r["error"]["message"].encode()) for r in replies if not r["ok"]), replies)
    commands = [["mail"], ["--json", "mail"], ["--tsv", "mail"], ["export"], ["export", "--format", "csv"],
                ["export", "--format", "tsv"], ["facets", "mail"], ["compare", "43-9051.00"],
                ["occupation", "43-9051.00"], ["occupation", "--tsv", "43-9051.00"], ["map", f"mail {CONTROLS}"],
                ["analyze", f"mail {CONTROLS}"], [f"({CONTROLS}"], [f"--{NAME}"], ["--level", NAME, "x"], ["get", NAME],
                ["stats"], ["--server-key", NAME, "--client-key", NAME, "mail"], ["map", "--file", NAME]]
    check_runs(check, "no command writes them unescaped",
               [run("skillsearch", "--connect", daemon.endpoint, *arguments) for arguments in commands])
    lines = [json.loads(line) for line in run("skillsearch", "--connect", daemon.endpoint, "export")[1].splitlines()]
    check.that("an export as JSON has the exact statement", any("\x9b31m\u202e" in line["text"] for line in lines), lines)
    peer.socket.close()
    daemon.stop()
    daemon.log.seek(0)
    log = daemon.log.read().encode()
    check.that("the log has the query, with these characters escaped", not obeyed(log) and b"\\u202e" in log, obeyed(log))
    check_runs(check, "the error messages of a daemon that cannot start escape them, too", [
        run("skillsearchd", "--index", index.with_name(f"none{NAME}")), run("skillsearchd", f"--{NAME}"),
        run("skillsearchd", "--config", NAME), run("skillsearchd", "--index", index, "--listen", f"tcp://{NAME}:1"),
        run("skillsearchd", "--index", index, "--curve-keys", NAME)])


def main():
    check = Checks()
    with tempfile.TemporaryDirectory() as folder:
        check_daemon(check, check_indexer(check, Path(folder)))
    zmq.Context.instance().term()
    return check.finish()


sys.exit(main())
