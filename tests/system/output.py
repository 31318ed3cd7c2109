"""The output of the command: screens at two sizes, the pager, formats, numbers of the last answer, prefixes of ids, the
configuration file. --write rewrites the screens in output.txt."""
import csv
import io
import json
import os
import pathlib
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile

from peer import BUILD, ROOT, Checks, Daemon, index
from screen import Terminal
from variables import variable

CORPUS = variable("SKS_CORPUS")
SCREENS = ROOT / "tests/system/output.txt"
SIZES = [(80, 24), (120, 40)]
SHOWN = ["skillsearch '\"incoming mail\" route'", "skillsearch mail", "skillsearch -n 2 --long --no-facets mail",
         "skillsearch compare 43-9051 envelopes", "skillsearch map 'Sorts mail. Plugh.' -n 1"]
FORMATS = ["text", "json", "ndjson", "csv", "tsv", "markdown"]
COMMANDS = [["mail"], ["facets", "mail"], ["get", "43-9051.00/emerging/a831cc6ec7cc"], ["similar", "43-9051.00/emerging/a831cc6ec7cc"],
            ["occupation", "43-9051"], ["compare", "43-9051"], ["crosswalk", "25-2021", "47-2111"], ["map", "Sorts mail."],
            ["suggest", "mai"], ["analyze", "rout* mail"], ["export", "mail"], ["stats"], ["ping"],
            ["top", "--interval", "1", "--count", "1"], ["keygen", "KEY"]]


class Command:
    """skillsearch with its own folders."""

    def __init__(self, folder, endpoint):
        self.folder, self.keys = folder, 0
        self.environment = {**os.environ, "HOME": str(folder), "XDG_STATE_HOME": f"{folder}/state",
                            "XDG_CONFIG_HOME": f"{folder}/config", "SKILLSEARCH_ENDPOINT": endpoint, "LC_ALL": "C.UTF-8"}
        for name in ("PAGER", "SKILLSEARCH_PAGER", "LESS", "NO_COLOR"):
            self.environment.pop(name, None)

    def run(self, *arguments, input="", **environment):
        if "KEY" in arguments:
            self.keys += 1
            arguments = [f"{self.folder}/key{self.keys}" if a == "KEY" else a for a in arguments]
        return subprocess.run([BUILD / "skillsearch", *arguments], capture_output=True, text=True, check=False, input=input,
                              env={**self.environment, **environment})

    def screen(self, line, size, **environment):
        """The final screen of a terminal, and the exit status."""
        names = {k: self.environment[k] for k in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "SKILLSEARCH_ENDPOINT")}
        script = self.folder / "line"
        script.write_text(f'{line}\nprintf "end of $?"\n')
        terminal = Terminal(str(self.folder), f"sh {script}", size,
                            **{**names, "PATH": f"{BUILD}:{os.environ['PATH']}", "TERM": "xterm", **environment})
        try:
            terminal.until(lambda screen: re.search(r"end of \d", screen))
            screen, status = terminal.screen().rsplit("end of ", 1)
            return screen, int(status.split()[0])
        finally:
            terminal.close()


def check_screens(check, command):
    """Screens at both sizes equal those in output.txt."""
    parts = []
    for size in SIZES:
        for line in SHOWN:
            screen, status = command.screen(line, size, SKILLSEARCH_PAGER="cat")
            check.that(f"{line} ends with 0 at {size[0]}x{size[1]}", status == 0, screen)
            rows = screen.rstrip().split("\n")
            check.that("... and fits", len(rows) < size[1] and all(len(row) <= size[0] for row in rows), screen)
            parts.append(f"=== {size[0]}x{size[1]} {line}\n" + "".join(row.rstrip() + "\n" for row in rows))
    text = "".join(parts)
    if "--write" in sys.argv:
        SCREENS.write_text(text)
    check.that("the screens equal those of output.txt", SCREENS.read_text() == text, text)


