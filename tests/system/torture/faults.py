"""One system call fails: each write, sync, rename and symlink in turn."""

import collections
import os
import pathlib
import re
import shutil

import index

CALLS = ["write", "pwrite64", "fsync", "fdatasync", "rename", "symlink"]
ERRORS = {"EIO": "Input/output error", "ENOSPC": "No space left on device"}

# Xapian ignores failures of some of its syncs; the indexer syncs the file again. If a copy of postings in memory cannot
# be written, the indexer works without it (core/index/image.h).
MADE_GOOD = ["fdatasync", "write"]

# strace counts calls per thread. So the run has one thread, and since a successful run prints nothing, the k-th write
# is never one to standard error.
ARGUMENTS = ["--threads", "1"]


def calls_to_fail():
    """Those of CALLS that only the indexer makes: a sanitizer uses write(2) to find out which memory it may read."""
    sanitized = b"__sanitizer" in pathlib.Path(index.INDEXER).read_bytes()
    return [call for call in CALLS if not (sanitized and call == "write")]


def strace(log, *expressions):
    return ["strace", "-f", "-qq", "-o", log, *[word for e in expressions for word in ("-e", e)]]


def count_calls(place):
    """How often an undisturbed run makes each call, and how many of these write its report to standard error."""
    log = os.path.join(place.folder, "calls")
    index.copy(place.template, place.index)
    outcome = index.run(place.index, *ARGUMENTS, place.sources, before=strace(log, f"trace={','.join(CALLS)}"))
    assert outcome.returncode == 0, outcome
    with open(log, encoding="utf-8", errors="replace") as lines:
        text = lines.read()
    return collections.Counter(re.findall(r"^\d+ +(\w+)\(", text, re.M)), len(re.findall(r"^\d+ +write\(2,", text, re.M))


def flaw_without_report(outcome, place):
    """Removals are reported when they are published; if the report cannot be written, the exit status is 1."""
    published = index.size(place.index) == place.after
    return "" if outcome.returncode == 1 and published else f"exit {outcome.returncode}: {outcome.stderr!r}"


def torture(table, place, _random, short):
    case = "a write, sync, rename or symlink that fails"
    if not shutil.which("strace"):
        return table.skip(case, "strace is missing")
    table.begin(case)
    (calls, reports), failed = count_calls(place), 0
    for call in calls_to_fail():
        for error, text in ERRORS.items():
            for k in range(1 + (error == "EIO"), 9, 2) if short else range(1, 61):
                index.copy(place.template, place.index)
                before = index.digest(place.index)
                outcome = index.run(place.index, *ARGUMENTS, place.sources,
                                 before=strace("/dev/null", f"trace={call}", f"inject={call}:error={error}:when={k}"))
                if k > calls[call] or (call in MADE_GOOD and outcome.returncode == 0):
                    flaw = f"exit {outcome.returncode}: {outcome.stderr!r}" if outcome.returncode else ""
                elif call == "write" and k > calls[call] - reports:
                    flaw = flaw_without_report(outcome, place)
                else:
                    flaw = index.flaw_after_failure(outcome, place.index, before, [text])
                failed += k <= calls[call]
                flaw = flaw or index.flaw_of_next_run(place.index, place.sources, place.after)
                table.note(f"{error} in {call} {k} of {calls[call]}", flaw)
    return table.end(f"{failed} of them hit a call")
