"""Compares docs/index-format.md with an index: a reader written from the page alone reads the index, and the figures
and the dump on the page equal those of a new index. Two runs with different random hash keys and numbers of threads
write equal files.

usage: format.py [--write]     --write puts the current figures into the page; $SKS_DATA has the exports of O*NET"""

import ctypes
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

from peer import BUILD, ROOT, Checks

PAGE = ROOT / "docs" / "index-format.md"
DATA = os.environ.get("SKS_DATA", "")
SECTIONS = ["tokens", "offsets", "positions", "lengths", "cells", "occupations", "groups", "sectors", "entries", "forms",
            "stems", "stem forms", "contexts", "editions", "citations", "documents", "vectors",
            "strings", "usages", "holdings", "group words"]
COUNTS = ["statements", "occupations", "groups", "sectors", "entries", "forms", "stems", "contexts", "documents", "base",
          "editions", "citations"]
LEVELS = ["advanced", "developing", "emerging", "proficient"]
NONE, JOINED, WORD = 0xFFFFFFFF, 0x4000, 0x3FFF
# Where dumps may differ: the number of the format, the time, and the hash of postings.
OWN = slice(8, 12), slice(24, 32), slice(48, 56)
DUMPED = 64

XXH = ctypes.CDLL("libxxhash.so.0").XXH3_64bits
XXH.restype, XXH.argtypes = ctypes.c_uint64, [ctypes.c_char_p, ctypes.c_size_t]


def digest(content):
    return XXH(content, len(content))


class Statements:
    """A statements file, read as the page describes it."""

    def __init__(self, path):
        self.bytes = path.read_bytes()
        texts = path.parent / "texts"
        self.texts = texts.read_bytes() if texts.exists() else None
        head = struct.unpack_from("<8sII3Q4Q12I", self.bytes)
        self.magic, self.format, self.sections, self.generation, self.created, self.words = head[:6]
        self.postings, self.additions = head[6:8], head[8:10]
        self.count = dict(zip(COUNTS, head[10:]))
        self.places = [struct.unpack_from("<3Q", self.bytes, 120 + 24 * i) for i in range(len(SECTIONS))]
        self.set, self.shards, self.holdings, self.hash = struct.unpack_from("<QIIQ", self.bytes, 632)

    def file_of(self, name):
        return self.texts if self.shards and name in SECTIONS[:4] else self.bytes

    def section(self, name):
        offset, size, _ = self.places[SECTIONS.index(name)]
        return self.file_of(name)[offset:offset + size]

    def rows(self, name, layout):
        return list(struct.iter_unpack("<" + layout, self.section(name)))

    def string(self, offset):
        strings = self.section("strings")
        return strings[offset:strings.index(b"\0", offset)].decode()

    def text(self, offset, size):
        return self.section("strings")[offset:offset + size]


def numbers(stream):
    value = shift = 0
    for byte in stream:
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            yield value
            value = shift = 0


def read_statements(file):
    """Ids and texts of all statements."""
    entries, offsets = file.rows("entries", "IIHH"), [row[0] for row in file.rows("offsets", "I")]
    positions, cells = file.rows("positions", "H"), [row[0] for row in file.rows("cells", "I")]
    occupations, tokens, found = file.rows("occupations", "8IQHHBBBB"), file.section("tokens"), {}
    for cell in range(len(cells) - 1):
        for statement in range(cells[cell], cells[cell + 1]):
            parts = []
            for number in numbers(tokens[offsets[statement]:offsets[statement + 1]]):
                text, _, size, _ = entries[number]
                parts.append(file.text(text, size) if size else b"")
            text = b"".join(parts)
            digits = f"{digest(text):016x}"[:16 if positions[statement][0] & 0x8000 else 12]
            found[f"{file.string(occupations[cell // 4][0])}/{LEVELS[cell % 4]}/{digits}"] = text.decode()
    return found


def exported_texts(folder):
    texts = []
    for path in sorted(folder.glob("*.json")):
        levels = json.loads(path.read_text())["framework"]["levels"]
        texts += [" ".join(text.split()) for level in levels.values() for text in level["statements"]]
    return sorted(texts)


# ------------------------------------------------------------------ the reader

