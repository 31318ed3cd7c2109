"""Hostile input to the programs: bytes that are not JSON, unusual JSON, entries that are not files, and unusual texts.

broken.sh compares every kind of problem with the report. Here each unusual input comes with a good export, which must
be indexed completely, and queries must find unusual texts."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unicodedata

import claims
from peer import BUILD, Checks, Daemon, index

MOST = 16 << 20  # bytes of an export
NOBODY = 65534
GOOD = "One good statement, kept."


def export(number, *statements, **members):
    return {"schemaVersion": "1.0", "occupation": {"soc": f"98-{number:04}.00", "title": "T"},
            "framework": {"levels": {"emerging": {"statements": [*statements]}}}, **members}


def encoded(number, *statements, **members):
    return json.dumps(export(number, *statements, **members), ensure_ascii=False).encode("utf-8", "surrogatepass")


def put(folder, name, content):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content)


class Folder(tempfile.TemporaryDirectory):
    """A folder of files, one of them a good export."""

    def __init__(self):
        super().__init__()
        put(self.name, "good.json", encoded(1, GOOD))
        os.chmod(self.name, 0o755)


# Values of an unknown member in an otherwise good export: the first list is valid JSON, the second is not. "@" is the
# place of the value.
JSON = [
    "0", "-0", "0.0", "1e0", "1E+2", "1e-2", "123.456e78", "-1.5e-300", "1e308", "0e999", "[]", "[ ]", "{}", "{ }",
    "[" * 15 + "]" * 15, "true", "false", "null", '""', '" "', r'"\"\\\/\b\f\n\r\t"', r'"\u0041"',
    r'"\ud83d\ude00"', r'"\uDBFF\uDFFF"', r'"\uFFFE\uFFFF"', r'"\u2028\u2029"', '"\u007f"', '"\u2028"', '"\ufeff"',
    '"\U0001F600"', '"\U0010FFFF"', '"e\u0301"', "[1,[2,[3]],{}]", '{"":0}', '{"a":{"a":{"a":0}}}',
    '[{"a":1},{"a":1}]', '{"A":1,"a":1}', "\t\n\r [ \t\n\r1 \t\n\r] \t\n\r", "1" * 63, '"' + "x" * 100_000 + '"',
    "[" + "0," * 50_000 + "0]",
]
NOT_JSON = [
    "", "01", "-01", "+1", "-", "1.", ".1", "-.1", "1e", "1e+", "1.e1", "0x10", "1_000", "1,000", "NaN", "-NaN",
    "Infinity", "-Infinity", "1e309", "-1e309", "1" * 400, "\uff11", "1 2", "tru", "True", "TRUE", "nul", "undefined",
    "'a'", '"', '"a', "a", '"\t"', '"\n"', '"\x00"', '"\x1f"', r'"\a"', r'"\x41"', r'"\u"', r'"\u12"', r'"\u123g"',
    r'"\U00000041"', r'"\ud800"', r'"\ud800\u0041"', r'"\udc00"', r'"\udc00\ud800"', r'"\ud83d\ud83d"', r'"\u0000"',
    '"\\', "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1;2]", "[1}", '["a"', "[" * 16 + "]" * 16,
    "[" * 100_000, '{"a":' * 100_000, "{", "}", '{"a"}', '{"a":}', '{"a" 1}', '{"a",1}', '{"a":1,}', '{,"a":1}', "{1:1}",
    "{a:1}", "{'a':1}", '{"a":1 "b":2}', '{"a":1,"a":2}', '{"a":1,"\\u0061":2}', "/* */1", "1//\n", "#\n1", "\v1",
    "\f1", "\u00a01", "\ufeff1", "\u20281", "{\"a\":1]", '["a\x00b"]',
]
HEAD = b'{"schemaVersion":"1.0","a":'
BYTES = {
    "text in Latin-1": HEAD + b'"caf\xe9"}', "an overlong slash": HEAD + b'"\xc0\xaf"}',
    "a surrogate in UTF-8": HEAD + b'"\xed\xa0\x80"}', "a character cut": HEAD + b'"\xe2\x82"}',
    "a code over 10FFFF": HEAD + b'"\xf4\x90\x80\x80"}', "a lone continuation": HEAD + b'"\x80"}',
    "NUL after": encoded(2, "x") + b"\0",
    "a mark in the middle": encoded(2, "x")[:-1] + b"\xef\xbb\xbf}",
}
SKIPPED = {
    "nothing": b"", "blanks": b" \n\t", "two marks": b"\xef\xbb\xbf" * 2 + encoded(2, "x"),
    "UTF-16 without a mark": encoded(2, "x").decode().encode("utf-16-be"),
    "UTF-32": encoded(2, "x").decode().encode("utf-32"), "a program": b"\x7fELF" + bytes(range(256)) * 16,
    "a string": b'"schemaVersion"', "another object": b'{"a":1}',
    "brackets": b"[" * 1_000_000,
}
# Other forms that are read, and the number of exports in each.
FORMS = {
    "a second value": (encoded(20, "a") + encoded(21, "b"), 2), "an array": (b"[" + encoded(22, "c") + b"]", 1),
    "UTF-16": (("\ufeff" + encoded(23, "d").decode()).encode("utf-16-le"), 1),
    "UTF-16, large end first": (("\ufeff" + encoded(24, "e").decode()).encode("utf-16-be"), 1),
    "an object of exports": (b'{"exports":[' + encoded(25, "f") + b"," + encoded(26, "g") + b"]}", 2),
}


def read(place, *sources, **options):
    """Only validate: the report of --check for an index that does not exist."""
    return index(os.path.join(place, "none"), *sources, arguments=["--check"], expect=(0, 1, 3), **options)


def problems(report):
    """File name and problem of each."""
    return {(os.path.basename(p["file"]), p["problem"]) for p in report["problems"]}


def check_values(check, place):
    template = encoded(2, "Two.", x="@")
    for values, wanted in ((JSON, set()), (NOT_JSON, set(range(len(NOT_JSON))))):
        with Folder() as name:
            for i, value in enumerate(values):
                content = template.replace(b'"@"', value.encode()).replace(b"98-0002", f"98-{i + 100:04}".encode())
                put(name, f"{i}.json", content)
            report = read(place, name)
        refused = {int(file[:-5]) for file, problem in problems(report) if problem == "not_json"}
        check.that(f"{len(values)} values are {'refused' if wanted else 'accepted'}", refused == wanted,
                   [ascii(values[i])[:60] for i in refused ^ wanted])
        check.that("a good export beside these values is read", report["statements"] == 1 + len(values) - len(wanted), report)


def check_bytes(check, place):
    with Folder() as name:
        for what, content in {**BYTES, **SKIPPED}.items():
            put(name, what, content)
        report = read(place, name)
        check.that(f"{len(BYTES)} files that are not UTF-8 or have more than one value are reported",
                   problems(report) == {(what, "not_json") for what in BYTES}, problems(report))
        skipped = {os.path.basename(entry["file"]) for entry in report["skipped"]}
        check.that(f"{len(SKIPPED)} files of other kinds are skipped", skipped == set(SKIPPED), skipped)
        check.that("a good export beside these files is read", report["statements"] == 1, report)
        for what, (content, count) in FORMS.items():
            put(name, what, content)
            report = read(place, os.path.join(name, what))
            check.that(f"{what}: {count} exports are read", report["statements"] == count and report["exit"] == 0, report)
        named = read(place, *(os.path.join(name, what) for what in SKIPPED))
        check.that("each of these files is a problem when it is named",
                   problems(named) == {(what, "not_an_export") for what in SKIPPED}, problems(named))


def check_sizes(check, place):
    with Folder() as name:
        for file_name, more in (("largest.json", 0), ("larger.json", 1)):
            content = encoded(10 + more, "Largest.")
            put(name, file_name, content + b" " * (MOST + more - len(content)))
        report = read(place, name)
        check.that("an export of 16 MiB is read, and one byte more is reported", report["statements"] == 2
                   and problems(report) == {("larger.json", "too_large")}, report)


def check_poison(check, place):
    """One export with good statements and with ones that are difficult for a reader, a splitter or a posting list."""
    longest = [("word " * 819 + "w")[:4096], "x" * 4096, "\u00e9" * 2048, "\U0001F600" * 1024, "a\u0301" * 1365,
               " ".join(f"w{i}" for i in range(800)), "' " * 2048, "\u2014 " * 1024, "1" * 4096, "a'" * 2048,
               "\u0301" * 2048, "\ufdfa" * 1365, "\u1e9e" * 1365, "\u200d" * 1364 + "x", "AbC-/_" * 682]
    good = [f"Good statement number {i}, kept." for i in range(len(longest) + 1)]
    lost = ["x" * 4097, "\u00e9" * 2048 + "e", "", "  ", "\u200d" * 1365, "\u2800\u3164\ufe0f\x07", 7, None, ["x"], {"x": "y"}, True, good[0], f" {good[0]}\n"]
    both = [text for pair in zip(good, longest) for text in pair] + good[-1:]
    with Folder() as name:
        put(name, "poison.json", encoded(2, *both, *lost))
        built = os.path.join(place, "poison")
        report = index(built, name, expect=(3,))
        check.that("a bad statement never removes another one",
                   report["outcome"] == "published" and report["statements"] == 1 + len(both), report["statements"])
        check.that("each rejected statement is reported", len(report["problems"]) == len(lost), report["problems"])
    daemon = Daemon(built)
    try:
        peer = daemon.peer()
        hits = peer.ask("scan", limit=1000)["hits"]
        check.that("all accepted statements are returned unchanged, in composed form",
                   {h["text"] for h in hits} == {GOOD, *(unicodedata.normalize("NFC", " ".join(text.split()))
                                                         for text in both)}, len(hits))
        check.that("good statements beside bad ones are found",
                   peer.total(q='"good statement number"') == len(good), peer.total(q='"good statement number"'))
    finally:
        daemon.stop()


def check_letters(check, place):
    """Texts in composed and decomposed form are found by queries in either form."""
    # Ligatures, full-width and mathematical letters stand for the plain ones; they have no decomposed form.
    texts = ["Serves cr\u00e8me br\u00fbl\u00e9e at noon.", "Reads \u00c5ngstr\u00f6m scales.", "Files na\u00efve reports.",
             "Greets \u4e16\u754c politely.", "Draws \U0001d4d0\U0001d4d1 signs.", "Writes \ufb01nal \uff38\uff39 forms.",
             "Sorts \U00020000\U00020001 names.", "Waves \U0001F469\u200d\U0001F4BB goodbye."]
    words = ["cr\u00e8me", "\u00e5ngstr\u00f6m", "na\u00efve", "\u4e16\u754c", "\U0001d4d0\U0001d4d1", "\ufb01nal",
             "\U00020000\U00020001", "goodbye"]
    forms = ["NFC", "NFD"]
    with Folder() as name:
        for number, form in enumerate(forms):
            content = encoded(number + 2, *(unicodedata.normalize(form, text) for text in texts))
            # With a byte order mark and Windows line ends.
            put(name, form, b"\xef\xbb\xbf" + content.replace(b", ", b",\r\n"))
        built = os.path.join(place, "letters")
        report = index(built, name)
    check.that("a byte order mark and Windows line ends are accepted", report["exports"] == 3, report)
    daemon = Daemon(built)
    try:
        peer = daemon.peer()
        wrong = [(word, form, total) for word in words for form in forms
                 if (total := peer.total(q=unicodedata.normalize(form, word))) != len(forms)]
        check.that("composed and decomposed letters find each other", not wrong, wrong)
        marked = [claims.marked_words(h) for h in peer.ask(q="creme", want=["marked"])["hits"]]
        check.that("texts are stored and marked in composed form",
                   marked == [[unicodedata.normalize("NFC", words[0])]] * len(forms), marked)
    finally:
        daemon.stop()


def check_odd_files(check, place):
    """Entries of a folder that are not regular files."""
    with Folder() as name, socket.socket(socket.AF_UNIX) as listener:
        os.mkfifo(os.path.join(name, "fifo.json"))
        listener.bind(os.path.join(name, "socket.json"))
        os.symlink("loop.json", os.path.join(name, "loop.json"))
        os.symlink(".", os.path.join(name, "itself"))
        os.symlink("..", os.path.join(name, "above"))
        os.symlink("/dev/zero", os.path.join(name, "zero.json"))
        os.symlink("nowhere", os.path.join(name, "nowhere.json"))
        os.mkdir(os.path.join(name, "folder.json"))
        wanted = {"fifo.json", "socket.json", "loop.json", "itself", "above", "zero.json", "nowhere.json"}
        try:
            os.mknod(os.path.join(name, "null.json"), 0o20666, os.makedev(1, 3))
            wanted.add("null.json")
        except OSError:
            print("skipped: a device file cannot be created here")
        report = read(place, name)
        skipped = {os.path.basename(entry["file"]) for entry in report["skipped"]}
        check.that(f"{len(wanted)} entries that are not files are skipped", skipped == wanted and not report["problems"]
                   and report["statements"] == 1, report)
        named = read(place, *(os.path.join(name, kind) for kind in ("fifo.json", "socket.json")), "/dev/zero")
        check.that("a FIFO, a socket and a device are problems when they are named",
                   [p["problem"] for p in named["problems"]] == ["not_an_export"] * 3, named)
        loop = [BUILD / "skillsearch-index", "--index", os.path.join(place, "none"), os.path.join(name, "loop.json")]
        run = subprocess.run(loop, capture_output=True, text=True, check=False)
        check.that("a named symbolic link that loops is a failure", run.returncode == 1 and "loop.json" in run.stderr, run)


def check_permissions(check, place):
    """Unreadable files keep their statements in the index. Root can read everything, so another user runs this."""
    as_nobody = {} if os.getuid() else {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    with Folder() as name, tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o777)
        # The program may be in a home folder that is closed to others.
        program = shutil.copy(BUILD / "skillsearch-index", home)
        os.mkdir(os.path.join(name, "closed"))
        for number, file_name in ((2, "closed/below.json"), (3, "locked.json")):
            put(name, file_name, encoded(number, f"Statement {number}."))
        command = [program, "--json", "--index", os.path.join(home, "index"), name]
        first = subprocess.run(command, capture_output=True, text=True, check=False, cwd=home, **as_nobody)
        check.that("all files can be read at first",
                   first.returncode == 0 and json.loads(first.stdout)["statements"] == 3, first)
        os.chmod(os.path.join(name, "closed"), 0)
        os.chmod(os.path.join(name, "locked.json"), 0)
        run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=home, **as_nobody)
        report = json.loads(run.stdout)
        check.that("unreadable files are reported", run.returncode == 3
                   and problems(report) == {("closed", "unreadable"), ("locked.json", "unreadable")}, run)
        check.that("statements of unreadable files stay and are reported as stale", (report["outcome"], report["statements"]) == ("unchanged", 3)
                   and {os.path.basename(e["file"]) for e in report["stale"]} == {"below.json", "locked.json"}, report)
        os.chmod(os.path.join(name, "closed"), 0o755)


def check_changing_file(check, place):
    """A file that grows and shrinks while it is read is seen complete, broken or empty, and does not affect others."""
    content, going = encoded(2, *(f"Statement {i} of many." for i in range(2000))), threading.Event()

    def change(path):
        while not going.is_set():
            with open(path, "r+b") as file:
                file.truncate(len(content) // 3)
                file.seek(0, os.SEEK_END)
                file.write(content[len(content) // 3:])

    with Folder() as name:
        path = os.path.join(name, "changing.json")
        put(name, "changing.json", content)
        changing = threading.Thread(target=change, args=[path], daemon=True)
        changing.start()
        reports = [read(place, name) for _ in range(20)]
        going.set()
        changing.join()
    wrong = [r for r in reports if r["statements"] not in (1, 2001) or r["outcome"] != "checked"]
    check.that("a file that changes while it is read is read whole or reported", not wrong, wrong[:1])


def main():
    check = Checks()
    with tempfile.TemporaryDirectory() as place:
        check_values(check, place)
        check_bytes(check, place)
        check_sizes(check, place)
        check_poison(check, place)
        check_letters(check, place)
        check_odd_files(check, place)
        check_permissions(check, place)
        check_changing_file(check, place)
    return check.finish()


sys.exit(main())
