"""End to end over the sample corpus: index, serve, search, reload, stop."""

import csv
import io
import json
import os
import pty
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import claims
import exposition
from peer import BUILD, ROOT, Checks, Daemon, index, schema, start
from variables import variable

CORPUS = variable("SKS_CORPUS")


def search(endpoint, *arguments, input=None):
    return subprocess.run([BUILD / "skillsearch", "--connect", endpoint, *arguments], capture_output=True, text=True,
                          check=False, input=input)


def check_searches(check, peer):
    reply = peer.ask(q='"incoming mail"', want=["marked", "explain"])
    check.that("a phrase is found and marked as one span",
               reply["total"] == 7 and all([w.lower() for w in claims.marked_words(h)] == ["incoming mail"]
                                           for h in reply["hits"]), reply)
    check.that("the shares of a score add up",
               all(abs(sum(s["score"] for s in h["explain"]) - h["score"]) < 1e-4 for h in reply["hits"]))
    totals = [peer.total(q=q, match="all") for q in ("Routing mail", "routing MAIL", "routed mail")]
    check.that("letter case and word form do not matter", len(set(totals)) == 1 and totals[0] > 0, totals)
    statements = claims.every_statement(peer)
    check.that("every statement is the first hit for its own words",
               not (late := claims.not_first_for_their_own_words(peer, statements)), late)
    got = peer.ask("get", ids=[statements[0]["id"], "43-0000.00/emerging/000000000000"])
    check.that("get returns existing statements and reports missing ones",
               got["hits"][0]["text"] == statements[0]["text"] and len(got["missing"]) == 1, got)


def check_facets(check, peer):
    wrong = claims.counts_equal_totals(peer)
    for seed, q in enumerate(["mail", "train", "safety data", '"active listening"', "patient OR customer", ""]):
        wrong += claims.counts_equal_totals(peer, q=q, filter=claims.random_filters(peer, seed))
    check.that("each facet count is the total of a search filtered by its value", not wrong, wrong[:3])
    check.that("pages agree", claims.pages_agree(peer, q="train staff", match="any"))


def check_sectors(check, peer, endpoint):
    """A sector of three codes in each of its spellings, in the protocol, in a query and at the command."""
    whole = peer.ask(limit=0, filter={"sector": ["31-33"]}, facets=["sector"])
    for way in ("31", "32", "33", "31\u201333", "31 - 33", "manufacturing"):
        reply = peer.ask(limit=0, filter={"sector": [way]}, facets=["sector"])
        check.that(f"sector {way} is read as 31-33", reply["total"] == 40 and reply["facets"] == whole["facets"], reply)
        check.that("... in a query", peer.total(q=f'sector:"{way}"') == 40)
        outcome = subprocess.run([BUILD / "skillsearch", "--connect", endpoint, "--json", "--limit", "0", "--sector", way],
                              capture_output=True, text=True, check=False)
        check.that("the command reads each spelling of sector 31-33", outcome.returncode == 0 and json.loads(outcome.stdout)["total"] == 40, outcome)
    check.that("an unknown sector finds nothing", peer.total(filter={"sector": ["30"]}) == 0)


def check_refusals(check, peer):
    for q, code, at in [("mail AND", "query_syntax", 5), ('*mail', "query_syntax", 0), ("m*", "query_too_complex", 0)]:
        error = peer.ask(q=q)["error"]
        check.that(f"{q} is refused with {code} at {at}", (error["code"], error.get("at")) == (code, at), error)
    check.that("an unknown member is refused", peer.ask(filtre={})["error"]["code"] == "bad_request")


