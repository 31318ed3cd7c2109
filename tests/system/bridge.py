"""The bulk exports in other engines (make check-bridge): PostgreSQL, Lucene and Sphinx, started here, find as many
statements as the daemon for each of 300 requests of a kind, and count the same facets. SKS_INDEX names an index other than
that of the sample exports. Engines that are not installed are reported as skipped."""

import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import bulk
from peer import BUILD, Checks, Daemon, index
import rivals
from translate import Untranslatable, translate
from variables import variable

REQUESTS = 300
SEED = 20
ENGINES = [
    (rivals.PostgreSQL, "postgresql", rivals.postgres_programs, "postgresql"),
    (rivals.Lucene, "opensearch", rivals.lucene_path, "liblucene8-java, default-jdk-headless"),
    (rivals.Sphinx, "manticore", rivals.sphinx_programs, "sphinxsearch, mariadb-client-core"),
]


class Draw:
    """Requests made of the texts of an index, the same in each run."""

    def __init__(self, texts):
        self.texts, self.chance = texts, random.Random(SEED)

    def words(self, least, most, adjacent=False):
        while True:
            words = self.chance.choice(self.texts).split()
            count = self.chance.randint(least, most)
            if len(words) < count:
                continue
            start = self.chance.randint(0, len(words) - count)
            words = words[start:start + count] if adjacent else self.chance.sample(words, count)
            text = " ".join(words)
            if not set(text) & set('"=*-()~<>&:'):
                return words

    def form(self, word):
        """Now and then another form of a word, which no statement may have."""
        return word + self.chance.choice(["ing", "s", "ed", "ers"]) if self.chance.random() < .15 else word

    def bag(self):
        return " ".join(map(self.form, self.words(2, 5)))

    def few(self):
        return " ".join(map(self.form, self.words(2, 3)))

    def phrase(self):
        return f'"{" ".join(self.words(2, 4, adjacent=True))}"'

    def mixed(self):
        """The rest of the language."""
        one, two = self.words(2, 2)
        return self.chance.choice([
            f"={one}", f"{one} -{two}", f"{one} OR {two}", f"NOT {one} {two}", f"{one[:4].lower()}*", f"title:{one}",
            f"duty:{one}", f"level:advanced {one}", f"soc:43- {one}", f"zone:2 OR {one}", f"({one} OR {two}) AND -level:emerging",
            f"{self.phrase()} {one}", f"={self.phrase()}", f"duty:{one[:3].lower()}*", f"title:={one}", f'"{one} {two}" OR {two}',
            "sector:55 e-mail", "on-site", "healthcare", "follow-up OR email", "IT", "level:developing NOT zone:none", "WHO charts"])

    def near(self):
        one, two = self.words(2, 2, adjacent=self.chance.random() < .5)
        while one.lower() == two.lower():
            one, two = self.words(2, 2)
        return f"{one} NEAR/{self.chance.randint(1, 12)} {two}"


class Requests:
    """The requests of a kind, translated, and their totals."""

    def __init__(self, peer, texts, match):
        self.totals, self.queries, self.texts = [], [], []
        for text in texts:
            analysis = peer.ask("analyze", q=text, match=match)
            if not analysis["ok"]:
                continue
            try:
                query = translate(analysis, match)
            except Untranslatable:
                continue
            self.texts.append(text)
            self.queries.append(query)
            self.totals.append(peer.total(q=text, match=match))


def draw(peer, make, match):
    """REQUESTS requests that can be translated."""
    found = Requests(peer, [make() for _ in range(2 * REQUESTS)], match)
    found.texts, found.queries, found.totals = (part[:REQUESTS] for part in (found.texts, found.queries, found.totals))
    return found


def compare_totals(check, engine, kind, requests):
    totals = engine.totals(requests.queries)
    more = kind == "near" and engine.near_counts_compounds_as_words
    wrong = [(text, ours, theirs, query) for text, ours, theirs, query
             in zip(requests.texts, requests.totals, totals, requests.queries) if ours != theirs and not (more and ours < theirs)]
    claim = "at least as many" if more else "as many"
    check.that(f"{engine.name}: {len(totals)} requests \"{kind}\" find {claim} statements",
               len(totals) == len(requests.texts) == REQUESTS and not wrong, f"{len(wrong)} differ: {wrong[:4]}")
    if more:
        print(f"# {engine.name}: equal in {sum(map(int.__eq__, totals, requests.totals))}")


def compare_facets(check, engine, peer, requests):
    """Counts of all facets, each without its own filter."""
    filters = {"level": ["advanced", "developing"], "zone": ["2", "3", "4"]}
    wrong = []
    for text, query in list(zip(requests.texts, requests.queries))[:20]:
        reply = peer.ask(q=text, match="any", limit=0, filter=filters, facets=[{"name": facet, "limit": 1000} for facet in rivals.FACETS])
        total, counts = engine.facets(query, filters)
        for facet, values in reply["facets"].items():
            ours = {value["value"]: value["count"] for value in values if value["count"]}
            theirs = counts[facet] if len(values) < 1000 else {value: counts[facet].get(value) for value in ours}
            if ours != theirs or total != reply["total"]:
                wrong.append((text, facet, total, reply["total"], ours, theirs))
    check.that(f"{engine.name}: the counts of all facets are equal, each without its own filter", not wrong, str(wrong[:1])[:1500])


