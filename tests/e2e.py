"""End to end over the sample corpus: index, serve, search, reload, stop."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

import claims
from peer import BUILD, Checks, Daemon, index, schema

CORPUS = os.environ["SKS_CORPUS"]


def search(endpoint, *arguments):
    return subprocess.run([BUILD / "skillsearch", "--connect", endpoint, *arguments], capture_output=True, text=True,
                          check=False)


def check_searches(check, peer):
    reply = peer.ask(q='"incoming mail"', want=["marked", "explain"])
    check.that("a phrase is found and marked as a whole",
               reply["total"] == 7 and all([w.lower() for w in claims.marked_words(h)] == ["incoming mail"]
                                           for h in reply["hits"]), reply)
    check.that("the shares of a score add up",
               all(abs(sum(s["score"] for s in h["explain"]) - h["score"]) < 1e-4 for h in reply["hits"]))
    totals = [peer.total(q=q, match="all") for q in ("Routing mail", "routing MAIL", "routed mail")]
    check.that("letter case and word form do not matter", len(set(totals)) == 1 and totals[0] > 0, totals)
    statements = claims.every_statement(peer)
    check.that("every statement comes first for its own words",
               not (late := claims.not_first_for_their_own_words(peer, statements)), late)
    got = peer.ask("get", ids=[statements[0]["id"], "43-0000.00/emerging/000000000000"])
    check.that("get finds what is there and tells what is not",
               got["hits"][0]["text"] == statements[0]["text"] and len(got["missing"]) == 1, got)


def check_facets(check, peer):
    wrong = claims.counts_equal_totals(peer)
    for seed, q in enumerate(["mail", "train", "safety data", '"active listening"', "patient OR customer", ""]):
        wrong += claims.counts_equal_totals(peer, q=q, filter=claims.random_filters(peer, seed))
    check.that("each facet count is the total when filtered by it", not wrong, wrong[:3])
    check.that("pages agree", claims.pages_agree(peer, q="train staff", match="any"))


def check_refusals(check, peer):
    for q, code, at in [("mail AND", "query_syntax", 5), ('"mail', "query_syntax", 0), ("m*", "query_too_complex", 0)]:
        error = peer.ask(q=q)["error"]
        check.that(f"{q} is refused with {code} at {at}", (error["code"], error.get("at")) == (code, at), error)
    check.that("a member that is none is refused", peer.ask(filtre={})["error"]["code"] == "bad_request")


def check_command(check, endpoint):
    for arguments, code in [(["mail"], 0), (["xylophone"], 1), (["--no-such"], 2), (["(mail"], 6)]:
        run = search(endpoint, *arguments)
        check.that(f"skillsearch {' '.join(arguments)} exits with {code}", run.returncode == code, run)
    check.that("without a daemon it exits with 3", search("tcp://127.0.0.1:1", "mail").returncode == 3)
    lines = search(endpoint, "--tsv", "--limit", "3", "mail").stdout.splitlines()
    check.that("--tsv has one line a hit", sum(len(line.split("\t")) == 6 for line in lines) >= 3, lines)


def check_reload(check, daemon, folder, sources):
    """A new generation is taken up by itself, under way and without a failure."""
    peer = daemon.peer()
    before = peer.ask(limit=0)
    os.remove(os.path.join(sources, "51-4041.00.json"))
    report = index(folder, sources)
    check.that("a vanished export goes out", report["outcome"] == "published" and report["removed"] == 1, report)
    asked = 0
    while True:
        reply = peer.ask(limit=0)
        asked += 1
        if reply["generation"] != before["generation"]:
            break
        if reply["total"] != before["total"] or asked > 1_000_000:
            break
    check.that("the daemon takes it up", reply["total"] == before["total"] - 40, reply)
    check.that("nothing changed publishes nothing", index(folder, sources)["outcome"] == "unchanged")


def check_diff(check, folder):
    """The generations before and after the export that vanished."""
    def diff(*arguments):
        return subprocess.run([BUILD / "skillsearch-index", "--index", folder, "--diff", *arguments],
                              capture_output=True, text=True, check=False)
    told = json.loads(diff("--json").stdout)
    schema("diff").validate(told)
    check.that("--diff tells of 40 removed statements", told["removed"] == len(told["changes"]) == 40, told)
    back = diff("--tsv", "2", "1").stdout.splitlines()
    check.that("--diff 2 1 tells of 40 added ones",
               len(back) == 40 and all(len(line.split("\t")) == 6 and line.startswith("added\t") for line in back), back)
    check.that("a generation that is not there is a failure", diff("1", "9").returncode == 1)
    check.that("what is no number is misuse", diff("1", "x").returncode == 2)


def main():
    check = Checks()
    with tempfile.TemporaryDirectory() as folder:
        sources, built = os.path.join(folder, "exports"), os.path.join(folder, "index")
        shutil.copytree(CORPUS, sources)
        report = index(built, sources)
        check.that("the corpus is indexed whole",
                   (report["exports"], report["statements"], report["problems"]) == (14, 560, []), report)
        daemon = Daemon(built)
        try:
            peer = daemon.peer()
            for op in ("hello", "stats", "health"):
                check.that(f"{op} answers", peer.ask(op)["ok"])
            check_searches(check, peer)
            check_facets(check, peer)
            check_refusals(check, peer)
            check_command(check, daemon.endpoint)
            check_reload(check, daemon, built, sources)
            check_diff(check, built)
        finally:
            check.that("SIGTERM ends the daemon with 0", daemon.stop() == 0)
    return check.finish()


sys.exit(main())