def check_answers(check, peer):
    """The operations other than search and get; ask() validates their replies with the schemas."""
    statements = {h["id"]: h for h in claims.every_statement(peer)}
    paged = claims.scan_all(peer, limit=97)
    check.that("a scan returns every statement once, in the order of ids", paged == sorted(statements), len(paged))
    check.that("a scan returns as many statements as a search counts",
               len(claims.scan_all(peer, q="mail train", match="any", limit=3)) == peer.total(q="mail train", match="any"))
    found = peer.ask("similar", statement="43-9051.00/emerging/a831cc6ec7cc")
    check.that("similar never returns the statement itself",
               found["total"] > 0 and "43-9051.00/emerging/a831cc6ec7cc" not in [h["id"] for h in found["hits"]], found)
    apart = peer.ask("similar", statement="43-9051.00/emerging/a831cc6ec7cc", exclude=["occupation", "level"], limit=100)
    check.that("similar leaves out excluded statements",
               all(h["soc"] != "43-9051.00" and h["level"] != "emerging" for h in apart["hits"]), apart)
    rows = peer.ask("compare", occupation="43-9051.00")["rows"]
    cells = [cell for row in rows for cell in row["levels"].values() if cell]
    own = [h for h in statements.values() if h["soc"] == "43-9051.00"]
    check.that("compare returns each statement of the occupation once",
               sorted(c["id"] for c in cells) == sorted(h["id"] for h in own), len(cells))
    check.that("compare puts each statement below its level",
               all(cell is None or cell["level"] == level for row in rows for level, cell in row["levels"].items()))
    check.that("compare with words returns only rows that have them",
               0 < len(peer.ask("compare", occupation="43-9051.00", duty="misaddressed")["rows"]) < len(rows))
    exports = [json.loads(path.read_text()) for path in sorted(Path(CORPUS).glob("*.json"))]
    wrong = claims.wrong_occupations(peer, exports)
    check.that("occupation returns the content of each export", len(exports) == 14 and not wrong, wrong[:1])
    walk = peer.ask("crosswalk", occupations=["25-2021.00", "47-2111.00"])
    left = [p["left"]["id"] for p in walk["pairs"]] + [h["id"] for h in walk["left_only"]]
    right = [p["right"]["id"] for p in walk["pairs"]] + [h["id"] for h in walk["right_only"]]
    check.that("crosswalk returns each statement of both sides once", len(walk["pairs"]) > 0 and
               all(sorted(side) == sorted(i for i, h in statements.items() if h["soc"] == soc)
                   for side, soc in [(left, "25-2021.00"), (right, "47-2111.00")]), walk["pairs"])
    check.that("crosswalk pairs statements of one level, and its shares add up",
               all(p["left"]["level"] == p["right"]["level"]
                   and abs(sum(s["score"] for s in p["explain"]) - p["likeness"]) < 1e-4 for p in walk["pairs"]))
    mirror = peer.ask("crosswalk", occupations=["47-2111.00", "25-2021.00"])
    check.that("crosswalk is symmetric",
               sorted((p["left"]["id"], p["right"]["id"]) for p in walk["pairs"])
               == sorted((p["right"]["id"], p["left"]["id"]) for p in mirror["pairs"]))


def check_texts(check, peer):
    text = "Sortiert \u2014 mail. She trains new mail clerks; xyzzy.\n\nPlugh."
    mapped = peer.ask("map", text=text, limit=2)
    raw = text.encode()
    check.that("map splits a text into its sentences",
               [raw[s["start"]:s["end"]].decode() for s in mapped["sentences"]]
               == ["Sortiert \u2014 mail.", "She trains new mail clerks; xyzzy.", "Plugh."], mapped["sentences"])
    check.that("map returns evidence in the text and spans in the statement",
               all(raw[a:b].decode().lower().startswith(("mail", "train", "new", "clerk"))
                   and s["start"] <= a < b <= s["end"] and claims.marked_words(m)
                   for s in mapped["sentences"] for m in s["matches"] for a, b in m["evidence"]), mapped)
    check.that("map counts levels by the best match",
               sum(mapped["levels"].values()) == sum(bool(s["matches"]) for s in mapped["sentences"]), mapped["levels"])
    suggested = peer.ask("suggest", text="mai", limit=20)
    check.that("suggest completes words", any(w["text"] == "mail" for w in suggested["words"])
               and all(w["text"].startswith("mai") for w in suggested["words"]), suggested["words"])
    check.that("suggest finds an occupation by its code",
               [o["value"] for o in peer.ask("suggest", text="43-9051")["occupations"]] == ["43-9051.00"])
    read = peer.ask("analyze", q="the rout* mail NEAR/3 clerk NOT level:advanced")
    words = {w["form"]: w for w in read["words"]}
    check.that("analyze reports stop words, expansions and the tree",
               words["the"]["stop"] and "route" in words["rout"]["expansions"] and read["tree"]["kind"] == "and", read)
    check.that("analyze reads a query as search does",
               all(peer.ask("analyze", q=q)["read_as"] == peer.ask(q=q, limit=0)["read_as"]
                   for q in ["mail", "route mail", '"incoming mail" OR rout*', ""]))
    facet = {"name": "occupation", "limit": 3, "find": "clerk"}
    check.that("facet_values returns the same counts as a search",
               peer.ask("facet_values", q="mail", facet=facet)["facet"]["values"]
               == peer.ask(q="mail", limit=0, facets=[facet])["facets"]["occupation"])
    fixed = peer.ask(q="incoming maol")["suggestion"]
    check.that("the reply to an unknown word has a suggestion", fixed and fixed["query"] == "incoming mail", fixed)