def check_pager(check, command):
    folder = command.folder
    script = folder / "pager"
    script.write_text("#!/bin/sh\nprintf \"$LESS $LV \" > took; cat >> took; exit 3\n")
    script.chmod(0o755)
    for environment, line, taken in [({"PAGER": str(script)}, "skillsearch mail", True),
                                     ({"PAGER": "cat", "SKILLSEARCH_PAGER": f"{script} -x"}, "skillsearch mail", True),
                                     ({"PAGER": str(script)}, "skillsearch --help", True),
                                     ({"PAGER": str(script)}, "skillsearch --no-pager mail", False),
                                     ({"PAGER": str(script)}, "skillsearch mail | head -n 1", False),
                                     ({"PAGER": str(script), "SKILLSEARCH_PAGER": ""}, "skillsearch mail", False),
                                     ({"PAGER": "no-such-pager"}, "skillsearch mail", False),
                                     ({"PAGER": "no-such-pager >&2"}, "skillsearch mail", False)]:
        (folder / "took").unlink(missing_ok=True)
        screen, status = command.screen(line, (80, 24), **environment)
        took = (folder / "took").read_text() if (folder / "took").exists() else ""
        check.that(f"{line} with {environment} {'uses the pager' if taken else 'uses no pager'} and ends with 0",
                   status == 0 and took.startswith("FRX -c ") == taken and ("16 statements" in took + screen or "Find occ" in took),
                   took, screen, status)
    for size in SIZES:
        screen, status = command.screen("skillsearch mail", size, PAGER="less")
        check.that(f"less does not wait after a single page at {size[0]}x{size[1]}", status == 0 and "More: " in screen, screen)
    last = re.findall(r"^ *(\d+)\. ", screen, re.MULTILINE)[-1]
    check.that("shown statements have numbers, and others have none", command.run("get", last).returncode == 0
               and command.run("get", str(int(last) + 1)).returncode == 2, screen)
    for size in SIZES:
        screen, status = command.screen("skillsearch similar 43-9051.00/emerging/a831cc6ec7cc", size, PAGER="less")
        all_ = command.run("similar", "--tsv", "-n", "100", "43-9051.00/emerging/a831cc6ec7cc").stdout.count("\n")
        numbers = re.findall(r"^ *(\d+)\. ", screen, re.MULTILINE)
        check.that(f"similar statements fill a page at {size[0]}x{size[1]}, and less does not wait", status == 0
                   and (len(numbers) == all_ or len(screen.rstrip().split("\n")) >= size[1] - 6), screen, all_)
        check.that("... and have numbers", command.run("get", numbers[-1]).returncode == 0 and command.run("get", str(len(numbers) + 1)).returncode == 2)
    screen, status = command.screen("skillsearch export", (80, 24), PAGER="no-such-pager >&2")
    check.that("an export fails when the pager is not found", status == 5 and "--no-pager" in screen, screen, status)
    for pager, line in [("head -n 1", "skillsearch export"), ("true", "skillsearch compare 43-9051")]:
        screen, status = command.screen(line, (80, 24), PAGER=pager)
        check.that(f"a pager that ends early is not a failure: {line}", status == 0, screen, status)


def read(form, text):
    """The rows of an answer."""
    if form == "json":
        return [json.loads(line) for line in text.splitlines()] if not text.startswith("[") else json.loads(text)
    if form == "ndjson":
        return [json.loads(line) for line in text.splitlines()]
    if form in ("csv", "tsv"):
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="," if form == "csv" else "\t",
                                   quoting=csv.QUOTE_MINIMAL if form == "csv" else csv.QUOTE_NONE))
    lines = text.splitlines()
    assert set(lines[1]) <= set("| -"), text
    return [re.split(r"(?<!\\) \| ", line[2:-2]) for line in lines[2:]]


def check_formats(check, command):
    for arguments in COMMANDS:
        counts = {}
        for form in FORMATS:
            run = command.run(*arguments, "--format", form)
            rows = read(form, run.stdout) if form != "text" else [1]
            check.that(f"{' '.join(arguments)} --format {form} is well-formed", run.returncode == 0 and rows, run)
            counts[form] = len(rows)
        check.that("csv, tsv and markdown have the same rows",
                   counts["ndjson"] == counts["csv"] == counts["tsv"] == counts["markdown"], counts)
        name = "search" if arguments[0] == "mail" else arguments[0]
        columns = re.search(r"columns: ((?:[\w, ]|\n {20,})+)\n", command.run("help", name).stdout)
        heading = command.run(*arguments, "--format", "tsv").stdout.split("\n")[0].split("\t")
        check.that(f"help {name} names the columns of its tables", name == "top" or columns[1].replace(",", " ").split() == heading, columns, heading)
    check.that("--tsv is the table without its heading",
               command.run("--format", "tsv", "mail").stdout.split("\n", 1)[1] == command.run("--tsv", "mail").stdout)
    top = read("csv", command.run("top", "--interval", "1", "--count", "1", "--format", "csv").stdout)[0]
    check.that("whole numbers of top have no decimals", top["generation"] == "1" and top["dropped"] == "0" and "." in top["p50_ms"], top)
    check.that("--json equals --format json", '"hits"' in command.run("--json", "mail").stdout)
    check.that("--bom begins with a byte order mark", command.run("--bom", "--format", "csv", "mail").stdout.startswith("\ufeffid,score"))
    check.that("--bom begins an export with a byte order mark", command.run("export", "--bom", "--format", "csv", "mail").stdout.startswith("\ufeffid,level"))
    check.that("an export in json is a list", len(json.loads(command.run("export", "--json").stdout)) == 560)
    check.that("an empty export in json is a list", json.loads(command.run("export", "--json", "xylophone").stdout) == [])


