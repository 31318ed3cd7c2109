"""skillsearch-index --export-bulk: what the files have is read back here by readers of their own, and is what the command
exports; hostile texts stay whole; the same index gives the same bytes; a folder is complete or not there. Other engines
read the files in bridge.py."""

import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile

from peer import BUILD, Checks, Daemon
from translate import encoded
from variables import variable

CORPUS = pathlib.Path(variable("SKS_CORPUS"))
FORMATS = ["opensearch", "postgresql", "manticore"]
LEVELS = ["emerging", "developing", "proficient", "advanced"]
FILE_BYTES = 10 << 20
NUL = "\0"
HOSTILE = [
    "\\N", "\\.", "Tabs\tand\nlines\r\nin a text", "Back\\slashes \\' \\\\ at the end \\", "It's 'quoted', \"twice\" and ''again''",
    "'); DROP TABLE statement; --", "{\"index\":{}} , [1] # not JSON", "Non-BMP 𝒜𝓫𝓬 and 😀 signs, 𐐀𐐁 letters", "C++, C# and .NET, R&D, 24/7 | 50% @home ~ ^x",
    "Naïve Ænglisc ŠČ straße Ωmega слово 漢字 𠀀𠀁 हिन्दी עברית", "e-mail on-site face-to-face — IT support for I.T. by WHO", "U+2028\u2028line\u2029paragraph\u0085next",
    "Shifts 24\\7, 1_2 and 3@4: 5\\6\\7 on C:\\Temp\\x", "$$ $1 $tag$ :name %s %d ${x} `cmd` <b>&amp;</b>", "useful use of usage", "Sort — mail — twice", "Only one",
]
LABEL = "Odd\\N 'label' \"x\"; \\ 😀"


class Place:
    """A folder with an index in it; closed by `with`."""

    def __init__(self, *sources, texts=None):
        self.temporary = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.temporary.name)
        if texts is not None:
            (self.root / "in").mkdir()
            (self.root / "in/one.json").write_text(json.dumps(export(texts)), encoding="utf-8")
            sources = ["in"]
        done = subprocess.run([BUILD / "skillsearch-index", "-q", "--index", "index", *sources], cwd=self.root, check=False,
                              capture_output=True, text=True)
        assert done.returncode in (0, 3), done.stderr

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.temporary.cleanup()

    def bulk(self, form, name="out", *options, **keywords):
        """(exit status, messages)"""
        done = subprocess.run([BUILD / "skillsearch-index", "--index", "index", "--export-bulk", form, name, *options], cwd=self.root,
                              capture_output=True, text=True, check=False, **keywords)
        return done.returncode, done.stderr

    def names(self):
        """What is in the folder, except the index and its sources."""
        return sorted(path.name for path in self.root.iterdir() if path.name not in ("index", "in"))

    def files(self, name="out"):
        return {path.name: path.read_bytes() for path in (self.root / name).iterdir()}

    def exported(self):
        """The rows of the command's own export, with their provenance."""
        columns = "id,level,position,soc,occupation,group,sector,sector_label,zone,text,version,exported_at,source,attribution"
        done = subprocess.run([BUILD / "skillsearch", "--index", "index", "export", "--format", "ndjson", "--columns", columns],
                              cwd=self.root, capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]


def export(texts):
    """One export with these texts at each level, and odd labels."""
    sample = json.loads(next(path for path in sorted(CORPUS.glob("*.json"))).read_text(encoding="utf-8"))
    sample["occupation"].update(title=LABEL + " I.T. helpers", group=LABEL)
    sample["framework"]["version"] = LABEL
    sample["attribution"] = LABEL + "\tTab\nLine"
    sample["sources"] = {LABEL: LABEL, "other": "one"}
    for level in LEVELS:
        sample["framework"]["levels"][level]["statements"] = [f"{text} {level}" if text == "Only one" else text for text in texts]
    return sample


