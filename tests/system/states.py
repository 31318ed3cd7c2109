"""The tables of states in docs/operations.md: the state of each row is made, and a run must report and leave what the
row says. Each way to repair a damaged index must restore all exports; a source that returns must restore its own; and
each option that accepts a loss must leave as many exports as the row says."""

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
import losses
from peer import BUILD, ROOT, Checks

CHAPTER = "## What can be lost, and what is reported"
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
        quiet = [] if {"--publish", "--rollback"} & set(arguments) else ["-q"]  # the table has what these print
        command = [*before, INDEXER, *quiet, "--index", "index", *arguments]
        return subprocess.run(command, cwd=self.path, capture_output=True, text=True, check=False, **options)

    def exports(self):
        outcome = self.run("--list")
        found = re.search(r"\tcurrent\t.*\t(\d+) occupations?", outcome.stdout)
        return int(found[1]) if found else outcome

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
    """The state cannot be made on this machine."""


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
    """A full disk, imitated by a limit on the size of files, which any user can set."""
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
    "`current` points nowhere": of_files(damages.link_dangling),
    "`current` points to something else": of_files(damages.link_elsewhere),
    "`current` is a folder, as after `cp -rL`": of_files(damages.link_is_folder),
    "`current` is a file": of_files(damages.link_is_file),
    "the current generation's folder is gone": of_files(damages.generation_removed),
    "the current generation's folder is empty": of_files(damages.generation_empty),
    "`statements` is missing": of_files(damages.statements_missing),
    "`statements` is damaged": of_files(damages.statements_flipped),
    "`statements` is of another format": of_files(damages.another_format),
    "`postings` is missing": of_files(damages.postings_missing),
    "`postings` is truncated": of_files(damages.postings_cut),
    "`sources` is missing": of_files(damages.sources_missing),
    "`sources` is damaged": of_files(damages.sources_flipped),
    "two generations have changed places": of_files(damages.generations_exchanged),
    "files that cannot be read": unreadable,
    "all generations are damaged": of_files(damages.all_damaged),
    "all generations are damaged, their lists of sources too": of_files(damages.all_lost),
    "an older generation is damaged": older_damaged,
    "files cannot grow, as on a full disk": disk_full,
    "an export is no longer JSON": export_broken,
    "a run was killed": killed,
    "another indexer is running": locked,
}
EVERYTHING = "everything"


# ---------------------------------------------------------------- states of a source

LARGE = 24  # exports of A: enough that half of them is not removed without an option


class Large(Place):
    """An index of A with many exports and B with one, in its second generation."""

    def __init__(self, folder):
        super().__init__(folder)
        shutil.rmtree(self.index)
        self.source = self.path / "A"
        (self.source / "export.json").unlink()
        for number in range(1000, 1000 + LARGE):
            self.write(number)
        shutil.copytree(self.source, self.path / "whole")
        self.run("A", "B")
        self.run("--rebuild")

    def write(self, number, name=None, text="Sort the mail."):
        export = {"schemaVersion": "1.0", "exportedAt": "2026-05-15T12:00:00Z",
                  "occupation": {"soc": f"97-{number}.00", "title": f"Title {number}"},
                  "framework": {"levels": {"emerging": {"statements": [text]}}}}
        (self.source / (name or f"{number}.json")).write_text(json.dumps(export))

    def restore(self):
        """A is unchanged."""
        if self.source.is_dir() and not self.source.is_symlink():
            self.source.chmod(0o755)
            shutil.rmtree(self.source)
        else:
            self.source.unlink(missing_ok=True)
        shutil.copytree(self.path / "whole", self.source)
        if self.before:
            self.give_away()

    def give_away(self):
        for path in [self.path, *self.path.rglob("*")]:
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def of_source(loss):
    return lambda place: loss(place.source)


def closed(place):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        raise Skipped("needs root and setpriv")
    place.path.chmod(0o755)
    place.before = ["setpriv", f"--reuid={NOBODY}", "--clear-groups"]
    place.give_away()
    place.source.chmod(0)


