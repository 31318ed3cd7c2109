"""A damaged index: a run with one of its two sources must change nothing and report the damage, and each way to repair
it must restore all exports."""

import os
import shutil
import sys

import exports
import index

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "support"))
import damages  # noqa: E402  pylint: disable=wrong-import-position

WAYS = ("--rollback", "--rebuild")


class Sources:
    """Two folders of exports of different occupations."""

    def __init__(self, folder, random, count):
        one = exports.Exports(os.path.join(folder, "one"), random)
        two = exports.Exports(os.path.join(folder, "two"), random)
        for number in range(1, count + 1):
            one.put(number, 8)
            two.put(5000 + number, 9)
        self.folders = one.folder, two.folder


def prepare(place, random, short):
    """An index of two sources, with an older generation that has both; place.both are their folders."""
    place.both = Sources(place.folder, random, 5 if short else 40).folders
    index.copy(None, place.index)
    for arguments in (*place.both, "--rebuild"):
        outcome = index.run(place.index, arguments)
        assert outcome.returncode == 0, outcome
    return index.size(place.index)


def flaw_of_run(place, *arguments):
    before = index.digest(place.index)
    outcome = index.run(place.index, *arguments)
    if outcome.returncode != 1 or place.index not in outcome.stderr:
        return f"{arguments}: exit {outcome.returncode}: {outcome.stderr!r}"
    if any(way not in outcome.stderr for way in WAYS):
        return f"{arguments}: no repair is named: {outcome.stderr!r}"
    return "" if index.digest(place.index) == before else f"{arguments}: the index was changed"


def flaw_of_way(place, way, wanted, saved):
    index.copy(saved, place.index)
    outcome = index.run(place.index, way)
    if outcome.returncode != 0:
        return f"{way}: exit {outcome.returncode}: {outcome.stderr!r}"
    for source in place.both:
        outcome = index.run(place.index, source)
        if outcome.returncode != 0:
            return f"a run after {way}: exit {outcome.returncode}: {outcome.stderr!r}"
        if index.size(place.index) != wanted:
            return f"lost after {way}: {index.size(place.index)} instead of {wanted}"
    return ""


def flaw_of_state(place, make, wanted, ways):
    saved = os.path.join(place.folder, "damaged")
    index.copy(place.whole, place.index)
    for state in make:
        state(place.index)
    index.copy(place.index, saved)
    flaws = [flaw_of_run(place, *options, source) for source in place.both
             for options in ([], ["--check"], ["--only"], ["--diff"])]
    flaws += [flaw_of_way(place, way, wanted, saved) for way in ways]
    return "; ".join(filter(None, flaws))


def torture(table, place, random, short):
    wanted = prepare(place, random, short)
    place.whole = os.path.join(place.folder, "whole")
    index.copy(place.index, place.whole)
    table.begin("a damaged current generation or link")
    for state in damages.WITHOUT_LINK + damages.CURRENT:
        table.note(state.__name__, flaw_of_state(place, [state], wanted, WAYS))
    for _ in range(0 if short else 60):
        chosen = random.sample(damages.CURRENT[:-2], random.randrange(1, 3)) + random.sample(damages.WITHOUT_LINK, 1)
        chosen = [state for i, state in enumerate(chosen) if state not in chosen[:i]]
        try:
            flaw = flaw_of_state(place, chosen, wanted, WAYS)
        except (FileNotFoundError, IsADirectoryError):
            continue  # one damage has removed what the other changes
        table.note([state.__name__ for state in chosen], flaw)
    table.end()
    table.begin("no generation opens")
    for state in (damages.all_damaged, damages.generations_exchanged):
        table.note(state.__name__, flaw_of_state(place, [state], wanted, ["--rebuild"]))
    table.end()
    shutil.rmtree(place.whole)