# ------------------------------------------------------------------- readers
def read_opensearch(files):
    """The documents of all files."""
    found = []
    for name in sorted(files):
        if not name.endswith(".ndjson"):
            continue
        lines = files[name].decode().split("\n")
        assert lines.pop() == ""
        for action, document in zip(lines[::2], lines[1::2]):
            document = json.loads(document)
            assert json.loads(action) == {"index": {"_id": document["id"]}}
            found.append(document)
    return found


COPY = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}


def read_copy(data):
    """The rows of PostgreSQL's text format."""
    rows = []
    for line in data.decode().split("\n")[:-1]:
        assert line != "\\." and "\r" not in line
        columns = line.split("\t")
        assert "\\N" not in columns
        rows.append([re.sub(r"\\(.)", lambda match: COPY[match[1]], column) for column in columns])
    return rows


def read_tsvector(text):
    """{lexeme: [(position, weight)]}"""
    found, at = {}, 0
    one = re.compile(r"\s*'((?:[^'\\]|''|\\.)*)'(?::([0-9A-D,]+))?")
    while at < len(text):
        match = one.match(text, at)
        assert match, text[at:at + 80]
        lexeme = re.sub(r"''|\\(.)", lambda escape: escape[1] or "'", match[1])
        places = [(int(place.rstrip("ABCD")), place.lstrip("0123456789") or "D") for place in (match[2] or "").split(",") if place]
        found.setdefault(lexeme, []).extend(places)
        at = match.end()
    return found


def read_postgresql(files):
    occupations = {row[0]: row for row in read_copy(files["occupation.copy"])}
    names = ["number", "id", "soc", "level", "position", "text", "words"]
    found = [dict(zip(names, row)) for row in read_copy(files["statement.copy"])]
    for row in found:
        row["occupation"] = occupations[row["soc"]]
        row["words"] = read_tsvector(row["words"])
    return found


def columns_of(files):
    """The columns of the lines: those of plain.conf after the id."""
    return ["id"] + re.findall(r"tsvpipe_(?:field|attr_uint|attr_string) = (\w+)", files["plain.conf"].decode())


def read_lines(files):
    lines = files["statements.tsv"].decode().split("\n")
    assert lines.pop() == ""
    columns = columns_of(files)
    rows = [line.split("\t") for line in lines]
    assert all(len(row) == len(columns) for row in rows)
    return [dict(zip(columns, row)) for row in rows]


def read_sphinxql(files):
    """The rows of all INSERTs, by a scanner of strings with backslashes."""
    found = []
    string = re.compile(r"'((?:[^'\\]|\\.)*)'|(\d+)", re.S)
    for name in sorted(files):
        if not name.startswith("statements-"):
            continue
        text, at = files[name].decode(), 0
        while at < len(text):
            head = re.compile(r"INSERT INTO skillsearch \(([^)]*)\) VALUES\n").match(text, at)
            assert head, text[at:at + 80]
            columns, at = head[1].split(", "), head.end()
            while True:
                assert text[at] == "("
                row = []
                while not row or text[at] == ",":
                    match = string.match(text, at + 1)
                    row.append(match[2] or re.sub(r"\\(.)", r"\1", match[1], flags=re.S))
                    at = match.end()
                assert text[at] == ")" and len(row) == len(columns)
                found.append(dict(zip(columns, row)))
                at += 1
                if text.startswith(";\n", at):
                    at += 2
                    break
                assert text.startswith(",\n", at)
                at += 2
    return found


# --------------------------------------------------------------------- checks
def wanted(row):
    """What an export must have of a statement."""
    return (row["id"], row["level"], int(row["position"]), row["text"], row["soc"], row["occupation"], row["sector"], row["sector_label"],
            row["zone"], row["version"], row["exported_at"], row["attribution"])


def shown_opensearch(row):
    return (row["id"], row["level"], row["position"], row["text"], row["occupation"], row["occupation_label"], row["sector"],
            row["sector_label"], row["zone"], row["version"], row["exported_at"], row["attribution"])