def check_numbers(check, command):
    ids = [line.split("\t")[0] for line in command.run("--tsv", "-n", "3", "mail").stdout.splitlines()]
    check.that("a number is refused when there is no last answer", command.run("get", "1").returncode == 2)
    more = re.search("^More: (.*)$", command.run("-n", "2", "clerk's \"mail\"", "--any").stdout, re.MULTILINE)
    check.that("More shows a complete command", more and more.group(1).endswith("skillsearch --offset 2 -n 2 'clerk'\\''s \"mail\"' --any"), more)
    for words in (["--offset", "2", "mail"], ["mail", "--offset", "2"], ["--offset=2", "mail"], ["-n2", "--offset", "2", "mail"]):
        last = command.run(*words, "-n", "2").stdout.splitlines()[-1]
        rest = " ".join(word for word in words if word not in ("--offset", "2", "--offset=2"))
        check.that(f"More after {words} has one offset", last.endswith(f"skillsearch --offset 4 {rest} -n 2"), last)
        last = command.run("-n", "2", *words).stdout.splitlines()[-1]
        check.that("More replaces an --offset at the end", last.endswith(f"skillsearch --offset 4 -n 2 {rest}"), last)
    command.run("-n", "3", "mail")
    got = command.run("get", "--tsv", "2", "1").stdout
    check.that("numbers of the last answer are ids", [line.split("\t")[0] for line in got.splitlines()] == [ids[1], ids[0]], got)
    file = command.folder / "state/skillsearch/answer"
    check.that("only the owner can read the stored answer", stat.S_IMODE(file.stat().st_mode) == 0o600
               and [p.name for p in file.parent.iterdir()] == ["answer"], list(file.parent.iterdir()))
    limited = [sys.executable, "-c", "import os, resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
               "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); os.execv(sys.argv[1], sys.argv[1:])", str(BUILD / "skillsearch"), "mail"]
    subprocess.run(limited, env=command.environment, check=True, capture_output=True)
    run = command.run("get", "1")
    check.that("numbers mean no earlier answer when the last one could not be stored", "there is no last answer" in run.stderr
               and not list(file.parent.iterdir()), run)
    file.mkdir()
    run = command.run("mail")
    check.that("... which is said if the earlier one stays", run.returncode == 0 and f"cannot replace {file};" in run.stderr, run)
    file.rmdir()
    command.run("-n", "3", "mail")
    run = command.run("similar", "4")
    check.that("a number beyond the last answer is refused", run.returncode == 2 and "no statement 4: the last answer has the numbers 1 to 3\n" in run.stderr, run)
    paged = command.run("-n", "2", "--offset", "2", "mail").stdout
    check.that("a later page has its own numbers", "\n3. " in paged and ids[2] in command.run("get", "--long", "3").stdout)
    for word, status, shown in [(ids[0][:-1], 0, ids[0]), (ids[0][:25], 0, ids[0]), (ids[0].split("/")[0], 2, "begins several ids"),
                                ("43-9", 2, "begins several ids"), ("43-9051.00/developing/zzz", 1, "no statement has the id"),
                                ("99-", 1, "no statement has the id"), ("nope", 1, "no statement has the id")]:
        run = command.run("get", "--long", word)
        check.that(f"get {word} ends with {status}: {shown}", run.returncode == status and shown in run.stdout + run.stderr, run)
    run = command.run("get", "--tsv", "-", input=f"{ids[0]}\n\n {ids[2]}\t{ids[1][:-2]}\n")
    check.that("get - reads ids", [line.split("\t")[0] for line in run.stdout.splitlines()] == [ids[0], ids[2], ids[1]], run)
    run = command.run("similar", "nope")
    check.that("similar reports an unknown id as get does", run.returncode == 1 and run.stderr == command.run("get", "nope").stderr.replace("search get", "search similar"), run)
    run = command.run("similar", "-", "-n", "1", input="\n".join(ids[:2]))
    check.that("similar - answers for each id", all(f"Like {i}:" in run.stdout for i in ids[:2]), run)
    check.that("get - without an id is refused", command.run("get", "-", input=" \n").returncode == 2)
    listed = command.run("occupation", "43-9051").stdout
    numbers = [int(number) for number in re.findall(r"^ +(\d+)\. ", listed, re.MULTILINE)]
    got = command.run("get", "--tsv", "1", "12").stdout.splitlines()
    check.that("statements of an occupation have numbers", numbers == list(range(1, 41)) and len(got) == 2
               and all(line.split("\t")[5] in listed for line in got) and got[1].split("\t")[5] in listed.split(" 12. ")[1].split(" 13. ")[0], listed, got)
    check.that("statements of a map have numbers", command.run("map", "Sorts mail.").returncode == 0 and command.run("get", "1").returncode == 0)


