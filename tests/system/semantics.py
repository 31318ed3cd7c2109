"""Word vectors from the indexer to answers: statements get vectors; a daemon with the same file ranks by meaning; one
with another file or none ranks by words and logs why. The files are made here, with a few words each."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import zmq
from claims import counts_equal_totals, every_statement, not_first_for_their_own_words, pages_agree
from peer import BUILD, Checks, Daemon, index, schema

GROUPS = [["children", "kids", "pupils", "youngsters"], ["pumps", "valves", "engines", "compressors"],
          ["repair", "fix", "mend"], ["teach", "train", "instruct"], ["read", "write"], ["night", "evening"]]
STATEMENTS = {
    "emerging": ["Teach pumps to read at night", "Teach pupils to read at night", "Sweep halls"],
    "developing": ["Repair the valves of a hall", "Write to pupils in the evening"],
    "proficient": ["Train children to repair pumps", "Mend compressors"],
    "advanced": ["Fix compressors that others cannot repair", "Count the chairs"],
}
# Only one word differs, and it decides the order.
ASKED = {"teach engines night": "Teach pumps to read at night", "teach youngsters night": "Teach pupils to read at night"}


def write_exports(folder, socs):
    folder.mkdir()
    for soc in socs:
        (folder / f"{soc}.json").write_text(json.dumps({
            "schemaVersion": "1.0", "exportedAt": "2026-05-15T12:00:00.000Z",
            "occupation": {"soc": soc, "title": "Staff", "group": "Office", "sector": "55", "jobZone": 2,
                           "jobZoneInferred": False},
            "framework": {"version": "1", "description": "", "contextCovered": "", "levels": {
                level: {"label": level, "statements": texts} for level, texts in STATEMENTS.items()}}}))


def make_vectors(path, *more):
    vectors = {}
    for place, words in enumerate([*GROUPS, *more]):
        for word, text in enumerate(words):
            vectors[text] = [0] * place + [9, word / 4] + [0] * (98 - place) + [1, len(vectors)]
    source = path.with_suffix(".json")
    source.write_text(json.dumps({"dimensions": 100, "words": list(vectors), "vectors": vectors}))
    subprocess.run([BUILD / "skillsearch-vectors", "--output", path, source], check=True, capture_output=True)
    return path


def first_texts(peer, **members):
    return {text: peer.ask(q=text, match="any", **members)["hits"][0]["text"] for text in ASKED}


def log_of(daemon):
    daemon.log.seek(0)
    return daemon.log.read()


def vectors_of(peer):
    figures = peer.ask("stats")["index"]
    return figures["vectors"], figures["vectors_unused"]


def check_near_words(check, folder, place):
    """A changed table is loaded while the daemon runs; "none" uses no table."""
    table = folder / "near.tsv"
    table.write_text("zibble\tmissing\n")
    daemon = Daemon(place, "--near-words", table)
    peer = daemon.peer()
    check.that("a near word that no statement has finds nothing", peer.ask(q="zibble", match="meaning")["total"] == 0)
    changed = folder / "changed.tsv"
    changed.write_text("zibble\tpumps\t.9\tours\n")
    changed.replace(table)
    asked = 0
    while peer.ask("stats")["reloads"]["done"] < 1 and asked < 100000:
        asked += 1
    reply = peer.ask(q="zibble", match="meaning")
    check.that("a changed table is used without a restart", reply["total"] > 0 and
               reply["near"] == [{"term": "zibble", "word": "pumps", "weight": .9, "source": "ours"}], reply)
    peer.socket.close()
    daemon.stop()
    without = Daemon(place, "--near-words", "none")
    peer = without.peer()
    reply = peer.ask(q="kids", match="meaning")
    check.that("near words \"none\" use no table, not even the project's", reply["total"] == 0 and "near" not in reply and
               not peer.ask("analyze", q="kids").get("near"), reply)
    peer.socket.close()
    without.stop()
    check.that("near words \"none\" cause no warning", "no_near_words" not in log_of(without), log_of(without))
    both = subprocess.run([BUILD / "skillsearchd", "--index", place, "--near-words", "none", "--near-words", table],
                          capture_output=True, text=True, check=False, timeout=60)
    check.that("near words \"none\" together with a table are refused", both.returncode != 0 and "either tables or none" in both.stderr,
               both.stderr)


# The processor features by which glibc selects its functions for logarithms and powers, strongest first.
INSTRUCTIONS = ["", "-AVX512F,-AVX512VL", "-AVX512F,-AVX512VL,-AVX2,-FMA,-FMA4,-AVX"]
PLAIN_QUERIES = ["kids trash", "incoming mail for new staff", "look after kids", "fix broken machines", "calm upset customers",
                 "keep records of stock", "train new hires", "hand out paychecks"]


def check_instructions(check, folder):
    """Answers over the sample corpus, with the parts of scores, whatever instructions the C library may use."""
    place = folder / "corpus"
    index(place, os.environ["SKS_CORPUS"])
    replies = []
    for masked in INSTRUCTIONS:
        daemon = Daemon(place, before=["env", f"GLIBC_TUNABLES=glibc.cpu.hwcaps={masked}"] if masked else [])
        peer = daemon.peer()
        replies.append([{name: value for name, value in
                         peer.ask(q=q, match=match, limit=100, want=["explain"]).items() if name not in ("took_us", "id")}
                        for q in PLAIN_QUERIES for match in ("auto", "any", "meaning")])
        peer.socket.close()
        daemon.stop()
    for masked, reply in zip(INSTRUCTIONS[1:], replies[1:]):
        wrong = [(a, b) for a, b in zip(replies[0], reply) if a != b]
        check.that(f"the same answers without {masked}", not wrong and replies[0][0]["near"], wrong[:1])


def check_small(check, folder):
    """On the 560 statements of the sample corpus, the words of a duty find its statement first as often as without near
    words, and counts agree."""
    daemon = Daemon(folder / "corpus")
    peer = daemon.peer()
    statements = [hit for hit in every_statement(peer) if hit["duty"]]
    first = {meaning: {hit["id"] for hit in statements
                       if peer.ask(q=hit["duty"], match="any", limit=1, meaning=meaning)["hits"][0]["text"] == hit["text"]}
             for meaning in (True, False)}
    print(f"# {len(statements)} duties: {len(first[False])} find their statement first without near words, {len(first[True])} with them")
    check.that("near words lose no more than 1 % of the statements found by their duties",
               len(statements) > 400 and len(first[False] - first[True]) <= len(statements) / 100,
               sorted(first[False] - first[True]))
    late = not_first_for_their_own_words(peer, every_statement(peer))
    check.that("each statement is first for its own words", not late, late)
    for q in PLAIN_QUERIES:
        for match in ("auto", "any", "meaning"):
            check.that(f"counts are totals, and pages are one list: {q}, {match}",
                       not counts_equal_totals(peer, q=q, match=match) and pages_agree(peer, q=q, match=match))
    peer.socket.close()
    daemon.stop()


def check_indexer(check, folder, exports, vectors, other):
    place = folder / "index"

    def run(*arguments):
        return index(place, exports, arguments=arguments)["outcome"]

    def statements():
        return (place / "current" / "statements").stat().st_size

    check.that("an index without vectors is published", run("--vectors", "none") == "published")
    plain = statements()
    check.that("a new file of word vectors publishes a generation", run("--vectors", vectors) == "published")
    count = 2 * sum(map(len, STATEMENTS.values()))
    check.that("a statement's vector takes 64 bytes, besides a map of documents and gaps",
               0 <= statements() - plain - 64 * count <= 256, statements() - plain, count)
    check.that("the same file of word vectors publishes nothing", run("--vectors", vectors) == "unchanged")
    check.that("statements keep their vectors in a run without a file", run() == "unchanged")
    check.that("another file of word vectors publishes a generation", run("--vectors", other) == "published")
    check.that("word vectors \"none\" remove the vectors", run("--vectors", "none") == "published" and
               statements() < plain + 64 * count)
    missing = subprocess.run([BUILD / "skillsearch-index", "--index", place, "--vectors", folder / "missing", exports],
                             capture_output=True, text=True, check=False)
    check.that("a missing file of word vectors is refused by name", missing.returncode == 1 and "missing" in missing.stderr,
               missing.stderr)
    check.that("a run with the file makes the vectors again", run("--vectors", vectors) == "published")
    changed = json.loads((exports / "43-9051.00.json").read_text())
    changed["framework"]["levels"]["emerging"]["statements"].append("Sweep halls twice")
    (exports / "43-9051.00.json").write_text(json.dumps(changed))
    lost = subprocess.run([BUILD / "skillsearch-index", "--index", place, exports], capture_output=True, text=True,
                          check=False)
    check.that("a run that drops vectors warns about it", lost.returncode == 0 and "lose their vectors" in lost.stderr,
               lost.stderr)
    check.that("a later run with the file makes dropped vectors again", run("--vectors", vectors) == "published")
    return place


def check_answers(check, peer):
    check.that("stats says that vectors are used", vectors_of(peer) == (1, 0), vectors_of(peer))
    check.that("the statement with the meaning of the query is first", first_texts(peer) == ASKED, first_texts(peer))
    check.that("without meaning, both queries have the same first statement",
               len(set(first_texts(peer, meaning=False).values())) == 1)
    hits = peer.ask(q="teach engines night", match="any", want=["explain"])["hits"]
    parts = [part for hit in hits for part in hit["explain"] if part["part"] == "meaning"]
    check.that("explain has a part \"meaning\" that names two words",
               any(part["term"] == "engines" and part["word"] == "pumps" for part in parts), parts)
    check.that("the parts of a score add up", all(abs(sum(part["score"] for part in hit["explain"]) - hit["score"]) < .01
                                       for hit in hits), hits)
    for query in ({"q": "teach engines night"}, {"q": "repair compressors", "match": "any"}):
        check.that(f"counts are totals, and pages are one list: {query}",
                   not counts_equal_totals(peer, **query) and pages_agree(peer, **query))
        with_, without = (peer.ask(facets=["level", "occupation"], **{"match": "any", **query, "meaning": meaning})
                          for meaning in (True, False))
        check.that(f"meaning changes no count: {query}",
                   (with_["total"], with_["facets"]) == (without["total"], without["facets"]))


def reasons_add_up(reply):
    """Of every pair of a crosswalk, and of every cell of a comparison."""
    cells = reply.get("pairs") or [cell for row in reply["rows"] for cell in row["levels"].values() if cell]
    return all(abs(sum(reason["score"] for reason in cell.get("explain", cell.get("reasons", []))) - cell["likeness"])
               < 1e-4 for cell in cells)


def words_of_meaning(reply):
    return {(reason["term"], reason["word"]) for row in reply["rows"] for cell in row["levels"].values() if cell
            for reason in cell.get("reasons", []) if "word" in reason}


def likeness_requests(peer):
    ids = {hit["text"]: hit["id"] for hit in peer.ask(q="soc:43-9051.00", limit=100)["hits"]}
    return {"similar": {"statement": ids["Train children to repair pumps"]},
            "compare": {"occupation": "43-9051.00"},
            "crosswalk": {"occupations": ["43-9051.00", "43-9052.00"]},
            "map": {"text": "Teach engines at night. Teach youngsters at night."}}


def without_time(reply):
    return {name: value for name, value in reply.items() if name not in ("took_us", "id", "generation")}


def check_likeness(check, peer, endpoint, by_words):
    """Statements compared with statements: with vectors, without them in a request, and without them in the daemon."""
    for op, members in likeness_requests(peer).items():
        with_, plain = peer.ask(op, **members), peer.ask(op, meaning=False, **members)
        for reply in (with_, plain):
            schema(f"reply-{op}").validate(reply)
        check.that(f"{op} says what it compares by", (with_["compared_by"], plain["compared_by"]) == ("meaning", "words"),
                   with_, plain)
        check.that(f"{op} without meaning is what a daemon without vectors answers", without_time(plain) == by_words[op],
                   plain, by_words[op])
        check.that(f"{op} answers differently with vectors", without_time(with_) != {**by_words[op], "compared_by": "meaning"},
                   with_)
        check.that(f"{op}: the reasons add up", op in ("similar", "map") or
                   (reasons_add_up(with_) and reasons_add_up(plain)), with_)
    rows = peer.ask("compare", occupation="43-9051.00")
    check.that("compare joins two levels by words of similar meaning, and names them",
               any(one != other and any({one, other} <= set(group) for group in GROUPS)
                   for one, other in words_of_meaning(rows)), rows)
    asked = peer.ask("map", **likeness_requests(peer)["map"])["sentences"]
    check.that("map puts the statement with the meaning of the sentence first",
               [sentence["matches"][0]["text"] for sentence in asked] == list(ASKED.values()), asked)
    for arguments in (["compare", "43-9051"], ["crosswalk", "43-9051", "43-9052"], ["map", "Teach engines at night."],
                      ["similar", likeness_requests(peer)["similar"]["statement"]]):
        for option, wanted in ((), True), (("--no-meaning",), False):
            shown = subprocess.run([BUILD / "skillsearch", "--connect", endpoint, *arguments, *option], text=True,
                                   capture_output=True, check=False, timeout=60)
            check.that(f"{arguments[0]} {' '.join(option)} says on a terminal what it compares by",
                       shown.returncode == 0 and ("Compared by words and by meaning." in shown.stdout) == wanted,
                       shown.stdout, shown.stderr)


def main():
    check = Checks()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        exports = folder / "exports"
        write_exports(exports, ["43-9051.00", "43-9052.00"])
        vectors = make_vectors(folder / "words.vectors")
        other = make_vectors(folder / "other.vectors", ["zebra"])
        place = check_indexer(check, folder, exports, vectors, other)
        used = Daemon(place, "--vectors", vectors)
        peer = used.peer()
        check_answers(check, peer)
        plain = Daemon(place, "--vectors", "none")
        plain_peer = plain.peer()
        by_words = {op: without_time(plain_peer.ask(op, **members))
                    for op, members in likeness_requests(plain_peer).items()}
        plain_peer.socket.close()
        plain.stop()
        check_likeness(check, peer, used.endpoint, by_words)
        words = first_texts(peer, meaning=False)
        damaged = folder / "damaged.vectors"
        damaged.write_bytes(vectors.read_bytes()[:-1])
        for name, arguments, reason in (("another file", ["--vectors", other], "another file"),
                                        ("a damaged file", ["--vectors", damaged], "damaged"),
                                        ("a missing file", ["--vectors", folder / "missing"], "missing"),
                                        ("no file", [], "no file"), ("none", ["--vectors", "none"], None)):
            daemon = Daemon(place, *arguments)
            other_peer = daemon.peer()
            check.that(f"with {name}, the ranking is by words", first_texts(other_peer) == words and
                       vectors_of(other_peer) == (0, int(reason is not None)), vectors_of(other_peer))
            other_peer.socket.close()
            daemon.stop()
            log = log_of(daemon)
            check.that(f"with {name}, the log gives the reason", ("vectors_unused" in log and reason in log) if reason
                       else "vectors_unused" not in log, log)
        index(place, exports, arguments=["--vectors", "none"])
        asked = 0
        while peer.ask("stats")["reloads"]["done"] < 1 and asked < 100000:
            asked += 1
        check.that("an index that lost its vectors is ranked by words", vectors_of(peer) == (0, 0) and
                   first_texts(peer) == words)
        peer.socket.close()
        used.stop()
        check_near_words(check, folder, place)
        check_instructions(check, folder)
        check_small(check, folder)
    zmq.Context.instance().term()
    return check.finish()


sys.exit(main())