def shown_postgresql(row):
    about = row["occupation"]
    return (row["id"], LEVELS[int(row["level"]) - 1], int(row["position"]), row["text"], row["soc"], about[1], about[4], about[5],
            about[6], about[8], about[9], about[11])


def shown_manticore(row):
    return (row["sid"], row["level"], int(row["place"]), row["text"], row["soc"], row["title"], row["sector"], row["sector_label"],
            row["zone"], row["version"], row["exported_at"], row["attribution"])


def normal(row):
    """A row with the text "none" for what is missing, as facets have it."""
    return tuple("none" if column in (None, "") and place in (6, 8, 9) else "" if column is None else
                 str(column) if place == 8 else column for place, column in enumerate(row))


def check_round_trip(check, claim, place):
    rows = sorted(normal(wanted(row)) for row in place.exported())
    for form, read, shown in (("opensearch", read_opensearch, shown_opensearch), ("postgresql", read_postgresql, shown_postgresql),
                              ("manticore", read_lines, shown_manticore), ("manticore", read_sphinxql, shown_manticore)):
        place.bulk(form, f"{form}-{read.__name__}")
        found = sorted(normal(shown(row)) for row in read(place.files(f"{form}-{read.__name__}")))
        differ = [pair for pair in zip(rows, found) if pair[0] != pair[1]]
        check.that(f"{claim} come back from {form}, by {read.__name__}", rows and len(rows) == len(found) and not differ,
                   len(rows), len(found), differ[:1])


def check_words(check, place):
    """All formats have the same words, whose stems are those that "analyze" gives."""
    place.bulk("opensearch", "words-o")
    place.bulk("postgresql", "words-p")
    place.bulk("manticore", "words-m")
    documents = {row["id"]: row for row in read_opensearch(place.files("words-o"))}
    vectors = {row["id"]: row["words"] for row in read_postgresql(place.files("words-p"))}
    lines = {row["sid"]: row for row in read_lines(place.files("words-m"))}
    wrong, stems = [], {}
    for name, document in documents.items():
        forms, pieces = document["forms"].split(), document["stems"][0].split()
        stems.update(zip(forms, pieces))
        vector = {(lexeme, at) for lexeme, places in vectors[name].items() for at, _ in places if at < 8192}
        for at, (form, stem) in enumerate(zip(forms, pieces), 1):
            if ("=" + form, at) not in vector or (stem, at) not in vector:
                wrong.append((name, form, stem))
        line = lines[name]
        if (len(forms) != len(pieces) or line["forms"] != " ".join(map(encoded, forms)) or line["stems"] != " ".join(map(encoded, pieces))
                or {lexeme[1:] for lexeme in vectors[name] if lexeme.startswith("~")} != set(document.get("compounds", "").split())
                or line["compounds"] != " ".join(map(encoded, document.get("compounds", "").split()))):
            wrong.append((name, document, line))
    check.that("the three formats have the same words, each form with its stem at its position", stems and not wrong, wrong[:2])
    daemon = Daemon(place.root / "index")
    peer, differ = daemon.peer(), []
    for form, stem in sorted(stems.items()):
        words = peer.ask("analyze", q=f'"{form}"')["words"]
        if len(words) == 1 and words[0]["form"] == form and stem != ("=" + form if words[0]["stop"] else words[0]["stem"]):
            differ.append((form, stem, words[0]))
    check.that("the stems are those of \"analyze\"", len(stems) > 20 and not differ, differ[:4])
    unseen = peer.ask("analyze", q="zebrafying \"zebraed crossings\" =zebras")["words"]
    check.that("\"analyze\" gives the stems of words that no statement has",
               [word["stem"] for word in unseen] == ["zebrafi", "zebra", "cross", "zebra"], unseen)
    daemon.stop()