def check_settings(check, command):
    config = command.folder / "config/skillsearch/config"
    config.parent.mkdir(parents=True)
    endpoint = command.environment["SKILLSEARCH_ENDPOINT"]
    def run(text, *arguments, **environment):
        config.write_text(text)
        return command.run(*arguments, **environment)
    check.that("the limit of the configuration file is used", "1-2 of " in run("# one\n\n limit = 2 \n", "mail").stdout)
    check.that("an option overrides the configuration file", "1-3 of " in run("limit=2", "mail", "-n", "3").stdout)
    check.that("the environment overrides the configuration file", run("endpoint = tcp://127.0.0.1:1", "ping").returncode == 0)
    command.environment.pop("SKILLSEARCH_ENDPOINT")
    check.that("the configuration file overrides the default", run(f"endpoint = {endpoint}", "ping").returncode == 0)
    command.environment["SKILLSEARCH_ENDPOINT"] = endpoint
    check.that("NO_COLOR and an option override the colour of the configuration file", "\033[" in run("color = always", "mail").stdout
               and "\033[" not in run("color = always", "mail", NO_COLOR="1").stdout
               and "\033[" not in run("color = always", "mail", "--color", "never").stdout)
    for text, said in [("x", ":1: a line is NAME = VALUE"), ("\n\ncolour = never", ":3: no setting colour; did you mean color?"),
                       ("limit = 101", ":1: limit is a number from 1 to 100"), ("pager =", ":1: pager has no value"),
                       ("color = red", ":1: color is auto, always or never"), ("#\n=1", ":2: a line is NAME = VALUE"),
                       ("format = csv", ":1: no setting format; there are endpoint, server-key, client-key, color, pager and limit"),
                       ("endpoint = localhost", ':1: "localhost" is neither tcp://HOST:PORT nor ipc://PATH'),
                       ("limit = 3\n#\nlimit = 4", ":3: limit is set twice")]:
        run_ = run(text, "mail")
        check.that(f"{text!r} is refused with its line number", run_.returncode == 2 and str(config) + said in run_.stderr
                   and "usage:" not in run_.stderr, run_)
    check.that("a byte order mark is not part of a name", "1-2 of " in run("\ufefflimit = 2\r\n", "mail").stdout)
    check.that("help ignores an invalid configuration file", run("x", "--help").returncode == 0)
    config.unlink()


