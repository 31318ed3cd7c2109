"""`skillsearch export` read by other programs: Python's csv and json, sqlite3, node, rdflib; CASE by a schema and by the
rules of an importer. And its files: complete or absent, also when the index is replaced in the middle."""

import copy
import csv
import io
import json
import os
import pathlib
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import uuid

import zmq

import packages
from peer import BUILD, ROOT, Checks, Daemon, index, start
from variables import variable

CORPUS = pathlib.Path(variable("SKS_CORPUS"))
DATA = os.environ.get("SKS_DATA", "")
LEVELS = ["emerging", "developing", "proficient", "advanced"]
SOC = "43-9051.00"
check = Checks()


class Command:
    """The command, with the index or the daemon that it asks."""

    def __init__(self, *where):
        self.where = [str(one) for one in where]

    def run(self, *arguments, expect=0):
        run = subprocess.run([BUILD / "skillsearch", *self.where, "export", *map(str, arguments)], capture_output=True, check=False)
        assert expect is None or run.returncode == expect, (arguments, run.returncode, run.stderr)
        return run

    def packages(self, *arguments, expect=0):
        return [json.loads(line) for line in self.run(*arguments, expect=expect).stdout.splitlines()]


def foreign(program, package):
    """A program that may be missing; it is reported then, and not counted."""
    found = shutil.which(program)
    if not found:
        print(f"skipped: {program} is not installed ({package})")
    return found


def exports(folder):
    return [json.loads(path.read_text()) for path in sorted(pathlib.Path(folder).iterdir()) if path.suffix != ".md"]


# --------------------------------------------------------------------- rows


def check_rows(command, statements):
    lines = [json.loads(line) for line in command.run().stdout.splitlines()]
    check.that("ndjson has every statement", len({line["id"] for line in lines}) == len(lines) == statements, len(lines))
    names = ["id", "sector_label", "duty", "detail", "text", "position", "zone", "version", "exported_at", "source", "attribution"]
    chosen = ["--columns", ",".join(names)]
    table = list(csv.reader(io.StringIO(command.run("--format", "csv", *chosen).stdout.decode(), newline=""), strict=True))
    check.that("--columns gives these columns in this order", table[0] == names and len(table) == statements + 1, table[0])
    rows = [dict(zip(names, row, strict=True)) for row in table[1:]]
    by_id = {line["id"]: line for line in lines}
    wrong = [row for row in rows if (row["text"], row["duty"], row["position"], row["zone"]) !=
             tuple(str(by_id[row["id"]][name] or "") for name in ("text", "duty", "position", "zone"))]
    check.that("a CSV reader gets what JSON has", not wrong, wrong[:1])
    wrong = [row for row in rows if not re.fullmatch(re.escape(row["duty"]) + r" ?(—|―|–|‒|--)? ?" + re.escape(row["detail"]), row["text"])]
    check.that("duty, dash and detail are the text", not wrong and any(row["duty"] for row in rows), wrong[:1])
    check.that("provenance columns are filled without --provenance", all(row["exported_at"] and row["attribution"] for row in rows))
    named = [json.loads(line) for line in command.run(*chosen).stdout.splitlines()]
    check.that("ndjson with --columns has these members, numbers as numbers", all(list(one) == names for one in named)
               and all(isinstance(one["position"], int) and isinstance(one["zone"], int | None) for one in named), named[0])
    tsv = [line.split("\t") for line in command.run("--format", "tsv", *chosen).stdout.decode().splitlines()]
    check.that("tsv has the same cells", tsv == table, tsv[:2])
    listed = json.loads(command.run("--format", "json", "--columns", "id").stdout)
    check.that("json with --columns is a list of such objects", listed == [{"id": line["id"]} for line in lines], listed[:2])
    for columns, said in (("id,colour", b"unknown value 'colour'"), ("id,id", b"named twice"), ("id,,soc", b"empty"), (",", b"empty")):
        run = command.run("--columns", columns, expect=None)
        check.that(f"--columns {columns} is refused", run.returncode == 2 and said in run.stderr and not run.stdout, run)


def check_foreign_rows(command, folder, statements):
    if found := foreign("sqlite3", "sqlite3"):
        table = folder / "all.csv"
        command.run("--format", "csv", "--output", table)
        run = subprocess.run([found, ":memory:"], input=f".import --csv '{table}' all_\n.mode list\nselect count(*), count(distinct id), "
                             f"sum(length(text) > 0) from all_;\n", capture_output=True, text=True, check=False)
        check.that("sqlite3 imports the table", run.stdout.strip() == f"{statements}|{statements}|{statements}", run)
    if found := foreign("node", "nodejs"):
        for name, member in (("ndjson", "id"), ("case1.1", "CFItems"), ("ctdl", "@graph")):
            path = folder / "lines"
            command.run("--format", name, "--output", path)
            run = subprocess.run([found, "-e", "const lines = require('fs').readFileSync(process.argv[1], 'utf8').trimEnd().split('\\n');"
                                  "console.log(lines.filter((l) => process.argv[2] in JSON.parse(l)).length)", path, member],
                                 capture_output=True, text=True, check=False)
            check.that(f"node reads every line of {name}", run.stdout.strip() == str(path.read_bytes().count(b"\n")) != "0", run)


