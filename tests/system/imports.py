"""Sources that are not exports: CSV files and CFPackages of CASE. What was exported comes back with the same ids; bad rows
are reported with their line and column; other files of statements are refused by name; nothing is lost."""

import csv
import gzip
import io
import json
import os
import pathlib
import subprocess
import sys

from peer import BUILD, Checks
from sources import Life
from variables import variable

CORPUS = pathlib.Path(variable("SKS_CORPUS"))
LEVELS = ["emerging", "developing", "proficient", "advanced"]
HEADING = "soc,title,level,statement"
CLERK, CHIEF = "43-9061.00,Office Clerks", "11-1011.00,Chief Executives"


class Place(Life):
    """A folder with sources and an index, and what the index has."""

    def index(self, *arguments, stdin=""):
        self.run(*arguments, stdin=stdin)
        return self

    def write(self, name, content):
        self.put(name, content)
        return self

    def export(self, form):
        """What the command exports, None if it does not have the format."""
        done = subprocess.run([BUILD / "skillsearch", "--index", "index", "export", "--format", form], cwd=self.root,
                              capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else None

    def sector(self, soc):
        """The label of the sector of an occupation."""
        return json.loads(subprocess.run([BUILD / "skillsearch", "--index", "index", "--json", "occupation", soc],
                                         cwd=self.root, capture_output=True, check=True).stdout)["sector"]["label"]

    def statements(self):
        """(id, position, text) of all statements of the index, sorted."""
        rows = csv.DictReader(io.StringIO(self.export("csv")))
        return sorted((row["id"], row["position"], row["text"]) for row in rows)

    def rows(self):
        """(line, pointer, problem) of each problem; the line is 0 for a whole file."""
        found = []
        for entry in self.report.get("problems", []):
            line = entry["file"].rpartition(":")[2]
            found.append((int(line) if line.isdigit() else 0, entry["pointer"], entry["problem"]))
        return found

    def state(self):
        """The exit status, the number of occupations, and of stale files."""
        return self.exit, self.report.get("occupations"), self.stale


def package(export, version, label=""):
    """A CFPackage of an export, by the mapping of the documentation. Identifiers need only be different from each other."""
    occupation, framework = export["occupation"], export["framework"]
    soc, links, items = occupation["soc"], [], []
    inferred = {True: "yes", False: "no"}.get(occupation.get("jobZoneInferred"))
    notes = [("SOC", soc), ("Title", occupation["title"]), ("Group", occupation.get("group")),
             ("Sector", occupation.get("sector") and f"{occupation['sector']} {label}"),
             ("Job zone", occupation.get("jobZone")), ("Job zone inferred", inferred),
             ("Framework", framework.get("description")), ("Exported at", export.get("exportedAt")),
             ("Attribution", export.get("attribution"))]
    notes += [("Source", f"{name}: {text}") for name, text in export.get("sources", {}).items()]
    document = {"identifier": f"d-{soc}", "uri": f"urn:d-{soc}", "creator": "Somebody", "notes": "\n".join(
        f"{name}: {value}" for name, value in notes if value), "title": f"{occupation['title']} ({soc})",
        "lastChangeDateTime": "2026-02-09T00:00:00Z", "description": framework.get("contextCovered", ""),
        "version": framework["version"]}
    if version == "1.1":
        document |= {"caseVersion": "1.1", "frameworkType": "ext:occupation"}

    def link(kind, origin, destination, place):
        links.append({"identifier": f"{kind}-{origin}-{destination}", "associationType": kind, "sequenceNumber": place,
                      "originNodeURI": {"identifier": origin}, "destinationNodeURI": {"identifier": destination}})

    for number, level in enumerate(LEVELS, 1):
        items.append({"identifier": level, "CFItemType": "Level", "humanCodingScheme": f"{soc}/{level}",
                      "fullStatement": framework["levels"][level].get("label", level.title()), "listEnumeration": str(number)})
        link("isChildOf", level, f"d-{soc}", number)
        for place, text in enumerate(framework["levels"][level]["statements"], 1):
            items.append({"identifier": f"{level}-{place}", "CFItemType": "Statement", "fullStatement": text,
                          "listEnumeration": str(place)})
            link("isChildOf", f"{level}-{place}", level, place)
            link("hasSkillLevel", f"{level}-{place}", level, place)
    return {"CFDocument": document, "CFItems": items, "CFAssociations": links, "CFDefinitions": {"CFItemTypes": []},
            "CFRubrics": []}


def changes(diff):
    return [diff.get(kind) for kind in ("added", "removed", "reworded", "moved", "edited")]


def check_round_trips(check):
    with Place() as first, Place() as second:
        first.index(str(CORPUS))
        text = first.export("csv")
        second.write("a.csv", text).index("a.csv")
        check.that("an exported CSV file is indexed without a problem", second.exit == 0 and second.report["exports"] == 14
                   and not second.report["warnings"], second.errors)
        check.that("statements of an exported CSV file have the same ids, positions and texts",
                   len(second.statements()) == 560 and second.statements() == first.statements())
        check.that("a CSV file that is indexed again is unchanged", second.index("a.csv").report["outcome"] == "unchanged"
                   and second.report["kept"] == 14, second.errors)
        second.write("a.csv", "\ufeff" + text.replace("\n", "\r\n")).index("a.csv")
        check.that("CRLF and a byte order mark change no statement", second.exit == 0
                   and second.statements() == first.statements(), second.errors)
        second.index("-", "--only", stdin=text)
        check.that("CSV from standard input", second.exit == 0 and second.statements() == first.statements(), second.errors)
        exports = [(value := json.loads(path.read_text()), version, first.sector(value["occupation"]["soc"]))
                   for path in sorted(CORPUS.glob("*.json")) for version in ("1.0", "1.1")]
        packages = {f"{version}, {form}": write([package(*export) for export in exports if export[1] == version])
                    for version in ("1.0", "1.1") for form, write in (("an array", json.dumps), ("one per line", lines))}
        for form in ("case1.0", "case1.1"):
            if (exported := first.export(form)) is not None:
                packages[f"{form}, exported"] = exported
        for name, text in packages.items():
            first.write("package.json", text).index("--diff", "--only", "package.json")
            check.that(f"CFPackages {name}: no change", changes(first.report) == [0] * 5
                       and "problem" not in first.errors, first.errors, first.report)
            with Place() as third:
                third.write("package.json", text).index("package.json")
                check.that(f"CFPackages {name}: same ids", third.exit == 0 and third.statements() == first.statements(),
                           third.errors)


def check_what_is_kept(check):
    """What an occupation has after its statements were exported and indexed again: all from CASE, less from CSV. Of levels,
    the labels are lost."""
    soc, lost = "43-9051.00", {"description", "sources", "zone_inferred", "levels"}
    def occupation(place):
        return {name: value for name, value in json.loads(subprocess.run(
            [BUILD / "skillsearch", "--index", "index", "--json", "occupation", soc], cwd=place.root, capture_output=True,
            check=True).stdout).items() if name not in ("id", "generation", "took_us")}
    with Place() as first:
        first.index(str(CORPUS))
        before = occupation(first)
        for options, missing in ((["case1.1"], set()), (["case1.0"], set()), (["csv", "--provenance"], lost),
                                 (["csv"], lost | {"framework", "exported_at", "attribution"})):
            text = subprocess.run([BUILD / "skillsearch", "--index", "index", "export", "--format", *options], cwd=first.root,
                                  capture_output=True, text=True, check=True).stdout
            with Place() as second:
                second.write("a", text).index("a")
                after = occupation(second)
                check.that(f"{' '.join(options)} loses {', '.join(sorted(missing)) or 'nothing'}",
                           {name for name in before if before[name] != after[name]} == missing, before, after)


def check_sparse_exports(check):
    """An export of required members alone, with levels that are empty or missing: what its package adds is not a change."""
    export = {"schemaVersion": "1.0", "occupation": {"soc": "43-9061.00", "title": "Clerks (of offices)"},
              "framework": {"levels": {"emerging": {"statements": ["Sort mail."]}, "advanced": {"statements": []}}}}
    with Place() as place:
        place.write("S/a.json", json.dumps(export)).index("S")
        for level in LEVELS:
            export["framework"]["levels"].setdefault(level, {"statements": []})
        packages = [json.dumps(package(export | {"framework": {"version": "", **export["framework"]}}, "1.1")),
                    place.export("case1.1")]
        for text in filter(None, packages):
            place.write("package.json", text).index("--diff", "--only", "package.json")
            check.that("a package of an export with required members alone: no change", changes(place.report) == [0] * 5,
                       place.errors, place.report)


def lines(values):
    return "".join(json.dumps(value) + "\n" for value in values)


def check_bad_rows(check):
    rows = [f"{CLERK},emerging,Sort mail.", f"{CLERK},junior,File mail.", f"{CHIEF},advanced,Lead.", '11-1011.00,"Chief',
            f"{CLERK},advanced,Plan.,5", "43-9061,Office Clerks,emerging,X.", "",
            f'{CLERK},proficient,"Weigh\r\nparcels."', f"{CLERK},proficient,", f"{CLERK},senior,Y."]
    expected = [(3, "column 3 (level)", "level"), (5, "column 2 (title)", "not_csv"), (6, "column 5", "not_csv"),
                (7, "column 1 (soc)", "soc"), (11, "column 4 (statement)", "empty"), (12, "column 3 (level)", "level")]
    with Place() as place:
        place.write("a.csv", "\r\n".join([HEADING, *rows]) + "\r\n").index("a.csv")
        check.that("each bad row is reported with line and column", place.exit == 3
                   and sorted(place.rows()) == expected, sorted(place.rows()))
        check.that("a problem is printed with file, line, column and reason",
                   f"{place.root.resolve()}/a.csv:3: column 3 (level): levels are " in place.errors, place.errors)
        check.that("good rows are kept", [text for _, _, text in place.statements()]
                   == ["Lead.", "Sort mail.", "Weigh parcels."], place.statements())
        place.write("b.csv", f"{HEADING},statement\n{CLERK},emerging,X.,Y.\n").index("b.csv")
        check.that("a column that is there twice", place.rows() == [(1, "column 5 (statement)", "duplicate")],
                   place.errors)
        place.write("b.csv", f"{HEADING},colour\n13-1011.00,Agents,emerging,X.,red\n").index("--check", "b.csv")
        check.that("an unknown column is a warning", place.exit == 0 and [row["statement"] for row in
                   place.report["warnings"]] == ["column 5 (colour)"], place.report)
        place.write("b.csv", f"soc,level,statement\n43-9061.00,emerging,X.\n").index("--check", "b.csv")
        check.that("a missing column", place.problems == ["missing"]
                   and '"title"' in place.errors, place.errors)


def check_order(check):
    rows = [f"{CHIEF},junior,Lead.", f"{CLERK},emerging,Sort mail.", f"{CLERK},junior,File mail.", f'{CLERK},advanced,"Plan',
            f"{CHIEF},junior,Direct.", "43-9061,Office Clerks,emerging,X.", f"{CLERK},senior,Y."]
    with Place() as place:
        place.write("S/a.csv", "\n".join([HEADING, *rows]) + "\n").write("S/b.json", "{\"schemaVersion\":").index("S")
        check.that("problems of a file are reported in the order of its lines", [row[0] for row in place.rows()]
                   == [2, 2, 4, 5, 6, 7, 8, 0], place.rows())


def check_places(check):
    """Problems and warnings about a row have its line and column, those about an item of CASE its number."""
    time = HEADING + ",exported_at\n"
    with Place() as place:
        place.write("a.csv", f"{time}{CLERK},emerging,Sort the mail of all offices.,2026-02-02\n{CHIEF},emerging,Lead.,2026-02-02\n"
                    f"{CLERK},developing,Sort the mail of all offices,2026-02-02\n").index("a.csv")
        check.that("CSV: a near duplicate has line and column, and the line of the other",
                   [(entry["file"].rpartition("/")[2], entry["statement"], entry["reason"]) for entry in place.report["warnings"]]
                   == [("a.csv:4", "column 4 (statement)", "100% similar: line 2")], place.report["warnings"])
        place.write("b.csv", f"level,{time.replace('level,', '')}emerging,{CLERK},Sort.,2026-01-01\n").index("b.csv")
        check.that("CSV: an occupation that lost has the column of its SOC code", place.rows() == [(2, "column 2 (soc)", "same_soc")],
                   place.report["problems"])
        place.index("--remove", "a.csv", "b.csv")
        check.that("CSV: an earlier time has its column", ("b.csv:2", "column 5 (exported_at)") in
                   [(entry["file"].rpartition("/")[2], entry["statement"]) for entry in place.report["warnings"]], place.report["warnings"])
    export = {"schemaVersion": "1.0", "exportedAt": "2026-02-02", "occupation": {"soc": "43-9061.00", "title": "Clerks"}, "framework": {
        "version": "1", "levels": {level: {"statements": [f"Sort the mail of all offices{'.' * number}"]} for number, level in enumerate(LEVELS)}}}
    found = package(export, "1.1")
    numbers = [number for number, item in enumerate(found["CFItems"]) if item["CFItemType"] == "Statement"]
    with Place() as place:
        place.write("a.json", json.dumps(found)).write("b.json", json.dumps(found | {"CFItems": found["CFItems"] + [{}]})).index("a.json")
        check.that("CASE: near duplicates have the numbers of their items",
                   [(entry["statement"], entry["reason"]) for entry in place.report["warnings"]] == [
                       (f"/CFItems/{number}/fullStatement", f"100% similar: /CFItems/{numbers[0]}/fullStatement") for number in numbers[1:]],
                   place.report["warnings"])
        place.index("b.json")
        check.that("CASE: an occupation that lost has the pointer of its document", [row for row in place.rows() if row[2] == "same_soc"]
                   == [(0, "/CFDocument", "same_soc")], place.rows())


def check_encoding(check):
    rows = "".join(f"{CLERK},emerging,Serve caf\u00e9 {number}.\n" for number in range(30))
    export = json.dumps({"schemaVersion": "1.0", "occupation": {"soc": "43-9061.00", "title": "Caf\u00e9"}, "framework": {
        "levels": {"emerging": {"statements": ["Sort mail."]}}}}, ensure_ascii=False) + "\n"
    good = f"{CHIEF},advanced,Lead.\n"
    cases = {"rows": ("a.csv", f"{HEADING}\n{good}{rows}", "likewise 29 more rows", 0),
             "a row": ("a.csv", f"{HEADING}\n{good}{CLERK},emerging,Caf\u00e9.\n", "column 4 (statement): not UTF-8 (byte 37)", 0),
             "the heading": ("a.csv", f"{HEADING},gr\u00f6\u00dfe\n{good}", "a.csv:1: column 5: not UTF-8; nothing is read", 1),
             "all lines": ("a.ndjson", export * 20, "likewise 19 more objects", 1),
             "an export": ("a.json", export, "invalid UTF-8", 1)}
    for name, (file, text, words, outcome) in cases.items():
        for encoding in ("cp1252", "latin-1", "cp850"):
            with Place() as place:
                place.write(f"S/{file}", text.encode(encoding)).index("S")
                check.that(f"{encoding}, {name}: one problem says what to do", len(place.problems) == 1 and words in place.errors
                           and place.errors.count("Save the file as UTF-8.") == 1 and place.exit == (1 if outcome else 3),
                           place.errors)


def check_own_output(check):
    """Statements that the command wrote as JSON have all they had, but are not exports."""
    with Place() as place:
        place.index(str(CORPUS))
        outputs = {form: place.export(form) for form in ("ndjson", "json", "ctdl")}
        outputs["columns"] = subprocess.run([BUILD / "skillsearch", "--index", "index", "export", "--format", "ndjson", "--columns",
                                             "level,soc,text"], cwd=place.root, capture_output=True, text=True, check=True).stdout
        outputs["a line"] = outputs["ndjson"].partition("\n")[0]
        for words in ("mail", "occupation 43-9051.00", "suggest ma"):
            outputs[words] = subprocess.run([BUILD / "skillsearch", "--index", "index", "--json", *words.split()], cwd=place.root,
                                            capture_output=True, text=True, check=True).stdout
        for form, text in outputs.items():
            for name in ("-", "a.json", "a.ndjson", "a"):
                if name != "-":
                    place.write(name, text)
                place.index("--check", name, stdin=text)
                check.that(f"{form} of the command from {name} is named, once", place.problems == ["not_an_export"]
                           and "use skillsearch export --format csv or case1.1" in place.report["problems"][0]["reason"], place.errors[:400])
        place.write("S/good.csv", f"{HEADING}\n{CHIEF},advanced,Lead.\n").write("S/a.ndjson", outputs["ndjson"]).index("--check", "S")
        check.that("in a folder it is skipped with that reason", place.exit == 0
                   and "output of skillsearch" in place.report["skipped"][0]["reason"], place.errors)


def check_edited(check):
    """A table that was exported and edited loses against its original, and the report says what to do."""
    with Place() as place:
        place.index(str(CORPUS))
        text = place.export("csv")
        first, second = f"{place.root.resolve()}/all 1.csv", f"{place.root.resolve()}/edited.csv"
        place.write("all 1.csv", text).write("edited.csv", text.replace(".", "!").replace("!00", ".00").replace("!420Z", ".420Z"))
        place.index("--only", "all 1.csv").index("edited.csv")
        check.that("one problem names what to do with an edited table", place.exit == 3 and place.problems == ["same_soc"]
                   and "; likewise 13 more occupations" in place.errors and place.errors.count("To index it instead") == 1
                   and f"--remove '{first}', or --only {second}, which indexes nothing else" in place.errors and place.report["kept"] == 14, place.errors)
        place.index("--check", "--remove", "all 1.csv", "edited.csv")
        check.that("--remove of the other file helps", place.exit == 0 and place.report["changed"] == 14, place.errors)
        place.index("--check", "--only", "edited.csv")
        check.that("so does --only", place.exit == 0 and place.report["changed"] == 14, place.errors)
        stamp = next(csv.DictReader(io.StringIO(text))).get("exported_at")
        dated = [row | {"exported_at": "2030-01-01"} for row in csv.DictReader(io.StringIO(text))]
        out = io.StringIO()
        writer = csv.DictWriter(out, dated[0].keys())
        writer.writeheader()
        writer.writerows(dated)
        place.write("edited.csv", out.getvalue()).index("--check", "edited.csv")
        check.that("so does a later time", place.exit == 0 and place.report["changed"] == 14, stamp, place.errors)
        place.write("two.csv", f"{HEADING}\n{CLERK},emerging,A.\n{CHIEF},emerging,A.\n")
        place.write("three.csv", f"{HEADING}\n{CLERK},emerging,B.\n{CHIEF},emerging,B.\n")
        place.index("--only", "two.csv", "three.csv")
        check.that("also if both are named", place.problems == ["same_soc"] and place.errors.count("To index it instead") == 1, place.errors)


def check_differences(check):
    """--diff ends like an indexing run of the same sources: what it prints may lack rows that were left out."""
    good, bad = f"{HEADING}\n{CLERK},emerging,Sort.\n", f"{CLERK},junior,File.\n"
    with Place() as place:
        place.write("a.csv", good).index("a.csv")
        for name, text, status in (("no difference", good, 0), ("a difference", good + f"{CLERK},advanced,Plan.\n", 0),
                                   ("a bad row, no difference", good + bad, 3), ("a bad row alone", f"{HEADING}\n{bad}", 3),
                                   ("another file", "x", 3)):
            for form in ((), ("--json",), ("--tsv",)):
                place.write("a.csv", text)
                done = subprocess.run([BUILD / "skillsearch-index", "--index", "index", "--diff", *form, "a.csv"], cwd=place.root,
                                      capture_output=True, text=True, check=False)
                checked = place.index("--check", "a.csv").exit
                check.that(f"--diff {' '.join(form)}, {name}: status {status}", done.returncode == status == checked, done, checked)
        place.write("a.csv", good + bad)
        check.that("--diff of generations has no sources, so no problems", place.index("--only", "a.csv", "b.csv").exit == 3 and
                   subprocess.run([BUILD / "skillsearch-index", "--index", "index", "--diff", "1", "1"], cwd=place.root,
                                  capture_output=True, check=False).returncode == 0)


def check_rows_above(check):
    """Spreadsheets have blank rows, or a title, above the heading."""
    table = f"{HEADING}\n{CHIEF},advanced,Lead.\n"
    for name, above, line in (("blank cells", ",,,\n", 0), ("blank lines", "\n \n\n", 0), ("blank cells, quoted", '"",""," ",\n', 0),
                              ("a title", "Our statements,,,\n", 2), ("a title and a blank row", "Our statements\n,,,\n", 3),
                              ("a separator line", "sep=,\n", 2), ("a title over two lines", '"Our\nstatements",,,\n', 3)):
        for mark in ("", "\ufeff"):
            with Place() as place:
                place.write("S/a.csv", mark + above + table).index("S")
                check.that(f"{name} above the heading: {'a problem with its line' if line else 'indexed'}",
                           (place.problems, place.report["occupations"]) == ((["not_an_export"], 0) if line else ([], 1))
                           and (not line or f"S/a.csv:{line}: this row names the columns, but is not the first one" in place.errors),
                           place.errors)


def check_skipped_tables(check):
    """A CSV file of a folder that is skipped is shown with its reason."""
    good = f"{HEADING}\n{CHIEF},advanced,Lead.\n"
    cases = {"two of the columns": ("level,text\nadvanced,Lead.\n".encode(), "not a CSV file with the columns soc, title, level and"),
             "one column": (b"statement\nLead.\n", "not a CSV file with the columns"),
             "UTF-16 without a mark": (good.encode("utf-16-le"), "UTF-16 without a byte order mark: write it as UTF-8 first"),
             "UTF-32": (good.encode("utf-32"), "UTF-32: write it as UTF-8 first"),
             "a spreadsheet of 2003": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "a spreadsheet, or another file of an office program"),
             "gzip": (gzip.compress(good.encode()), "gzip: unpack it first"),
             "nothing": (b"", "the file is empty")}
    for name, (content, reason) in cases.items():
        with Place() as place:
            place.write("S/good.csv", good).write("S/list.CSV", content).write("S/README.md", "x").index("S")
            check.that(f"a table of {name} is skipped with its reason", place.exit == 0 and f"S/list.CSV: skipped: {reason}" in
                       place.errors.replace("not a JSON object, and ", "") and "README.md: skipped" not in place.errors, place.errors)
            place.index("S", "-q")
            check.that(f"... not with -q: {name}", place.exit == 0 and not place.errors, place.errors)
    for name, content in (("list.xlsx", b"PK\3\4" + bytes(26) + b"[Content_Types].xml"), ("list.xls", b"\xd0\xcf\x11\xe0" + bytes(508))):
        with Place() as place:
            place.write("S/good.csv", good).write(f"S/{name}", content).write(f"S/~${name}", b"\5User" + bytes(160)).index("S")
            check.that(f"{name} is skipped with what to do, and the mark of a program that has it open as such", place.exit == 0
                       and f"S/{name}: skipped: a spreadsheet" in place.errors and "save it as CSV first" in place.errors
                       and f"S/~${name}: skipped: a name that begins with" in place.errors, place.errors)
    with Place() as place:
        place.write("S/list.xlsx", b"PK\3\4" + bytes(26) + b"[Content_Types].xml").index("--check", "S")
        check.that("--check of a folder without exports fails, as a publication would", place.exit == 1
                   and "no usable export" in place.errors and place.report["outcome"] == "failed", place.errors)
    with Place() as place:
        place.write("S/a.csv", f"{HEADING}\n{CLERK},emerging,Sort.\n").write("S/b.csv", f"{HEADING}\n{CLERK},advanced,Plan.\n").index("S")
        check.that("rows of an occupation in two files: the way is named", place.problems == ["same_soc"]
                   and "put all its rows into one file" in place.errors, place.errors)


