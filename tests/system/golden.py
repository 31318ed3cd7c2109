"""Golden protocol cases: each request of tests/system/golden.txt, asked of a daemon over
the sample corpus, gets the reply that stands below it.

The file has three lines a case: "# claim", "> request", "< reply". Times and
scores are left out of the comparison; the end-to-end claims look at those.
`golden.py --write` writes the replies again: read the difference before keeping
it."""

import json
import sys
import tempfile

from peer import ROOT, Checks, Daemon, index
from variables import variable

CASES = ROOT / "tests/system/golden.txt"


def stable(value):
    """A reply without what differs from run to run."""
    if isinstance(value, dict):
        return {name: stable(member) for name, member in value.items() if name not in ("took_us", "score")}
    return [stable(element) for element in value] if isinstance(value, list) else value


def read_cases():
    claim = request = None
    for line in CASES.read_text().splitlines():
        if line.startswith("# "):
            claim = line[2:]
        elif line.startswith("> "):
            request = line[2:]
        elif line.startswith("<"):
            yield claim, request, line[2:]


def ask(peer, request):
    peer.socket.send(request.encode())
    return json.dumps(stable(json.loads(peer.socket.recv())), ensure_ascii=False, separators=(",", ":"))


def main():
    check, written = Checks(), []
    with tempfile.TemporaryDirectory() as folder:
        index(folder, variable("SKS_CORPUS"))
        daemon = Daemon(folder)
        peer = daemon.peer()
        for claim, request, expected in read_cases():
            reply = ask(peer, request)
            written += [f"# {claim}", f"> {request}", f"< {reply}", ""]
            check.that(claim, reply == expected, "\n  want", expected, "\n  have", reply)
        daemon.stop()
    if "--write" in sys.argv:
        CASES.write_text("\n".join(written))
        print(f"wrote {CASES.name}")
        return 0
    return check.finish()


sys.exit(main())