def check_examples(check, engine):
    """The commands of docs/bridge.md with a query."""
    page = (rivals.ROOT / "docs/bridge.md").read_text(encoding="utf-8")
    for query in re.findall(r'^\$ (?:psql -c|mysql .* -e) "(SELECT .*)"$', page, re.M):
        if (isinstance(engine, rivals.PostgreSQL)) == ("skillsearch." in query):
            check.that(f"{engine.name}: the page's example finds something: {query[:60]}", engine.example(query).strip())


def check_hostile(check, root):
    """Texts and words with signs and letters of all kinds, in each engine, and by each way to load them."""
    with bulk.Place(texts=bulk.HOSTILE) as place:
        daemon = Daemon(place.root / "index")
        peer = daemon.peer()
        for form in bulk.FORMATS:
            place.bulk(form, form)
        texts = {(row["id"], row["text"]) for row in place.exported()}
        words = sorted({word["form"] for text in bulk.HOSTILE
                        for word in peer.ask("analyze", q=" ".join(text.replace('"', " ").split()))["words"]})
        requests = Requests(peer, [f'"{word}"' for word in words], "all")
        os.chmod(place.root, 0o755)
        for engine_class, form, installed, _ in ENGINES:
            for option in ["plain", "realtime"] if engine_class is rivals.Sphinx else [None]:
                if not installed():
                    continue
                folder = f"{root}/hostile-{engine_class.name}-{option}"
                os.mkdir(folder)
                engine = engine_class(place.root / form, folder, *[option] * bool(option))
                try:
                    name = engine.name + (f", {option}" if option else "")
                    totals = engine.totals(requests.queries)
                    wrong = [pair for pair in zip(requests.texts, requests.totals, totals) if pair[1] != pair[2]]
                    check.that(f"{name}: words of hostile texts find as many statements", len(totals) > 50 and not wrong, wrong[:5])
                    if hasattr(engine, "answers"):
                        answers = engine.answers(("all",))
                        check.that(f"{name}: hostile texts are unchanged", answers == texts, list(answers ^ texts)[:2])
                    if engine_class is rivals.PostgreSQL:
                        engine.run("-f", "load.sql", cwd=place.root / form)
                        check.that("PostgreSQL: loading again replaces the tables", engine.answers(("all",)) == texts)
                        counts = engine.run("-c", "SELECT sum (statements) FROM skillsearch.facet_value GROUP BY facet").split()
                        check.that("PostgreSQL: the values of each facet have all statements", counts == [str(len(texts))] * 6, counts)
                finally:
                    engine.stop()
        daemon.stop()


def main():
    check = Checks()
    with tempfile.TemporaryDirectory() as root:
        os.chmod(root, 0o755)
        folder = os.environ.get("SKS_INDEX") or f"{root}/index"
        if folder == f"{root}/index":
            index(folder, variable("SKS_CORPUS"))
        daemon = Daemon(folder)
        peer = daemon.peer()
        exports = {}
        for form in ("opensearch", "postgresql", "manticore"):
            exports[form] = f"{root}/{form}"
            subprocess.run([BUILD / "skillsearch-index", "--quiet", "--index", folder, "--export-bulk", form, exports[form]], check=True)
        texts = [json.loads(line)["text"] for name in sorted(pathlib.Path(exports["opensearch"]).glob("statements-*"))
                 for line in open(name, encoding="utf-8") if not line.startswith('{"index"')]
        chance = Draw(texts)
        kinds = {"any": draw(peer, chance.bag, "any"), "all": draw(peer, chance.few, "all"),
                 "phrase": draw(peer, chance.phrase, "all"), "mixed": draw(peer, chance.mixed, "all"),
                 "near": draw(peer, chance.near, "all")}
        for kind, requests in kinds.items():
            found = sum(total > 0 for total in requests.totals)
            check.that(f"most requests \"{kind}\" find something", found > len(requests.totals) / 2, found)
        for engine_class, form, installed, packages in ENGINES:
            if not installed():
                print(f"skipped {engine_class.name}: not installed ({packages}); make check-bridge installs it")
                continue
            os.mkdir(f"{root}/{engine_class.name}")
            engine = engine_class(exports[form], f"{root}/{engine_class.name}")
            try:
                for kind, requests in kinds.items():
                    compare_totals(check, engine, kind, requests)
                compare_facets(check, engine, peer, kinds["any"])
                if hasattr(engine, "example"):
                    check_examples(check, engine)
                figures = " / ".join(f"{engine.typical_ms(kinds[kind].queries[:100]):.2f}" for kind in ("any", "all", "phrase"))
                print(f"# {engine.name}: loaded in {engine.seconds:.1f} s, {engine.bytes:,} bytes; ten hits and all counts,"
                      f" median ms of any / all / phrase: {figures}")
            finally:
                engine.stop()
        check.that("the daemon ends without an error", daemon.stop() == 0)
        check_hostile(check, root)
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