def check_limits(check):
    rows = "".join(f"{number // 10000:02}-{number % 10000:04}.00,Title,emerging,{'x' * 4000}{number}\n"
                   for number in range(110000, 114400))
    with Place() as place:
        place.write("a.csv", f"{HEADING}\n{rows}").index("a.csv", "-q")
        check.that("a CSV file of more than 16 MiB may have many occupations", len(rows) > 16 << 20 and place.exit == 0
                   and place.report["occupations"] == 4400, place.errors[:300])
        place.write("a.csv", f"{HEADING}\n" + rows.replace("12-", "11-") + f'{CHIEF},emerging,"{"y " * (9 << 20)}"\n')
        place.index("--check", "a.csv")
        check.that("rows of an occupation of more than 16 MiB", [kind for kind in place.problems if kind == "too_large"] == ["too_large"], place.rows()[:3])
        with open(place.root / "a.csv", "w", encoding="ascii") as file:
            file.write(f"{HEADING}\n")
            os.truncate(file.name, (256 << 20) + 1)
        place.index("--check", "a.csv")
        check.that("a CSV file of more than 256 MiB is refused, with the way to read it", place.problems == ["too_large"]
                   and "Standard input may be larger: skillsearch-index - < FILE" in place.errors, place.errors)


FOREIGN = {
    "osmt.csv": ("Open Skills Management Tool", "Canonical URL,RSD Name,Author,Skill Statement\nu,Sort,A,Sort mail.\n"),
    "Task Statements.txt": ("O*NET", "O*NET-SOC Code\tTask ID\tTask\tTask Type\n43-9061.00\t1\tSort mail.\tCore\n"),
    "Occupation Data.csv": ("O*NET", "O*NET-SOC Code,Title,Description\n43-9061.00,Clerks,Sort mail.\n"),
    "tasks.sql": ("O*NET", "CREATE TABLE task_statements (onetsoc_code CHARACTER(10));\n"),
    "package.json": ("CFPackage", json.dumps({"CFDocument": {"title": "Clerks (43-9061.00)"}, "CFItems": [
        {"identifier": "a", "CFItemType": "Competency", "fullStatement": "Sort mail."}]})),
    "wrapped.json": ("inside another object", json.dumps({"status": "ok", "CFPackages": [{"CFDocument": {"title": "Clerks (43-9061.00)"},
        "CFItems": []}]})),
    "export.json": ("inside another object", json.dumps({"data": {"schemaVersion": "1.0", "occupation": {}, "framework": {}}})),
    "tabs.csv": ("tabs", HEADING.replace(",", "\t") + "\n"),
    "semicolons.csv": ("semicolons", HEADING.replace(",", ";") + "\n"),
}


