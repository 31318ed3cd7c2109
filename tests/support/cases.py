"""Cases of a load test: functions named case_..., their claims, and a table of their figures."""

import os
import pathlib
import sys
import tempfile

from peer import BUILD, Checks

LONG = bool(os.environ.get("SKS_LONG"))
SANITIZED = any(name in str(BUILD) for name in ("address", "thread"))
MIB = 1048576

check = Checks()
rows = []


def row(case, **figures):
    rows.append((case, figures))


def choose(short, long):
    return long if LONG else short


def run(functions, prepare):
    """Run all cases, or those that the command line names; each receives the result of prepare (folder)."""
    cases = {name[5:]: case for name, case in functions.items() if name.startswith("case_")}
    for name in sys.argv[1:] or cases:
        if name not in cases:
            print(f"there is no case {name}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            cases[name](prepare(pathlib.Path(folder)))
    print()
    for case, figures in rows:
        print(f"{case:16}", ", ".join(f"{name} {value}" for name, value in figures.items()), flush=True)
    return check.finish()
