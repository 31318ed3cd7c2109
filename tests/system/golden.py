"""Golden protocol cases: a daemon over the sample corpus answers each request of tests/system/golden.txt with the reply
below it.

The file has three lines per case: "# claim", "> request", "< reply". Times and scores are not compared; the end-to-end
tests check those. `golden.py --write` writes the replies again: review the difference before committing it."""

import json
import sys
import tempfile

from peer import ROOT, Checks, Daemon, index
from variables import variable

CASES = ROOT / "tests/system/golden.txt"


def stable(value):
    """A reply without the members that differ between runs."""
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
