"""Completion in bash, zsh and fish, as make install installs it: each shell runs on its own terminal and gets a line and a
Tab. Also `skillsearch complete`, which all three call."""
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

from peer import BUILD, PATIENCE_S, ROOT, Checks, Daemon, Port, index

CORPUS = os.environ["SKS_CORPUS"]
PROGRAMS = ["skillsearch", "skillsearch-index", "skillsearchd", "skillsearch-http", "skillsearch-vectors"]
TAB, SHOW, CLEAR = "\t", "\x07", "\x15"  # Ctrl-G is bound to show the line, Ctrl-U clears it
LEVELS = ["emerging", "developing", "proficient", "advanced"]

# What is typed, and the line that the shell completes it to. "~" in that line stands for a blank as the shell quotes it.
TYPED = [("skillsearch comp", "skillsearch comp"),  # compare, complete
         ("skillsearch keyg", "skillsearch keygen "),
         ("skillsearch --expl", "skillsearch --explain "),
         ("skillsearch stats --prom", "skillsearch stats --prometheus "),
         ("skillsearch mail --level adv", "skillsearch mail --level advanced "),
         ("skillsearch mail --level=adv", "skillsearch mail --level=advanced "),
         ("skillsearch mail --level emerging,adv", "skillsearch mail --level emerging,advanced "),
         ("skillsearch --sector fin", "skillsearch --sector Finance~and~Insurance "),
         ("skillsearch --group=offi", "skillsearch --group=Office~&~Administrative~Support "),
         ("skillsearch --soc 43-9", "skillsearch --soc 43-9051.00 "),
         ("skillsearch occupation elec", "skillsearch occupation Electricians "),
         ("skillsearch occupation 'mail cl", "skillsearch occupation Mail~Clerks~and~Mail~Machine~Operators,~Except~Postal~Service "),
         ("skillsearch warfari", "skillsearch warfarin "),
         ("skillsearch map --file va", "skillsearch map --file vacancy~text.txt "),
         ("skillsearch-index --index ../index --publish ", "skillsearch-index --index ../index --publish 1 "),
         ("skillsearch-index --index ../index --diff ", "skillsearch-index --index ../index --diff 1 "),
         ("skillsearch-index --diff exp", "skillsearch-index --diff exports/"),
         ("skillsearch-index --roll", "skillsearch-index --rollback "),
         ("skillsearch-index exp", "skillsearch-index exports/"),
         ("skillsearch-index --index exp", "skillsearch-index --index exports/"),
         ("skillsearchd --log-level=de", "skillsearchd --log-level=debug "),
         ("skillsearch-vectors --wordn", "skillsearch-vectors --wordnet ")]


class Typist:
    """A shell on a terminal."""

    def __init__(self, command, folder, **environment):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, {**os.environ, "TERM": "dumb", "HOME": str(folder), **environment})
        self.shown = ""

    def until(self, wanted):
        """Read until the text comes; returns all before it, None when it never comes."""
        end = time.monotonic() + PATIENCE_S
        while wanted not in self.shown:
            if time.monotonic() > end or not select.select([self.terminal], [], [], PATIENCE_S)[0]:
                return None
            try:
                self.shown += os.read(self.terminal, 65536).decode(errors="replace")
            except OSError:
                return None
        before, self.shown = self.shown.split(wanted, 1)
        return before

    def write(self, text):
        os.write(self.terminal, text.encode())

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.process, 0)


def ask(*words, line=None, **environment):
    """The candidates of `skillsearch complete`, each with its meaning."""
    before = ["--line", line] if line is not None else []
    run = subprocess.run([BUILD / "skillsearch", "complete", *before, "--", *words], capture_output=True, text=True, check=False,
                         stdin=subprocess.DEVNULL, env={**os.environ, **environment}, timeout=PATIENCE_S)
    assert not run.stderr, run
    return [line.split("\t") for line in run.stdout.splitlines()]


def texts(*words, **how):
    return [candidate[0] for candidate in ask(*words, **how)]


def options_of(program, *arguments):
    """The long options that --help shows."""
    run = subprocess.run([BUILD / program, *arguments, "--help"], capture_output=True, text=True, check=True)
    return sorted(re.findall(r"^ {2,6}(?:-\w, +)?(--[a-z-]+)", run.stdout, re.MULTILINE))