def check_collapse(check, peer):
    whole = peer.ask(q="mail", match="any", limit=100)
    kept = peer.ask(q="mail", match="any", limit=100, collapse={"by": "occupation", "keep": 2})
    expected, seen = [], {}
    for hit in whole["hits"]:
        seen[hit["soc"]] = seen.get(hit["soc"], 0) + 1
        if seen[hit["soc"]] <= 2:
            expected.append(hit["id"])
    check.that("collapse keeps the first hits of each occupation", [h["id"] for h in kept["hits"]] == expected, kept)
    check.that("collapse reports how many hits it leaves out",
               all(h.get("more", 0) == max(0, seen[h["soc"]] - 2) for h in kept["hits"]), kept)
    check.that("the total with collapse counts all statements", kept["total"] == whole["total"])


def check_multi(check, peer):
    parts = [{"op": "search", "id": "a", "q": "mail", "limit": 3}, {"op": "search", "q": "mail AND"},
             {"op": "suggest", "id": "c", "text": "mai"}, {"op": "compare", "occupation": "00-0000.00"},
             {"op": "facet_values", "facet": "level"}, {"op": "hello"}]
    reply = peer.ask("multi", requests=parts)
    for part, answer in zip(parts, reply["replies"]):
        peer.validate(part["op"] if answer["ok"] else "error", answer)
    check.that("multi answers its parts in their order",
               [(r.get("id"), r["ok"]) for r in reply["replies"]]
               == [("a", True), (None, False), ("c", True), (None, False), (None, True), (None, True)], reply)
    alone = peer.ask(q="mail", limit=3)
    check.that("a part of a multi has the same answer as alone", reply["replies"][0]["hits"] == alone["hits"])
    error = peer.ask("multi", requests=[{"op": "search"}, {"op": "search", "q": 7}])["error"]
    check.that("a multi with an invalid part is refused", error["message"] == "/requests/1/q: not a string", error)


def check_commands(check, endpoint):
    for arguments, code in [(["similar", "43-9051.00/emerging/a831cc6ec7cc"], 0), (["similar", "nope"], 1),
                            (["compare", "43-9051.00"], 0), (["compare", "00-0000.00"], 1),
                            (["occupation", "43-9051.00"], 0), (["occupation", "43-9051"], 0), (["occupation", "x"], 1),
                            (["occupation", "--tsv", "43\u20139051"], 0), (["occupation"], 2),
                            (["crosswalk", "25-2021.00", "47-2111.00"], 0), (["map", "Sorts mail."], 0),
                            (["map", "Plugh."], 1), (["map", "--file", "/nonexistent"], 5), (["suggest", "mai"], 0),
                            (["suggest", "qqq"], 1), (["analyze", "rout*"], 0), (["analyze", "mail AND"], 6),
                            (["export", "xylophone"], 1)]:
        run = search(endpoint, *arguments)
        check.that(f"skillsearch {' '.join(arguments)} exits with {code}", run.returncode == code, run)
    lines = search(endpoint, "export").stdout.splitlines()
    check.that("export writes every statement as JSON", len({json.loads(line)["id"] for line in lines}) == 560, len(lines))
    table = list(csv.DictReader(io.StringIO(search(endpoint, "export", "--format", "csv").stdout, newline="")))
    check.that("export writes a valid table",
               [row["id"] for row in table] == [json.loads(line)["id"] for line in lines]
               and [row["text"] for row in table] == [json.loads(line)["text"] for line in lines])
    fixed = search(endpoint, "--fix", "--json", "incoming", "maol").stdout
    check.that("--fix searches for the suggestion", json.loads(fixed)["read_as"].endswith("(incoming mail)"), fixed)