def delete_files(count):
    def state(place):
        for path in losses.files(place.source)[:count]:
            path.unlink()
    return state


def moved(place):
    place.source.rename(place.path / "C")


def renamed(place):
    losses.first(place.source).rename(place.source / "another.json")


def twin(place):
    place.write(1001, "1000.json", "Sort something else.")
    place.write(1000, "0999.json")
    place.run("A")


def two_levels(place, name, second):
    export = json.loads((place.path / "whole" / "1000.json").read_text())
    export["framework"]["levels"][second] = {"statements": ["Sort the parcels."]}
    (place.source / name).write_text(json.dumps(export))


def misspelt(place):
    two_levels(place, "1000.json", "advanced")
    place.run("A")
    two_levels(place, "1000.json", "advansed")


def misspelt_twin(place):
    misspelt(place)
    two_levels(place, "another.json", "advanced")


def given_up(place):
    place.write(1000, text="Sort the parcels.")
    place.run("A")
    place.run("--rollback")


def changed(place):
    place.write(1000, text="Sort the parcels.")
    place.run("A")


def as_it_was(_place):
    pass


SOURCES = {
    "an empty folder, like one that is not mounted": of_source(losses.emptied),
    "a folder with a README only": of_source(losses.readme_only),
    "a folder of hidden files only": of_source(losses.hidden_only),
    "a folder of folders only": of_source(losses.folders_only),
    "a file that is not an export": of_source(losses.replaced_by_file),
    "a FIFO": of_source(losses.replaced_by_fifo),
    "a link to nothing": of_source(losses.replaced_by_dangling_link),
    "a link to a link to nothing": of_source(losses.replaced_by_dangling_links),
    "it cannot be read": closed,
    "deleted": of_source(losses.deleted),
    "deleted, and it is not named": of_source(losses.deleted),
    "deleted, and nothing else is named": of_source(losses.deleted),
    "deleted, and it is a run with `--strict`": of_source(losses.deleted),
    "deleted, and it is a run with `--only`": of_source(losses.deleted),
    "renamed, and named by its new name": moved,
    "renamed, and named by both names": moved,
    "deleted, and the index is rebuilt": of_source(losses.deleted),
    "half of its files are deleted": delete_files(LARGE // 2),
    "more than half of its files are deleted": delete_files(LARGE // 2 + 1),
    "it is not named": as_it_was,
    "it is removed": as_it_was,
    "it is removed by naming the others": as_it_was,
    **{f"a file {'has' if kind.endswith('bytes') else 'is'} {kind}": of_source(loss) for kind, loss in losses.ONE.items()},
    **{f"a new file {kind}": of_source(loss) for kind, loss in losses.NEW.items()},
    "a new file is JSON of another kind": of_source(losses.added("package.json", b'{"error": "rate limited"}')),
    "a new file is called `x.txt`": of_source(losses.added("x.txt", b'{"broken')),
    "a file is renamed": renamed,
    "a second file has the SOC code and date of another one": twin,
    "a level of a file is misspelt now": misspelt,
    "the same, and another file has its SOC code and date": misspelt_twin,
    "a file changed, was published and given up by a rollback": given_up,
    "a file changed, and the previous generation is published again": changed,
    "a missing generation is requested": as_it_was,
}


# -------------------------------------------------------------------- the table

def rows(heading):
    """The rows of the table whose first column has this heading."""
    text = (ROOT / "docs" / "operations.md").read_text().partition(CHAPTER)[2].partition("\n## ")[0]
    table = text.partition(f"| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def flaw_of_run(place, message, status, stays):
    before = place.digest()
    outcome = place.run("A", before=place.before)
    words = re.findall("`([^`]+)`", message)
    if outcome.returncode != int(status):
        return outcome
    if [word for word in words if word not in outcome.stderr] or (not words and outcome.stderr):
        return outcome
    return "" if stays != EVERYTHING or place.digest() == before else "the index is not as it was"


def flaw_of_way(make, way):
    with tempfile.TemporaryDirectory() as folder:
        place = Place(folder)
        make(place)
        outcome = place.run(*way.split(), before=place.before)
        if outcome.returncode != 0:
            return outcome
        outcome = place.run("A", "B", before=place.before)
        return "" if outcome.returncode == 0 and place.exports() == 2 else (outcome, place.exports())


def check_row(checks, state, message, status, stays, ways):
    make = STATES.get(state)
    if not make:
        return checks.that(f"a function makes the state: {state}", False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            place = Place(folder)
            make(place)
            flaw = flaw_of_run(place, message, status, stays)
            if hasattr(place, "holder"):
                place.holder.close()
            checks.that(f"{state}: {message}, exit {status}", not flaw, flaw)
            if ways == "the next run":
                outcome = place.run("A", "B")
                checks.that(f"{state}: the next run succeeds", outcome.returncode == 0 and place.exports() == 2, outcome)
        for way in re.findall("`([^`]+)`", ways):
            flaw = flaw_of_way(make, way)
            checks.that(f"{state}: {way} restores all exports", not flaw, flaw)
    except Skipped as reason:
        print(f"skipped: {state}: {reason}")
    return None


def flaw_of_loss(place, arguments, message, status, index):
    before = place.digest()
    outcome = place.run(*arguments.strip("`").split(), before=place.before)
    words = re.findall("`([^`]+)`", message)
    if outcome.returncode != int(status):
        return outcome
    if [word for word in words if word not in outcome.stderr] or (not words and outcome.stderr):
        return outcome
    if index == "as it was":
        return "" if place.digest() == before else "the index is not as it was"
    return "" if place.exports() == int(index) else place.exports()


def check_loss(checks, state, arguments, message, status, index, meant):
    make = SOURCES.get(state)
    if not make:
        return checks.that(f"a function makes the state: {state}", False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            place = Large(folder)
            make(place)
            flaw = flaw_of_loss(place, arguments, message, status, index)
            checks.that(f"A is {state}: {message}, exit {status}", not flaw, flaw)
            place.restore()
            outcome = place.run("A", "B", before=place.before)
            checks.that(f"A is {state}: all exports are restored when A returns", outcome.returncode == 0 and place.exports() == LARGE + 1, outcome)
        for way, left in re.findall(r"`([^`]+)`: (\d+)", meant):
            with tempfile.TemporaryDirectory() as folder:
                place = Large(folder)
                make(place)
                outcome = place.run(*way.split(), before=place.before)
                checks.that(f"A is {state}: {way} leaves {left}", outcome.returncode == 0 and place.exports() == int(left), outcome,
                            place.exports())
    except Skipped as reason:
        print(f"skipped: {state}: {reason}")
    return None


def check_table(checks, heading, states, check):
    found = rows(heading)
    checks.that("every state that can be made has one row, and every row a state",
                sorted(states) == sorted(row[0] for row in found), set(states) ^ {row[0] for row in found})
    for row in found:
        check(checks, *row)


def check_exchanged(checks, damage):
    """The older of two generations lacks a source, and it, or its list of sources, is in the place of the newer one."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(folder)
        shutil.rmtree(place.index)
        place.run("A")
        place.run("B")
        damage(place.index)
        before = place.digest()
        outcome = place.run("A")
        checks.that(f"{damage.__name__}: a run changes nothing", outcome.returncode == 1 and place.digest() == before, outcome)
        outcome = place.run("--rebuild")
        checks.that(f"{damage.__name__}: --rebuild restores all exports", outcome.returncode == 0 and place.exports() == 2, outcome)


def main():
    checks = Checks()
    check_table(checks, "state", STATES, check_row)
    check_table(checks, "what happened to A", SOURCES, check_loss)
    for damage in (damages.generations_exchanged, damages.lists_exchanged):
        check_exchanged(checks, damage)
    sys.exit(checks.finish())


main()
