"""Publishing to another folder: runs are killed at each call, meet failing calls and full disks. What the folder has in
service stays complete, and the next run publishes."""

import os
import pathlib
import resource
import shutil

import index
from faults import ERRORS, strace
from space import LEAST, file_system, sizes

KILLS = ["mkdir", "copy_file_range", "fsync", "rename", "renameat2", "symlink", "unlink", "unlinkat", "rmdir"]
FAULTS = ["mkdir", "fsync", "rename", "renameat2", "symlink"]
NO_NAMES_EXCHANGED = "EINVAL"  # as a file system without that answers


class Target:
    """The folder in one of its states before the run, and what the run must make of it."""

    def __init__(self, place, folder):
        self.place, self.folder = place, folder
        self.master = os.path.join(place.folder, "master")
        index.copy(place.template, self.master)
        assert index.run(self.master, place.sources).returncode == 0
        assert index.size(self.master) == place.after

    def begin(self, state):
        """"new", "older", or a copy of the generation that is "incomplete" or has "no files yet"."""
        index.copy(None if state == "new" else self.place.template, self.folder)
        if state not in ("new", "older"):
            copy = pathlib.Path(self.folder, os.readlink(os.path.join(self.master, "current")))
            os.remove(os.path.join(self.folder, "current"))
            os.symlink(copy.name, os.path.join(self.folder, "current"))
            if state == "incomplete":
                shutil.copytree(os.path.join(self.master, copy.name), copy)
                os.truncate(copy / "statements", 5000)
        self.sound = {"new": index.NOTHING, "older": self.place.before}.get(state)

    def publish(self, **options):
        return index.run(self.master, "--publish-to", self.folder, **options)

    def flaw(self):
        """What is wrong after a run that did not end, and after the one that follows."""
        found = index.size(self.folder)
        if self.sound and found not in (self.sound, self.place.after):
            return f"{found} is in service"
        outcome = self.publish()
        if outcome.returncode or outcome.stderr:
            return f"the next run: exit {outcome.returncode}: {outcome.stderr!r}"
        if index.size(self.folder) != self.place.after:
            return f"the next run: {index.size(self.folder)} instead of {self.place.after}"
        left = index.leftovers(self.folder)
        return f"left over: {left}" if left else ""


STATES = ["new", "older", "incomplete", "no files yet"]


def kill(table, target, most):
    for state in STATES:
        for call in KILLS:
            for k in range(1, most + 1):
                target.begin(state)
                outcome = target.publish(before=strace("/dev/null", f"trace={call}", f"inject={call}:signal=KILL:when={k}"))
                if outcome.returncode == 0:
                    break
                flaw = "" if outcome.returncode in (-9, 137) else f"exit {outcome.returncode}: {outcome.stderr!r}"
                table.note(f"{state}: killed at {call} {k}", flaw or target.flaw())


def flaw_of_refusal(outcome, target, before, text):
    """A failed run says why and where, and changes nothing of what is sound."""
    path = outcome.stderr.removeprefix("skillsearch-index: ").partition(": ")[0]
    if outcome.returncode != 1 or text not in outcome.stderr or not (
            path.startswith(target.folder) or target.folder.startswith(path.rstrip("/") + "/")):
        return f"exit {outcome.returncode}: {outcome.stderr!r}"
    return "the folder is not as it was" if target.sound and index.digest(target.folder) != before else ""


def fail(table, target, most):
    for state in STATES:
        for call in FAULTS:
            for error, text in ERRORS.items():
                for k in range(1, most + 1):
                    target.begin(state)
                    before = index.digest(target.folder)
                    outcome = target.publish(before=strace("/dev/null", f"trace={call}", f"inject={call}:error={error}:when={k}"))
                    if outcome.returncode == 0:
                        break
                    flaw = flaw_of_refusal(outcome, target, before, text)
                    table.note(f"{state}: {error} in {call} {k}", flaw or target.flaw())
    target.begin("incomplete")
    outcome = target.publish(before=strace("/dev/null", "trace=renameat2", f"inject=renameat2:error={NO_NAMES_EXCHANGED}"))
    table.note("no names can be exchanged", target.flaw() if not outcome.returncode else outcome.stderr)


def lack_space(table, target, tries):
    largest = max(path.stat().st_size for path in pathlib.Path(target.master, "current").iterdir())
    for state in ("new", "older"):
        for size in (max(size, LEAST) for size in sizes(largest, tries)):
            target.begin(state)
            before = index.digest(target.folder)
            outcome = target.publish(preexec_fn=lambda most=size: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
            flaw = index.flaw_after_failure(outcome, target.folder, before, ["File too large"])
            table.note(f"{state}: at most {size} bytes", flaw or target.flaw())


def fill_disk(table, place):
    size = sum(path.stat().st_size for path in pathlib.Path(place.template, "current").iterdir())
    with file_system(place.disk, 2 * size):
        target = Target(place, os.path.join(place.disk, "index"))
        target.begin("older")
        filler = pathlib.Path(place.disk, "filler")
        filler.write_bytes(b" " * (size // 2))
        before = index.digest(target.folder)
        flaw = index.flaw_after_failure(target.publish(), target.folder, before, ["No space left on device"])
        filler.unlink()
        table.note("half of the space that the copy needs", flaw or index.leftovers(target.folder))


def torture(table, place, _random, short):
    target = Target(place, place.index)
    table.begin("a copy larger than a file may be")
    lack_space(table, target, 2 if short else 10)
    table.end()
    if shutil.which("strace"):
        table.begin("SIGKILL while publishing to another folder")
        kill(table, target, 2 if short else 100)
        table.end()
        table.begin("a call that fails while publishing to another folder")
        fail(table, target, 2 if short else 100)
        table.end()
    else:
        table.skip("SIGKILL while publishing to another folder", "strace is missing")
    if os.geteuid() == 0:
        table.begin("a full disk while publishing to another folder")
        try:
            fill_disk(table, place)
            table.end()
        except OSError as problem:
            table.skip("a full disk while publishing to another folder", problem)
    else:
        table.skip("a full disk while publishing to another folder", "only root can mount a file system")
