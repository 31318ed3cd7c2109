"""Several indexers on one index: one runs, the others end at once."""

import subprocess
import time

import index
import peer

LOCKED = 5


def flaw_of_second(place, limit):
    begun = time.monotonic()
    outcome = index.run(place.index, place.sources)
    took = time.monotonic() - begun
    if outcome.returncode != LOCKED or "locked" not in outcome.stderr:
        return f"exit {outcome.returncode}: {outcome.stderr!r}"
    return f"it took {took:.2f} s" if took >= limit else ""


def hold(place):
    """An indexer that has the lock and waits for its standard input."""
    while True:
        process = index.start(place.index, "-", stdin=subprocess.PIPE)
        while process.poll() is None:  # it may have met the run below, and ended
            if index.run(place.index, place.sources).returncode == LOCKED:
                return process


def torture(table, place, _random, short):
    table.begin("a second indexer")
    index.copy(place.template, place.index)
    index.run(place.index, place.sources)
    first = hold(place)
    for i in range(3 if short else 50):
        table.note(i, flaw_of_second(place, peer.PATIENCE_S if short else 1))
    first.stdin.close()
    first.wait()
    table.note("afterwards", index.flaw_of_next_run(place.index, place.sources, place.after))
    table.end()

    table.begin("six indexers at once")
    for i in range(2 if short else 50):
        index.copy(place.template if i % 2 else None, place.index)
        ended = [(p.wait(), p.stderr.read()) for p in [index.start(place.index, place.sources) for _ in range(6)]]
        codes = {code for code, _ in ended}
        flaw = "" if codes <= {0, LOCKED} and 0 in codes else f"{ended}"
        table.note(i, flaw or index.flaw_of_next_run(place.index, place.sources, place.after))
    table.end()