def check_shape(check):
    """Lists of words of single statements, as docs/bridge.md describes them."""
    texts = ["e-mail on-site — IT support for I.T. by WHO", "useful use of usage", "Sorting mail"]
    with Place(texts=texts) as place:
        place.bulk("opensearch")
        found = {row["text"]: row for row in read_opensearch(place.files()) if row["level"] == "emerging"}
        row = found[texts[0]]
        check.that("a compound is listed as its pieces, and joined",
                   row["stems"] == ["e mail =on site =it support =for i t =by =who", "email onsit =it support =for i t =by =who IT WHO"]
                   and row["forms"] == "e mail on site it support for i t by who" and row["compounds"] == "email onsite",
                   row["stems"], row["forms"], row.get("compounds"))
        check.that("the words of the duty are listed", row["duty_stems"] == ["e mail =on site", "email onsit"]
                   and row["duty_forms"] == "e mail on site" and row["duty_compounds"] == "email onsite", row)
        check.that("a stem with the letters of a stop word is not that stop word", found[texts[1]]["stems"] == ["use =use =of usag"],
                   found[texts[1]]["stems"])
        check.that("a statement without a compound has one list", found[texts[2]]["stems"] == ["sort mail"]
                   and "compounds" not in found[texts[2]] and "duty_stems" not in found[texts[2]], found[texts[2]])
        check.that("the title has its words", row["title_stems"][0].split()[-3:] == ["i", "t", "helper"]
                   and row["title_stems"][1].endswith(" =it helper") and row["title_compounds"] == "it", row["title_stems"])
        template = json.loads(place.files()["template.json"])["template"]["mappings"]
        named = set().union(*(document.keys() for document in read_opensearch(place.files())))
        check.that("the template has a type for each field", template["dynamic"] == "strict" and named <= template["properties"].keys(),
                   named - template["properties"].keys())
        bodies = {name: json.loads(data) for name, data in place.files().items() if name.startswith("search-")}
        facets = bodies["search-facets.json"]
        chosen = {next(iter(part["terms"])): part for part in facets["post_filter"]["bool"]["filter"]}
        disjunctive = all({next(iter(part["terms"])) for part in aggregation["filter"]["bool"]["filter"]} == chosen.keys() - {facet}
                          for facet, aggregation in facets["aggs"].items())
        check.that("the example counts each facet without its own filter", len(bodies) == 4 and len(chosen) == 2 and disjunctive and
                   len(facets["aggs"]) == 6, list(bodies))


def check_bytes(check):
    """The same index gives the same bytes, also when it was built in another way."""
    with Place(CORPUS) as one, Place(CORPUS, "--threads", "1") as two:
        subprocess.run([BUILD / "skillsearch-index", "-q", "--index", "index", "--rebuild"], cwd=two.root, check=True)
        for form in FORMATS:
            one.bulk(form, f"{form}-a")
            one.bulk(form, f"{form}-b")
            two.bulk(form, f"{form}-a")
            first, again, rebuilt = one.files(f"{form}-a"), one.files(f"{form}-b"), two.files(f"{form}-a")
            manifest = json.loads(first["manifest.json"])
            sizes = {entry["name"]: entry["bytes"] for entry in manifest["files"]}
            check.that(f"{form}: the manifest names every other file with its size", manifest["format"] == form and
                       sizes == {name: len(data) for name, data in first.items() if name != "manifest.json"}, manifest)
            first["manifest.json"] = rebuilt["manifest.json"] = b""
            check.that(f"{form}: another run, and the same index built again, give the same bytes",
                       again.keys() == first.keys() and all(again[name] == first[name] for name in first if name != "manifest.json")
                       and rebuilt == first)
            check.that(f"{form}: no file has a NUL", not any(NUL.encode() in data for data in again.values()))


