"""Sources that disappear, break and return, in any order, under runs of all kinds: an export leaves the index only if
its file was deleted, and every run that meets a loss reports it."""

import os
import pathlib
import shutil
import sys

import exports
import index

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "support"))
import losses  # noqa: E402  pylint: disable=wrong-import-position

EACH = 14  # exports of a source
LEAST = 10  # the limit on shrinking applies from this number on


class Sources:
    """Two folders of exports, and an intact copy of each."""

    def __init__(self, folder, random):
        self.random, self.folder = random, pathlib.Path(folder, "losses")
        self.sources = [self.folder / name for name in ("one", "two")]
        for number, source in enumerate(self.sources):
            made = exports.Exports(str(source), random)
            for i in range(1, EACH + 1):
                made.put(i + 100 * number, 3)
            shutil.copytree(source, self.whole(source))

    def whole(self, source):
        return self.folder / f"{source.name}.whole"

    def count(self):
        """Exports that the index must hold."""
        return sum(len(losses.files(self.whole(source))) for source in self.sources)

    def restore(self, source):
        if source.is_dir() and not source.is_symlink():
            shutil.rmtree(source)
        else:
            source.unlink(missing_ok=True)
        shutil.copytree(self.whole(source), source)

    def delete(self, source):
        """Delete one file on purpose."""
        path = self.random.choice(losses.files(source))
        path.unlink()
        (self.whole(source) / path.name).unlink()
        return f"{path.name} deleted"

    def shrink(self, source):
        """Lose more than half of the files, which no run treats as intended."""
        for path in losses.files(source)[:-2]:
            path.unlink()
        return "all but two files lost"

    def lose(self, source):
        kind = self.random.randrange(8)
        if kind == 0 and len(losses.files(source)) > 12:
            return self.shrink(source)
        if kind == 1:
            name = self.random.choice(list(losses.NEW))
            losses.NEW[name](source)
            return f"a new file {name}"
        if kind < 5:
            state = self.random.choice(losses.WHOLE)
            state(source)
            return state.__name__
        name = self.random.choice(list(losses.ONE))
        losses.ONE[name](source)
        return name


def flaw_of_loss(place, sources, source):
    """A run that meets the state: no export is lost, and the message and the exit status report the source."""
    both = [str(path) for path in sources.sources]
    alone = [str(source)]
    choice = sources.random.choice([alone, both, ["--rebuild"], ["--strict", *alone], ["--check", *alone]])
    outcome = index.run(place.index, *choice)
    held = index.size(place.index)[1]
    if held != sources.count():
        return f"{choice}: lost: {held} of {sources.count()} exports: {outcome.stderr!r}"
    if outcome.returncode not in (1, 3) or str(source) not in outcome.stderr:
        return f"{choice}: silent: exit {outcome.returncode}: {outcome.stderr!r}"
    return ""


def flaw_of_return(place, sources):
    outcome = index.run(place.index, *map(str, sources.sources))
    held = index.size(place.index)[1]
    if outcome.returncode != 0 or outcome.stderr or held != sources.count():
        return f"all sources are back: exit {outcome.returncode}, {held} of {sources.count()} exports: {outcome.stderr!r}"
    return ""


def torture(table, place, random, short):
    table.begin("sources that are lost, break and return")
    sources = Sources(place.folder, random)
    index.copy(None, place.index)
    index.run(place.index, *map(str, sources.sources))
    for i in range(12 if short else 400):
        source = random.choice(sources.sources)
        done = []
        if len(losses.files(source)) > LEAST and random.randrange(3) == 0:
            done.append(sources.delete(source))
            index.run(place.index, str(source))
        done.append(sources.lose(source))
        table.note(f"{i}: {source.name}: {done}", flaw_of_loss(place, sources, source))
        sources.restore(source)
        table.note(f"{i}: {source.name} returns", flaw_of_return(place, sources))
    table.end()