def check_habits(check, command):
    (command.folder / "vacancy.txt").write_text("Sorts mail.")
    run = command.run("map", str(command.folder / "vacancy.txt"))
    check.that("map warns when the text is the name of a file", "skillsearch map --file" in run.stderr, run)
    run = command.run("map", "--file", str(command.folder / "vacancy.txt"))
    check.that("map does not warn about other texts", not run.stderr and "1 of 1 sentence answered" in run.stdout and "Most by " in run.stdout, run)
    check.that("search finds a word that resembles a command", command.run("search", "comapre").returncode == 1
               and command.run("--", "comapre").returncode == 1)
    for typed, wanted in (("hlep", "help"), ("comapre", "compare")):
        run = command.run(typed)
        check.that(f"{typed} may mean {wanted}", run.returncode == 1 and f"so it was searched for; did you mean the command {wanted}?" in run.stderr, run)
    for typed in ("compare prices", "compare except", "occupation health", "similar products", "get ready", "try harder", "complete forms",
                  "crosswalk lines here", "get ready --json", "compare prices --level advanced"):
        run = command.run(*typed.split())
        wanted = f"o search for the words: skillsearch search {typed}\n"
        check.that(f"{typed} names the search for these words", run.returncode in (1, 2, 5, 6) and run.stderr.count(wanted) == 1
                   and "search for its words" not in run.stderr, run)
        check.that("... which can be run", command.run(*run.stderr.split("words: skillsearch ")[1].split("\n")[0].split()).returncode in (0, 1))
    for typed in ("occupation 99-9999", "get 43-9051.00/emerging/x", "try /nothing", "facets zzzz", "map zzzz", "complete skillsearch zzzz"):
        run = command.run(*typed.split())
        check.that(f"{typed} does not", run.returncode and "skillsearch search" not in run.stderr, run)
    (command.folder / "a vacancy").write_text("Sorts mail.")
    run = command.run("map", str(command.folder / "a vacancy"))
    advised = shlex.split(run.stderr.split("what is in it: ")[1])
    check.that("... with a command that can be pasted", "1 of 1 sentence answered" in command.run(*advised[1:]).stdout, run)
    commands = re.findall(r"^  ([a-z]+)", command.run("help").stdout.split("Commands:\n")[1].split("\n\n")[0], re.MULTILINE)
    check.that("help lists the commands", len(commands) > 15 and "map" in commands and commands[-1] == "help", commands)
    for name in commands[:-1]:
        help_ = " ".join(command.run("help", name).stdout.split())
        others = [other for other in commands if other != name and re.search(rf"\b(with|of|for) {other}\b[ ,:;)]", help_)]
        check.that(f"help {name} is about {name} alone", f"Usage: skillsearch {name}" in help_ and not others, others)
        check.that("... in lines of 80 columns", all(len(row) <= 80 for row in command.run("help", name).stdout.split("\n")))
        check.that("... as is --help after it", help_ == " ".join(command.run(name, "--help").stdout.split()))
    command.run("mail", "-n", "1")
    run = command.run("get", "2")
    check.that("one number is not a range", "the last answer has only number 1\n" in run.stderr, run)
    run = command.run("map", "zzz")
    check.that("map counts no levels when nothing matches", run.stdout == "0 of 1 sentence answered, 0% of the text\n\nzzz\n    no matching statement\n",
               run)
    run = command.run("--group", "zzzz", "mail")
    advised = re.search(r"To list the values: (.*)", run.stderr)
    check.that("an error about a filter names the command that lists its values", advised
               and "Office & Administrative Support" in command.run(*advised[1].split()[1:]).stdout, run)
    check.that("compare shows words gained and lost with --words", "\n            + " in command.run("compare", "43-9051", "--words").stdout
               and "\n            + " not in command.run("compare", "43-9051").stdout)


# Options of other programs, and what they are called here.
FOREIGN = {"skillsearch": {"endpoint": "connect", "bind": "connect", "host": "connect", "db": "index", "top": "limit", "skip": "offset"},
           "skillsearchd": {"bind": "listen", "endpoint": "listen", "host": "listen", "timeout": "deadline-ms", "jobs": "workers"},
           "skillsearch-http": {"bind": "listen", "endpoint": "connect", "port": "listen", "url": "connect"},
           "skillsearch-index": {"directory": "index", "jobs": "threads", "delete": "remove", "dry-run": "check", "silent": "quiet"},
           "skillsearch-vectors": {"outputs": "output", "encode": "encoder"}}
# Options of other programs whose purpose no option has here, although some have similar letters.
UNMATCHED = {"skillsearch": ("loglevel", "test"), "skillsearch-http": ("rows", "jobs", "test"), "skillsearch-index": ("host",)}