def check_split(check):
    """Files end at a limit, between two statements."""
    words = [f"{chr(97 + i % 26)}{i * 7919 % 9973}word" for i in range(500)]
    texts = [" ".join(words[(i * 31 + k) % 500] for k in range(300)) + f" n{i}" for i in range(1000)]
    with Place(texts=texts) as place:
        place.bulk("opensearch")
        files = {name: data for name, data in place.files().items() if name.endswith(".ndjson")}
        large = max(len(line) for data in files.values() for line in data.split(b"\n"))
        check.that("a file of requests ends after its limit, and statements are not split",
                   len(files) > 1 and all(len(data) < FILE_BYTES + large + 200 for data in files.values())
                   and len(read_opensearch(place.files())) == 4000, [len(data) for data in files.values()])
        place.bulk("manticore", "out2")
        files = {name: data for name, data in place.files("out2").items() if name.startswith("statements-")}
        inserts = [len(part) for data in files.values() for part in data.split(b";\nINSERT")]
        check.that("so does a file of SphinxQL, whose INSERTs are limited, too", len(files) > 1 and max(inserts) < 2 << 20
                   and len(read_sphinxql(place.files("out2"))) == 4000, max(inserts))


def check_place(check):
    """The folder appears complete, or stays as it was."""
    with Place(CORPUS) as place:
        code, said = place.bulk("postgresql")
        check.that("an export says what it wrote", code == 0 and re.search(r"exported: generation 1, 560 statements of 14 occupations, 4 files, "
                                                                          r"\d+ bytes in out$", said.strip()), said)
        before = place.files()
        code, said = place.bulk("opensearch")
        check.that("a folder with files is refused", code == 1 and "out: the folder is not empty; --replace" in said and place.files() == before, said)
        code, said = place.bulk("opensearch", "out", "--replace")
        check.that("--replace replaces an earlier export", code == 0 and "template.json" in place.files() and "load.sql" not in place.files()
                   and place.names() == ["out"], said, place.names())
        (place.root / "mine").mkdir()
        (place.root / "mine/letter").write_text("mine")
        code, said = place.bulk("opensearch", "mine", "--replace")
        check.that("--replace does not replace another folder", code == 1 and "not a bulk export" in said and
                   place.files("mine") == {"letter": b"mine"}, said)
        (place.root / "mine/manifest.json").write_text('{"name": "a web page"}')
        code, said = place.bulk("opensearch", "mine", "--replace")
        check.that("nor one with a manifest of another program", code == 1 and "not a bulk export" in said and
                   len(place.files("mine")) == 2, said)
        (place.root / "empty").mkdir()
        check.that("an empty folder is filled", place.bulk("manticore", "empty/")[0] == 0 and len(place.files("empty")) == 6)
        (place.root / "file").write_text("")
        os.symlink("empty", place.root / "link")
        for name, words in (("file", "not a folder"), ("link", "not a folder"), ("no/out", "No such file"), (".", "name a folder"),
                            ("..", "name a folder"), ("/", "name a folder"), ("x" * 300, "File name too")):
            code, said = place.bulk("postgresql", name, "--replace")
            check.that(f"{name[:20]!r} is refused: {words}", code == 1 and words in said, code, said)
        check.that("refusals leave nothing", place.names() == ["empty", "file", "link", "mine", "out"], place.names())
        mode = (place.root / "empty").stat().st_mode & 0o777
        mask = os.umask(0)
        os.umask(mask)
        check.that("the folder has the usual mode", mode == 0o777 & ~mask, oct(mode))


def check_failures(check):
    with Place(CORPUS) as place:
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        place.bulk("opensearch", "kept")
        before = place.files("kept")
        for form in FORMATS:
            code, said = place.bulk(form, preexec_fn=limit)
            check.that(f"{form}: a write that fails is reported with its file, and nothing is left", code == 1 and
                       re.search(r"out/\S+: File too large", said) and place.names() == ["kept"], said, place.names())
        code, said = place.bulk("postgresql", "kept", "--replace", preexec_fn=limit)
        check.that("an earlier export stays when the new one fails", code == 1 and place.files("kept") == before and place.names() == ["kept"], said)
        check_full(check, place)
        check_ended(check, place)
    with tempfile.TemporaryDirectory() as root:
        done = subprocess.run([BUILD / "skillsearch-index", "--index", f"{root}/none", "--export-bulk", "opensearch", f"{root}/out"],
                              capture_output=True, text=True, check=False)
        check.that("without an index nothing is created", done.returncode == 1 and "no index here" in done.stderr and not os.listdir(root), done.stderr)