def check_options(check):
    for program in PROGRAMS:
        if not (BUILD / program).exists():
            print(f"skipped: completion of {program}, which is not built here")
            continue
        words = texts(program, "--") if program != "skillsearch" else texts(program, "search", "--")
        wanted = options_of(program, *(["search"] if program == "skillsearch" else []))
        check.that(f"{program}: the options are those of --help", sorted(words) == wanted and len(wanted) > 5, words, wanted)
        check.that("... each with its meaning", all(len(row) == 2 for row in ask(program, "--")), ask(program, "--"))
    for command in ("facets", "get", "similar", "map", "keygen", "top", "browse"):
        words = texts("skillsearch", command, "--")
        check.that(f"{command} has its own options", sorted(words) == options_of("skillsearch", command), words)
    check.that("without a command they are those of search", texts("skillsearch", "--") == texts("skillsearch", "search", "--"))
    check.that("after -- there are none", texts("skillsearch", "--", "--le") == [])
    check.that("a program with its folder", texts(str(BUILD / "skillsearchd"), "--listen", "x", "--ch") == ["--check"])
    for words in (["/bin/echo", "--"], ["ls", "-"], ["ls"]):
        run = subprocess.run([BUILD / "skillsearch", "complete", "--", *words], capture_output=True, text=True, check=False)
        check.that(f"no other program is run: {words}", run.returncode == 2 and not run.stdout and f"not of {words[0]}\n" in run.stderr, run)


def check_words(check):
    check.that("commands", texts("skillsearch", "cross") == ["crosswalk"] and texts("skillsearch", "he") == ["help"] and "browse" in texts("skillsearch", "help", ""))
    check.that("choices", texts("skillsearch", "--match", "") == ["auto", "all", "any", "meaning"])
    check.that("... after =", texts("skillsearch", "--color=al") == ["--color=always"])
    check.that("... after a comma", texts("skillsearch", "similar", "1", "--exclude", "occupation,le") == ["occupation,level"])
    check.that("columns of an export are completed after a comma",
               texts("skillsearch", "export", "--columns", "id,sec") == ["id,sector", "id,sector_label"])
    check.that("values that the word has already are not offered again", texts("skillsearch", "export", "--columns", "id,level,le") == []
               and texts("skillsearch", "--level", "emerging,advanced,") == ["emerging,advanced,developing", "emerging,advanced,proficient"]
               and texts("skillsearch", "--level=emerging,e") == [])
    check.that("levels in their order", texts("skillsearch", "--level", "") == LEVELS)
    check.that("names of files", texts("skillsearch", "map", "--file", "x") == texts("skillsearch", "keygen", "x") == [":files"]
               and texts("skillsearch-index", "x") == texts("skillsearch", "--server-key", "") == [":files"])
    check.that("names of folders", texts("skillsearch", "--index", "") == texts("skillsearchd", "--curve-keys", "") == [":folders"])
    check.that("values that cannot be listed have no candidates", texts("skillsearch", "--timeout", "5") == texts("skillsearch", "ping", "x") == [])
    check.that("a wrong option earlier in the line is ignored", texts("skillsearch", "--frob", "--level=x", "--sort", "occ") == ["occupation"])


def check_values(check, endpoint):
    environment = {"SKILLSEARCH_ENDPOINT": endpoint}
    codes = texts("skillsearch", "--sector", "", **environment)
    check.that("sectors by code, with labels", len(codes) > 8
               and ["52", "Finance and Insurance"] in ask("skillsearch", "--sector", "5", **environment), codes)
    check.that("... by label in any letter case", ask("skillsearch", "--sector", "fIn", **environment) == [["Finance and Insurance", "52"]])
    check.that("... by a word of one label", texts("skillsearch", "--sector", "insur", **environment) == ["Finance and Insurance"])
    check.that("... a second one", texts("skillsearch", "--sector", "52,Health Care,fin", **environment)
               == ["52,Health Care,Finance and Insurance"])
    label = texts("skillsearch", "--sector", "Other Services (e", **environment)
    check.that("... with blanks in what was typed", label == ["Other Services (except Public Administration)"], label)
    check.that("groups", texts("skillsearch", "--group", "4", **environment)
               and texts("skillsearch", "--group=off", **environment) == ["--group=Office & Administrative Support"])
    check.that("zones", sorted(texts("skillsearch", "--zone", "", **environment)) >= ["1", "2"])
    check.that("occupations", texts("skillsearch", "compare", "43-90", **environment) == ["43-9051.00"]
               and len(texts("skillsearch", "crosswalk", "43-9051", "", **environment)) == 14
               and texts("skillsearch", "crosswalk", "43-9051", "electr", **environment) == ["Electricians"]
               and texts("skillsearch", "crosswalk", "43-9051", "electr", "x", **environment) == [])
    words = texts("skillsearch", "mai", **environment)
    check.that("words", "mail" in words and all(word.startswith("mai") for word in words), words)
    check.that("... inside a phrase", '"incoming mail' in texts("skillsearch", '"incoming mai', **environment))
    check.that("... of compare after its occupation", "mail" in texts("skillsearch", "compare", "43-9051", "mai", **environment))
    check.that("values of fields", texts("skillsearch", "level:ad", **environment) == ["level:advanced"]
               and texts("skillsearch", "mail sector:fin", **environment) == ['mail sector:"Finance and Insurance"'])
    check.that("the line names the daemon", texts("skillsearch", "--connect", endpoint, "--sector", "fin") == ["Finance and Insurance"])
    run = subprocess.run([BUILD / "skillsearch", "mail"], capture_output=True, check=False, env={**os.environ, **environment})
    check.that("numbers of the last answer", run.returncode == 0
               and [row for row in ask("skillsearch", "similar", "1") if row[0] == "1"][0][1].startswith("43-9051.00/"))
    ids = ask("skillsearch", "similar", "43-9051.00/em", **environment)
    check.that("ids by their beginning, with texts", len(ids) == 10 and all(re.match("43-9051.00/emerging/[0-9a-f]{12}$", row[0])
                                                                          and " " in row[1] for row in ids), ids)
    check.that("... of get, of one statement", texts("skillsearch", "get", ids[3][0][:-2], **environment) == [ids[3][0]])
    check.that("... none with another beginning", texts("skillsearch", "get", "43-9051.00/x", **environment)
               == texts("skillsearch", "get", "99-", **environment) == texts("skillsearch", "get", "43", **environment) == [])