def check_names(check, endpoint):
    """The command accepts labels in place of codes."""
    for arguments, code, shown in [
            (["--sector", "Finance", "mail"], 0, 'Note: "Finance" is read as sector 52, Finance and Insurance'),
            (["--soc", "Mail Clerks and Mail Machine Operators, Except Postal Service", "mail"], 0, "43-9051.00"),
            (["--level", "Advanced", "--group", "office"], 0, "group 43, Office & Administrative Support"),
            (["--sector", "99"], 1, "no statement has sector 99"),
            (["--tsv", "--sector", "99"], 1, "no statement has sector 99"),
            (["export", "--sector", "99"], 1, "no statement has sector 99"),
            (["--sector", "services"], 6, "--sector: \"services\" is in the names of several sectors\n  Professional, Scientific, and Technical Services (54)\n"),
            (["sector:services", "mail"], 6, " several sectors\n  sector:services mail\n         ^\n  Professional, Scientific, and Technical Services (54)\n"),
            (["--zone", "considerable"], 0, "is read as zone 4, Job Zone 4: considerable preparation"),
            (["--zone", "nine"], 6, "--zone: no zone is called \"nine\""),
            (["--zone", "preparation"], 6, "--zone: \"preparation\" is in the names of several zones\n"),
            (["compare", "except"], 6, "\"except\" is in the names of several occupations\n  Elementary School Teachers, Except Special Education (25-2021.00)\n"),
            (["facets", "--sector", "finanse"], 6, "did you mean Finance and Insurance (52)?"),
            (["compare", "electrician"], 0, "Electricians (47-2111.00)"),
            (["compare", "cleaners"], 0, "Janitors and Cleaners"),
            (["crosswalk", "electrician", "nurses"], 0, "Registered Nurses (29-1141.00)"),
            (["occupation", "mail", "clerks"], 0, "43-9051.00"),
            (["occupation", "firefihgter"], 1, "did you mean Firefighters (33-2011.00)?"),
            (["occupation:electrician", "wire"], 0, "Electricians")]:
        run = search(endpoint, *arguments)
        said = run.stdout + run.stderr
        check.that(f"skillsearch {' '.join(arguments)} reads names", run.returncode == code and shown in said
                   and "/filter/" not in said, run)
    for arguments, code, shown, hidden in [
            (["help"], 0, "Commands:", "qqq"), (["help", "help"], 0, "  help COMMAND ", "qqq"), (["help", "map"], 0, "Usage: skillsearch map TEXT", "--sort"),
            (["map", "--help"], 0, "--file FILE", "Commands:"), (["help", "comapre"], 2, "did you mean compare?", "qqq"),
            (["comapre", "43-9051"], 1, "no command comapre, so it was searched for; did you mean the command compare?", "qqq"),
            (["pijg", "mail"], 0, "no command pijg, so it was searched for; did you mean the command ping?", "qqq"),
            (["--json", "pijg", "mail"], 0, '"unknown":["pijg"]', '"ok":false'), (["mial"], 1, "Did you mean mail?", "command"),
            (["help", "desk"], 2, f"to search for the words: skillsearch search --connect {endpoint} help desk", "qqq"),
            (["search", "comapre", "43-9051"], 1, "Occurs nowhere: comapre", "the command"),
            (["export", "--help"], 0, "--sort ORDER", "--collapse")]:
        run = search(endpoint, *arguments)
        said = run.stdout + run.stderr
        check.that(f"{' '.join(arguments)} suggests what was probably meant", run.returncode == code and shown in said and hidden not in said, run)
    read = search(endpoint, "--json", "-", input="\"incoming mail\" route\n").stdout
    check.that("skillsearch - reads the query from standard input", json.loads(read)["read_as"] == 'AND("incoming mail" route)', read)
    levels = ["emerging", "developing", "proficient", "advanced"]
    for arguments, key in [(["export"], lambda hit: hit["id"]),
                           (["export", "--sort", "level"],
                            lambda hit: (levels.index(hit["level"]), hit["soc"], hit["position"])),
                           (["export", "--sort", "occupation"],
                            lambda hit: (hit["soc"], levels.index(hit["level"]), hit["position"]))]:
        hits = [json.loads(line) for line in search(endpoint, *arguments).stdout.splitlines()]
        check.that(f"{' '.join(arguments)} is sorted as requested", len(hits) == 560 and hits == sorted(hits, key=key))
    check.that("export refuses the order by relevance", search(endpoint, "export", "--sort", "relevance").returncode == 2)


