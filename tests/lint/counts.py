#!/usr/bin/python3
"""counts.py [FOLDER...]: what a tree is made of, a line a folder: files, lines, functions,
static functions that are used once, and functions with a prototype that do not
begin with the noun of their file: the first word of its name, in singular or plural.
For docs/architecture.md; it judges nothing. --names lists the last ones."""
import pathlib
import re
import sys

DEFINITION = re.compile(r"^((?:[a-z_][\w *]*\n)+)([a-z_]\w*) \(", re.M)


def names(text):
    """The functions of a file: (name, whether it is static)."""
    found = []
    for match in DEFINITION.finditer(text):
        kind = match.group(1).split("\n")[-2]
        if not kind.startswith(("return", "else", "do")):
            found.append((match.group(2), "static" in kind))
    return found


def off_noun(path, name):
    """A searcher's operations have one file each: sks_searcher_map is in map.c."""
    noun = path.stem.split("_")[0].rstrip("s")
    plain = re.sub("^(sks|gw)_", "", name)
    return not plain.startswith((noun, "searcher_" + noun))


def main(arguments):
    total = [0] * 5
    folders = [name for name in arguments if name != "--names"]
    for folder in folders or ["core/base", "core/index", "core/wire", "core/engine", "client/lib", "indexer", "searchd"]:
        row = [0] * 5
        for path in sorted(pathlib.Path(folder).glob("*.[ch]")):
            text = path.read_text()
            functions = names(text)
            row[0] += 1
            row[1] += text.count("\n")
            row[2] += len(functions)
            row[3] += sum(static and len(re.findall(rf"\b{name}\b", text)) == 2 for name, static in functions)
            for name, static in functions:
                if not static and off_noun(path, name):
                    row[4] += 1
                    if "--names" in arguments:
                        print(path, name)
        total = [a + b for a, b in zip(total, row)]
        print(f"{folder:12}", "files {} lines {} functions {} used once {} off noun {}".format(*row))
    if not total[2]:
        sys.exit("no function was found")
    print(f"{'all':12}", "files {} lines {} functions {} used once {} off noun {}".format(*total))


main(sys.argv[1:])