def check_generations(check, folder):
    numbers = ask("skillsearch-index", "--index", folder, "--publish", "")
    check.that("generations of the index that the line names, with their times", [row[0] for row in numbers] == ["1"]
               and numbers[0][1].startswith("current 2") and texts("skillsearch-index", f"--index={folder}", "--publish=1") == ["--publish=1"],
               numbers)
    check.that("... of the index that the environment names", texts("skillsearch-index", "--publish", "", SKILLSEARCH_INDEX=folder) == ["1"])
    check.that("... after --diff, two of them", [row[0] for row in ask("skillsearch-index", "--index", folder, "--diff", "")] == ["1"]
               and texts("skillsearch-index", "--diff", "--index", folder, "1", "") == ["1"]
               and texts("skillsearch-index", "--index", folder, "--diff", "1", "1", "") == [])
    check.that("... and files when no generation begins with what was typed", texts("skillsearch-index", "--index", folder, "--diff", "9") == [":files"]
               == texts("skillsearch-index", "--index", folder, "--diff", "exp") == texts("skillsearch-index", "--index", folder, "--diff", "x.json", "")
               == texts("skillsearch-index", "--index", f"{folder}/none", "--diff", "") == texts("skillsearch-index", "--index", folder, "x", "1"))
    check.that("... none without an index", texts("skillsearch-index", "--index", f"{folder}/none", "--publish", "") == []
               == texts("skillsearch-index", "--index", folder, "--publish", "2") == texts("skillsearch-index", "--keep", ""))


def check_silence(check, folder):
    nobody = Port()
    check.that("without a daemon nothing is written", texts("skillsearch", "--connect", nobody.endpoint, "--sector", "") == [])
    nobody.socket.listen()
    check.that("... nor with a daemon that does not answer", texts("skillsearch", "--connect", nobody.endpoint, "--sector", "",
                                                                            SKILLSEARCH_COMPLETION_MS="300") == [])
    for value, said in (("30x", "skillsearch: SKILLSEARCH_COMPLETION_MS: '30x' is not a number from 1 to 60000\n"), ("300", "")):
        run = subprocess.run([BUILD / "skillsearch", "complete", "--", "skillsearch", "--lev"], capture_output=True, text=True, check=False,
                             env={**os.environ, "SKILLSEARCH_COMPLETION_MS": value})
        check.that(f"a waiting time of {value} is {'reported' if said else 'accepted'}, and candidates are offered",
                   run.stderr == said and run.stdout.startswith("--level"), run)
    check.that("an index in place of a daemon", texts("skillsearch", "--index", folder, "--sector", "fin") == ["Finance and Insurance"])


def check_lines(check, endpoint):
    """As bash calls it: the line up to the cursor, and the part of its last word that would be replaced."""
    for line, part, wanted in [("skillsearch --color=al", "al", ["always"]), ("skillsearch --color=al", "--color=al", ["--color=always"]),
                               ("skillsearch --color=", "", ["auto", "always", "never"]), ("skillsearch ", "", None),
                               ("skillsearch mail level:ad", "ad", ["advanced"]), ("skillsearch 'level:ad", "level:ad", ["level:advanced"]),
                               ("skillsearch --sector 'Fin", "Fin", ["Finance and Insurance"]),
                               ("skillsearch --sector Finance\\ a", "Finance\\ a", ["Finance and Insurance"])]:
        words = texts(part, line=line, SKILLSEARCH_ENDPOINT=endpoint)
        check.that(f"{line}: {wanted}", words == wanted if wanted else "browse" in words, words)