def check_formulas(folder):
    """The option of the command that a spreadsheet needs, in every table."""
    export = json.loads((CORPUS / f"{SOC}.json").read_text())
    for level in LEVELS:
        export["framework"]["levels"][level]["statements"] = ["=1+1 is a sum", "@home works", "plain, with a comma"]
    (folder / "formulas.json").write_text(json.dumps(export))
    index(folder / "formulas", folder / "formulas.json")
    command = Command("--index", folder / "formulas")
    for name, column in (("csv", "text"), ("rsd", "Skill Statement")):
        cells = [row[column] for row in csv.DictReader(io.StringIO(command.run("--format", name, "--excel-safe").stdout.decode(), newline=""))]
        check.that(f"--excel-safe marks formulas in {name}", cells.count("'=1+1 is a sum") == cells.count("'@home works") == 4
                   and cells.count("plain, with a comma") == 4, cells)
        text = command.run("--format", name, "--bom").stdout
        check.that(f"--bom begins {name} with one byte order mark", text.startswith(b"\xef\xbb\xbf") and text.count(b"\xef\xbb\xbf") == 1)


# --------------------------------------------------------------------- CASE


def rows_of(export):
    """(level, position, text) of an export; the sample's texts need no cleaning."""
    return [(level, place, text) for level in LEVELS
            for place, text in enumerate(export["framework"]["levels"][level]["statements"], 1)]


def check_case(command, sources):
    """Every package is valid, complete, and says what the export says."""
    texts = command.run("--format", "case1.1").stdout
    check.that("the same request gives the same bytes", texts == command.run("--format", "case1.1").stdout)
    both = {version: command.packages("--format", f"case{version}") for version in ("1.0", "1.1")}
    for version, found in both.items():
        wrong = [fault for package in found for fault in packages.faults(package, version) + packages.links(package)]
        check.that(f"CASE {version}: {len(found)} packages are valid", not wrong and len(found) == len(sources), wrong[:2])
    old, new = copy.deepcopy(both["1.0"]), both["1.1"]
    for package in new:
        document = dict(package["CFDocument"])
        check.that("only 1.1 has caseVersion and frameworkType", (document.pop("caseVersion"), document.pop("frameworkType")) ==
                   ("1.1", "ext:occupation") and old.pop(0) == {**package, "CFDocument": document}, document)
    by_soc = {package["CFDocument"]["title"][-11:-1]: package for package in new}
    for export in sources:
        check_package(export, by_soc[export["occupation"]["soc"]])


def check_package(export, package):
    soc, framework, document = export["occupation"]["soc"], export["framework"], package["CFDocument"]
    title = f"{export['occupation']['title']} ({soc})"
    found = [document.get(name) for name in ("identifier", "title", "creator", "lastChangeDateTime", "description", "version")]
    check.that(f"{soc}: the document is as its export", found == [packages.name(f"document/{soc}"), title, export["attribution"],
               export["exportedAt"], framework["contextCovered"] or None, framework["version"]], found)
    notes = document["notes"].splitlines()
    check.that(f"{soc}: the notes have what CASE has no member for",
               {f"SOC: {soc}", f"Group: {export['occupation']['group']}", f"Exported at: {export['exportedAt']}",
                f"Attribution: {export['attribution']}"} <= set(notes)
               and [line for line in notes if line.startswith("Source: ")] == [f"Source: {a}: {b}" for a, b in export["sources"].items()], notes)
    levels, statements = package["CFItems"][:4], package["CFItems"][4:]
    check.that(f"{soc}: four levels come first", [(item["identifier"], item["humanCodingScheme"], item["listEnumeration"]) for item in levels] ==
               [(packages.name(f"level/{soc}/{level}"), f"{soc}/{level}", str(i)) for i, level in enumerate(LEVELS, 1)])
    place = [(item["humanCodingScheme"].split("/")[1], int(item["listEnumeration"]), item["fullStatement"]) for item in statements]
    check.that(f"{soc}: every statement is an item, in order", place == rows_of(export), place[:1])
    check.that(f"{soc}: identifiers are of the statements' ids",
               all(item["identifier"] == packages.name(f"statement/{item['humanCodingScheme']}") for item in statements))
    check_associations(soc, package)


def check_associations(soc, package):
    ties = [(one["associationType"], one["originNodeURI"]["identifier"], one["destinationNodeURI"]["identifier"])
            for one in package["CFAssociations"]]
    level = {name: packages.name(f"level/{soc}/{name}") for name in LEVELS}
    wanted = {("isChildOf", one, package["CFDocument"]["identifier"]) for one in level.values()}
    wanted |= {("precedes", level[a], level[b]) for a, b in zip(LEVELS, LEVELS[1:])}
    wanted |= {(kind, item["identifier"], level[item["humanCodingScheme"].split("/")[1]])
               for kind in ("isChildOf", "hasSkillLevel") for item in package["CFItems"][4:]}
    check.that(f"{soc}: each statement belongs to its level, each level to the document", set(ties) == wanted and len(ties) == len(wanted),
               set(ties) ^ wanted)
    check.that(f"{soc}: identifiers of associations are of their type and ends",
               all(one["identifier"] == packages.name("association/" + "/".join(tie)) for one, tie in zip(package["CFAssociations"], ties)))


