"""The index under stress: runs are killed, run out of space, meet failing system calls, damaged files and other
indexers; generations are replaced under load.

usage: main.py [--short] [--seed N] [CASE...]

Prints one line per case, then a table; exit 1 if anything failed. Runs with the same seed make the same choices, but
not at the same moments."""

import argparse
import os
import random
import tempfile

import crowd
import damage
import exports
import faults
import index
import kills
import load
import locks
import replicas
import sources
import space
import states
import table

CASES = {"kills": kills, "space": space, "faults": faults, "locks": locks, "damage": damage, "states": states,
         "sources": sources, "replicas": replicas, "load": load, "crowd": crowd}


class Place:
    """What all cases use: exports in two states, an index of the first, and another folder of exports."""

    def __init__(self, folder, chance, short):
        self.folder = folder
        self.index, self.disk, self.template = (os.path.join(folder, name) for name in ("index", "disk", "template"))
        made = exports.Exports(os.path.join(folder, "exports"), chance)
        made.fill(*((15, 12) if short else (60, 40)))
        self.sources, self.before = made.folder, made.size
        outcome = index.run(self.template, self.sources)
        assert outcome.returncode == 0 and index.size(self.template) == self.before, outcome
        made.change()
        self.after = made.size
        other = exports.Exports(os.path.join(folder, "other"), chance)
        other.fill(12 if short else 40, 16)
        self.other, self.other_size = other.folder, other.size


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--short", action="store_true", help="a few tries of each case")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("cases", nargs="*", choices=[*CASES, []], metavar="CASE", help=", ".join(CASES))
    options = parser.parse_args()
    # A sanitizer cannot search for leaks in a traced program.
    os.environ["ASAN_OPTIONS"] = "detect_leaks=0:" + os.environ.get("ASAN_OPTIONS", "")
    print(f"seed {options.seed}", flush=True)
    rows = table.Table()
    with tempfile.TemporaryDirectory() as folder:
        chance = random.Random(options.seed)
        place = Place(folder, chance, options.short)
        for case in options.cases or CASES:
            CASES[case].torture(rows, place, chance, options.short)
    rows.show()
    rows.finish()


main()
