"""100,000 files in one folder, one export each: indexed and updated."""

import json
import os
import subprocess

import exports
import index

FILES = 100_000


def report(folder, sources):
    """Run the indexer and return its report, for time and memory."""
    outcome = subprocess.run([index.INDEXER, "--index", folder, "--quiet", "--json", sources], capture_output=True,
                          text=True, check=False)
    return json.loads(outcome.stdout)


def torture(table, place, random, short):
    if short:
        return
    table.begin(f"{FILES:,} files in a folder")
    made = exports.Exports(os.path.join(place.folder, "crowd"), random)
    for number in range(FILES):
        made.put(number, 1 + number % 3)
    index.copy(None, place.index)
    remarks = []
    for what in ("first build", "sync of one file"):
        outcome = report(place.index, made.folder)
        flaw = "" if outcome["outcome"] == "published" and not outcome["problems"] else str(outcome)[:500]
        table.note(what, flaw or ("" if index.size(place.index) == made.size else str(index.size(place.index))))
        remarks.append(f"{what} {outcome['elapsed_ms'] / 1000:.1f} s, {outcome['peak_bytes'] >> 20} MiB")
        made.put(FILES // 2, 7)
    table.end("; ".join(remarks))