def check_usage(check):
    """All programs fail alike, and none takes a shortened option."""
    for program in ("skillsearch", "skillsearch-index", "skillsearchd", "skillsearch-http", "skillsearch-vectors"):
        if not (BUILD / program).exists():
            print(f"skipped: the usage of {program}, which is not built here")
            continue
        for option, said in (("--frobnicate", "unknown option --frobnicate"), ("--hel", "unknown option --hel; did you mean --help?"),
                             ("--versio", "unknown option --versio; did you mean --version?"), ("--help=1", "--help takes no value")):
            run = subprocess.run([BUILD / program, option], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
            check.that(f"{program} {option}: {said}", run.returncode == 2 and not run.stdout
                       and run.stderr == f"{program}: {said}\nRun '{program} --help' for all options.\n", run)
        for foreign, known in FOREIGN[program].items():
            run = subprocess.run([BUILD / program, f"--{foreign}", "x"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
            check.that(f"{program} --{foreign}: --{known}", run.returncode == 2
                       and f": unknown option --{foreign}; did you mean --{known}?\n" in run.stderr, run)
        for foreign in UNMATCHED.get(program, ()):
            run = subprocess.run([BUILD / program, f"--{foreign}", "x"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
            check.that(f"{program} --{foreign}: no option for it", run.returncode == 2 and f": unknown option --{foreign}\n" in run.stderr, run)
        help_ = subprocess.run([BUILD / program, "--help"], capture_output=True, text=True, check=True).stdout
        check.that(f"{program} --help has no other spelling of Usage", "usage:" not in help_, help_)


NOUNS = "statement|occupation|export|file|generation|sentence|pair|row|problem|request|duplicate|match|word|level|value"


def check_singular(check, folder):
    """Every command writes the singular for one of a kind, on an index with one statement."""
    export = json.loads(pathlib.Path(CORPUS, "43-9051.00.json").read_text())
    for name, level in export["framework"]["levels"].items():
        level["statements"] = level["statements"][:1] if name == "emerging" else []
    (folder / "one").mkdir()
    (folder / "one/43-9051.00.json").write_text(json.dumps(export))
    word = export["framework"]["levels"]["emerging"]["statements"][0].split()[0]
    environment = {**os.environ, "HOME": str(folder), "XDG_STATE_HOME": f"{folder}/state", "XDG_CACHE_HOME": f"{folder}/cache",
                   "SKILLSEARCH_INDEX": f"{folder}/single", "LC_ALL": "C.UTF-8"}
    environment.pop("SKILLSEARCH_ENDPOINT", None)
    shown = {}
    for line in (["skillsearch-index", str(folder / "one")], ["skillsearch", "try", str(folder / "one")], *(["skillsearch", *words] for words in (
                     [word], ["facets", word], ["occupation", "43-9051"], ["compare", "43-9051"], ["crosswalk", "43-9051", "43-9051"],
                     ["map", f"{word}."], ["suggest", word], ["analyze", word], ["stats"], ["ping"], ["export"],
                     ["top", "--count", "1", "--interval", "1"]))):
        run = subprocess.run([BUILD / line[0], *line[1:]], capture_output=True, text=True, check=False, env=environment,
                             stdin=subprocess.DEVNULL)
        shown[" ".join(line)] = run.stdout + run.stderr
    wrong = {line: found.group(0) for line, text in shown.items()
             if (found := re.search(rf"(?<![\d.,])1 ({NOUNS})(es|s)\b", text))}
    listed = subprocess.run([BUILD / "skillsearch-index", "--list", "-v"], capture_output=True, text=True, check=True, env=environment).stdout
    check.that("the tables of --list, which scripts read, have the same words for each number",
               "\t1 statements\t1 occupations\n" in listed and "\t1 exports\t1 statements\t" in listed, listed)
    check.that("no command writes of 1 statements", not wrong and sum("1 statement" in text for text in shown.values()) >= 5, wrong, shown)


def main():
    check = Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        index(str(folder / "index"), CORPUS)
        daemon = Daemon(str(folder / "index"))
        try:
            command = Command(folder, daemon.endpoint)
            check_numbers(check, command)
            check_formats(check, command)
            check_settings(check, command)
            check_habits(check, command)
            check_singular(check, folder)
            check_usage(check)
            if shutil.which("tmux") and shutil.which("less"):
                check_pager(check, command)
                check_screens(check, command)
            else:
                print("skipped: pager and screens, as tmux or less is missing")
        finally:
            daemon.stop()
    return check.finish()


sys.exit(main())
