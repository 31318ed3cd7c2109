"""A table of cases, tries and failures."""

import sys
import time


class Table:
    """One row per case. A case that cannot be tried on this machine is shown as skipped and never counts as passed."""

    SHOWN = 5  # failures of one case that are shown in full

    def __init__(self):
        self.rows = []

    def begin(self, case):
        self.case, self.tries, self.failures, self.begun = case, 0, 0, time.monotonic()

    def note(self, what, flaw):
        """Count a try; it failed unless flaw is ''."""
        self.tries += 1
        if flaw:
            self.failures += 1
            if self.failures <= self.SHOWN:
                print(f"# {self.case}: {what}: {flaw}", flush=True)

    def end(self, remark=""):
        assert self.tries, self.case
        self.rows.append((self.case, self.tries, self.failures, time.monotonic() - self.begun, remark))
        print(f"{'not ok' if self.failures else 'ok'} {self.case}, {self.tries} tries{remark and ': ' + remark}",
              flush=True)

    def skip(self, case, reason):
        self.rows.append((case, 0, 0, 0, f"skipped: {reason}"))
        print(f"skipped {case}: {reason}", flush=True)

    def show(self):
        print("\n| case | tries | failures | s | |\n|---|--:|--:|--:|---|")
        for case, tries, failures, seconds, remark in self.rows:
            print(f"| {case} | {tries} | {failures} | {seconds:.0f} | {remark} |")

    def finish(self):
        failed = sum(bool(row[2]) for row in self.rows)
        print(f"\n{sum(bool(row[1]) for row in self.rows) - failed} passed, {failed} failed")
        sys.exit(1 if failed else 0)