def check_refusals(check):
    for name, (word, text) in FOREIGN.items():
        for how in ("named", "in a folder", "on standard input"):
            with Place() as place:
                place.write("S/good.csv", f"{HEADING}\n{CHIEF},advanced,Lead.\n").write(f"S/{name}", text)
                source = {"named": [f"S/{name}", "S"], "in a folder": ["S"], "on standard input": ["S/good.csv", "-"]}[how]
                place.index(*source, stdin=text)
                check.that(f"{name} is refused by name: {how}", place.exit == 3 and len(place.rows()) == 1
                           and word in place.report["problems"][0]["reason"], place.errors)
                if word in ("O*NET", "CFPackage", "Open Skills Management Tool"):
                    check.that(f"the refusal of {name} names the reason and what to do: {how}",
                               "no level" in place.errors and place.report["problems"][0].get("notes"), place.errors)
    typed = json.dumps({"CFDocument": {"title": "Clerks (43-9061.00)"}, "CFItems": [
        {"identifier": "a", "CFItemType": "Emerging", "fullStatement": "Sort mail."}]})
    with Place() as place:
        place.write("a.json", typed).index("a.json")
        check.that("types of items are no levels unless asked", place.exit == 1 and "--level-from CFItemType" in place.errors,
                   place.errors)
        place.index("--level-from", "CFItemType", "a.json")
        check.that("--level-from CFItemType", place.exit == 0 and [row[0][:20] for row in place.statements()]
                   == ["43-9061.00/emerging/"], place.errors)
        place.index("--level-from", "notes", "a.json")
        check.that("--level-from takes CFItemType alone", place.exit == 2 and "notes" in place.errors, place.errors)


