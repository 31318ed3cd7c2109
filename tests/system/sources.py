"""An index whose sources appear, disappear, break, move and are spelled in other ways. The content of the index stays
unless the user removes it, and the exit status and the report say what happened."""

import gzip
import json
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile

from peer import BUILD, Checks, schema

DATE = "2026-05-15T12:00:00Z"
MANY = 24  # occupations of a source to which the limit on shrinking applies
REPORT = schema("report")
LIST = schema("list")


def export(number, text="Sort the mail.", **members):
    return json.dumps({"schemaVersion": "1.0", "exportedAt": DATE,
                       "occupation": {"soc": f"43-{number:04}.00", "title": f"Title {number}"},
                       "framework": {"levels": {"emerging": {"statements": [text]}}}, **members})


class Life:
    """A folder with sources and an index; run() is one run of the indexer there."""

    def __init__(self):
        self.place = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.place.name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.place.cleanup()

    def put(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def folder(self, name, first, count=2):
        for number in range(first, first + count):
            self.put(f"{name}/{number}.json", export(number))

    def run(self, *arguments, stdin="", before=()):
        """`before` is a command that starts the indexer."""
        done = subprocess.run([*before, BUILD / "skillsearch-index", "--index", "index", "--json", *arguments], cwd=self.root,
                              input=stdin, capture_output=True, text=True, check=False)
        self.exit, self.errors = done.returncode, done.stderr
        self.report = json.loads(done.stdout) if done.stdout.startswith("{") else {}
        if "outcome" in self.report:
            REPORT.validate(self.report)
        self.stale = len(self.report.get("stale", []))
        self.problems = [entry["problem"] for entry in self.report.get("problems", [])]
        return self

    def occupations(self):
        """The exports of the published generation."""
        rows = subprocess.run([BUILD / "skillsearch-index", "--index", "index", "--list"], cwd=self.root,
                              capture_output=True, text=True, check=True).stdout.splitlines()
        return next(int(row.split("\t")[4].split()[0]) for row in rows if row.split("\t")[1] == "current")

    def generations(self):
        return len(list((self.root / "index").glob("gen-*")))

    def state(self):
        return self.exit, self.occupations(), self.stale


def check_lost_sources(check):
    """A source that gives nothing now, whatever replaced it, and however it is named."""
    def unmount(life, name):
        shutil.rmtree(life.root / name)
        (life.root / name).mkdir()

    def readme(life, name):
        unmount(life, name)
        life.put(f"{name}/README.md", "Mount the exports here.")

    def folders_only(life, name):
        for file in (life.root / name).glob("*.json"):
            file.unlink()
        (life.root / name / "sub").mkdir()

    def hidden_only(life, name):
        for file in (life.root / name).glob("*.json"):
            file.rename(file.with_name("." + file.name))

    def away(life, name):
        shutil.rmtree(life.root / name)

    spelled = {"A": "A", "A/": "A/", "./A": "./A", "an absolute path": None, "a link": "link", "A/../A": "A/../A"}
    for how in (unmount, readme, folders_only, hidden_only, away):
        for spelling, name in spelled.items():
            with Life() as life:
                life.folder("A", 1000)
                life.folder("B", 2000)
                (life.root / "link").symlink_to("A")
                life.run("A", "B")
                how(life, "A")
                life.run("B", name or str(life.root / "A"))
                check.that(f"source {spelling}, {how.__name__}: its exports stay", life.state() == (3, 4, 2)
                           and life.problems == ["lost"] and "--allow-empty" in life.errors, life.state(), life.errors)
    with Life() as life:
        life.folder("A", 1000)
        life.folder("B", 2000)
        life.run("A", "B")
        unmount(life, "A")
        for arguments in (["A"], ["A", "--only"], ["B", "A", "--only"], ["A", "--check"]):
            life.run(*arguments)
            check.that(f"lost, {' '.join(arguments)}: exit 3 and stale", (life.exit, life.stale) == (3, 2)
                       and life.report["statements"] == (2 if arguments == ["A", "--only"] else 4), life.errors)
            subprocess.run([BUILD / "skillsearch-index", "--index", "index", "-q", "A", "B"], cwd=life.root,
                           capture_output=True, check=False)
            life.folder("A", 1000)
            life.run("A", "B")
            unmount(life, "A")
        life.run("A", "B", "--strict")
        check.that("lost, --strict: exit 1 and nothing published", life.state() == (1, 4, 2), life.errors)
        life.run("A", "B", "--diff")
        check.that("lost, --diff: the loss is reported, and nothing is removed",
                   life.exit == 3 and life.report["removed"] == 0 and "--allow-empty" in life.errors, life.errors)
        life.run("A", "B", "--allow-empty")
        check.that("--allow-empty removes the exports of a lost source", life.state() == (0, 2, 0), life.errors)
        unmount(life, "B")
        life.run("A", "B", "--allow-empty")
        check.that("a run never empties an index", life.exit == 1 and life.occupations() == 2, life.errors)


def check_lost_folders(check):
    """A folder within a source that is not mounted, not readable, or deleted."""
    with Life() as life:
        life.folder("S", 1000)
        life.folder("S/mount/deep", 2000)
        life.run("S")
        shutil.rmtree(life.root / "S/mount/deep")
        life.run("S")
        check.that("a mount point without its folders: the exports stay", life.state() == (3, 4, 2)
                   and life.report["problems"][0]["file"].endswith("/S/mount"), life.errors)
        life.folder("S/mount/deep", 2000)
        check.that("mounted again: no problem is reported", life.run("S").state() == (0, 4, 0), life.errors)
        shutil.rmtree(life.root / "S/mount")
        check.that("a deleted folder: its exports are removed", life.run("S").state() == (0, 2, 0), life.errors)
    with Life() as life:
        life.folder("S", 1000)
        life.folder("S/sub", 2000)
        life.run("S")
        (life.root / "S/1000.json").unlink()
        check.that("one deleted file of several: its export is removed", life.run("S").state() == (0, 3, 0), life.errors)


def check_replaced_folders(check):
    """Something that is not a folder in the place of a source, or of a folder in it."""
    replacements = {"a file": lambda path: path.write_text("moved"), "an empty file": lambda path: path.write_bytes(b""),
                    "an empty array": lambda path: path.write_text("[]"), "a FIFO": os.mkfifo,
                    "a link to nothing": lambda path: path.symlink_to("nowhere"),
                    "a link to another source": lambda path: path.symlink_to("T"),
                    "a link to a device": lambda path: path.symlink_to("/dev/null")}
    for what, replace in replacements.items():
        for place in ("S", "S/sub", "S/sub/deep"):
            for arguments in (["S", "T"], ["T", "--rebuild"], ["S", "--check"]):
                with Life() as life:
                    life.folder("S", 1000)
                    life.folder("S/sub", 2000)
                    life.folder("S/sub/deep", 3000)
                    life.folder("T", 4000)
                    life.run("S", "T")
                    shutil.rmtree(life.root / place)
                    replace(life.root / place)
                    life.run(*arguments)
                    lost = {"S": 6, "S/sub": 4, "S/sub/deep": 2}[place]
                    check.that(f"{place} is {what}, {' '.join(arguments)}: its exports stay, and it is reported",
                               (life.exit, life.report["occupations"], life.stale) == (3, 8, lost)
                               and f"/{place}: " in life.errors, life.exit, life.report.get("occupations"), life.errors)
    with Life() as life:
        life.folder("S", 1000)
        life.run("S")
        shutil.rmtree(life.root / "S")
        life.put("S", "\n".join(export(1000 + i) for i in range(2)))
        check.that("a file of the exports in the place of their folder is not a loss", life.run("S").state() == (0, 2, 0)
                   and life.report["renamed"] == 2, life.errors)


def check_shrinking(check):
    """More than half of a source is not removed without an option."""
    with Life() as life:
        life.folder("S", 1000, MANY)
        life.folder("T", 2000, MANY)
        life.run("S", "T")
        for number in range(1000, 1000 + MANY // 2 + 1):
            (life.root / f"S/{number}.json").unlink()
        life.run("S", "T")
        figures = f"{MANY // 2 + 1} of the {MANY} occupations"
        check.that("over half of one of two sources would be removed: exit 1 with the figures", life.exit == 1
                   and life.occupations() == 2 * MANY and figures in life.errors and "--allow-shrink" in life.errors,
                   life.errors)
        check.that("over half of a source would be removed, --check: reported, exit 3", life.run("S", "--check").exit == 3 and figures in life.errors, life.errors)
        life.run("S", "T", "--allow-shrink")
        check.that("--allow-shrink removes over half of a source", life.state() == (0, 2 * MANY - MANY // 2 - 1, 0), life.errors)
    with Life() as life:
        lines = [export(1000 + i) for i in range(MANY)]
        life.put("all.ndjson", "\n".join(lines))
        life.run("all.ndjson")
        life.put("all.ndjson", "\n".join(lines[:5]))
        check.that("a truncated file of several exports: exit 1", life.run("all.ndjson").exit == 1, life.errors)
    with Life() as life:
        life.run("-", stdin="\n".join(lines))
        life.run("--only", "-", stdin=lines[0])
        check.that("a truncated --only -: exit 1", life.exit == 1 and life.occupations() == MANY, life.errors)
    with Life() as life:
        life.folder("S", 1000, MANY)
        life.folder("T", 2000)
        life.run("S", "T")
        shutil.rmtree(life.root / "S")
        life.run("S")
        check.that("a large deleted source is not removed by naming it", life.exit == 3
                   and life.problems == ["lost"], life.errors)
        check.that("--remove removes a large deleted source", life.run("--remove", "S").state() == (0, 2, 0), life.errors)


def check_removal(check):
    with Life() as life:
        life.folder("S", 1000)
        life.folder("T", 2000)
        life.run("S", "T", "-", stdin=export(3000))
        life.run("S", "nosuch", "T")
        check.that("a missing source does not stop the others", life.state() == (3, 5, 0)
                   and life.problems == ["unreadable"], life.errors)
        check.that("only missing sources: exit 1", life.run("nosuch").exit == 1, life.errors)
        check.that("--remove of a path that is not in the index: exit 1", life.run("--remove", "nosuch").exit == 1, life.errors)
        check.that("--remove needs no source", life.run("--remove", "T/2000.json").state() == (0, 4, 0), life.errors)
        life.run("S", "T", "--remove", "T/2000.json")
        check.that("--remove takes precedence over a source", life.state() == (0, 4, 0), life.errors)
        check.that("--remove -", life.run("--remove", "-").state() == (0, 3, 0), life.errors)
        life.run("--remove", "S/1000.json", "nosuch", "--check")
        check.that("a second path after --remove is a source, and a line says so", life.problems == ["unreadable"]
                   and "Each path to remove needs its own --remove.\n" in life.errors, life.errors)
        shutil.rmtree(life.root / "T")
        check.that("naming a small deleted source removes it", life.run("T").state() == (0, 2, 0), life.errors)
        check.that("--remove with --list: exit 2", life.run("--list", "--remove", "S").exit == 2, life.errors)


def check_the_last_source(check):
    """What would empty the index is refused, and the message says how to discard the index."""
    for change, arguments in ((lambda life: None, ("--remove", "S")), (lambda life: shutil.rmtree(life.root / "S"), ("--allow-empty", "S")),
                              (lambda life: [path.unlink() for path in (life.root / "S").iterdir()], ("--allow-empty", "S"))):
        with Life() as life:
            life.folder("S", 1000, 1001)
            life.run("S")
            change(life)
            life.run(*arguments)
            check.that(f"{arguments} of the only source: exit 1, and why", life.exit == 1 and "An index cannot be empty: to discard it, remove" in life.errors,
                       life.exit, life.errors)


def check_odd_names(check):
    """Sources that are no paths: an empty one, as from a variable that is not set, would be the current folder."""
    with Life() as life:
        life.folder("S", 1000)
        life.run("S")
        for arguments in (("",), ("S", ""), ("--remove", ""), ("--remove=", "S"), ("--only", ""), ("--rebuild", ""), ("--diff", "")):
            life.run(*arguments)
            check.that(f"{arguments}: an empty path is refused", life.exit == 2 and " is empty" in life.errors and life.occupations() == 2,
                       life.exit, life.errors)
        life.run("x" * 5000, "S")
        check.that("a name that is too long is the one that is reported", life.state() == (3, 2, 0) and life.problems == ["unreadable"]
                   and life.errors.startswith("xxx"), life.errors[-300:])
        life.run("/dev/stdin", "S", stdin=export(2000))
        check.that("a pipe is not read, and the name of standard input is shown", life.state() == (3, 2, 0) and '"-" is standard input' in life.errors,
                   life.errors)


def check_no_exports(check):
    """A folder of other files: the first ones are listed with the reason, with and without an index."""
    for index in (False, True):
        with Life() as life:
            for number in range(7):
                life.put(f"W/{number}.json", '{"soc": "43-9061.00"}')
            if index:
                life.folder("S", 1000, 1)
                life.run("S")
            for arguments in (("W",), ("--check", "W"), ("--only", "--allow-empty", "W")):
                life.run(*arguments)
                listed = [line for line in life.errors.splitlines() if line.endswith('.json: skipped: no "schemaVersion"')]
                expected = 0 if index and "--only" not in arguments else 5
                check.that(f"{arguments}, index {index}: reasons of the first files", len(listed) == expected, life.errors)
                check.that(f"{arguments}, index {index}: the number of the others",
                           ("and 2 more are skipped: -v lists them\n" in life.errors) == bool(expected), life.errors)
            life.run("-v", "--only", "--allow-empty", "W")
            check.that(f"-v, index {index}: each is listed once", life.errors.count(": skipped: no") == 7, life.errors)


def check_what_is_said(check):
    """Removals and likely mistakes are always reported: counted in the summary, listed with -v and in the report."""
    with Life() as life:
        life.folder("S", 1000)
        life.folder("S/sub", 2000, 3)
        life.folder("T", 3000)
        life.run("S", "T")
        shutil.rmtree(life.root / "S/sub")
        life.run("S", "T", "--check")
        source, gone = f"{life.root.resolve()}/S", [f"/S/sub/{number}.json" for number in (2000, 2001, 2002)]
        check.that("a subfolder that was deleted: its source and the number are named", life.exit == 0
                   and f"{source}: removed: 3 exports (-v lists them)\n" in life.errors, life.errors)
        check.that("the report has the file, source and reason of each",
                   [(entry["file"], entry["source"]) for entry in life.report["removals"]]
                   == [(str(life.root.resolve()) + name, source) for name in gone]
                   and life.report["removals"][0]["reason"] == "43-2000.00, its file is gone", life.report["removals"])
        life.run("S", "T", "-v")
        check.that("-v lists them", all(f"{name}: removed: 43-{name[7:11]}.00, its file is gone\n" in life.errors for name in gone),
                   life.errors)
        life.put("S/1000.json", export(1999))
        life.run("S")
        check.that("an export that its file no longer has is named",
                   life.report["removals"][0]["reason"] == "43-1000.00, its file does not have it now", life.report)
        life.run("--remove", "S/1001.json", "-q")
        check.that("so is an export that --remove removes, also with -q", life.errors.endswith(f"\n{source}/1001.json: removed: 43-1001.00, it was named by --remove\n") and life.errors.count("\n") == 2
                   and life.report["removals"][0]["reason"] == "43-1001.00, it was named by --remove", life.errors, life.report)
        life.run("--only", "S")
        check.that("so are exports that --only leaves out", "/T: removed: 2 exports (" in life.errors
                   and life.report["removals"][0]["reason"] == "43-3000.00, it was not named with --only", life.errors)
        life.run("S")
        check.that("without removals and warnings none are reported", "removed: " not in life.errors and life.report["removals"] == []
                   and "warning" not in life.errors, life.errors)
    with Life() as life:
        statements = {"framework": {"levels": {"emerging": {"statements": [f"Sort the mail {n}." for n in range(8)]}}}}
        life.put("S/a.json", json.dumps(json.loads(export(1000)) | statements))
        life.run("S")
        life.put("S/a.json", export(1000, exportedAt="2026-05-15T10:00:00+00:30"))
        life.run("S")
        check.that("an older export with fewer statements: two warnings, counted",
                   life.state() == (0, 1, 0) and ", 0 problems, 2 warnings (-v shows them); " in life.errors
                   and life.report["counts"] == {"problems": 0, "warnings": 2, "skipped": 0, "stale": 0}
                   and [entry["statement"] for entry in life.report["warnings"]] == ["/exportedAt", "/framework/levels"],
                   life.errors, life.report)
        life.put("S/a.json", export(1000, "Other.", exportedAt="2026-05-15T09:00:00Z"))
        life.run("S", "-v")
        check.that("-v shows them and does not advise -v", life.errors.count(": warning: ") == 1
                   and "09:00:00Z is earlier than that of the last generation, 2026-05-15T10:00:00+00:30\n" in life.errors
                   and ", 1 warning; " in life.errors, life.errors)
        life.put("S/a.json", export(1000, "Third.", exportedAt="2026-05-15T08:00:00Z"))
        life.run("S")
        check.that("... in the singular if there is one", ", 1 warning (-v shows it); " in life.errors, life.errors)


def check_what_other_files_have(check):
    """An export that stays in the index from another file, as its own is gone, removed or outdated."""
    with Life() as life:
        life.folder("S", 1000, 3)
        life.put("T/a.json", export(1000))
        life.put("T/b.json", export(1001))
        here = str(life.root.resolve())
        life.run("S")
        life.run("T")
        life.run("--remove", "T/a.json")
        check.that("--remove says that nothing came from the file", life.exit == 0 and life.report["outcome"] == "unchanged"
                   and f"{here}/T/a.json: warning: nothing in the index came from it: nothing is removed, and it is not read\n" in life.errors
                   and ", 1 warning; " in life.errors, life.errors)
        (life.root / "S/1000.json").unlink()
        life.run("S", "T", "--check")
        moved = f"{here}/S/1000.json: moved: 43-1000.00, now from {here}/T/a.json\n"
        check.that("a deleted file, whose export another source has: both are named", life.exit == 0 and moved in life.errors
                   and life.report["moves"] == [{"file": f"{here}/S/1000.json", "source": f"{here}/S",
                                                 "reason": f"43-1000.00, now from {here}/T/a.json"}]
                   and ": removed: " not in life.errors and life.report["kept"] == 3, life.errors)
        life.run("S", "T", "--check", "-q")
        check.that("... not with -q, as nothing is lost", life.exit == 0 and not life.errors, life.errors)
        life.put("T/b.json", export(1001, "Sort it otherwise.", exportedAt="2026-07-01"))
        life.run("T", "--check")
        check.that("several exports of a source, of which one is changed: their number", f"{here}/S: moved: 2 exports (-v lists them)\n"
                   in life.errors and (life.report["changed"], life.report["kept"], life.report["renamed"]) == (1, 2, 1), life.errors)
        life.run("--remove", "S", "T")
        check.that("of a source that is removed, what is removed and what other files have",
                   f"{here}/S/1002.json: removed: 43-1002.00, it was named by --remove\n" in life.errors
                   and f"{here}/S: moved: 2 exports (" in life.errors, life.errors)
        life.run("T")
        check.that("nothing is reported as moved afterwards", ": moved: " not in life.errors and life.report["moves"] == [], life.errors)


def check_links_in_the_index(check):
    """The index writes through no link that somebody else may have put into its folder."""
    with Life() as life:
        life.folder("S", 1000)
        (life.root / "index").mkdir()
        (life.root / "index/lock").symlink_to(life.root / "elsewhere")
        life.run("S")
        check.that("a link in the place of the lock is refused by name, and not followed", life.exit == 1
                   and "/lock: a symbolic link; remove it" in life.errors and not (life.root / "elsewhere").exists(), life.errors)


def check_names(check):
    """A path that is not UTF-8 cannot be stored: its file is a problem, and the others are still indexed."""
    with Life() as life:
        life.folder("S", 1000)
        life.folder(os.fsdecode(b"S/caf\xe9"), 2000)
        life.put(os.fsdecode(b"S/\xff.json"), export(3000))
        life.put(os.fsdecode(b"S/\xfe.json"), "{")
        life.run("S")
        check.that("files with such a path are named, and do not stop the others", life.state() == (3, 2, 0)
                   and sorted(life.problems) == ["not_json"] + ["unreadable"] * 3 and "S/\\xff.json: its path is not UTF-8" in life.errors, life.errors)


def check_failed_first_run(check):
    """A first run that fails leaves nothing, however early it fails."""
    for many in (3, 4):
        with Life() as life:
            life.folder("S", 1000)
            done = subprocess.run([BUILD / "skillsearch-index", "--index", "new/deep", "S"], cwd=life.root, capture_output=True, check=False,
                                  preexec_fn=lambda many=many: resource.setrlimit(resource.RLIMIT_NOFILE, (many, many)))
            check.that(f"with {many} descriptors it works or leaves no folder", (done.returncode == 0) == (life.root / "new").exists(), done)


def check_broken_files(check):
    """States of a file that was an export."""
    good = export(1001)

    def special(make):
        def do(path):
            path.unlink()
            make(path)
        return do

    changes = {
        "nothing": b"", "blanks": b" \n", "NUL bytes": bytes(500), "ten bytes": good[:10].encode(),
        "cut": good[:-5].encode(), "UTF-16 without a mark": good.encode("utf-16-le"),
        "UTF-32": good.encode("utf-32"), "gzip": gzip.compress(good.encode()), "HTML": b"<html>502</html>",
        "an array": b"[1,2]", "an empty array": b"[]", "null": b"null", "another object": b'{"error":"rate limited"}',
        "no exports": b'{"exports":[]}', "another version": good.replace("1.0", "2.0").encode(),
        "too large": b'{"a":"' + b"x" * (16 << 20) + b'"}', "a Git LFS pointer": b"version https://git-lfs\n",
        "a FIFO": special(os.mkfifo), "a folder": special(os.mkdir),
        "a link to nothing": special(lambda path: path.symlink_to("nowhere")),
        "a link to itself": special(lambda path: path.symlink_to(path.name)),
        "a link to a folder": special(lambda path: path.symlink_to("..")),
        "unreadable": special(lambda path: path.symlink_to("/proc/self/mem")),
    }
    for what, change in changes.items():
        with Life() as life:
            life.folder("S", 1000, 3)
            life.run("S")
            path = life.root / "S/1001.json"
            if callable(change):
                change(path)
            else:
                path.write_bytes(change)
            check.that(f"an export became {what}: stale, exit 3", life.run("S").state() == (3, 3, 1) and len(life.problems) == 1
                       and life.generations() == 1, life.state(), life.errors)
            check.that(f"an export became {what}: --strict, exit 1", life.run("S", "--strict").exit == 1, life.errors)
    for what, content in {"UTF-16": ("\ufeff" + good).encode("utf-16-le"), "an array of it": f"[\n{good}\n]",
                          "a byte order mark": "\ufeff" + good, "a line end": good + "\r\n"}.items():
        with Life() as life:
            life.folder("S", 1000, 3)
            life.run("S")
            life.put("S/1001.json", content)
            life.run("S")
            check.that(f"{what} is the same export", life.state() == (0, 3, 0) and life.report["kept"] == 3, life.errors)


def check_several(check):
    """Files and streams of several exports."""
    lines = [export(1000 + i) for i in range(4)]
    for what, text in {"lines": "\n".join(lines), "joined": "".join(lines),
                       "indented": "\n".join(json.dumps(json.loads(line), indent=1) for line in lines),
                       "an array": f"[{','.join(lines)}]", "an object": f'{{"n":4,"exports":[{",".join(lines)}]}}'}.items():
        with Life() as life:
            life.put("S/all", text)
            check.that(f"{what} in a file are read", life.run("S").state() == (0, 4, 0), life.errors)
            life.put("S/all", text.replace('"title"', '"name"', 1))
            check.that(f"{what}, one of them broken: its export stays", life.run("S").state() == (3, 4, 1), life.errors)
            life.run("-", stdin=text)
            check.that(f"{what} on standard input are read", life.exit == 0 and life.occupations() == 4, life.errors)
    with Life() as life:
        life.run("-", stdin="\n".join(lines))
        for cut in range(1, len(lines[1]), 7):
            life.run("--only", "-", stdin="\n".join([lines[0], lines[1][:cut], *lines[2:]]))
            if life.state() != (3, 4, 1) or life.report["problems"][0]["file"] != "-:2":
                break
        check.that("a line truncated anywhere: its export stays, and the others are read", life.state() == (3, 4, 1), cut,
                   life.errors)
        life.run("-", stdin="\n".join(reversed(lines)))
        check.that("lines in another order change nothing", life.generations() == 1 and life.exit == 0, life.errors)
        for arguments in (["-"], ["--only", "-"]):
            check.that(f"empty standard input, {' '.join(arguments)}: exit 3",
                       life.run(*arguments).state() == (3, 4, 4), life.errors)


def check_ties(check):
    with Life() as life:
        life.put("S/a.json", export(1000, "Right."))
        life.run("S")
        for name in (".a.json.bak", "a.json~", ".git/a.json", "a (1).json", "b.json", "z/a.json"):
            life.put(f"S/{name}", export(1000, "Stale."))
            life.run("S")
            check.that(f"{name} of the same date does not replace the export", life.generations() == 1
                       and life.exit == (0 if name[0] == "." or name[-1] == "~" else 3), life.errors)
            (life.root / "S" / name).unlink()
        life.put("T/a.json", export(1000, "Another."))
        check.that("another source with the same date does not replace the export", life.run("T").report["kept"] == 1, life.errors)
        shutil.copy(life.root / "S/a.json", life.root / "S/copy.json")
        life.run("S")
        check.that("files of equal bytes are a warning", life.exit == 0 and len(life.report["warnings"]) == 1, life.errors)
        (life.root / "S/a.json").unlink()
        life.run("S")
        check.that("a renamed file is not a change", life.exit == 0 and life.report["renamed"] == 1
                   and (life.report["changed"], life.report["kept"]) == (0, 1), life.report)
        life.put("S/copy.json", "")
        check.that("a renamed file is recorded under its new name", life.run("S").state() == (3, 1, 1), life.errors)
    for later in ("2026-05-15T15:00:00+0200", "2026-05-15T12:00:01", "2026-05-16", "2026-05-15T12:01Z"):
        with Life() as life:
            life.put("S/a.json", export(1000, "Old."))
            life.put("S/b.json", export(1000, "New.", exportedAt=later))
            life.run("S")
            check.that(f"{later} is later", [entry["file"][-6:] for entry in life.report["problems"]] == ["a.json"],
                       life.errors)


def check_alike(check):
    """An export whose statements cannot all be compared: they are so long that the 64-bit marks exclude no pair."""
    chance = random.Random(11)
    words = [f"{a}{b}{c}" for a in "bcdfghjklm" for b in "aeiou" for c in "bdfgklmnprstvxz"][:700]
    statements = [" ".join(chance.sample(words, 330)) for _ in range(2060)]
    levels = {"emerging": {"statements": statements[:1300]}, "advanced": {"statements": statements[1300:]}}
    with Life() as life:
        life.put("S/a.json", export(1000, framework={"levels": levels}))
        seen = []
        for threads in "12":
            life.run("S", "--check", "--threads", threads)
            seen.append((life.exit, life.report["problems"], life.report["statements"], life.report["warnings"]))
        check.that("an export with too much to compare is accepted", seen[0][:3] == (0, [], 2060), life.errors)
        check.that("an export with too much to compare gets a warning", [warning["reason"][:20] for warning in seen[0][3]]
                   == ["too much to compare:"], seen[0][3])
        check.that("the warning about too much to compare is the same in each run", seen[0] == seen[1], seen)


def check_gone(check):
    """A source that is gone and not named: its exports stay, and the summary says so."""
    with Life() as life:
        for number, name in enumerate("abcdefg", 1):
            life.folder(name, 1000 * number, 1 + number % 2)
        life.put("one file.json", export(9000))
        life.run(*"abcdefg", "one file.json", "-", stdin=export(9900))
        check.that("no source is gone", life.run("a").report["gone"] == [] and "gone" not in life.errors, life.errors)
        (life.root / "b").rename(life.root / "moved")
        (life.root / "one file.json").unlink()
        (life.root / "g/7000.json").unlink()
        real = life.root.resolve()
        life.run("a")
        check.that("sources that are gone are named with what is kept", life.exit == 0 and life.report["outcome"] == "unchanged"
                   and " kept, 2 of them from sources that are gone\n" in life.errors
                   and f"1 export from {real}/b, which is gone, is kept; --remove {real}/b removes it\n" in life.errors
                   and f"--remove '{real}/one file.json' removes it\n" in life.errors
                   and life.report["gone"] == [{"source": f"{real}/b", "exports": 1}, {"source": f"{real}/one file.json", "exports": 1}],
                   life.errors, life.report)
        check.that("... not with -q", "gone" not in life.run("a", "-q").errors and len(life.report["gone"]) == 2, life.errors)
        life.run("a", "b")
        check.that("a source that is named is a problem instead", life.exit == 3 and len(life.report["gone"]) == 1, life.errors)
        check.that("--remove removes it", life.run("--remove", "b", "--remove", "one file.json").report["gone"] == []
                   and life.report["removed"] == 2, life.errors)
        for name in "cdefg":
            shutil.rmtree(life.root / name)
        (life.root / "S").mkdir()
        life.folder("S", 8000)
        life.run("S")
        shutil.rmtree(life.root / "a")
        life.run("S")
        check.that("many are counted", life.errors.count("which is gone") == 5 and "and 1 more source is gone: -v lists it\n" in life.errors
                   and "2 exports from" in life.errors and "are kept; " in life.errors and len(life.report["gone"]) == 6, life.errors)
        check.that("-v lists them", life.run("S", "-v").errors.count("which is gone") == 6, life.errors)


def check_empty_array(check):
    """The reason is the same wherever the file is, and in each way that one is written."""
    for name in ("e.json", "e.ndjson", "e.txt"):
        with Life() as life:
            life.folder("S", 1000)
            life.put(f"S/{name}", "[ \n]\n")
            life.run("S", "-v")
            check.that(f"{name} in a folder: an empty array", life.exit == 0 and f"{name}: skipped: an empty array\n" in life.errors, life.errors)
            life.run(f"S/{name}")
            check.that(f"{name} by its name: an empty array", life.exit == 3 and f"{name}: an empty array\n" in life.errors, life.errors)


def check_list(check):
    with Life() as life:
        life.folder("S", 1000, 3)
        life.folder("S/sub", 2000)
        life.put("S/z.ndjson", "\n".join(export(3000 + i, exportedAt="2026-06-01") for i in range(2)))
        life.run("S")
        life.put("S/1000.json", "")
        shutil.rmtree(life.root / "S/sub")

        def listed(*arguments):
            return subprocess.run([BUILD / "skillsearch-index", "--index", "index", "--list", *arguments], cwd=life.root,
                                  capture_output=True, text=True, check=False)
        run = listed("-v")
        rows = run.stdout.splitlines()
        real = life.root.resolve()
        check.that("--list -v says nothing else", run.returncode == 0 and not run.stderr, run)
        check.that("--list -v shows the sources", [row.split("\t") for row in rows[1:]] == [
            [f"{real}/S", "5 exports", "5 statements", DATE, "2026-06-01", "1 stale"],
            [f"{real}/S/sub", "2 exports", "2 statements", DATE, DATE, "2 stale"]], rows)
        run = listed()
        check.that("--list counts stale exports beside the table", run.returncode == 0 and run.stdout.splitlines() == rows[:1]
                   and "3 exports are stale" in run.stderr, run)
        run = listed("--json")
        shown = json.loads(run.stdout)
        LIST.validate(shown)
        check.that("--list --json names each export, and which are stale", run.returncode == 0 and not run.stderr
                   and {entry["soc"]: (entry["file"], entry["stale"]) for entry in shown["exports"]} == {
                       **{f"43-{n}.00": (f"{real}/S/{n}.json", n == 1000) for n in (1000, 1001, 1002)},
                       **{f"43-{n}.00": (f"{real}/S/sub/{n}.json", True) for n in (2000, 2001)},
                       **{f"43-{n}.00": (f"{real}/S/z.ndjson", False) for n in (3000, 3001)}}, shown)
        check.that("and the generations", [(row["generation"], row["current"], row["statements"]) for row in shown["generations"]] == [
            (1, True, 7)], shown)
        life.put("S/1000.json", export(1000))
        life.folder("S/sub", 2000)
        run = listed()
        check.that("--list says nothing about exports that their files have", run.returncode == 0 and not run.stderr, run)
        quiet = listed("-q"), listed("-q", "--json", "-v")
        check.that("--list -q and --json -v are accepted", [run.returncode for run in quiet] == [0, 0] and quiet[1].stdout == listed("--json").stdout, quiet)
        damaged = next((life.root / "index").glob("gen-*")) / "statements"
        damaged.write_bytes(damaged.read_bytes()[:-9])
        run = listed("--json")
        shown = json.loads(run.stdout)
        LIST.validate(shown)
        check.that("--list --json has the reason of damage", run.returncode == 1 and "damaged" in shown["generations"][0]
                   and not shown["exports"] and "is current but damaged" in run.stderr, run)


def check_stale_of_own_file(check):
    """Whether an export is stale depends on its own file, in --list as in a run; that file may have been indexed by a link."""
    def stale():
        run = subprocess.run([BUILD / "skillsearch-index", "--index", "index", "--list", "--json"], cwd=life.root, capture_output=True,
                             text=True, check=True)
        return [export["soc"] for export in json.loads(run.stdout)["exports"] if export["stale"]]
    with Life() as life:
        life.put("A/x.json", export(1000, exportedAt="2026-06-01"))
        life.put("B/x.ndjson", "\n".join(export(n, exportedAt="2026-05-01") for n in (1000, 1001)))
        life.put("C/real", export(1002))
        (life.root / "B" / "y.json").symlink_to(life.root / "C" / "real")
        life.run("A", "B")
        check.that("no export is stale at first", life.exit == 3 and stale() == [], life.errors)
        life.put("A/x.json", "")
        life.put("B/x.ndjson", "\n".join(export(n, exportedAt="2026-05-02") for n in (1000, 1001)))
        life.put("C/real", export(1002, exportedAt="2026-05-02"))
        check.that("an export that another file has is stale, one read by a link is not", stale() == ["43-1000.00"], stale())
        life.run("A", "--check")
        check.that("a run counts it likewise", life.exit == 3 and life.stale == 1, life.errors)
        run = subprocess.run([BUILD / "skillsearch-index", "--index", "index", "--list"], cwd=life.root, capture_output=True, text=True, check=True)
        check.that("--list says what stale means", "1 export is stale: its file does not have it now;" in run.stderr, run)
        quiet = subprocess.run([BUILD / "skillsearch-index", "--index", "index", "--list", "-q"], cwd=life.root, capture_output=True, text=True, check=True)
        check.that("--list -q does not count it", not quiet.stderr and quiet.stdout == run.stdout, quiet)
        life.put("B/x.ndjson", "\n".join(export(n, exportedAt="2026-07-01") for n in (1000, 1001)))
        life.run("A", "B")
        check.that("it is not when a run takes it from another file", stale() == [] and not life.stale, life.errors)


def check_vanishing(check):
    """A file or folder that is deleted after its name was read, and a lock file that cannot be locked."""
    if not shutil.which("strace"):
        print("skipped: files that vanish: strace is missing")
        return
    with Life() as life:
        life.folder("S", 1000, 3)
        life.folder("S/sub", 2000, 1)
        life.run("S")

        def vanish(path, call):
            life.run("S", before=["strace", "-f", "-qq", "-o", "/dev/null", "-P", path, "-e", f"trace={call}", "-e", f"inject={call}:error=ENOENT"])
        vanish(str(life.root.resolve() / "S/sub"), "openat")  # it stays, so its exports do, too
        check.that("a folder that vanishes while the one above is read is not reported as unreadable", life.exit == 3
                   and "No such file" not in life.errors and "sub: it has no export now" in life.errors, life.errors)
        vanish("1001.json", "newfstatat")
        check.that("a file that vanishes while its folder is read is gone", life.state() == (0, 3, 0) and not life.problems
                   and [entry["reason"][:10] for entry in life.report["removals"]] == ["43-1001.00"], life.errors)
    with Life() as life:
        life.folder("S", 1000)
        (life.root / "index").mkdir()
        trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=flock", "-e", "inject=flock:error=ENOLCK"]
        life.run("S", before=trace)
        check.that("a lock file that cannot be locked does not stay", life.exit == 1 and "No locks available" in life.errors
                   and not list((life.root / "index").iterdir()), life.errors, list((life.root / "index").iterdir()))


def check_removed_but_there(check):
    with Life() as life:
        life.folder("S", 1000, 3)
        life.run("S")
        said = "S/1000.json: warning: removed from the index, but it still exists: a run that reads it, or its folder, adds its exports again\n"
        life.run("--check", "--remove", "S/1000.json")
        check.that("--check --remove needs no source, and publishes nothing", life.exit == 0 and life.report["outcome"] == "checked"
                   and life.report["removed"] == 1 and said in life.errors, life.errors)
        life.run("--remove", "S/1000.json")
        check.that("a run says that a file which it removes still exists", life.report["removed"] == 1 and said in life.errors, life.errors)
        life.run("S")
        check.that("the next one adds it again", life.report["added"] == 1, life.report)
        (life.root / "S" / "1000.json").unlink()
        life.run("--remove", "S/1000.json")
        check.that("nothing is said of a file that is gone", life.report["removed"] == 1 and "still exists" not in life.errors, life.errors)


def main():
    check = Checks()
    for part in (check_lost_sources, check_lost_folders, check_replaced_folders, check_shrinking, check_removal, check_removed_but_there, check_vanishing, check_stale_of_own_file, check_the_last_source,
                 check_odd_names, check_no_exports, check_what_is_said, check_what_other_files_have, check_links_in_the_index, check_names, check_failed_first_run, check_broken_files, check_several, check_ties, check_alike, check_gone, check_empty_array, check_list):
        part(check)
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
