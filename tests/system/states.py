"""The table of states in docs/operations.md: each row is made, a run must say and leave what the row tells, and each
of its ways out must bring all exports back."""

import fcntl
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import damages
from peer import BUILD, ROOT, Checks

CHAPTER = "## What can be lost, and what is said"
INDEXER = str((BUILD / "skillsearch-index").resolve())
NOBODY = 65534


class Place:
    """An index of the folders A and B, in its second generation."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder)
        self.index = self.path / "index"
        for number, name in enumerate("AB"):
            (self.path / name).mkdir()
            self.put(name, f"98-000{number}.00")
        self.run("A", "B")
        self.run("--rebuild")
        self.before, self.options = (), {}

    def put(self, source, soc):
        export = {"schemaVersion": "1.0", "occupation": {"soc": soc, "title": source},
                  "framework": {"levels": {"emerging": {"statements": [f"Sort the mail of {source} every day."]}}}}
        (self.path / source / "export.json").write_text(json.dumps(export))

    def run(self, *arguments, before=(), **options):
        command = [*before, INDEXER, "-q", "--index", "index", *arguments]
        return subprocess.run(command, cwd=self.path, capture_output=True, text=True, check=False, **options)

    def exports(self):
        told = self.run("--list")
        found = re.search(r"\tcurrent\t.*\t(\d+) occupations", told.stdout)
        return int(found[1]) if found else told

    def digest(self):
        found = {}
        for path in sorted(self.index.rglob("*")):
            if path.is_symlink():
                found[path] = os.readlink(path)
            elif path.is_file():
                found[path] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found


# ------------------------------------------------ states that are not of the index's files alone

class Skipped(Exception):
    """The state cannot be made here."""


def unreadable(place):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        raise Skipped("needs root and setpriv")
    place.path.chmod(0o755)
    for path in [place.path, *place.path.rglob("*")]:
        if not path.is_symlink():
            os.chown(path, NOBODY, NOBODY)
    for path in damages.current(place.index).iterdir():
        path.chmod(0)
    place.before = ["setpriv", f"--reuid={NOBODY}", "--clear-groups"]


def older_damaged(place):
    damages.flip(place.index / "gen-1" / "statements")


def disk_full(place):
    """As a limit of the size of files, which a full disk resembles: any user can have it."""
    place.put("A", "98-0007.00")
    place.before = ["sh", "-c", 'ulimit -f 2; exec "$0" "$@"']


def export_broken(place):
    (place.path / "A" / "export.json").write_text('{"schemaVersion": "1.0", "occupation": ')


def killed(place):
    (place.index / "building-3" / "piece-0").mkdir(parents=True)
    (place.index / "building-3" / "postings").write_text("half")
    (place.index / "current.new").symlink_to("gen-3")


def locked(place):
    """Hold the lock that an indexer takes."""
    place.holder = open(place.index / "lock", "w", encoding="utf-8")
    fcntl.flock(place.holder, fcntl.LOCK_EX)


def of_files(damage):
    return lambda place: damage(place.index)


STATES = {
    "`current` is missing": of_files(damages.link_missing),
    "`current` leads nowhere": of_files(damages.link_dangling),
    "`current` leads to something else": of_files(damages.link_elsewhere),
    "`current` is a folder, as after `cp -rL`": of_files(damages.link_is_folder),
    "`current` is a file": of_files(damages.link_is_file),
    "the current generation's folder is gone": of_files(damages.generation_removed),
    "the current generation's folder is empty": of_files(damages.generation_empty),
    "`statements` is missing": of_files(damages.statements_missing),
    "`statements` is damaged": of_files(damages.statements_flipped),
    "`statements` is of another format": of_files(damages.another_format),
    "`postings` is missing": of_files(damages.postings_missing),
    "`postings` is cut short": of_files(damages.postings_cut),
    "`sources` is missing": of_files(damages.sources_missing),
    "`sources` is damaged": of_files(damages.sources_flipped),
    "files that may not be read": unreadable,
    "all generations are damaged": of_files(damages.all_damaged),
    "all generations are damaged, their lists of sources too": of_files(damages.all_lost),
    "an older generation is damaged": older_damaged,
    "files cannot grow, as on a full disk": disk_full,
    "an export is no JSON any more": export_broken,
    "a run was killed": killed,
    "another indexer is at work": locked,
}
EVERYTHING = "everything"


# -------------------------------------------------------------------- the table

def rows():
    """State, message, exit status, what stays and ways out of each row."""
    text = (ROOT / "docs" / "operations.md").read_text().partition(CHAPTER)[2].partition("\n## ")[0]
    table = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in table[2:]]


def flaw_of_run(place, message, status, stays):
    before = place.digest()
    told = place.run("A", before=place.before)
    words = re.findall("`([^`]+)`", message)
    if told.returncode != int(status):
        return told
    if [word for word in words if word not in told.stderr] or (not words and told.stderr):
        return told
    return "" if stays != EVERYTHING or place.digest() == before else "the index is not as it was"


def flaw_of_way(make, way):
    with tempfile.TemporaryDirectory() as folder:
        place = Place(folder)
        make(place)
        told = place.run(*way.split(), before=place.before)
        if told.returncode != 0:
            return told
        told = place.run("A", "B", before=place.before)
        return "" if told.returncode == 0 and place.exports() == 2 else (told, place.exports())


def check_row(checks, state, message, status, stays, ways):
    make = STATES.get(state)
    if not make:
        return checks.that(f"the state is made by a function: {state}", False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            place = Place(folder)
            make(place)
            flaw = flaw_of_run(place, message, status, stays)
            if hasattr(place, "holder"):
                place.holder.close()
            checks.that(f"{state}: {message}, exit {status}", not flaw, flaw)
            if ways == "the next run":
                told = place.run("A", "B")
                checks.that("... the next run goes on", told.returncode == 0 and place.exports() == 2, told)
        for way in re.findall("`([^`]+)`", ways):
            flaw = flaw_of_way(make, way)
            checks.that(f"... {way} brings all back", not flaw, flaw)
    except Skipped as reason:
        print(f"skipped: {state}: {reason}")
    return None


def main():
    checks = Checks()
    found = rows()
    checks.that("every state that can be made has a row", set(STATES) == {row[0] for row in found},
                set(STATES) ^ {row[0] for row in found})
    for row in found:
        check_row(checks, *row)
    sys.exit(checks.finish())


main()
