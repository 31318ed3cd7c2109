"""Claims about real exports, if they are available: $SKS_DATA has seeds/ and onet/exports/ (see the README there).
$SKS_VECTORS names a file of word vectors, $SKS_ENCODER a sentence encoder; else those of make vectors and make encoder
are used, if they were made."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import time

import claims
from peer import BUILD, ROOT, Checks, Daemon, index, schema, start

DATA = os.environ.get("SKS_DATA", "")
VECTORS = os.environ.get("SKS_VECTORS", ROOT / "build" / "vectors" / "words.vectors")
ENCODER = os.environ.get("SKS_ENCODER", ROOT / "build" / "encoder" / "sentence.encoder")
sys.path.append(str(ROOT / "tests" / "bench"))


def facet(reply, name):
    return {value["value"]: value["count"] for value in reply["facets"][name]}


def check_seeds(check, folder):
    report = index(os.path.join(folder, "seeds"), os.path.join(DATA, "seeds"))
    check.that("seeds are recognised by their content", (report["exports"], report["statements"]) == (2, 80), report)
    daemon = Daemon(os.path.join(folder, "seeds"))
    peer = daemon.peer()
    reply = peer.ask(limit=0, facets=claims.ask_facets())
    check.that("the seeds have 80 statements, 40 in each of 2 occupations", reply["total"] == 80
               and sorted(facet(reply, "occupation").values()) == [40, 40], reply)
    check.that("4 levels of 20", facet(reply, "level") == {level: 20 for level in claims.LEVELS})
    check.that("sector 55 has all 80 statements", facet(reply, "sector") == {"55": 80})
    check.that("zone 2 has 40 statements, and 40 have no zone", facet(reply, "zone") == {"2": 40, "none": 40})
    totals = [peer.total(q=q) for q in ("Routing mail", "routing MAIL", "routed mail")]
    check.that("Routing mail, routing MAIL and routed mail have the same total", len(set(totals)) == 1, totals)
    reply = peer.ask(q='"active listening"')
    check.that('"active listening" finds one statement and marks its words', reply["total"] == 1
               and claims.marked_words(reply["hits"][0]) == ["Active listening"], reply)
    exports = read_exports(os.path.join(DATA, "seeds"))
    wrong = claims.wrong_occupations(peer, exports)
    check.that("occupation returns the content of each genuine export", len(exports) == 2 and not wrong, wrong[:1])
    late = claims.not_first_for_their_own_words(peer, claims.every_statement(peer))
    check.that("each of the 80 statements is the first hit for its own words", not late, late)
    check_paraphrases(check, peer)
    for q in ("cost-benefit of new administrative technology", "costs and benefits of new administrative technology"):
        first = peer.ask(q=q)["hits"][0]["text"].lower()
        check.that("one early rare word does not outweigh several matching ones", "cost-benefit" in first, (q, first))
    wrong = claims.counts_equal_totals(peer) + claims.counts_equal_totals(peer, q="mail")
    check.that("each count is the total when filtered by it", not wrong, wrong[:3])
    daemon.stop()


def read_exports(folder):
    return [json.loads(open(os.path.join(folder, name), encoding="utf-8").read()) for name in sorted(os.listdir(folder))
            if not name.endswith(".md")]


def paraphrases():
    """Everyday words, and the text of the statement of the seeds that they mean."""
    texts = {f"{export['occupation']['soc']}/{level}/{place}": text
             for export in read_exports(os.path.join(DATA, "seeds")) for level in claims.LEVELS
             for place, text in enumerate(export["framework"]["levels"][level]["statements"], 1)}
    for line in (ROOT / "tests/bench/paraphrases.tsv").read_text().splitlines():
        query, key = line.split("\t")
        yield query, claims.squeezed(texts[key])


def first_text(peer, **query):
    hits = peer.ask(limit=1, **query)["hits"]
    return hits[0]["text"] if hits else None


def check_paraphrases(check, peer):
    """Everyday words find the statement they mean, with near words as without."""
    late = {meaning: [query for query, text in paraphrases() if first_text(peer, q=query, meaning=meaning) != text]
            for meaning in (True, False)}
    check.that("49 of 50 paraphrases find their statement first", len(late[True]) <= 1, late)
    check.that("near words lose none of them", set(late[True]) <= set(late[False]), late)


def copy_exports(source, target, suffix):
    """Copies under different codes, because an index keeps one export per code."""
    os.mkdir(target)
    for number, export in enumerate(read_exports(source)):
        occupation = export["occupation"]
        occupation["soc"] = occupation["soc"].split(".")[0] + suffix
        with open(os.path.join(target, f"{number}.json"), "w", encoding="utf-8") as file:
            json.dump(export, file)
    return target


def meanings():
    """What changes the order, and the arguments of indexer and daemon for it; only what was made."""
    files = [("vectors", VECTORS), ("encoder", ENCODER)]
    made = [(name, path) for name, path in files if os.path.exists(path)]
    for name, _ in (file for file in files if file not in made):
        print(f"skipped the {name}: it was not made (make {name})")
    return [(" and ".join(["near words", *(name for name, _ in made[:count])]),
             [argument for name, path in made[:count] for argument in (f"--{name}", path)] if count else ["--vectors", "none"])
            for count in range(len(made) + 1)]


def check_known_items(check, folder):
    """Beside 19,000 other statements near words, word vectors and the encoder lose at most one paraphrase."""
    sources = [copy_exports(os.path.join(DATA, "seeds"), os.path.join(folder, "seeds-alone"), ".98"),
               copy_exports(os.environ["SKS_CORPUS"], os.path.join(folder, "corpus-alone"), ".99"),
               os.path.join(DATA, "onet", "exports")]
    layers = meanings()
    index(os.path.join(folder, "all"), *sources, arguments=layers[-1][1])
    for layer, arguments in layers:
        daemon = Daemon(os.path.join(folder, "all"), *arguments)
        peer = daemon.peer()
        check.that("the three sources are one index", peer.total() == 80 + 560 + 18796, peer.total())
        for match in ("auto", "any"):
            first = {meaning: {query for query, text in paraphrases()
                               if first_text(peer, q=query, match=match, meaning=meaning) == text} for meaning in (True, False)}
            print(f"# {match}: {len(first[False])} of 50 first by words alone, {len(first[True])} with {layer}")
            lost, won = first[False] - first[True], first[True] - first[False]
            check.that(f"{layer} lose at most one paraphrase more than they win: {match}",
                       len(lost) <= len(won) + 1 and len(first[False]) > 30, lost, won)
            check.that(f"near words alone lose at most one: {match}", layer != "near words" or len(lost) <= 1, lost)
        check_same_counts(check, peer, layer)
        daemon.stop()


def check_same_counts(check, peer, layer):
    """No total and no count of a facet changes with the order."""
    changed = []
    for q in onet_texts()[::20]:
        replies = [peer.ask(q=q, match="any", limit=0, facets=claims.ask_facets(), meaning=meaning) for meaning in (True, False)]
        if len({json.dumps([reply[name] for name in ("total", "matched_all", "facets")]) for reply in replies}) > 1:
            changed.append(q)
    check.that(f"counts are the same with {layer}", not changed, changed)


def onet_texts():
    return [line.split("\t")[1].strip() for name in ("queries.tsv", "everyday.tsv")
            for line in open(os.path.join(DATA, "onet", name), encoding="utf-8")]


def check_whole_first(check, peer):
    """A few statements with every word are not ranked below others."""
    asked, buried = 0, []
    for q in onet_texts():
        reply = peer.ask(q=q, limit=1)
        if 1 <= reply["matched_all"] <= 9:
            asked += 1
            whole = {hit["id"] for hit in peer.ask(q=q, match="all")["hits"]}
            if reply["hits"][0]["id"] not in whole:
                buried.append(q)
    print(f"# of {asked} texts with one to nine full matches, {len(buried)} do not have one first")
    check.that("at most 1 % of texts with one to nine full matches do not have one first", asked > 200 and len(buried) <= asked / 100,
               buried)


def check_pages(check, peer):
    for q in ("onboard new hires", "look after kids", "keep an eye on gauges", "maintain records"):
        for match in ("auto", "any", "meaning"):
            check.that(f"pages are one list: {q}, {match}", claims.pages_agree(peer, q=q, match=match))


def check_onet(check, folder):
    built = os.path.join(folder, "onet")
    report = index(built, os.path.join(DATA, "onet", "exports"))
    check.that("the O*NET exports have 18,796 statements of 923 occupations", (report["statements"], report["occupations"]) == (18796, 923),
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
    exports = read_exports(os.path.join(DATA, "onet", "exports"))
    wrong = claims.wrong_occupations(peer, exports)
    check.that("occupation returns the content of each of 923 exports", len(exports) == 923 and not wrong, wrong[:1])
    check_compounds(check, peer, os.path.join(DATA, "onet", "exports"))
    check_forms(check, peer)
    check_titles(check, peer, os.path.join(DATA, "onet", "exports"))
    check_capitals(check, peer, os.path.join(DATA, "onet", "exports"))
    check_suggestions(check, peer, os.path.join(DATA, "onet", "exports"))
    check_everyday(check, peer)
    check_whole_first(check, peer)
    check_pages(check, peer)
    daemon.stop()


def judged(folder, vectors):
    """The judged pairs with their likeness, from indexes made with these vectors, or none."""
    import likeness
    places = []
    for name, source in (("seeds", os.path.join(DATA, "seeds")), ("onet", os.path.join(DATA, "onet", "exports")),
                         ("corpus", ROOT / "corpus")):
        places.append(os.path.join(folder, f"judged-{name}"))
        index(places[-1], source, arguments=("--vectors", vectors))
    run = subprocess.run([BUILD / "test-likeness", "judged", vectors, "none", ROOT / "tests/bench/likeness.tsv", *places],
                         capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    rows = likeness.read(run.stdout.splitlines())
    return rows, [[likeness.area([row[likeness.COLUMNS[name]] for row in rows], good)
                   for good in likeness.targets(rows).values()] for name in ("words", "both")]


def check_likeness(check, folder):
    """Likeness agrees with a reader who judged pairs of the same exports."""
    rows, (words, _) = judged(folder, "none")
    check.that("every judged pair is found", len(rows) == 131, len(rows))
    check.that("likeness of words orders them: areas of .77 and .74 at least", words[0] >= .77 and words[1] >= .74, words)
    loose = [row for row in rows if row[0] == "compare" and .1 <= row[2] < .15]
    check.that("loose pairs by words are unrelated in four cases of ten",
               (len(loose), sum(row[1] == "no" for row in loose)) == (10, 4), loose)
    if not os.path.exists(VECTORS):
        print("skipped likeness by meaning: no file of word vectors (make vectors, or $SKS_VECTORS)")
        return
    words_before, both = judged(folder, VECTORS)[1]
    check.that("vectors change nothing in the likeness of words", words_before == words, words_before, words)
    check.that("words and meaning order them better: .03 more for both",
               all(after >= before + .03 for before, after in zip(words, both)), words, both)


# The stop words of docs/query-language.md.
STOP = set("""a all an and andor any are as at be but by each etc for from how if in into is it its no not of on or other
    others own per related such that the their them then there these they this to use used uses using various was what
    when which who will with""".split())


def check_compounds(check, peer, exports):
    """Searches for compounds: how many of the statements with the typed compound they find."""
    holding, words = {}, {}
    for name in sorted(os.listdir(exports)):
        with open(os.path.join(exports, name), encoding="utf-8") as file:
            levels = json.load(file)["framework"]["levels"].values()
        for text in (text for level in levels for text in level["statements"]):
            for found in re.findall(r"[a-z]+(?:[-/][a-z]+)+", text.lower()):
                holding.setdefault(found, set()).add(text)
            for found in re.findall(r"[a-z]+", text.lower()):
                words.setdefault(found, set()).add(text)
    first, wanted, stopped, both, all_of = 0, 0, 0, [0, 0], 0
    for compound, texts in holding.items():
        pieces, joined = re.split("[-/]", compound), compound.replace("-", "")
        if STOP.intersection(pieces) and not STOP.issuperset(pieces):
            # Occupations share texts, so the hits may be more than the texts.
            most = min(10, len(texts))
            stopped, wanted = stopped + 1, wanted + most
            first += min(most, sum(hit["text"] in texts for hit in peer.ask(q=compound)["hits"]))
        if joined in words:
            either = texts | words[joined]
            all_of += len(either)
            for i, q in enumerate((compound, joined)):
                both[i] += len(either & {hit["text"] for hit in peer.ask(q=q, match="all", limit=100)["hits"]})
    print(f"# {stopped} compounds: {first} of {wanted} in first tens; {both[0]} and {both[1]} of {all_of} by either form")
    check.that("compounds with a stop word find their statements among the first ten hits", first >= 0.98 * wanted > 200,
               (first, wanted))
    check.that("either spelling of a compound finds the statements with both", min(both) >= 0.95 * all_of > 100,
               (both, all_of))


def statements_of(exports):
    return sorted({text for export in read_exports(exports) for level in export["framework"]["levels"].values()
                   for text in level["statements"]})


def check_capitals(check, peer, exports):
    """Statements with emphasised words are read as sentences, with a note at each operator."""
    texts = [text for text in statements_of(exports) if re.search(r"\b(and|or|not)\b", text)][::20]
    operators = [re.sub(r"\b(and|or|not)\b", lambda word: word[0].upper(), text) for text in texts]
    emphasis = [re.sub(r"(?<= )[a-z]{3,}(?=\W*$)", lambda word: word[0].upper(), text) for text in operators]
    for name, queries in [("operators", operators), ("operators and the last word", emphasis)]:
        replies = [peer.ask(q=text, limit=0) for text in queries]
        read = [reply for text, reply in zip(queries, replies)
                if sum(note["code"] == "operator" for note in reply["notes"]) == len(re.findall(r"\b(?:AND|OR|NOT)\b", text))
                and not re.search(r"\b(AND|OR|NOT)\(", reply["read_as"])]
        print(f"# {name} in capitals: {len(read)} of {len(texts)} statements are read as sentences")
        check.that(f"99 % of the statements with {name} in capitals are read as sentences",
                   len(read) >= 0.99 * len(texts) > 300, (len(read), len(texts)))


def check_suggestions(check, peer, exports):
    """Misspelt words get a suggestion; words of the index and other correct words do not."""
    known = sorted({word for text in statements_of(exports) for word in re.findall("[a-z]{3,}", text.lower())})[::20]
    corrected = [form for word in [*known, "blood"] for form in (word, word + "!", f"food {word}")
                 if peer.ask(q=form, limit=0)["suggestion"]]
    check.that("no word of a statement is corrected", not corrected, corrected[:5])
    other = ["inch", "prep", "plus", "plus!", "12 inch", "hate mail", "meal prep", "birthday cakes", "plus-size", "slow", "hope"]
    corrected = [text for text in other if peer.ask(q=text, limit=0)["suggestion"]]
    check.that("correct words that no statement has are not corrected", not corrected, corrected)
    wrong = [text for text, query in [("mial", "mail"), ("helthcare", "healthcare"), ("blod", "blood"), ("watr plants", "water plants"),
                                      ("recieve mail", "receive mail"), ("helthcare jobs", "healthcare jobs")]
             if (peer.ask(q=text, limit=0)["suggestion"] or {}).get("query") != query]
    check.that("misspelt words are corrected", not wrong, wrong)


# Each shares its stem with a word of another meaning that far more statements contain.
RARE_FORMS = ["organ", "animation", "positive", "casing", "authority", "collectibles", "informal", "lubricant",
              "applicant", "appliance", "appointment", "advertisement"]


def check_forms(check, peer):
    """A single word finds statements with its exact form before those with other words of its stem."""
    for word in RARE_FORMS:
        exact = {hit["id"] for hit in peer.ask(q="=" + word, limit=100)["hits"]}
        first = {hit["id"] for hit in peer.ask(q=word)["hits"]}
        check.that(f"the first hits of {word} are statements with that form", exact and len(exact & first) == min(10, len(exact)),
                   (len(exact & first), len(exact)))


def check_titles(check, peer, exports):
    """The title of an occupation finds statements, and nearly always its own."""
    titles = {}
    for name in sorted(os.listdir(exports)):
        with open(os.path.join(exports, name), encoding="utf-8") as file:
            occupation = json.load(file)["occupation"]
        titles[occupation["soc"]] = occupation["title"]
    nothing, strange = [], []
    for soc, title in titles.items():
        hits = peer.ask(q=title)["hits"]
        if not hits:
            nothing.append(title)
        if soc not in {hit["soc"] for hit in hits}:
            strange.append(title)
    print(f"# titles: {len(nothing)} find nothing, {len(strange)} of {len(titles)} have none of their own first")
    check.that("every title finds statements", len(titles) == 923 and not nothing, nothing[:3])
    check.that("at most 60 titles lack a statement of their own among the first ten", len(strange) <= 60, strange[:3])
    reply = peer.ask(q="podiatrists", match="all")
    check.that("a strict search offers the title", reply["total"] == 0
               and reply["suggestion"]["query"] == "title:podiatrists", reply)


def check_everyday(check, peer):
    """Questions and pasted texts find relevant statements."""
    for q, word in [("calm upset customers", "customer"), ("soothe irate clients", "client"),
                    ("vorplig customers", "customer"), ("how do I handle an angry customer?", "customer"),
                    ("I am a nurse", "nurs"), ("look after kids", "child"), ("SAFETY AND HEALTH RULES COMPLIANCE TRAINING", "safety")]:
        hits = peer.ask(q=q)["hits"]
        check.that(f"{q!r} finds statements about {word}", hits and word in hits[0]["text"].lower(), hits[:1])
    # Words with several meanings: the meaning in the query is among the first ten hits.
    for q, word in [("how do I deal with an angry customer?", "customer"),
                    ("Customer relationship management (CRM) software", "customer")]:
        hits = peer.ask(q=q)["hits"]
        check.that(f"{q!r} has statements about {word} among the first ten hits",
                   any(word in hit["text"].lower() for hit in hits), hits)
    reply = peer.ask(q="co*")
    check.that("co* stands for all words with this prefix", reply["total"] > 1000 and not reply["notes"], reply["notes"])


def diff(built, *arguments, expect=0):
    run = subprocess.run([BUILD / "skillsearch-index", "--index", built, "--diff", "--json", *arguments],
                         capture_output=True, text=True, check=False)
    assert run.returncode == expect, run.stderr
    outcome = json.loads(run.stdout)
    schema("diff").validate(outcome)
    return outcome


def edit(source, name, change):
    """Change the statements of an export, by level."""
    path = os.path.join(source, name)
    with open(path, encoding="utf-8") as file:
        export = json.load(file)
    change({level: value["statements"] for level, value in export["framework"]["levels"].items()})
    with open(path, "w", encoding="utf-8") as file:
        json.dump(export, file)


def check_changes(check, folder):
    """Indexing an edited folder does what --check and --diff predicted."""
    built, source = os.path.join(folder, "onet"), os.path.join(folder, "edited")
    shutil.copytree(os.path.join(DATA, "onet", "exports"), source)
    index(built, source, arguments=("--only",))
    names = sorted(os.listdir(source))
    edit(source, names[10], lambda s: s["emerging"].append("Tame zebras for the circus — with sugar"))
    edit(source, names[20], lambda s: s["advanced"].append(s["emerging"].pop()))
    edit(source, names[30], lambda s: s["developing"].__setitem__(0, s["developing"][0] + " Twice."))
    os.unlink(os.path.join(source, names[40]))
    with open(os.path.join(source, names[50]), encoding="utf-8") as file:
        export = json.load(file)
    export["occupation"]["soc"] = "99-9999.99"
    with open(os.path.join(source, "new.json"), "w", encoding="utf-8") as file:
        json.dump(export, file)
    with open(os.path.join(source, "broken.json"), "w", encoding="utf-8") as file:
        file.write('{"schemaVersion":"1.0",')
    counts = ("added", "changed", "removed", "kept")
    forecast = index(built, source, arguments=("--check",), expect=(3,))
    check.that("--check counts new, changed, removed, kept and broken exports",
               [forecast[name] for name in counts] + [len(forecast["problems"])] == [1, 3, 1, 919, 1], forecast)
    preview = diff(built, source, expect=3)
    done = index(built, source, expect=(3,))
    check.that("indexing has the counts that --check predicted", all(done[name] == forecast[name] for name in counts)
               and (done["statements"], done["outcome"]) == (forecast["statements"], "published"), done)
    after = diff(built)
    check.that("--diff SOURCE predicts the difference between the generations",
               preview["changes"] == after["changes"] and after["moved"] == after["reworded"] == 1, after)
    again = os.path.join(folder, "again")
    index(again, source, expect=(3,))
    check_same_answers(check, built, again)
    return source


def check_same_answers(check, built, again):
    """An index updated from the previous one gives the same answers as one built from scratch."""
    queries = [line.split("\t")[1].strip() for line in
               open(os.path.join(DATA, "onet", "queries.tsv"), encoding="utf-8")][:200]
    replies = []
    for folder in (built, again):
        daemon = Daemon(folder)
        peer = daemon.peer()
        replies.append([{k: v for k, v in peer.ask(q=q, match="any", facets=claims.ask_facets(), want=["explain"]).items()
                         if k not in ("took_us", "generation", "id")} for q in queries])
        daemon.stop()
    wrong = [(q, a, b) for q, a, b in zip(queries, *replies) if a != b]
    check.that("200 queries get the same answers from an index built from scratch", not wrong, wrong[:1])


def check_progress(check, folder, source):
    """What a person sees: a bar with the rate and the time left, erased at the end."""
    screen, terminal = pty.openpty()
    seen = b""
    run = start([BUILD / "skillsearch-index", "--threads", "1", "--index", os.path.join(folder, "bar"), source],
                           stdout=subprocess.DEVNULL, stderr=terminal)
    os.close(terminal)
    try:
        while part := os.read(screen, 65536):
            seen += part
    except OSError:  # the other end of the terminal is closed
        pass
    run.wait()
    text = seen.decode()
    frames = [frame for frame in re.split("[\r\n]", text) if frame.startswith("[")]
    shape = r"\[[#.]+\] (reading|building) [\d,]+ of [\d,]+ (files|statements)(, [\d,]+ a second, [\dhmins ]+ left)?"
    wrong = [frame for frame in frames if not re.match(shape, frame)]
    # A short run shows no bar.
    check.that("a bar shows the progress, the rate and the time left", not wrong, wrong[:2])
    print(f"# {len(frames)} looks at the bar")
    check.that("the bar is erased before the summary", "\r\x1b[K" in text or not frames)
    check.that("only the summary remains on the screen", re.search(r"(^|\n|\x1b\[K)published: generation 1, ", text), text[-300:])


def main():
    check = Checks()
    if not DATA or not os.path.isdir(os.path.join(DATA, "seeds")):
        print("skipped claims over real exports: $SKS_DATA names no folder with seeds/")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        check_seeds(check, folder)
        check_onet(check, folder)
        check_known_items(check, folder)
        check_likeness(check, folder)
        check_progress(check, folder, check_changes(check, folder))
    return check.finish()


sys.exit(main())