def shells(installed):
    """The command of each shell, and the set-up that makes it show its line."""
    share = installed / "usr/share"
    show = "echo-line"
    return {  # fish has no key binding for this
        "bash": (["bash", "--norc", "--noprofile", "-i"],
                 f"for p in {' '.join(PROGRAMS)}; do . {share}/bash-completion/completions/$p; done\n"
                 f"PS1='ready'; bind 'set bell-style none'; bind 'set enable-bracketed-paste off'; bind -x '\"\\C-g\": printf \"{show}<%s>\\n\" \"$READLINE_LINE\"'\n"),
        "zsh": (["zsh", "-f", "-i"],
                f"fpath=({share}/zsh/site-functions $fpath); autoload -Uz compinit; compinit -u -d {installed}/dump\n"
                f"{show} () {{ print -r -- \"{show}<$BUFFER>\" }}; zle -N {show}; bindkey '^g' {show}; unsetopt beep; PS1=ready\n"),
        "fish": (["fish", "--private", "--no-config"],
                 f"for p in {' '.join(PROGRAMS)}; source {share}/fish/vendor_completions.d/$p.fish; end\n"),
    }


def check_shell(check, name, installed, folder, endpoint):
    command, setup = shells(installed)[name]
    environment = {"SKILLSEARCH_ENDPOINT": endpoint, "PATH": f"{BUILD}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    if name == "fish":
        return check_fish(check, setup, folder, environment)
    typist = Typist(command, folder, **environment)
    try:
        typist.write(setup + "printf '%s-%s' set up\n")
        check.that(f"{name} is set up", typist.until("set-up") is not None, typist.shown)
        for typed, wanted in TYPED:
            typist.write(typed + TAB + SHOW)
            typist.until("echo-line<")
            line = typist.until(">")
            plain = (line or "").replace("\\", "").replace("'", "").replace('"', "")
            check.that(f"{name}: {typed} -> {wanted.strip()}", plain.rstrip() == wanted.replace("~", " ").rstrip(), repr(line))
            typist.write(CLEAR)
    finally:
        typist.close()
    return None


def check_fish(check, setup, folder, environment):
    """fish itself lists the candidates of a line."""
    for typed, wanted in TYPED:
        run = subprocess.run(["fish", "--private", "--no-config", "-c", f'{setup}complete -C "{typed}"'], capture_output=True, text=True,
                             check=False, cwd=folder, env={**os.environ, **environment, "HOME": str(folder)}, timeout=PATIENCE_S)
        words = [line.split("\t")[0] for line in run.stdout.splitlines()]
        last = wanted.strip().replace("~", " ")
        ends = [word for word in words if last.endswith(word.replace("\\", ""))]
        check.that(f"fish: {typed} -> {wanted.strip()}", (len(ends) == 1 and len(words) == 1) or typed == wanted.strip(), run)


def main():
    check = Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        os.environ.update(HOME=name, XDG_STATE_HOME=f"{name}/state", XDG_CONFIG_HOME=f"{name}/config", LC_ALL="C.UTF-8")
        os.environ["SKILLSEARCH_COMPLETION_MS"] = str(1000 * PATIENCE_S)  # the machine may be busy
        for variable in ("SKILLSEARCH_INDEX", "SKILLSEARCH_ENDPOINT"):
            os.environ.pop(variable, None)
        index(folder / "index", CORPUS)
        here = folder / "here"
        (here / "exports").mkdir(parents=True)
        (here / "vacancy text.txt").write_text("Sorts mail.\n")
        installed = folder / "installed"
        subprocess.run(["make", "--no-print-directory", f"BUILD={BUILD}", f"DESTDIR={installed}", "PREFIX=/usr", "install"],
                       cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        daemon = Daemon(folder / "index")
        try:
            check_options(check)
            check_words(check)
            check_values(check, daemon.endpoint)
            check_generations(check, str(folder / "index"))
            check_silence(check, folder / "index")
            check_lines(check, daemon.endpoint)
            for shell in ("bash", "zsh", "fish"):
                if shutil.which(shell):
                    check_shell(check, shell, installed, here, daemon.endpoint)
                else:
                    print(f"skipped: completion in {shell}, which is not installed")
        finally:
            daemon.stop()
    return check.finish()


sys.exit(main())