def check_bad_packages(command):
    """What the schema must refuse; a judge that accepts everything would prove nothing."""
    good = command.packages("--format", "case1.1", "--soc", SOC)[0]
    cases = [
        ("capitals in a UUID", lambda p: p["CFItems"][0].update(identifier=p["CFItems"][0]["identifier"].upper()), ("1.1",)),
        ("a date without a time", lambda p: p["CFDocument"].update(lastChangeDateTime="2026-05-15"), ("1.0", "1.1")),
        ("an unknown type", lambda p: p["CFAssociations"][0].update(associationType="hasLevel"), ("1.0", "1.1")),
        ("a missing uri", lambda p: p["CFItems"][0].pop("uri"), ("1.0", "1.1")),
        ("a member of our own", lambda p: p["CFItems"][0].update(level="emerging"), ("1.1",)),
        ("CFDefinitions: []", lambda p: p.update(CFDefinitions=[]), ("1.0", "1.1")),
        ("a type without description", lambda p: p["CFDefinitions"]["CFItemTypes"][0].pop("description"), ("1.1",)),
    ]
    for title, change, refused in cases:
        bad = copy.deepcopy(good)
        change(bad)
        check.that(f"{title} is refused by CASE {' and '.join(refused)}",
                   [version for version in ("1.0", "1.1") if packages.faults(bad, version)] == list(refused), packages.faults(bad, "1.1"))


# --------------------------------------------------------------------- parts


def check_parts(command):
    whole = command.packages("--format", "case1.1")
    part = command.packages("--format", "case1.1", "--soc", SOC, "--level", "emerging")[0]
    full = next(one for one in whole if one["CFDocument"]["identifier"] == packages.name(f"document/{SOC}"))
    document = uuid.UUID(part["CFDocument"]["identifier"])
    request = '{"v":1,"op":"scan","filter":{"level":["emerging"],"occupation":["%s"]}}' % SOC
    check.that("a part has a document of its own, of generation and request", str(document) == packages.name(f"document/{SOC}/1/{request}"), document)
    check.that("a part is valid", not packages.faults(part, "1.1") + packages.links(part), packages.faults(part, "1.1"))
    check.that("a part names the whole document and how much it holds", part["CFDocument"]["title"].endswith(f"({SOC}), 10 of 40 statements")
               and f"Part of: {packages.name(f'document/{SOC}')}" in part["CFDocument"]["notes"], part["CFDocument"])
    keys = [("level" if item["CFItemType"] == "Level" else "statement") + "/" + item["humanCodingScheme"] for item in part["CFItems"]]
    check.that("items of a part are named in its document's space", [item["identifier"] for item in part["CFItems"]] ==
               [packages.name(key, document) for key in keys])
    matches = {(one["originNodeURI"]["identifier"], one["destinationNodeURI"]["identifier"])
               for one in part["CFAssociations"] if one["associationType"] == "exactMatchOf"}
    check.that("each item of a part is matched with that of the whole occupation", matches ==
               {(packages.name(key, document), packages.name(key)) for key in keys} and len(keys) == 11
               and {b for _, b in matches} <= {item["identifier"] for item in full["CFItems"]}, matches)
    check.that("values in another order and twice are the same request",
               command.run("--format", "case1.1", "--level", "advanced,emerging,advanced").stdout ==
               command.run("--format", "case1.1", "--level", "emerging", "--level", "advanced").stdout)
    check.that("another request gives other identifiers", command.packages("--format", "case1.1", "--soc", SOC, "--level", "advanced")[0]
               ["CFDocument"]["identifier"] != str(document))
    check_whole_ones(command, whole)
    check_import(whole, command)


def check_whole_ones(command, whole):
    """A query that leaves nothing out gives whole packages, whatever it was."""
    same = [one for one in whole if one["CFDocument"]["title"].find("(43-") > 0]
    for arguments in (["--soc", "43-"], ["--group", "43"], ["--soc", ",".join(one["CFDocument"]["title"][-11:-1] for one in same)],
                      ["--group", "43", "--level", "emerging,developing,proficient,advanced"]):
        check.that(f"{' '.join(arguments)} gives whole occupations", len(same) > 1 and command.packages("--format", "case1.1", *arguments) == same)


def check_import(whole, command):
    """Nothing vanishes from a program that imports whole packages, then parts."""
    importer = packages.Importer()
    for package in whole:
        importer.take(package)
    before = importer.content()
    for arguments in (["mail"], ["--level", "emerging"], ["--soc", SOC, "--level", "advanced"], ["--zone", "1-2", "safety"], ["--match", "any", "mail safety"]):
        found = command.packages("--format", "case1.1", *arguments)
        parts = [one for one in found if ", " in one["CFDocument"]["title"].rpartition(")")[2]]
        for package in found:
            importer.take(package)
        check.that(f"importing parts removes nothing: {' '.join(arguments)}", found and parts and before <= importer.content(), len(before - importer.content()))
    importer.take(whole[0])
    check.that("importing a whole package again removes nothing", before <= importer.content())
    short = copy.deepcopy(whole[0])
    del short["CFItems"][5:]
    importer.take(short)
    check.that("a part under the document of the whole would have removed items", not before <= importer.content())