def check_header(checks, file, folder, page):
    checks.that("the header is as the page describes it", (file.magic, file.sections, file.generation) == (b"SKSTMTS\n", 21, 1)
                and file.hash == digest(file.bytes[:648]) and (file.set, file.shards, file.holdings) == (0, 0, 0) and len(SECTIONS) == file.sections, file.__dict__)
    outcome = re.search(r"#define SKS_INDEX_FORMAT (\d+)", (ROOT / "core/base/schema.h").read_text())
    checks.that("the format in the header is SKS_INDEX_FORMAT", outcome and int(outcome[1]) == file.format, file.format)
    content = (folder / "postings").read_bytes()
    checks.that("the header has the size and the hash of postings", file.postings == (len(content), digest(content))
                and file.additions == (0, 0))
    end = 656
    for name, (offset, size, hashed) in zip(SECTIONS, file.places):
        checks.that(f"the section {name} is at its place, has its hash, and follows zeros",
                    offset == ((end + 63) // 64 * 64 if size else end) and hashed == digest(file.bytes[offset:offset + size])
                    and not any(file.bytes[end:offset]), offset, size)
        end = offset + size
    checks.that("nothing comes after the last section", end == len(file.bytes))
    widths = dict(re.findall(r"^\| ([a-z ]+) \| (\d+) \| ", page.partition("| section | row | what |")[2], re.MULTILINE))
    n = {**file.count, "offsets": file.count["statements"] + 1, "positions": file.count["statements"],
         "lengths": file.count["statements"], "cells": file.count["occupations"] * 4 + 1, "stems": file.count["stems"] + 1,
         "editions": file.count["editions"] + 1,
         "stem forms": file.count["forms"], "vectors": 0, "usages": 0, "holdings": 0, "group words": 0}
    wrong = [(name, size) for name, (_, size, _) in zip(SECTIONS, file.places)
             if name in widths and size != int(widths[name]) * n[name]]
    checks.that(f"{len(widths)} sections have the numbers of rows that the page states", len(widths) == 19 and not wrong, wrong)


def check_contents(checks, file):
    found = read_statements(file)
    checks.that("a reader written from the page reads all texts", sorted(found.values()) == exported_texts(ROOT / "corpus"))
    checks.that("a reader written from the page reads all ids", "43-9051.00/developing/5bbaa99f9972" in found and len(found) == file.count["statements"]
                and list(found) == sorted(found))
    forms, stems = file.rows("forms", "IIIBBBB"), file.rows("stems", "5I")
    texts = [file.text(row[0], row[3]) for row in forms]
    checks.that("forms are sorted by their bytes", texts == sorted(set(texts)))
    texts = [file.text(row[0], row[1]) for row in stems[:-1]]
    checks.that("stems are", texts == sorted(set(texts)))
    joins = [row[0] for row in file.rows("stem forms", "I")]
    wrong = [stem for stem in range(len(stems) - 1) for rank, form in enumerate(joins[stems[stem][3]:stems[stem + 1][3]])
             if forms[form][1] != stem or forms[form][4] != min(rank, 255)]
    checks.that("the forms of a stem have their ranks", not wrong, wrong)
    entries = file.rows("entries", "IIHH")
    joined = [row for row in entries if row[3] & JOINED]
    checks.that("joined forms have no bytes and name a form", joined and all(
        row[1] == NONE and row[2] == 0 and row[0] < len(forms) and row[3] & WORD for row in joined))
    checks.that("the contexts of each stem are valid occupations in ascending order", all(
        rows == sorted(rows) and all(row[0] < file.count["occupations"] for row in rows)
        for contexts in [file.rows("contexts", "IHH")]
        for rows in (contexts[stems[i][4]:stems[i + 1][4]] for i in range(len(stems) - 1))))


def check_sources(checks, folder):
    content = (folder / "sources").read_bytes()
    checks.that("the file sources has its magic and hash", content[:8] == b"SKSSRC2\n"
                and struct.unpack_from("<Q", content, 8)[0] == digest(content[16:]))
    sources, _, rows = content[16:].partition(b"\0\0")
    rows = rows.split(b"\0")[:-1]
    socs, files, stamps = rows[0::3], rows[1::3], rows[2::3]
    checks.that("the file sources has the lists of sources and files", sources.decode() == str(ROOT / "corpus") and socs == sorted(socs)
                and len(rows) == 42 and all(pathlib.Path(path.decode()).is_file() for path in files)
                and all(re.fullmatch(b"[0-9a-f]{0,16}", stamp) for stamp in stamps), rows)


# ------------------------------------------------------------------- the figures

def without(content, *parts):
    content = bytearray(content)
    for part in parts:
        content[part] = bytes(len(content[part]))
    return bytes(content)


def dump(content):
    lines = []
    for at in range(0, DUMPED, 16):
        row = content[at:at + 16]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{at:07} {row.hex(' ')}  >{shown}<")
    return "\n".join([*lines, f"{DUMPED:07}"])


def figures(columns):
    """The table of sizes; a column is (heading, folder of a generation, or None to keep the present figures)."""
    rows = []
    names = [f"{i} {name}" for i, name in enumerate(SECTIONS)] + ["the file", "postings"]
    for folder in columns:
        file = Statements(folder / "statements")
        sizes = [size for _, size, _ in file.places]
        rows.append([f"{size:,}" for size in (*sizes, len(file.bytes), file.postings[0])])
    return names, rows


def write_page(text, file, columns):
    text = re.sub(r"(\$ od [^\n]*\n).*?^0000064$", lambda match: match[1] + dump(file.bytes), text,
                  flags=re.DOTALL | re.MULTILINE)
    names, rows = figures(columns)
    for i, name in enumerate(names):
        for column, row in enumerate(rows):
            text = re.sub(rf"^(\| {name} \|(?: [\d,]+ \|){{{column}}}) [\d,]+ \|", rf"\g<1> {row[i]} |", text,
                          flags=re.MULTILINE)
    PAGE.write_text(text)


def check_figures(checks, text, file, columns):
    shown = re.search(r"\$ od [^\n]*\n(.*?)^0000064$", text, re.DOTALL | re.MULTILINE)
    content = b"".join(bytes.fromhex(line[8:].split("  >")[0]) for line in shown[1].splitlines())
    checks.that("the dump on the page equals that of a new index", without(content, *OWN) == without(file.bytes[:DUMPED], *OWN),
                dump(file.bytes))
    checks.that("the dump shows the characters of its bytes", shown[0].split("\n", 1)[1] == dump(content))
    names, rows = figures(columns)
    for i, name in enumerate(names):
        outcome = re.search(rf"^\| {name} \| ([\d,]+) \| ([\d,]+) \|", text, re.MULTILINE)
        for column, row in enumerate(rows):
            checks.that(f"the size of {name} on the page is {row[i]}", outcome and outcome[column + 1] == row[i], outcome and outcome[0])


# ------------------------------------------------------------------ equal files

def check_equality(checks, folder):
    """Hash tables have a random key in each run (core/base/hash.h); the order of what is written must not depend on
    it."""
    made = [build(folder / f"equal{number}", ROOT / "corpus", str(threads)) for number, threads in enumerate((1, 1, 3, 3))]
    statements = [(index / "statements").read_bytes() for index in made]
    postings = [without((index / "postings").read_bytes(), slice(16, 32)) for index in made]  # Xapian's identifier differs
    checks.that("two runs write equal postings except for their identifier", postings[0] == postings[1]
                and postings[2] == postings[3])
    checks.that("runs with 1 and 3 threads write equal statements except for the time and the hash of postings",
                len({without(content, slice(24, 32), slice(40, 56), slice(648, 656)) for content in statements}) == 1)
    checks.that("runs with 1 and 3 threads write equal lists of sources", len({(index / "sources").read_bytes() for index in made}) == 1)


def check_shards(checks, folder, whole):
    """The statements file of an index in shards, and its file of texts."""
    made = build(folder / "shards", ROOT / "corpus", "2", "--shards", "3")
    file = Statements(made / "statements")
    checks.that("a reader written from the page reads all texts of an index in shards", list(read_statements(file).items())
                == list(read_statements(whole).items()))
    ends = [656, 0]
    wrong = []
    for name, (offset, size, hashed) in zip(SECTIONS, file.places):
        place = file.file_of(name)
        which = place is file.texts
        expected = (ends[which] + 63) // 64 * 64 if size else ends[which]
        if offset != expected or hashed != digest(place[offset:offset + size]):
            wrong.append(name)
        ends[which] = offset + size
    checks.that("its sections are at their places in the two files", not wrong and ends == [len(file.bytes), len(file.texts)], wrong)
    stems, usages = file.rows("stems", "5I"), file.rows("usages", "II")
    holdings = file.rows("holdings", "II")
    sums = [sum(count for _, count in holdings[usages[i][1]:usages[i + 1][1]]) for i in range(len(stems) - 1)]
    checks.that("the holdings of each stem add up to its statements", sums == [row[2] for row in stems[:-1]]
                and len(holdings) == file.holdings == usages[-1][1] and all(row[0] <= stem[2] for row, stem in zip(usages, stems)))
    checks.that("the words of the groups add up to those of the index", sum(row[0] for row in file.rows("group words", "Q")) == file.words)
    label = f"6 1 {file.set:016x}"
    lines = (made / "shards").read_text().splitlines()
    checks.that("the list of shards is as the page describes it", lines == [f"# skillsearch {label} 3", "auto shard-0", "auto shard-1", "auto shard-2"]
                and file.set != 0 and file.shards == 3, lines)


def build(index, sources, threads="2", *arguments):
    """The size of postings depends on the number of threads, by a few blocks."""
    subprocess.run([BUILD / "skillsearch-index", "-q", "--index", index, "--threads", threads, *arguments, sources],
                   capture_output=True, check=True)
    return (index / "current").resolve()


def build_figures(index, exports):
    """Index from standard input, because an index contains paths of files, whose length differs between machines."""
    stream = b"".join(path.read_bytes() for path in sorted(pathlib.Path(exports).glob("*.json")))
    subprocess.run([BUILD / "skillsearch-index", "-q", "--index", index, "--threads", "2", "-"], input=stream,
                   capture_output=True, check=True)
    return (index / "current").resolve()


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        columns = [build_figures(folder / "corpus", ROOT / "corpus")]
        if DATA:
            columns.append(build_figures(folder / "onet", os.path.join(DATA, "onet", "exports")))
        else:
            print("skipped: the figures of O*NET: $SKS_DATA is not set")
        file = Statements(columns[0] / "statements")
        if "--write" in sys.argv:
            write_page(PAGE.read_text(), file, columns)
        text = PAGE.read_text()
        check_header(checks, file, columns[0], text)
        check_contents(checks, file)
        check_sources(checks, build(folder / "named", ROOT / "corpus"))
        check_figures(checks, text, file, columns)
        check_shards(checks, folder, file)
        check_equality(checks, folder)
    sys.exit(checks.finish())


main()
