#!/usr/bin/python3
"""words.py: plain technical English (docs/style.md). Finds words and phrases that the project
does not use: in comments and messages of programs, in comments of tests and scripts, in
documents, and in the texts of JSON schemas. A word that is right in its place goes into ALLOWED, with the place."""
import bisect
import pathlib
import re
import subprocess
import sys

# What is not used, and what is written instead.
WORDS = [
    (r"\b(told|telling)\b|(?<!can )\btells?\b(?!( \w+){0,3} apart)", "report, show, say, list, distinguish"),
    (r"\bbehind\b", "after"),
    (r"\bso (many|much)\b(?! that)", "the name of the number"),
    (r"(?<!there )\b(is|are|be) (?-i:none)\b|\b(is|are) none of\b", "is invalid, is not one of"),
    (r"\banew\b", "again, from scratch"),
    (r"\bborn\b", "created"),
    (r"\b(its|their|have a) say\b", "weight, influence"),
    (r"\bdoors?\b", "interface, endpoint"),
    (r"\b(this|a|other|each|every|all|own|as|daemon's|in|two|one) rooms?\b", "file, folder, module; room for bytes is right"),
    (r"\bwho (has|have|comes|wants)\b|\bwhoever\b", "the operator, a caller that, or the imperative"),
    (r"\bhouses?\b", "project, folder"),
    (r"\bhow (it|he|they) fares?\b", "status"),
    (r"\bpassed over\b|\b(client|command|daemon|indexer|we) pass(es)? over\b", "ignored, skipped"),
    (r"\btak(en|es?)( \w+){0,4} up by itself\b", "loaded automatically"),
    (r"\b(is|are|be) let in\b", "accepted, admitted"),
    (r"\b(crews?|errands?)\b", "pool, commands"),
    (r"\bdearest\b", "slowest, most expensive"),
    (r"\bof chance\b", "random"),
    (r"\b(hands|handed) out\b", "return, deliver"),
    (r"\bof now\b", "current"),
    (r"\bhangs? on\b", "depends on"),
    (r"\ba (line|row|mode|file|core) each\b", "one line each"),
    (r"\bwhat [^.;]{0,60}\btakes?, in units\b", "the cost of"),
    (r"\b(thread|caller|worker|code|daemon)'s alone\b|\bof [\w.]+\.c alone\b", "used only by"),
    (r"\bparts? (words|sentences|items|them|nothing)\b", "separates"),
    (r"\blearns (which|what|that it|from)\b", "gets, is notified"),
    (r"\bturns (true|false)\b", "becomes"),
    (r"\bwhose it is\b", "to which it belongs"),
    (r"\bmaybe\b", "perhaps, possibly"),
    (r"\bas yet\b", "so far, yet"),
    (r"\bswallow", "escape, discard"),
    (r"\bour side\b", "the daemon, the client"),
    (r"\btaken up\b", "loaded"),
    (r"\bmade by hand\b", "written by hand"),
    (r"\bbecomes? of\b", "happens to, the result of"),
]
# Places that are right: files, and what the line has.
ALLOWED = [
    (r"docs/style\.md|tests/lint/words\.py", ""),  # they quote the words
    (r"core/base/forms\.c", '{ "'),  # its table of irregular forms
    (r"tests/support/gateway\.py", "street and house"),  # a statement
    (r"docs/http\.md|gateway/http/client\.h|tests/system/web_clients\.py", "proxy"),  # behind a proxy
]
SOURCES = (".c", ".h", ".cc")
SCRIPTS = (".py", ".sh", ".js", ".mjs")
TEXTS = [".md", ".css", ".in", ".default", ".conf", ".timer", ".sysusers", ".tmpfiles", ".bash", ".zsh", ".fish", *(f".{n}" for n in range(1, 9))]
SCHEMAS = "docs/schema/"
FOREIGN = ("corpus/", "docs/ten-jobs.md", "tests/fuzz/seeds/")
PIECES = {
    "source": re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S),
    "schema": re.compile(r'(?<="description": )"(?:\\.|[^"\\])*"|(?<="title": )"(?:\\.|[^"\\])*"'),
    "script": re.compile(r'(?m:(?:^|(?<=\s))(?:#|//) .*$)|(?m:^[ \t]*""").*?"""|/\*.*?\*/', re.S),
}


def pieces(path, text):
    """The parts of a file that people read: (position, text)."""
    if path.endswith(SOURCES):
        for match in PIECES["source"].finditer(text):
            if match.group()[0] == "/" or match.group()[0] == '"' and not path.startswith("tests/"):
                yield match.start(), match.group()
    elif path.endswith(SCRIPTS):
        for match in PIECES["script"].finditer(text):
            yield match.start(), match.group()
    elif path.startswith(SCHEMAS):
        for match in PIECES["schema"].finditer(text):
            yield match.start(), match.group()
    else:
        yield 0, text


def findings(path):
    text = pathlib.Path(path).read_text()
    lines = text.split("\n")
    starts = [0] + [match.end() for match in re.finditer("\n", text)]
    for start, piece in pieces(path, text):
        # Joined by single blanks, so that a phrase is found across a line end.
        joined, places = "", []
        for word in re.finditer(r"[^\s*#]\S*|\S{2,}", piece):
            places.append((len(joined), start + word.start()))
            joined += word.group() + " "
        for pattern, better in WORDS:
            for match in re.finditer(pattern, joined, re.I):
                at = places[bisect.bisect_right(places, (match.start(), len(text))) - 1][1]
                number = bisect.bisect_right(starts, at) - 1
                line = lines[number].strip()
                if not any(re.fullmatch(where, path) and what in line for where, what in ALLOWED):
                    yield f"{path}:{number + 1}: \"{match.group()}\" (instead: {better}): {line}"


def main():
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.split("\n")[:-1]
    paths = [path for path in listed if (path.endswith((*SOURCES, *SCRIPTS, *TEXTS)) or path.startswith(SCHEMAS) or path in ("Makefile", ".ci/run"))
             and not path.startswith(FOREIGN)]
    found = [finding for path in paths for finding in findings(path)]
    if len(paths) < 300:
        found.append(f"only {len(paths)} files were read")
    print("not ok" if found else "ok", "no word is used that docs/style.md rules out", *found, sep="\n" if found else " ")
    print(f"{int(not found)} passed, {int(bool(found))} failed")
    return bool(found)


sys.exit(main())
