#!/usr/bin/python3
"""counts.py [--off-noun] [FOLDER...]: what a tree is made of, one line per folder: files, lines, functions,
static functions that are used once, and functions with a prototype that do not begin with the noun of
their file, the first word of its name, in singular or plural. For docs/architecture.md.

--off-noun lists only the last ones; `make lint` requires that there are none. Two kinds of names are left out: those in
include/skillsearch.h follow the view of their users, not our files; and a searcher's operations have one file each:
sks_searcher_map is in map.c."""
import pathlib
import re
import sys

FOLDERS = ["core/base", "core/index", "core/wire", "core/engine", "core/shards", "client/lib", "client/browse", "client/abi", "client", "indexer", "vectors",
           "searchd", "gateway", "gateway/http", "gateway/api", "gateway/page"]
DEFINITION = re.compile(r"^((?:[a-z_][\w *]*\n)+)([a-z_]\w*) \(", re.M)
PUBLIC = set(re.findall(r"SKS_API[^;(]*?(\w+) \(", pathlib.Path("include/skillsearch.h").read_text()))


def names(text):
    """The functions of a file: (name, whether it is static)."""
    found = []
    for match in DEFINITION.finditer(text):
        kind = match.group(1).split("\n")[-2]
        if not kind.startswith(("return", "else", "do")):
            found.append((match.group(2), "static" in kind))
    return found


def off_noun(path, name):
    noun = path.stem.split("_")[0].rstrip("s")
    plain = re.sub("^(sks|gw|browse)_", "", name)
    return name not in PUBLIC and name != "main" and not name.startswith(noun) and not plain.startswith((noun, "searcher_" + noun))


def main(arguments):
    total, off = [0] * 5, []
    for folder in [name for name in arguments if name != "--off-noun"] or FOLDERS:
        row = [0] * 5
        for path in sorted(pathlib.Path(folder).glob("*.[ch]")):
            text = path.read_text()
            functions = names(text)
            here = [f"{path} {name}" for name, static in functions if not static and off_noun(path, name)]
            once = sum(static and len(re.findall(rf"\b{name}\b", text)) == 2 for name, static in functions)
            row = [a + b for a, b in zip(row, (1, text.count("\n"), len(functions), once, len(here)))]
            off += here
        if not row[2]:
            sys.exit(f"no function was found in {folder}")
        total = [a + b for a, b in zip(total, row)]
        if "--off-noun" not in arguments:
            print(f"{folder:13}", "files {} lines {} functions {} used once {} off noun {}".format(*row))
    if "--off-noun" in arguments:
        print("".join(line + "\n" for line in off), end="")
    else:
        print(f"{'all':13}", "files {} lines {} functions {} used once {} off noun {}".format(*total))


main(sys.argv[1:])