# ------------------------------------------------------------- other formats


def check_ctdl(command, statements, occupations):
    graphs = command.packages("--format", "ctdl", "--publisher", "https://registry.example/ce-1")
    nodes = [node for graph in graphs for node in graph["@graph"]]
    kinds = [node["@type"] for node in nodes]
    check.that("ctdl has a framework and a model per occupation, and a competency per statement",
               [kinds.count(kind) for kind in ("ceasn:CompetencyFramework", "asn:ProgressionModel", "asn:ProgressionLevel", "ceasn:Competency")] ==
               [occupations, occupations, 4 * occupations, statements], len(kinds))
    ids = [node["ceterms:ctid"] for node in nodes]
    check.that("every ctid is ce- and a UUID of small letters, and occurs once", len(set(ids)) == len(ids)
               and all(re.fullmatch(r"ce-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one) for one in ids))
    known = {node["@id"] for node in nodes}
    wrong = [node["@id"] for node in nodes for name in ("ceasn:complexityLevel", "asn:hasProgressionLevel", "ceasn:isPartOf", "ceasn:hasTopChild")
             if not set(node.get(name, [])) <= known]
    check.that("references of ctdl lead to nodes of it", not wrong, wrong[:1])
    competency = next(node for node in nodes if node.get("ceasn:codedNotation", "").startswith(SOC))
    check.that("a competency has the UUID that CASE has", competency["ceterms:ctid"] == "ce-" + packages.name(f"statement/{competency['ceasn:codedNotation']}"))
    part = command.packages("--format", "ctdl", "--level", "advanced", "--soc", SOC)[0]["@graph"]
    check.that("a part of ctdl is aligned with the whole", [node["ceasn:exactAlignment"] for node in part if node["@type"] == "ceasn:Competency"] ==
               [["urn:uuid:" + packages.name(f"statement/{node['ceasn:codedNotation']}")] for node in part if node["@type"] == "ceasn:Competency"])
    try:
        import rdflib
    except ImportError:
        print("skipped: python3-rdflib is not installed")
        return
    graph = rdflib.Graph()
    context = json.loads((ROOT / "tests" / "exports" / "ctdl-context.json").read_text())["@context"]
    graph.parse(data=json.dumps({**graphs[0], "@context": context}), format="json-ld")
    levels = {str(level): 0 for level in graph.subjects(rdflib.RDF.type, rdflib.URIRef(context["asn"] + "ProgressionLevel"))}
    for level in graph.objects(None, rdflib.URIRef(context["ceasn"] + "complexityLevel")):
        levels[str(level)] += 1
    competencies = list(graph.subjects(rdflib.RDF.type, rdflib.URIRef(context["ceasn"] + "Competency")))
    check.that("rdflib reads 40 competencies, 10 at each level", len(competencies) == 40 and list(levels.values()) == [10] * 4, levels)
    texts = {str(text) for text in graph.objects(None, rdflib.URIRef(context["ceasn"] + "competencyText"))}
    check.that("rdflib reads their texts", texts == {node["ceasn:competencyText"]["en"] for node in graphs[0]["@graph"] if "ceasn:competencyText" in node})


RSD = ["Canonical URL", "RSD Name", "Author", "Skill Statement", "Category", "Keywords", "Standards", "Certifications", "Occupation Major Groups",
       "Occupation Minor Groups", "Broad Occupations", "Detailed Occupations", "O*Net Job Codes", "Employers"]


def check_rsd(command, statements):
    rows = list(csv.DictReader(io.StringIO(command.run("--format", "rsd", "--base-uri", "https://host.example").stdout.decode(), newline=""), strict=True))
    check.that("rsd has its 14 columns and every statement", list(rows[0]) == RSD and len({row["Standards"] for row in rows}) == statements, rows[0])
    row = next(row for row in rows if row["O*Net Job Codes"] == SOC)
    check.that("rsd has the groups of the code", [row[name] for name in RSD[8:13]] == ["43-0000", "43-9000", "43-9050", "43-9051", SOC], row)
    check.that("rsd has the URI of each statement", all(one["Canonical URL"] == f"https://host.example/uri/{packages.name('statement/' + one['Standards'])}" for one in rows))
    other = next(row for row in rows if row["O*Net Job Codes"] == "15-1252.00")
    check.that("a minor group may end in 00", other["Occupation Minor Groups"] == "15-1200", other)
    plain = list(csv.DictReader(io.StringIO(command.run("--format", "rsd", "--creator", "A, B").stdout.decode(), newline="")))
    check.that("rsd without --base-uri has no URL; --creator is the author", {(one["Canonical URL"], one["Author"]) for one in plain} == {("", "A, B")})
    check.that("rsd without statements is its heading", command.run("--format", "rsd", "xylophone", expect=1).stdout.decode().strip() == ",".join(RSD))


def check_markdown(command, sources):
    text = command.run("--format", "md").stdout.decode()
    check.that("md has a heading per occupation and per level", len(re.findall(r"^# ", text, re.M)) == len(sources)
               and len(re.findall(r"^## ", text, re.M)) == 4 * len(sources))
    anchors = re.findall(r'^- <a id="([^"]+)"></a>(.+)$', text, re.M)
    ids = [json.loads(line)["id"] for line in command.run("--sort", "occupation").stdout.splitlines()]
    check.that("md has every statement as an item with its id as an anchor, in order", [one for one, _ in anchors] == ids)
    check.that("md ends with the attribution", text.count("- Attribution: ") == len(sources))
    odd = [item for _, item in anchors if re.search(r"(?<!\\)[*_`\[\]<>&~#|]", item)]
    check.that("texts of md have no markup", not odd, odd[:1])


def check_paragraphs(folder):
    """A description that would begin a list, or another block, in Markdown."""
    export = json.loads((CORPUS / f"{SOC}.json").read_text())
    for number, (given, wanted) in enumerate([("- one", "\\- one"), ("+ one", "\\+ one"), ("* one", "\\* one"), ("1. one", "1\\. one"), ("12) one", "12\\) one"),
                                              ("# one", "\\# one"), ("> one", "\\> one"), ("--- one", "\\--- one"), ("1 one.", "1 one."), ("2026", "2026")]):
        export["framework"]["contextCovered"] = given
        (folder / "paragraph.json").write_text(json.dumps(export))
        index(folder / f"paragraph-{number}", folder / "paragraph.json")
        lines = Command("--index", folder / f"paragraph-{number}").run("--format", "md").stdout.decode().split("\n")
        check.that(f"a description {given!r} is a paragraph of md", lines[2] == wanted, lines[:4])


def check_options(command):
    """Options of packages: URIs, creator, publisher, warnings, and what is refused."""
    for base in ("https://[2001:db8::1]:8443/a%20b", "http://host:65535/a/b/"):
        uri = command.packages("--format", "case1.1", "--soc", SOC, "--base-uri", base)[0]["CFDocument"]["uri"]
        check.that(f"--base-uri {base} is taken as it is", uri.startswith(base.rstrip("/") + "/uri/"), uri)
    for base in ("https://host.example", "https://host.example/"):
        package = command.packages("--format", "case1.1", "--soc", SOC, "--base-uri", base)[0]
        check.that(f"--base-uri {base} gives URIs below it", package["CFDocument"]["uri"] == f"https://host.example/uri/{packages.name(f'document/{SOC}')}"
                   and not packages.faults(package, "1.1") + packages.links(package), package["CFDocument"])
    warned = command.run("--format", "case1.1", "--soc", SOC).stderr
    check.that("without --base-uri a warning names it", warned.count(b"--base-uri") == 1, warned)
    check.that("with --base-uri there is no warning", not command.run("--format", "case1.1", "--soc", SOC, "--base-uri", "http://h").stderr)
    check.that("ctdl warns of a missing publisher", b"--publisher" in command.run("--format", "ctdl", "--soc", SOC).stderr)
    graph = command.packages("--format", "ctdl", "--soc", SOC, "--publisher", "https://r.example/ce-1")[0]["@graph"][0]
    check.that("ctdl has the publisher of the option", graph["ceasn:publisher"] == ["https://r.example/ce-1"], graph)
    package = command.packages("--format", "case1.0", "--soc", SOC, "--creator", "Überall \"Inc.\"")[0]
    check.that("--creator is the creator", package["CFDocument"]["creator"] == "Überall \"Inc.\"")
    for arguments in (["--format", "case1.1", "--base-uri", "host"], ["--format", "case1.1", "--base-uri", "ftp://host/"], ["--format", "case1.1", "--base-uri", "https://"],
                      ["--format", "case1.1", "--base-uri", "https://h/?q"], ["--format", "case1.1", "--base-uri", "https://h/a b"], ["--format", "case1.1", "--base-uri", "https://h/\"x"],
                      *(["--format", "case1.1", "--base-uri", f"https://{rest}"] for rest in
                        ("h/%zz", "h/%4", "[", "h]", "h[1]", "[::1", "[::1]/[", "[::1]x", "h:", "h:x", "h:65536", "h:443x", ":443", "@h", "user@h", "user:word@h")),
                      ["--base-uri", "https://h/"], ["--format", "csv", "--creator", "A"], ["--format", "case1.1", "--publisher", "https://r/"],
                      ["--format", "ctdl", "--publisher", "me"], ["--format", "case1.1", "--sort", "level"], ["--format", "case1.1", "--provenance"],
                      ["--format", "case1.1", "--columns", "id"], ["--format", "case1.1", "--marked"], ["--format", "case1.1", "--bom"], ["--format", "case1.1", "--units", "utf16"],
                      ["--format", "csv", "--output-dir", "x"], ["--format", "md", "--output-dir", "x", "--output", "y"], ["--format", "case"], ["--format", "case1.2"]):
        run = command.run(*arguments, expect=None)
        options = [one.encode() for one in arguments if one.startswith("--")]
        check.that(f"refused, and an option named: {' '.join(arguments)}", run.returncode == 2 and not run.stdout
                   and any(one in run.stderr for one in options), run)
    run = subprocess.run([BUILD / "skillsearch", *command.where, "--format", "case1.1", "mail"], capture_output=True, check=False)
    check.that("only export has the formats of packages", run.returncode == 2 and b"export" in run.stderr, run)


def check_times(folder):
    """exportedAt as a date with time; whatever the export has, the package is valid."""
    export = json.loads((CORPUS / f"{SOC}.json").read_text())
    for number, (given, wanted) in enumerate([("2026-02-03", "2026-02-03T00:00:00Z"), ("2026-02-03T09:14", "2026-02-03T09:14:00Z"),
                                              ("2026-02-03 09:14:27", "2026-02-03T09:14:27Z"), ("2026-02-03T09:14:27+0130", "2026-02-03T09:14:27+01:30"),
                                              ("2024-02-29t09:14:27.5z", "2024-02-29T09:14:27.5Z"), ("2026-02-03T09:14:27-05", "2026-02-03T09:14:27-05:00"),
                                              ("20260203T091427Z", "2026-02-03T09:14:27Z"), ("2026-02-03T09:14:27,25Z", "2026-02-03T09:14:27.25Z"),
                                              ("2026-02-29", None), ("2026-13-01", None), ("2026-01-01T25:00", None), ("Tuesday", None), ("", None),
                                              ("2026-02-03T09:14:27 X", None), ("2026-02-03T09:14:27.", None)]):
        export["exportedAt"] = given
        (folder / "time.json").write_text(json.dumps(export))
        index(folder / f"time-{number}", folder / "time.json", expect=(0, 1, 2, 3))
        package = Command("--index", folder / f"time-{number}").packages("--format", "case1.1")[0]
        found = package["CFDocument"]["lastChangeDateTime"]
        check.that(f"exportedAt {given!r} becomes {wanted}", found == (wanted or "1970-01-01T00:00:00Z") and not packages.faults(package, "1.1"), found)


def check_gaps(folder):
    """Exports without what the mapping takes, and with texts that are hard to write."""
    export = json.loads((CORPUS / f"{SOC}.json").read_text())
    framework = export["framework"]
    for name in ("sources", "attribution"):
        export.pop(name, None)
    framework.update(version="", contextCovered="", description="")
    export["occupation"].update(sector=None, jobZone=None)
    export["occupation"].pop("jobZoneInferred", None)
    framework["levels"]["proficient"]["statements"] = []
    framework["levels"]["emerging"]["statements"] = ["\u202eRight-to-left \u2028 marks — turn them", "Sort \"mail\" \\ by {hand}, [fast] *and* <b>bold</b> & <i>",
                                                     "Größe — mit Maß prüfen", "x" * 4000, "日本語の手紙を仕分ける " * 20, "a"]
    (folder / "gaps.json").write_text(json.dumps(export))
    index(folder / "gaps", folder / "gaps.json", expect=(0, 1, 2, 3))
    command = Command("--index", folder / "gaps")
    texts = {json.loads(line)["text"] for line in command.run().stdout.splitlines()}
    for version in ("1.0", "1.1"):
        package = command.packages("--format", f"case{version}")[0]
        check.that(f"CASE {version} of an export with gaps is valid", not packages.faults(package, version) + packages.links(package), packages.faults(package, version)[:2])
    check.that("a whole occupation has four levels, also an empty one", [item["CFItemType"] for item in package["CFItems"]].count("Level") == 4)
    check.that("odd texts are read back as they are", {item["fullStatement"] for item in package["CFItems"] if item["CFItemType"] == "Statement"} == texts)
    raw = command.run("--format", "case1.1").stdout.decode()
    check.that("direction marks are escaped", "\u202e" not in raw and "\\u202e" in raw)
    graph = command.packages("--format", "ctdl")[0]["@graph"]
    check.that("ctdl reads them back, too", {node["ceasn:competencyText"]["en"] for node in graph if "ceasn:competencyText" in node} == texts)


# --------------------------------------------------------------------- files


def check_files(command, folder):
    path = folder / "out.json"
    path.write_text("before")
    path.chmod(0o640)
    link = folder / "link.json"
    link.symlink_to(path)
    wanted = command.run("--format", "case1.1").stdout
    command.run("--format", "case1.1", "--output", link)
    check.that("--output replaces the file that a link leads to, and keeps its mode", link.is_symlink() and path.read_bytes() == wanted
               and stat.S_IMODE(path.stat().st_mode) == 0o640, oct(path.stat().st_mode))
    check.that("--output leaves no other file", sorted(one.name for one in folder.glob("*out.json*")) == ["out.json"], list(folder.glob(".*")))
    check.that("--output - is the standard output", command.run("--format", "case1.1", "--output", "-").stdout == wanted)
    check.that("--output writes to a device", command.run("--format", "csv", "--output", "/dev/stdout").stdout == command.run("--format", "csv").stdout)
    run = command.run("--format", "csv", "--output", "/dev/full", expect=None)
    check.that("a full device is reported", run.returncode == 5 and b"/dev/full" in run.stderr, run)
    for bad in (folder / "none" / "x.csv", folder):
        run = command.run("--format", "csv", "--output", bad, expect=None)
        check.that(f"--output to {'a folder' if bad == folder else 'a missing folder'} fails and names it", run.returncode == 5 and str(bad).encode() in run.stderr, run)
    check_odd_files(command, folder)
    run = command.run("--format", "csv", "--output", path, "mail AND", expect=None)
    check.that("a refused query leaves the file as it was", run.returncode == 6 and path.read_bytes() == wanted, run)
    run = command.run("--format", "case1.1", "--output", path, "xylophone", expect=1)
    check.that("nothing found is an empty file and status 1", path.read_bytes() == b"", run)
    check_folders(command, folder, wanted)


def check_odd_files(command, folder):
    nothing = folder / "nothing.csv"
    nothing.symlink_to("missing.csv")
    run = command.run("--format", "csv", "--output", nothing, expect=None)
    check.that("a link that leads to nothing is refused, and stays", run.returncode == 5 and b"nothing.csv: is a symbolic link" in run.stderr
               and nothing.is_symlink() and not (folder / "missing.csv").exists(), run)
    wanted = command.run("--format", "csv").stdout
    run = subprocess.run(["sh", "-c", ': >.left.csv.$$.new; exec "$@"', "sh", BUILD / "skillsearch", *command.where, "export", "--format", "csv",
                          "--output", "left.csv"], cwd=folder, capture_output=True, check=False)
    check.that("the file that a killed export with the same process number left is no obstacle", run.returncode == 0
               and (folder / "left.csv").read_bytes() == wanted, run)
    place = folder / "public"
    place.mkdir()
    place.chmod(0o777)
    kept = place / "kept.csv"
    kept.write_text("before")
    kept.chmod(0o444)
    program = pathlib.Path(shutil.copy(BUILD / "skillsearch", place))  # another user may not reach the build folder
    daemon = Daemon(folder / "index")
    other = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    run = subprocess.run(["./skillsearch", "--connect", daemon.endpoint, "export", "--format", "csv", "--output", "kept.csv"],
                         cwd=place, capture_output=True, check=False, env={"HOME": "/"}, **other)
    daemon.stop()
    check.that("a file that may not be written is not replaced", run.returncode == 5 and b"kept.csv: Permission denied" in run.stderr
               and kept.read_text() == "before" and set(place.iterdir()) == {kept, program}, run)


def check_folders(command, folder, wanted):
    lines = wanted.splitlines(keepends=True)
    out = folder / "case"
    for attempt in ("a new folder", "the same again"):
        command.run("--format", "case1.1", "--output-dir", out)
        found = {one.name: one.read_bytes() for one in out.iterdir()}
        check.that(f"--output-dir writes one file per occupation: {attempt}", [found[name] for name in sorted(found)] == lines
                   and all(re.fullmatch(r"\d\d-\d{4}\.\d\d\.json", name) for name in found), sorted(found))
    (out / "note.txt").write_text("mine")
    command.run("--format", "rsd", "--output-dir", out, "--bom")
    tables = list(out.glob("*.csv"))
    check.that("each table of its own has a heading and a mark", len(tables) == len(lines)
               and all(table.read_bytes().startswith(b"\xef\xbb\xbfCanonical URL") for table in tables))
    check.that("other files of the folder stay", (out / "note.txt").read_text() == "mine")
    for name, extension in (("ctdl", "jsonld"), ("md", "md"), ("case1.0", "json")):
        command.run("--format", name, "--output-dir", folder / name)
        check.that(f"{name} has files .{extension}", {one.suffix for one in (folder / name).iterdir()} == {f".{extension}"})
    command.run("--format", "md", "--output-dir", folder / "void", "xylophone", expect=1)
    check.that("nothing found is an empty folder", list((folder / "void").iterdir()) == [])
    run = command.run("--format", "md", "--output-dir", folder / "gone", "mail AND", expect=None)
    check.that("a refused query leaves no folder", run.returncode == 6 and not (folder / "gone").exists(), run)


class Relay:
    """Passes the requests of one client on to a daemon, and calls event() once, before request number `when`."""

    def __init__(self, endpoint, when, event):
        context = zmq.Context.instance()
        self.front, self.back = context.socket(zmq.ROUTER), context.socket(zmq.DEALER)
        for one in (self.front, self.back):
            one.linger = 0
        self.endpoint = f"tcp://127.0.0.1:{self.front.bind_to_random_port('tcp://127.0.0.1')}"
        self.back.connect(endpoint)
        self.when, self.event, self.seen = when, event, 0
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            client, *request = self.front.recv_multipart()
            self.seen += 1
            if self.seen == self.when:
                self.event()
            self.back.send_multipart(request)
            self.front.send_multipart([client, *self.back.recv_multipart()])


def check_replaced(folder):
    """The index is replaced in the middle of an export."""
    for name in ("case1.1", "csv"):
        place = folder / f"replaced-{name}"
        source = folder / f"source-{name}"
        shutil.copytree(CORPUS, source)
        export = json.loads((source / f"{SOC}.json").read_text())
        for level in export["framework"]["levels"].values():
            level["statements"] = [f"{text} ({number})" for number in range(30) for text in level["statements"]]
        (source / f"{SOC}.json").write_text(json.dumps(export))
        index(place, source)
        daemon = Daemon(place)
        peer = daemon.peer()
        generation = 1

        def publish():
            nonlocal generation
            generation += 1
            change = json.loads((source / "51-4041.00.json").read_text())
            change["framework"]["levels"]["emerging"]["statements"].append(f"Turns a lathe of number {generation}")
            (source / "51-4041.00.json").write_text(json.dumps(change))
            index(place, source)
            while peer.ask("health")["generation"] != generation:
                pass
        for when in (2, 4) if name == "case1.1" else (2,):
            run = Command("--connect", Relay(daemon.endpoint, when, publish).endpoint).run("--format", name, expect=None)
            check.that(f"{name}: an export to the standard output ends with 8 when request {when} finds another index", run.returncode == 8
                       and b"replaced" in run.stderr, run.returncode, run.stderr)
            check.that(f"{name}: what was written has no broken line", run.stdout == b"" or run.stdout.endswith(b"\n"))
        pipe = Command("--connect", Relay(daemon.endpoint, 2, publish).endpoint).run("--format", name, "--output", "/dev/stdout", expect=None)
        check.that(f"{name}: an export to a pipe does not begin again", pipe.returncode == 8 and b"replaced" in pipe.stderr
                   and pipe.stdout.count(pipe.stdout[:60]) == 1, pipe.returncode, pipe.stderr, pipe.stdout[:100])
        out = folder / f"again.{name}"
        Command("--connect", Relay(daemon.endpoint, 2, publish).endpoint).run("--format", name, "--output", out)
        check.that(f"{name}: an export to a file begins again", out.read_bytes() == Command("--connect", daemon.endpoint).run("--format", name).stdout)
        daemon.stop()


def check_signals(command, folder):
    """An export that is ended in its middle leaves neither the file nor a part of it."""
    daemon = Daemon(folder / "index")
    for number in (signal.SIGTERM, signal.SIGINT):
        relay = Relay(daemon.endpoint, 4, lambda: (held.set(), threading.Event().wait(60)))
        held = threading.Event()
        out = folder / f"ended-{number}"
        process = start([BUILD / "skillsearch", "--connect", relay.endpoint, "export", "--format", "md", "--output-dir", out],
                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        held.wait(60)
        process.send_signal(number)
        process.wait(timeout=60)
        check.that(f"{number.name} leaves nothing of an unfinished export", process.returncode == -number and not out.exists(), process.returncode, out)
    daemon.stop()


# ---------------------------------------------------------------------- data


def as_old(package):
    """A package of CASE 1.1 as it is in 1.0."""
    document = {name: value for name, value in package["CFDocument"].items() if name not in ("caseVersion", "frameworkType")}
    return {**package, "CFDocument": document}


def check_data(folder):
    """Real exports, if they are there: their counts by foreign readers. The schema of 1.0 allows what that of 1.1 does, and
    less is required, so a thousand packages are validated once."""
    for name, occupations, statements in (("seeds", 2, 80), ("onet/exports", 923, 18_796)):
        source = pathlib.Path(DATA, name)
        if not DATA or not source.exists():
            print(f"skipped: $SKS_DATA/{name} is not there")
            continue
        place = folder / name.replace("/", "-")
        index(place, source)
        command = Command("--index", place)
        found = [command.packages("--format", f"case{version}") for version in ("1.0", "1.1")]
        wrong = [fault for one in found[1] for fault in packages.faults(one, "1.1") + packages.links(one)]
        wrong += [old for old, new in zip(*found) if old != as_old(new)] + packages.faults(found[0][0], "1.0")
        items = sum(len(one["CFItems"]) for one in found[1])
        ties = sum(len(one["CFAssociations"]) for one in found[1])
        check.that(f"{name}: {occupations} packages with {items} items and {ties} associations are valid in 1.0 and 1.1",
                   not wrong and len(found[0]) == len(found[1]) == occupations and items == statements + 4 * occupations
                   and ties == 2 * statements + 7 * occupations, wrong[:2], len(found[1]), items, ties)
        rows = list(csv.DictReader(io.StringIO(command.run("--format", "csv").stdout.decode(), newline=""), strict=True))
        skills = list(csv.DictReader(io.StringIO(command.run("--format", "rsd").stdout.decode(), newline=""), strict=True))
        nodes = [node["@type"] for one in command.packages("--format", "ctdl") for node in one["@graph"]]
        check.that(f"{name}: csv, rsd and ctdl have {statements} statements", len(rows) == len(skills) == nodes.count("ceasn:Competency") == statements)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        sources = exports(CORPUS)
        statements = sum(len(rows_of(export)) for export in sources)
        index(folder / "index", CORPUS)
        command = Command("--index", folder / "index")
        check_rows(command, statements)
        check_foreign_rows(command, folder, statements)
        check_formulas(folder)
        check_case(command, sources)
        check_bad_packages(command)
        check_parts(command)
        check_ctdl(command, statements, len(sources))
        check_rsd(command, statements)
        check_markdown(command, sources)
        check_options(command)
        check_times(folder)
        check_paragraphs(folder)
        check_gaps(folder)
        check_files(command, folder)
        check_replaced(folder)
        check_signals(command, folder)
        check_data(folder)
    return check.finish()


sys.exit(main())