def check_full(check, place):
    """A file system without space, where one can be mounted."""
    (place.root / "small").mkdir()
    script = ("mount -t tmpfs -o size=64k none small && { \"$@\"; echo $?; ls -A small | wc -l; }")
    command = ["unshare", "-rm", "sh", "-c", script, "sh", BUILD / "skillsearch-index", "--index", "index", "--export-bulk", "opensearch", "small/out"]
    done = subprocess.run(command, cwd=place.root, capture_output=True, text=True, check=False)
    (place.root / "small").rmdir()
    if not done.stdout:
        print("skipped a full disk: no file system can be mounted here")
        return
    check.that("a full disk is reported, and nothing is left", done.stdout.split() == ["1", "0"] and
               re.search(r"small/out/\S+: No space left on device", done.stderr), done.stdout, done.stderr)


def count_written(place, name):
    """Files of an export that is being written, or of the complete one."""
    folders = [*place.root.glob(f".{name}.*"), place.root / name]
    try:
        return max(len(os.listdir(folder)) for folder in folders if folder.exists())
    except (ValueError, FileNotFoundError):  # not created yet, or renamed now
        return 0


def check_ended(check, place):
    """A run that is ended at any moment leaves a complete folder or none; only SIGKILL leaves what it wrote."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        wrong = []
        for step in range(8):
            process = subprocess.Popen([BUILD / "skillsearch-index", "-q", "--index", "index", "--export-bulk", "manticore", "out"],
                                       cwd=place.root, stderr=subprocess.DEVNULL)
            while process.poll() is None and count_written(place, "out") < step:
                pass
            process.send_signal(number)
            process.wait()
            names = [name for name in place.names() if name not in ("kept", "out")]
            if (place.root / "out").exists():
                files = place.files()
                entries = json.loads(files["manifest.json"])["files"]
                wrong += [entry for entry in entries if len(files.get(entry["name"], b"")) != entry["bytes"]]
            if number == signal.SIGKILL:
                wrong += [name for name in names if not name.startswith(".out.")]
            else:
                wrong += names
            subprocess.run(["rm", "-rf", *[path for path in place.root.iterdir() if path.name not in ("index", "kept")]], check=True)
        check.that(f"{number.name} leaves a complete folder or none", not wrong, wrong)


def check_options(check):
    with Place(CORPUS) as place:
        for arguments, words in ((["--export-bulk"], "FORMAT"), (["--export-bulk", "solr", "out"], "solr: not a value that --export-bulk takes: opensearch "),
                                 (["--export-bulk", "opensearch"], "takes one folder"), (["--export-bulk", "opensearch", "a", "b"], "takes one folder"),
                                 (["--export-bulk", "opensearch", ""], "empty"), (["--replace", "in"], "--replace applies only"),
                                 (["--export-bulk", "opensearch", "out", "--list"], "use only one of"),
                                 (["--export-bulk", "opensearch", "out", "--remove", "x"], "--remove applies only")):
            done = subprocess.run([BUILD / "skillsearch-index", "--index", "index", *arguments], cwd=place.root, capture_output=True, text=True,
                                  check=False)
            check.that(f"{' '.join(arguments)!r} is refused", done.returncode == 2 and words in done.stderr and place.names() == [],
                       done.returncode, done.stderr)


def main():
    check = Checks()
    with Place(CORPUS) as place:
        check_round_trip(check, "all statements of the samples", place)
        check_words(check, place)
    with Place(texts=HOSTILE) as place:
        check_round_trip(check, "hostile texts and labels", place)
        check_words(check, place)
    check_shape(check)
    check_bytes(check)
    check_split(check)
    check_place(check)
    check_failures(check)
    check_options(check)
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
