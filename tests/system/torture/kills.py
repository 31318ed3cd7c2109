"""SIGKILL at any time: the published generation stays complete, and the next run ends as if the killed run had not been
started."""

import os
import shutil
import statistics
import time

import index

CALLS = ["mkdir", "pwrite64", "fdatasync", "fsync", "rename", "symlink", "unlink", "rmdir"]


def wait_until(moment):
    """There is no condition to wait for: the moment of the kill is random. Sleeping alone is too coarse for runs of
    about ten milliseconds."""
    while (left := moment - time.monotonic()) > 0:
        if left > 0.003:
            time.sleep(left - 0.003)


def flaw_of_state(folder, states):
    found = index.size(folder)
    return "" if found in states else f"{found} is not one of {states}"


class Killing:
    """Runs from one state of the index to another, each of them killed."""

    def __init__(self, folder, sources, template, before, after):
        self.folder, self.sources, self.template = folder, sources, template
        self.before, self.after = before, after

    def begin(self):
        index.copy(self.template, self.folder)
        return index.start(self.folder, self.sources)

    def duration(self):
        took = []
        for _ in range(5):
            process, begun = self.begin(), time.monotonic()
            assert process.wait() == 0
            took.append(time.monotonic() - begun)
        return statistics.median(took)

    def kill(self, process):
        process.kill()
        ended = process.wait() == 0
        flaw = flaw_of_state(self.folder, [self.after] if ended else [self.before, self.after])
        if not flaw:
            flaw = index.flaw_of_next_run(self.folder, self.sources, self.after)
        return flaw, ended

    def spread(self, table, tries, random):
        """Kills at times spread evenly over a run."""
        late, duration = 0, self.duration()
        for i in range(tries):
            delay = duration * (i + random.random()) / tries
            process, begun = self.begin(), time.monotonic()
            wait_until(begun + delay)
            flaw, ended = self.kill(process)
            late += ended
            table.note(f"killed after {delay * 1000:.1f} ms", flaw)
        return f"over {duration * 1000:.0f} ms, {late} ended before"

    def wait_for_statements(self, process):
        """Whether the last file of a generation exists: syncing, reading back and publishing follow."""
        while process.poll() is None:
            for name in os.listdir(self.folder) if os.path.isdir(self.folder) else ():
                if name.startswith("building-") and os.path.exists(os.path.join(self.folder, name, "statements")):
                    return

    def at_the_end(self, table, tries, random):
        """Kills while a generation is synced, read back and published."""
        ends = []
        for _ in range(5):
            process = self.begin()
            self.wait_for_statements(process)
            begun = time.monotonic()
            process.wait()
            ends.append(time.monotonic() - begun)
        late, duration = 0, statistics.median(ends)
        for i in range(tries):
            delay = duration * (i + random.random()) / tries
            process = self.begin()
            self.wait_for_statements(process)
            wait_until(time.monotonic() + delay)
            flaw, ended = self.kill(process)
            late += ended
            table.note(f"killed {delay * 1000:.1f} ms after the statements file was there", flaw)
        return f"over the last {duration * 1000:.0f} ms, {late} ended before"

    def at_calls(self, table, call, most):
        """Kill a run at each call of one kind that changes the disk; stops at the first run without such a call."""
        for k in range(1, most + 1):
            index.copy(self.template, self.folder)
            outcome = index.run(self.folder, self.sources, before=[
                "strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                f"inject={call}:signal=KILL:when={k}"])
            if outcome.returncode == 0:
                return
            flaw = "" if outcome.returncode in (-9, 137) else f"exit {outcome.returncode}: {outcome.stderr!r}"
            flaw = flaw or flaw_of_state(self.folder, [self.before, self.after])
            table.note(f"killed at {call} {k}", flaw or index.flaw_of_next_run(self.folder, self.sources, self.after))


def torture(table, place, random, short):
    tries = 4 if short else 100
    first = Killing(place.index, place.sources, None, index.NOTHING, place.after)
    sync = Killing(place.index, place.sources, place.template, place.before, place.after)
    for case, work in [("SIGKILL in a first build", first.spread), ("SIGKILL in a sync", sync.spread),
                       ("SIGKILL while publishing", sync.at_the_end)]:
        table.begin(case)
        table.end(work(table, tries, random))
    case = "SIGKILL at a call that changes the disk"
    if not shutil.which("strace"):
        return table.skip(case, "strace is missing")
    table.begin(case)
    for call in ["rename"] if short else CALLS:
        for killing in (first, sync):
            killing.at_calls(table, call, 2 if short else 100)
    return table.end()
