"""Claims over real exports, where they are at hand: $SKS_DATA has seeds/ and
onet/exports/ (see the README there)."""

import os
import sys
import tempfile
import time

import claims
from peer import ROOT, Checks, Daemon, index

DATA = os.environ.get("SKS_DATA", "")


def facet(reply, name):
    return {value["value"]: value["count"] for value in reply["facets"][name]}


def check_seeds(check, folder):
    report = index(os.path.join(folder, "seeds"), os.path.join(DATA, "seeds"))
    check.that("seeds are recognised by their content", (report["exports"], report["statements"]) == (2, 80), report)
    daemon = Daemon(os.path.join(folder, "seeds"))
    peer = daemon.peer()
    reply = peer.ask(limit=0, facets=claims.ask_facets())
    check.that("80 statements, 2 occupations of 40", reply["total"] == 80
               and sorted(facet(reply, "occupation").values()) == [40, 40], reply)
    check.that("4 levels of 20", facet(reply, "level") == {level: 20 for level in claims.LEVELS})
    check.that("sector 55 has all 80", facet(reply, "sector") == {"55": 80})
    check.that("zone 2 has 40, none has 40", facet(reply, "zone") == {"2": 40, "none": 40})
    totals = [peer.total(q=q) for q in ("Routing mail", "routing MAIL", "routed mail")]
    check.that("Routing mail, routing MAIL and routed mail have one total", len(set(totals)) == 1, totals)
    reply = peer.ask(q='"active listening"')
    check.that('"active listening" finds the one statement, its words marked', reply["total"] == 1
               and claims.marked_words(reply["hits"][0]) == ["Active listening"], reply)
    late = claims.not_first_for_their_own_words(peer, claims.every_statement(peer))
    check.that("each of the 80 comes first for its own words", not late, late)
    check_paraphrases(check, peer)
    wrong = claims.counts_equal_totals(peer) + claims.counts_equal_totals(peer, q="mail")
    check.that("each count is the total when filtered by it", not wrong, wrong[:3])
    daemon.stop()


def check_paraphrases(check, peer):
    """Everyday words find the statement they mean; at least 45 of the 50."""
    late = []
    for line in (ROOT / "tests" / "paraphrases.tsv").read_text().splitlines():
        text, key = line.split("\t")
        hits = peer.ask(q=text, limit=1)["hits"]
        first = "/".join([hits[0]["soc"], hits[0]["level"], str(hits[0]["position"])]) if hits else None
        if first != key:
            late.append((text, first))
    check.that("45 of 50 paraphrases find their statement first", len(late) <= 5, late)
    print(f"# {50 - len(late)} of 50 first")


def check_onet(check, folder):
    built = os.path.join(folder, "onet")
    report = index(built, os.path.join(DATA, "onet", "exports"))
    check.that("18,796 statements of 923 occupations", (report["statements"], report["occupations"]) == (18796, 923),
               report)
    print(f"# indexed in {report['elapsed_ms']} ms with {report['peak_bytes'] >> 20} MiB")
    daemon = Daemon(built)
    start = time.monotonic()
    peer = daemon.peer()
    peer.ask("health")
    print(f"# first reply {1000 * (time.monotonic() - start):.0f} ms after it was ready")
    wrong = []
    for seed, q in enumerate(["", "patient records", "route mail", '"health care"', "teach* -students", "=mail"]):
        wrong += claims.counts_equal_totals(peer, q=q, filter=claims.random_filters(peer, seed))
    check.that("each count is the total when filtered by it", not wrong, wrong[:3])
    check.that("pages agree", claims.pages_agree(peer, q="maintain records", match="any"))
    daemon.stop()


def main():
    check = Checks()
    if not DATA or not os.path.isdir(os.path.join(DATA, "seeds")):
        print("# $SKS_DATA names no folder with seeds/: these checks are left out, not passed")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        check_seeds(check, folder)
        check_onet(check, folder)
    return check.finish()


sys.exit(main())