def check_request_schema(check, peer):
    """The daemon refuses all requests that the schema refuses."""
    validator = schema("request")
    for members in [{"op": "fly"}, {"op": "similar"}, {"op": "compare", "occupation": "x", "level": "advanced"},
                    {"op": "crosswalk", "occupations": ["x"]}, {"op": "map", "text": "x", "limit": 0},
                    {"op": "suggest", "text": "x", "limit": 21}, {"op": "scan", "limit": 1001}, {"op": "facet_values"},
                    {"op": "analyze", "filter": {}}, {"op": "search", "collapse": {"keep": 1}},
                    {"op": "multi", "requests": []}, {"op": "multi", "requests": [{"op": "search", "deadline_ms": 1}]},
                    {"op": "multi", "requests": [{"op": "multi", "requests": [{"op": "health"}]}]},
                    {"op": "multi", "requests": [{"op": "search", "colour": 1}]}, {"op": "search", "requests": []}]:
        check.that(f"{json.dumps(members)} is refused by the schema and the daemon",
                   not validator.is_valid({"v": 1, **members}) and not peer.ask(**members)["ok"])


def check_command(check, endpoint):
    for arguments, code in [(["mail"], 0), (["xylophone"], 1), (["--no-such"], 2), (["mail AND"], 6)]:
        run = search(endpoint, *arguments)
        check.that(f"skillsearch {' '.join(arguments)} exits with {code}", run.returncode == code, run)
    check.that("the command exits with 3 when no daemon answers", search("tcp://127.0.0.1:1", "mail").returncode == 3)
    lines = search(endpoint, "--tsv", "--limit", "3", "mail").stdout.splitlines()
    check.that("--tsv has one line per hit", sum(len(line.split("\t")) == 6 for line in lines) >= 3, lines)


def after(peer, before):
    """Repeat the request until another generation, or another total, is returned."""
    for _ in range(1_000_000):
        reply = peer.ask(limit=0)
        if reply["generation"] != before["generation"] or reply["total"] != before["total"]:
            break
    return reply


def check_ids(check, daemon, folder, sources):
    """Ids survive a re-export that reorders, renames and adds statements; a changed wording gets another id."""
    peer = daemon.peer()
    before, old = peer.ask(limit=0), {s["id"] for s in claims.every_statement(peer)}
    path = os.path.join(sources, "43-9051.00.json")
    with open(path, encoding="utf-8") as file:
        export = json.load(file)
    os.remove(path)
    levels = export["framework"]["levels"]
    reworded = levels["emerging"]["statements"].pop()
    levels["emerging"]["statements"].append(reworded + " Daily.")
    for level in levels.values():
        level["statements"].reverse()
    with open(os.path.join(sources, "again.json"), "w", encoding="utf-8") as file:
        json.dump(export, file, indent=1)
    index(folder, sources)
    after(peer, before)
    lost = [i for at in range(0, len(old), 100) for i in peer.ask("get", ids=sorted(old)[at:at + 100])["missing"]]
    check.that("a re-export keeps all ids except that of a changed wording", len(lost) == 1, lost, reworded)