def check_losses(check):
    """The rules of operations.md for sources that break, shrink or disappear."""
    two = f"{HEADING}\n{CLERK},emerging,Sort mail.\n{CHIEF},advanced,Lead.\n"
    clerk = json.dumps(package({"occupation": {"soc": "43-9061.00", "title": "Office Clerks"}, "framework": {
        "version": "1", "levels": {level: {"statements": [f"{level} mail."]} for level in LEVELS}}}, "1.1"))
    cases = {
        "rows that are gone are removed": (two.rpartition("11-")[0], (0, 1, 0)),
        "an unclosed quotation mark": (two.replace("11-", '"11-'), (3, 2, 1)),
        "an invalid SOC code": (two.replace("11-", "11"), (3, 2, 1)),
        "a row with a cell too many": (two.replace("Lead.", "Lead.,,"), (3, 2, 1)),
        "an occupation without a title": (two.replace("Chief Executives", ""), (3, 2, 1)),
        "an occupation without a level": (two.replace("advanced", "senior"), (3, 2, 1)),
        "a heading without a column": (two.replace("level", "grade"), (3, 2, 2)),
        "a heading alone": (HEADING + "\n", (3, 2, 2)),
        "an empty file": ("", (3, 2, 2)),
        "no rows, beside another file": (HEADING + "\n,,,\n", (3, 3, 2)),
        "another format": (FOREIGN["osmt.csv"][1], (3, 2, 2)),
    }
    for name, (text, state) in cases.items():
        with Place() as place:
            place.write("S/a.csv", two)
            if "beside" in name:
                place.write("S/b.csv", f"{HEADING}\n13-1011.00,Agents,advanced,Sell.\n")
            place.index("S")
            place.write("S/a.csv", text).index("S")
            check.that(f"CSV, {name}", place.state() == state, place.state(), place.errors)
    for name, text in {"truncated": clerk[:-40], "without levels": clerk.replace("Level", "Band"),
                       "empty": ""}.items():
        with Place() as place:
            place.write("S/a.csv", f"{HEADING}\n{CHIEF},advanced,Lead.\n").write("S/clerk.json", clerk).index("S")
            before = place.state()
            place.write("S/clerk.json", text).index("S")
            check.that(f"a CFPackage, {name}: its export stays", (before, place.state()) == ((0, 2, 0), (3, 2, 1)),
                       place.state(), place.errors)
    with Place() as place:
        place.write("S/a.csv", two).write("S/clerk.json", clerk.replace("43-9061", "43-9051")).index("S/a.csv")
        place.index("S/clerk.json")
        (place.root / "S/a.csv").unlink()
        check.that("a missing CSV file named alone, beside others, was deleted", place.index("S/a.csv").exit == 0
                   and place.report["removed"] == 2, place.errors)
    with Place() as place:
        place.write("S/a.csv", two).write("S/clerk.json", clerk.replace("43-9061", "43-9051")).index("S")
        before = place.statements()
        place.index("--rebuild")
        check.that("--rebuild reads CSV files and CFPackages again", place.state() == (0, 3, 0)
                   and place.report["outcome"] == "published" and place.statements() == before, place.errors)
        place.index("--remove", "S/a.csv")
        check.that("--remove removes the occupations of a CSV file", place.state() == (0, 1, 0), place.errors)
    with Place() as place:
        place.write("S/a.csv", two).index("S")
        (place.root / "S/a.csv").unlink()
        check.that("a folder whose only CSV file is missing is lost", place.index("S").state() == (3, 2, 2), place.errors)


def main():
    check = Checks()
    for part in (check_round_trips, check_what_is_kept, check_sparse_exports, check_bad_rows, check_order, check_places, check_encoding, check_own_output, check_edited, check_differences, check_rows_above, check_skipped_tables,
                 check_limits, check_refusals, check_losses):
        part(check)
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
