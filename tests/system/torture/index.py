"""An index folder: functions that run the indexer, read the index, and check it."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess

import peer

BUILD = pathlib.Path(os.environ.get("SKS_BUILD", "build")).resolve()
INDEXER = str(BUILD / "skillsearch-index")
FILES = {"statements", "postings", "sources"}
PATCHED = FILES | {"additions"}
NOTHING = (0, 0)


def run(folder, *arguments, before=(), **options):
    """Run the indexer with --quiet; `before` is a command that starts it."""
    command = [*before, INDEXER, "--index", folder, "--quiet", *arguments]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, **options)


def start(folder, *arguments, **options):
    return peer.start([INDEXER, "--index", folder, "--quiet", *arguments], stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True, **options)


def listed(folder):
    """The report of --list about each generation. For that, --list compares every byte with its checksum."""
    if not os.path.isdir(folder):
        return []
    outcome = run(folder, "--list")
    assert outcome.returncode in (0, 1), outcome
    return [line.split("\t") for line in outcome.stdout.splitlines()]


def size(folder):
    """The numbers of statements and occupations of the published generation; a text if it is damaged."""
    link = os.path.join(folder, "current")
    for fields in listed(folder):
        if fields[1] == "current":
            found = re.fullmatch(r"(\d+) statements? (\d+) occupations?", " ".join(fields[3:]))
            return (int(found[1]), int(found[2])) if found else "\t".join(fields)
    return "current leads nowhere" if os.path.lexists(link) else NOTHING


def leftovers(folder):
    """Names in the folder that belong to neither of at most two complete generations."""
    if not os.path.lexists(folder):
        return []
    names = set(os.listdir(folder)) - {"lock"}
    generations = {name for name in names if re.fullmatch("gen-[1-9][0-9]*", name)}
    wrong = sorted(names - generations - {"current"})
    wrong += [name for name in generations if set(os.listdir(os.path.join(folder, name))) not in (FILES, PATCHED)]
    if len(generations) > 2 or (generations and os.readlink(os.path.join(folder, "current")) not in generations):
        wrong += sorted(generations)
    return wrong


def digest(folder):
    """Everything that a failed run must not change. The lock file is left out."""
    found = {}
    for root, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(root, name)
            if os.path.islink(path):
                found[path] = os.readlink(path)
            elif os.path.isfile(path) and name != "lock":
                found[path] = hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
            elif os.path.isdir(path):
                found[path] = "folder"
    return found


def copy(source, folder):
    shutil.rmtree(folder, ignore_errors=True)
    if source:
        shutil.copytree(source, folder, symlinks=True)


def flaw_after_failure(outcome, folder, before, causes):
    """What is wrong with a run that had to fail; '' if nothing."""
    if outcome.returncode != 1:
        return f"exit {outcome.returncode}: {outcome.stderr!r}"
    if not any(cause in outcome.stderr for cause in causes) or folder not in outcome.stderr:
        return f"no path or no cause: {outcome.stderr!r}"
    return "" if digest(folder) == before else "the index is not as it was"


def flaw_of_next_run(folder, sources, wanted):
    """Run again without faults; returns what is wrong, '' if nothing."""
    outcome = run(folder, sources)
    if outcome.returncode != 0 or [line for line in outcome.stderr.splitlines() if ": removed: " not in line]:
        return f"the next run: exit {outcome.returncode}: {outcome.stderr!r}"
    if size(folder) != wanted:
        return f"the next run: {size(folder)} instead of {wanted}"
    left = leftovers(folder)
    return f"left over: {left}" if left else ""