def check_figures(check, peer, endpoint):
    """stats as text and for Prometheus, and top."""
    text = search(endpoint, "stats", "--prometheus").stdout
    check.that("stats --prometheus has the text format of Prometheus", not exposition.faults(text), exposition.faults(text))
    samples = exposition.parse(text)[0]
    outcome = peer.ask("stats")
    check.that("stats --prometheus has the same figures as stats",
               samples["skillsearch_statements", ()] == outcome["index"]["statements"] == 560
               and samples["skillsearch_replies_total", (("code", "query_syntax"), ("op", "search"))]
               == outcome["by_op"]["search"]["replies"]["query_syntax"] > 0
               and samples["skillsearch_request_seconds_count", (("op", "search"),)]
               == sum(outcome["by_op"]["search"]["replies"].values()), text)
    check.that("the checker of the Prometheus format finds faults", all(exposition.faults(wrong) for wrong in (
        text + "x{", text.replace('le="+Inf"', 'le="9"'), text.replace("# TYPE skillsearch_workers gauge\n", ""))))
    lines = search(endpoint, "top", "--interval", "1", "--count", "2").stdout.splitlines()
    check.that("top writes one line per update", len(lines) == 3 and all(len(line.split()) == 11 for line in lines[1:]), lines)
    ours, theirs = pty.openpty()
    view = start([BUILD / "skillsearch", "--connect", endpoint, "top", "--interval", "1"], stdin=theirs,
                            stdout=theirs, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    seen = b""
    while b"q ends" not in seen:
        seen += os.read(ours, 4096)
    os.write(ours, b"q")
    check.that("top redraws in place and ends on q", view.wait(timeout=60) == 0 and b"\x1b[H" in seen, seen)
    os.close(ours)


def check_every_operation(check, peer):
    known = set(peer.ask("hello")["operations"])
    check.that("every operation was requested, and each reply matches its schema", known == peer.answered, known ^ peer.answered)


def check_reload(check, daemon, folder, sources):
    """A new generation is loaded automatically while requests are under way, and none fails."""
    peer = daemon.peer()
    before = peer.ask(limit=0)
    os.remove(os.path.join(sources, "51-4041.00.json"))
    report = index(folder, sources)
    check.that("the statements of a deleted export are removed", report["outcome"] == "published" and report["removed"] == 1, report)
    reply = after(peer, before)
    check.that("the daemon loads the new generation", reply["total"] == before["total"] - 40, reply)
    check.that("a run without changes publishes nothing", index(folder, sources)["outcome"] == "unchanged")


def check_diff(check, folder):
    """The generations before and after the deletion of an export."""
    def diff(*arguments):
        return subprocess.run([BUILD / "skillsearch-index", "--index", folder, "--diff", *arguments],
                              capture_output=True, text=True, check=False)
    outcome = json.loads(diff("--json").stdout)
    schema("diff").validate(outcome)
    check.that("--diff reports 40 removed statements", outcome["removed"] == len(outcome["changes"]) == 40, outcome)
    back = diff("--tsv", "2", "1").stdout.splitlines()
    check.that("--diff 2 1 reports 40 added statements",
               len(back) == 40 and all(len(line.split("\t")) == 6 and line.startswith("added\t") for line in back), back)
    for numbers in (["9"], ["1", "9"], ["9", "1"]):
        run = diff(*numbers)
        check.that(f"--diff {' '.join(numbers)} names the missing generation",
                   run.returncode == 1 and "there is no generation 9; --list shows them" in run.stderr, run)
    check.that("--diff refuses numbers and sources together", diff("1", "x").returncode == 2)
    for option, most in (("--keep", "1000"), ("--threads", "16"), ("--publish", "4294967295"), ("--shards", "64, or none")):
        for value in ("x", "0", "99999999999"):
            run = subprocess.run([BUILD / "skillsearch-index", "--index", folder, option, value], capture_output=True, text=True, check=False)
            check.that(f"{option} {value} is refused with the numbers that the option takes",
                       run.returncode == 2 and f"{option}: '{value}' is not a number from 1 to {most}\n" in run.stderr, run)
    run = subprocess.run([BUILD / "skillsearch-vectors", "--words", "0"], capture_output=True, text=True, check=False)
    check.that("and likewise --words of skillsearch-vectors", run.returncode == 2 and "--words: '0' is not a number from 1 to 1000000\n" in run.stderr, run)
    with tempfile.TemporaryDirectory(prefix="an empty index ") as empty:
        for place in (os.path.join(empty, "none"), empty):
            for command in (["--list"], ["--rollback"], ["--publish", "1"], ["--diff"], ["--publish-to", f"{empty}/x"], ["--export-bulk", "manticore", f"{empty}/x"]):
                run = subprocess.run([BUILD / "skillsearch-index", "--index", place, *command], capture_output=True, text=True, check=False)
                check.that(f"{command[0]} without an index names it, and how to build one", run.returncode == 1 and not os.path.exists(f"{empty}/x")
                           and run.stderr == f"skillsearch-index: {place}: no index here; build one with: "
                                             f"skillsearch-index --index {shlex.quote(place)} FOLDER\n", run)
                check.that(f"{command[0]} leaves nothing in a folder that is no index", not os.listdir(empty), os.listdir(empty))
    before = sorted(os.listdir(folder))
    for short in (["--rollb"], ["--allow-e"], ["--kee", "1"], ["--kee=1"]):
        run = subprocess.run([BUILD / "skillsearch-index", "--index", folder, *short], capture_output=True, text=True, check=False)
        check.that(f"the abbreviation {short} is refused", run.returncode == 2 and "unknown option" in run.stderr, run)
    current = os.readlink(os.path.join(folder, "current"))
    for command in (["--list"], ["--rollback"], ["--publish", "1"], ["--publish-to", "x"], ["--export-bulk", "manticore", "x"]):
        for option in (["--check"], ["--json"], ["--strict"], ["--only"], ["--keep", "3"], ["--threads", "1"], ["--allow-empty"], ["--allow-shrink"],
                       ["--vectors", "none"], ["--encoder", "x"], ["--level-from", "CFItemType"]):
            if (command[0], option[0]) in (("--publish-to", "--keep"), ("--list", "--json")):
                continue
            run = subprocess.run([BUILD / "skillsearch-index", "--index", folder, *command, *option], capture_output=True, text=True, check=False)
            check.that(f"{command[0]} {option[0]} is refused, and changes nothing", run.returncode == 2 and not run.stdout
                       and f"{option[0]} does not apply to {command[0]}\n" in run.stderr and os.readlink(os.path.join(folder, "current")) == current, run)
    for words, said in ((["--list", folder], "--index DIR names the folder of the index"),
                        (["--shards", "2"], "or --rebuild to read all sources of the index")):
        run = subprocess.run([BUILD / "skillsearch-index", "--index", folder, *words], capture_output=True, text=True, check=False)
        check.that(f"{words[0]} says what it needs", run.returncode == 2 and f"{said}\n" in run.stderr, run)
    check.that("an abbreviated option changes nothing in the index", sorted(os.listdir(folder)) == before)
    check.that("--diff with three numbers is refused", diff("1", "2", "1").returncode == 2)
    check.that("--diff fails for a missing source", diff("./1").returncode == 1)
    check_diff_of_sources(check, folder, diff)


def check_diff_of_sources(check, index_folder, diff):
    """--diff between the index and exports that it does not have yet."""
    before = sorted(os.listdir(index_folder))
    with tempfile.TemporaryDirectory() as delivery:
        source = Path(delivery) / "new.json"
        export = json.loads(next(p for p in sorted((ROOT / "corpus").iterdir()) if p.suffix == ".json").read_text())
        levels = export["framework"]["levels"]
        gone = levels["emerging"]["statements"].pop()
        levels["advanced"]["statements"].append(gone)
        levels["proficient"]["statements"].append("Nothing that anybody ever said — zyzzyva")
        export["exportedAt"] = "2999-01-01T00:00:00Z"
        source.write_text(json.dumps(export))
        outcome = json.loads(diff("--json", delivery).stdout)
        schema("diff").validate(outcome)
        check.that("--diff SOURCE reports what indexing would change",
                   [outcome[kind] for kind in ("added", "removed", "reworded", "moved", "edited")]
                   == [1, 0, 0, 1, 1], outcome)
        check.that("--diff SOURCE publishes nothing", outcome["after"]["generation"] == 0 and outcome["before"]["generation"] > 0)
        check.that("as text", "what indexing the sources would publish: 1 added, 0 removed, 0 reworded, 1 moved, 1 edited"
                   in diff(delivery).stdout)
        check.that("as TSV", sorted(line.split("\t")[0] for line in diff("--tsv", delivery).stdout.splitlines())
                   == ["added", "edited", "moved"])
    check.that("--diff SOURCE does not change the index", sorted(os.listdir(index_folder)) == before)


def main():
    check = Checks()
    with tempfile.TemporaryDirectory() as folder:
        sources, built = os.path.join(folder, "exports"), os.path.join(folder, "index")
        shutil.copytree(CORPUS, sources)
        report = index(built, sources)
        check.that("the whole corpus is indexed",
                   (report["exports"], report["statements"], report["problems"]) == (14, 560, []), report)
        daemon = Daemon(built)
        try:
            peer = daemon.peer()
            for op in ("hello", "stats", "health"):
                check.that(f"{op} answers", peer.ask(op)["ok"])
            check_searches(check, peer)
            check_facets(check, peer)
            check_sectors(check, peer, daemon.endpoint)
            check_refusals(check, peer)
            check_command(check, daemon.endpoint)
            check_answers(check, peer)
            check_texts(check, peer)
            check_collapse(check, peer)
            check_multi(check, peer)
            check_request_schema(check, peer)
            check_commands(check, daemon.endpoint)
            check_names(check, daemon.endpoint)
            check_figures(check, peer, daemon.endpoint)
            check_every_operation(check, peer)
            check_reload(check, daemon, built, sources)
            check_diff(check, built)
            check_ids(check, daemon, built, sources)
        finally:
            check.that("SIGTERM ends the daemon with 0", daemon.stop() == 0)
    return check.finish()


sys.exit(main())
