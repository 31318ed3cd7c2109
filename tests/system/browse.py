"""skillsearch browse on real terminals: tmux shows what a person would see. Nothing here sleeps for a fixed time: each
step waits for the expected screen."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from peer import BUILD, PATIENCE_S, Checks, Daemon, Port, index
from screen import WINDOW, Terminal
from variables import variable

CORPUS = variable("SKS_CORPUS")
BROWSE = [str(BUILD / "skillsearch"), "browse"]


class Stage:
    """Opens terminals for one endpoint, and closes them all."""

    def __init__(self, check, folder, endpoint):
        self.check, self.folder, self.endpoint, self.terminals, self.browsing = check, folder, endpoint, [], []

    def command(self, *arguments, after=""):
        return " ".join([*BROWSE, "--connect", self.endpoint, *arguments]) + " " + after

    def open(self, *arguments, after="", size=WINDOW, **environment):
        self.browsing.append(self.run(self.command(*arguments, after=after), size, **environment))
        return self.browsing[-1]

    def run(self, command, size=WINDOW, **environment):
        terminal = Terminal(self.folder, command, size, **environment)
        self.terminals.append(terminal)
        return terminal

    def claim(self, text, holds):
        self.check.that(text, holds, *([] if holds or not self.terminals else [self.terminals[-1].screen()]))

    def close(self):
        """Leave browse with Esc where it is still open, and close the terminals."""
        stuck = [terminal.screen() for terminal in self.browsing if not leaves(terminal)]
        if self.browsing:
            self.check.that("Esc leaves browse in the end, whatever it shows", not stuck, *stuck)
        for terminal in self.terminals:
            terminal.close()
        self.terminals.clear()
        self.browsing.clear()


def leaves(terminal):
    """Whether browse ends when Esc is pressed often enough."""
    return terminal.until(lambda _: terminal.ended.exists() or terminal.keys("Escape"))


def line(screen, number):
    return (screen.split("\n") + [""] * 50)[number]


def check_typing(stage):
    t = stage.open()
    stage.claim("browse begins with all statements and their counts", t.shows("560 statements", "[ ] Emerging"))
    t.type("incoming mail")
    stage.claim("statements and counts change while the user types", t.shows("> incoming mail", "16 statements", "Incoming mail for six floors"))
    stage.claim("the cursor is at the end of the query", t.until(lambda _: t.cursor() == "15,0"))
    t.keys("C-w")
    stage.claim("Ctrl-W deletes a word", t.until(lambda s: line(s, 0).rstrip() == "> incoming"))
    t.type("mail")
    t.keys("C-a")
    stage.claim("Ctrl-A moves to the beginning", t.until(lambda s: t.cursor() == "2,0"))
    t.keys("C-e", "Left", "Left", "C-k")
    stage.claim("Left moves the cursor, and Ctrl-K deletes the text after it", t.until(lambda s: line(s, 0).rstrip() == "> incoming ma"))
    t.keys("C-a", "DC")
    stage.claim("Delete removes the character at the cursor", t.until(lambda s: line(s, 0).rstrip() == "> ncoming ma"))
    t.keys("C-e", "C-u")
    stage.claim("Ctrl-U clears the query and shows all statements again", t.shows("type to search", "560 statements"))
    t.type("日本 é")
    stage.claim("wide characters take two columns", t.until(lambda s: "> 日本 é" in s and t.cursor() == "8,0"))
    t.keys("BSpace", "BSpace", "BSpace")
    stage.claim("Backspace deletes a wide character as a whole", t.until(lambda s: line(s, 0).rstrip() == "> 日" and t.cursor() == "4,0"))
    t.keys("C-u")
    t.tmux("set-buffer", "route\nincoming\tmail\x01")
    t.tmux("paste-buffer", "-p")
    stage.claim("pasted lines become one query and open nothing", t.shows("> route incoming mail", "Incoming mail for six floors"))
    t.keys("C-u")
    t.type("mail AND (route")
    stage.claim("an incomplete query stays visible", t.shows("> mail AND (route"))
    t = stage.open("mail")
    t.shows("> mail", "statements")
    t.keys("C-c")
    stage.claim("Ctrl-C ends browse as SIGINT does, and the terminal is restored", t.status() == 130 and t.restored())


def check_refused(stage):
    t = stage.open("mail")
    t.until(lambda s: "16 statements" in line(s, 1) and line(s, 2).startswith("> ") and line(s, 3).strip())
    before = line(t.screen(), 2)
    t.type(" NEAR/0 x")
    stage.claim("a refused query keeps the last answer and shows the reason",
                t.until(lambda s: "NEAR needs a distance" in line(s, 1) and line(s, 2).startswith(before[:40])))
    stage.claim("a refused query marks the place of the error", t.until(lambda _: "NEAR/\x1b[7m0" in t.tmux("capture-pane", "-p", "-e")))
    t.keys("C-u")
    t.type("mail")
    stage.claim("the query after a refused one is answered", t.until(lambda s: "statements" in line(s, 1)))


def check_moving(stage):
    t = stage.open("mail")
    t.shows("> mail", "statements")
    selected = lambda s: next((n for n, row in enumerate(s.split("\n")) if n > 1 and row.startswith(">")), None)
    t.keys("Down", "Down", "Down", "Up")
    stage.claim("Down and Up select statements while the query has the focus", t.until(lambda s: selected(s) == 4))
    t.keys("End")
    stage.claim("End selects the last statement", t.until(lambda s: selected(s) == 16))
    t.keys("Home")
    stage.claim("Home selects the first statement", t.until(lambda s: selected(s) == 2 and "2 43-" not in s))
    t.keys("NPage", "PPage")
    stage.claim("PgDn and PgUp move by one window", t.until(lambda s: selected(s) == 2))
    t.keys("C-u")
    t.shows("560 statements")
    for _ in range(4):
        t.keys("End")
    stage.claim("further statements are fetched when they are needed", t.until(lambda s: t.keys("End") or "47-2111" in s or "53-3032" in s or "51-4041" in s or "49-" in s))


def check_choosing(stage):
    t = stage.open("mail")
    t.shows("> mail", "[ ] Emerging")
    t.keys("M-4")
    stage.claim("Alt-4 chooses the level advanced", t.shows("[x] Advanced", "level:advanced"))
    stage.claim("below the selected statement, level and place are shown even if the title is cut", t.until(lambda s: re.search(r"…, \w+ \d+$", line(s, 22).rstrip())))
    stage.claim("a chosen value does not change the counts of its own facet", t.until(lambda s: any("Developing" in row and row.split()[-1] != "0" for row in s.split("\n") if "[ ]" in row)))
    t.keys("M-4")
    stage.claim("Alt-4 again removes the choice", t.lacks("level:advanced"))
    t.keys("Tab")
    stage.claim("Tab moves to the statements", t.until(lambda s: s.rstrip("\n").split("\n")[-1].startswith("statements")))
    stage.claim("the list of keys fits into the last line", t.screen().rstrip().endswith("F1 help  Esc back"))
    t.keys("Tab")
    stage.claim("Tab moves to the values", t.until(lambda s: s.rstrip("\n").split("\n")[-1].startswith("values")))
    t.keys("Down", "Space")
    stage.claim("Space chooses a value", t.shows("[x] Developing", "level:developing"))
    t.keys("Enter")
    stage.claim("Enter removes the choice of a value", t.lacks("level:developing"))
    t.keys("Enter")
    t.shows("level:developing")
    t.type("s x")
    stage.claim("a letter and the blank after it go to the query", t.shows("> mails x", "level:developing"))
    t.keys("Escape")
    stage.claim("the first Esc clears the query", t.shows("type to search", "level:developing"))
    t.keys("Escape")
    stage.claim("the second Esc clears the chosen values", t.lacks("level:developing"))
    t.keys("C-t")
    stage.claim("Ctrl-T changes the order", t.shows("by level"))
    t.keys("BTab", "BTab", "C-e")
    exported = pathlib.Path(stage.folder, "skillsearch-1.csv")
    stage.claim("Ctrl-E writes all statements found to a file, in the order shown",
                t.shows("560 statements exported to skillsearch-1.csv") and exported.read_text().count("\n") == 561
                and ["emerging"] * 20 == [row.split(",")[1] for row in exported.read_text().splitlines()[1:21]])
    t.keys("Escape")
    t.keys("Escape")
    stage.claim("the last Esc quits, with status 1 when nothing was picked", t.status() == 1 and t.restored())


def check_values(stage):
    """All facets are values, and what is cut shows it."""
    t = stage.open("mail", size=(100, 100))
    stage.claim("job zones and versions are values, too", t.until(lambda s: re.search(r"^.{60,}zone\s*$", s, re.MULTILINE)
                and re.search(r"^.{60,}version\s*$", s, re.MULTILINE) and "[ ] Job Zone 2" in s))
    stage.claim("a label and a text that are cut end with …", re.search(r"Mail Clerks\S*[\w ]*…", t.screen()) and "… " in line(t.screen(), 2))
    t.keys("Tab", "Tab", "End", "Space")
    stage.claim("a version can be chosen", t.shows("version:"))
    t = stage.open("mail", LC_ALL="C")
    stage.claim("in the locale C what is cut ends with three dots", t.until(lambda s: "..." in line(s, 2)))
    for kind in ("xterm-256color", "linux", "vt100"):
        t = stage.open("mail", LC_ALL="C", TERM=kind)
        stage.claim(f"... and the line above the selected statement is of -, with TERM={kind}", t.until(lambda s: line(s, 17) == "-" * 80))
    t = stage.open("--match", "meaning", "mail")
    stage.claim("--match meaning finds by near words, too", t.shows("> mail", "31 statements"))
    t = stage.open("--match", "meaning", "--no-meaning", "mail")
    stage.claim("--no-meaning does not", t.shows("> mail", "16 statements"))


def check_names(stage):
    """Values of the command line may be names."""
    t = stage.open("--sector", "finance", "--group=office", "--occupation", "'customer service'", size=(120, 40))
    stage.claim("names on the command line are filters, shown as their codes", t.shows("40 statements", "group:43", "occupation:43-4051.00", "sector:52"))
    stage.claim("... and as chosen values", t.shows("[x] Office", "[x] Finance", "[x] Customer"))
    t.keys("Tab", "Tab", "Home", "Down", "Down", "Down", "Down", "Space")
    stage.claim("a value that was named can be removed", t.until(lambda s: "group:43" not in s and "sector:52" in s))
    t = stage.open("--occupation", "43-,electricians")
    stage.claim("a name beside the beginning of a code leaves that as it is", t.shows("120 statements", "occupation:43- occupation:47-2111.00"))
    t = stage.open("--sector", "mining")
    stage.claim("a sector that the index does not have finds nothing, and a note says so", t.shows("0 statements  sector:21  no statement has sector 21", "No matching statement"))
    t = stage.open("zzzqq")
    stage.claim("words that occur nowhere are named", t.shows("0 statements  occurs nowhere: zzzqq", "No matching statement"))
    t = stage.open("zzzqq", "mail")
    stage.claim("... and so are those of a query that finds statements", t.shows("statements, none with all words", "occurs nowhere: zzzqq"))
    for query, options, said in (("incoming mail", ("--soc", "43-4051"), "3 statements, 2 with all words"),
                                 ("incoming mail", ("--soc", "43-4051", "--level", "advanced"), "1 statement  "),
                                 ("warfarin dose check before", ("--soc", "29-1051", "--level", "emerging"), "1 statement, not with all words")):
        t = stage.open(*options, *query.split())
        stage.claim(f"how many statements have all words: {said.strip()}", t.shows(said))
    for name, said in (("services", "is in the names of 5 sectors:"), ("finanse", "did you mean Finance and Insurance (52)?")):
        t = stage.open("--sector", name)
        stage.claim(f"{name}: the reason is shown as a whole, without a JSON pointer", t.until(lambda s: said in " ".join("\n".join(s.split("\n")[2:]).split()) and "/filter" not in s))
        t.keys("Escape")
        stage.claim("... and Esc clears the values", t.shows("560 statements"))


def check_keys(stage):
    """Keys that no other part claims."""
    t = stage.open("mail")
    t.shows("> mail", "16 statements")
    focus = lambda s: s.rstrip("\n").split("\n")[-1].split(" ")[0]
    for name in ("values", "statements", "query"):
        t.keys("BTab")
        stage.claim(f"Shift-Tab moves to the {name}", t.until(lambda s, name=name: focus(s) == name))
    for number, level in enumerate(("emerging", "developing", "proficient"), 1):
        t.keys(f"M-{number}")
        stage.claim(f"Alt-{number} chooses the level {level}", t.shows(f"[x] {level.capitalize()}", f"level:{level}"))
    t.keys("Escape", "Escape")
    t.shows("type to search", "560 statements")
    t.type("ail")
    t.keys("Left", "Left", "Left")
    t.type("m")
    t.keys("Right", "Right", "Right")
    t.type("s")
    stage.claim("Right moves the cursor", t.until(lambda s: line(s, 0).rstrip() == "> mails" and t.cursor() == "7,0"))
    t.keys("C-a", "C-e")
    stage.claim("in the query, Ctrl-E moves to its end and exports nothing", t.until(lambda _: t.cursor() == "7,0") and "exported" not in t.screen())
    t.keys("C-u")
    t.until(lambda s: "560 statements" in line(s, 1) and line(s, 2).startswith("> "))
    first = line(t.screen(), 2)[2:40]
    t.keys("NPage")
    stage.claim("PgDn moves by one window", t.until(lambda s: first not in s and any(row.startswith(">") for row in s.split("\n")[2:])))
    t.keys("PPage")
    stage.claim("PgUp moves back", t.until(lambda s: line(s, 2)[2:40] == first and line(s, 2).startswith(">")))
    tty = t.tmux("display-message", "-p", "#{pane_tty}").strip()
    with open(tty, "w", encoding="ascii") as other:
        other.write("\x1b7\x1b[10;20HSTRAY WORDS\x1b8")
    t.shows("STRAY WORDS")
    t.keys("C-l")
    stage.claim("Ctrl-L draws everything again", t.lacks("STRAY WORDS"))
    t.type("日" * 45)
    stage.claim("a long query is scrolled, and no wide character is cut", t.until(
        lambda s: set(line(s, 0)[2:].rstrip()) == {"日"} and line(s, 0).startswith("> ") and int(t.cursor().split(",")[0]) < 80))
    t.keys("C-a", *["Right"] * 3)
    stage.claim("... back to its beginning", t.until(lambda _: t.cursor() == "8,0"))


def check_views(stage):
    t = stage.open("incoming", "mail")
    t.shows("Incoming mail for six floors")
    t.keys("Enter")
    stage.claim("Enter opens an occupation's levels side by side", t.shows("Levels of Mail Clerks", "emerging            > developing"))
    t.keys("s")
    stage.claim("s shows similar statements", t.shows("Like Incoming mail for six floors", "statements"))
    t.keys("Enter")
    stage.claim("a similar statement can be opened", t.shows("Levels of"))
    t.keys("Escape", "Escape", "Escape")
    stage.claim("Esc closes one view at a time", t.shows("> incoming mail"))
    t.keys("C-u")
    t.shows("type to search", "560 statements")
    t.type("training new staff")
    t.until(lambda s: line(s, 0).startswith("> training new staff") and "statement" in line(s, 1) and "560" not in line(s, 1))
    t.keys("Enter")
    t.until(lambda s: line(s, 0).startswith("Levels of") and "rows" in line(s, 1))
    t.keys("x")
    stage.claim("x shows a choice of the other occupation", t.until(
        lambda s: line(s, 0).startswith("Crosswalk with the occupation of") and "statements" in line(s, 1) and line(s, 2).startswith(">")))
    t.keys("Enter")
    stage.claim("Enter on the choice shows the crosswalk of both occupations, with their titles", t.until(
        lambda s: "pair" in line(s, 1) and re.match(r"\d\d-\d{4}\.\d\d [A-Z].* and \d\d-\d{4}\.\d\d [A-Z]", line(s, 0))))
    t.keys("Escape", "Escape", "Escape", "C-u")
    t.type("incoming mail")
    t.keys("Enter", "Escape")
    stage.claim("a query that waited below a view is answered when the view is closed",
                t.shows("> incoming mail", "16 statements", "Incoming mail for six floors"))
    t.keys("F1")
    stage.claim("F1 shows the keys", t.shows("Letters edit the query; in an opened view, only s and x do something", "Ctrl-Y"))


def selected_level(screen):
    """The level that the keys act on, in a comparison."""
    found = re.search(r"> (emerging|developing|proficient|advanced)", screen)
    return found[1] if found else None


def check_levels(stage):
    """Keys in the levels of an occupation."""
    t = stage.open("incoming", "mail", size=(120, 40))
    t.shows("Incoming mail for six floors")
    t.keys("Enter")
    stage.claim("the statement that was opened is selected", t.until(lambda s: selected_level(s) == "developing"))
    first = t.screen()
    t.keys("Right", "Right", "Right")
    stage.claim("Right selects the next level, and stays in the row", t.until(lambda s: selected_level(s) == "advanced"))
    t.keys("Left")
    stage.claim("Left selects the level before", t.until(lambda s: selected_level(s) == "proficient"))
    t.keys("End")
    t.until(lambda s: line(s, 3) != line(first, 3) and selected_level(s) == "advanced")
    last = t.screen()
    stage.claim("the last row ends a full screen, and earlier rows are above it", len(re.findall(r"^emerging", last, re.MULTILINE)) > 2)
    t.keys("Down")
    t.keys("Home")
    stage.claim("Home selects the first row, at the same level", t.until(lambda s: line(s, 2).startswith("emerging") and selected_level(s) == "advanced"))
    t.keys("Up")
    t.keys("End")
    stage.claim("neither Up in the first row nor Down in the last one leaves the comparison", t.until(lambda s: s == last))
    t.resize(60, 24)
    stage.claim("in a narrow window the levels are one below the other",
                t.until(lambda s: any(row.startswith("> advanced") for row in s.split("\n")) and "emerging" in s))
    t.keys("C-y")
    stage.claim("Ctrl-Y picks a statement of a comparison", t.until(lambda s: "1 picked" in line(s, 1) and " *" in s))
    t.keys("C-y")
    stage.claim("Ctrl-Y again removes it", t.until(lambda s: "picked" not in line(s, 1) and " *" not in s))


def check_limits(stage):
    """Too much of something is refused, with a message."""
    t = stage.open("incoming", "mail")
    t.shows("Incoming mail for six floors")
    t.keys("Enter")
    t.until(lambda s: "rows" in line(s, 1))
    for _ in range(11):
        t.keys("s")
        t.until(lambda s: line(s, 0).startswith("Like") and "statement" in line(s, 1))
    t.keys("s")
    stage.claim("too many views are refused", t.shows("too many views are open; Esc closes one"))
    t.keys("Down")
    stage.claim("the notice ends with the next key", t.lacks("too many views are open; Esc closes one"))
    codes = [f"--occupation {11 + number // 10}-{1011 + number}.00" for number in range(64)]
    t = stage.open(*codes)
    t.shows("0 statements")
    t.keys("M-1")
    stage.claim("too many chosen values are refused", t.shows("too many values are chosen"))
    for arguments, said in (([*codes, "--level", "advanced"], "browse takes at most 64 values on the command line"),
                            (["a" * 2049], "at most 2048 bytes")):
        t = stage.open(*arguments, after="2> refused")
        stage.claim(f"refused with a message: {said}", t.status() in (2, 6) and said in pathlib.Path(stage.folder, "refused").read_text())
    t = stage.open("--zone", "2-3", "--sort", "-level", "mail")
    stage.claim("browse begins with the zones and the order of the command line", t.shows("zone:2 zone:3", "by -level"))


def check_query_line(stage):
    """A query that is longer than the line, and what the status line says about a query."""
    t = stage.open(size=(50, 12))
    t.shows("type to search")
    t.type("mail " * 15 + "end")
    stage.claim("a long query is scrolled to its cursor", t.until(lambda s: line(s, 0).rstrip().endswith("end") and t.cursor() == "49,0"))
    t.keys("C-a")
    stage.claim("Ctrl-A scrolls back", t.until(lambda s: line(s, 0).startswith("> mail mail") and t.cursor() == "2,0"))
    t = stage.open("mail")
    t.shows("> mail", "statements")
    t.type(" NEAR/")
    stage.claim("an error at the end of a query is marked after it", t.until(lambda _: "NEAR/\x1b[7m " in t.tmux("capture-pane", "-p", "-e", "-N")))
    t.keys("C-u", "F2")
    t.type("envelpe")
    stage.claim("a better spelling is suggested", t.shows("did you mean: envelope"))
    t.keys("C-u")
    t.type("xylophone")
    stage.claim("without a match the list says so", t.shows("No matching statement", "0 statements"))
    t = stage.open(size=(80, 10))
    t.shows("type to search")
    t.keys("F1", "End")
    stage.claim("the list of keys can be scrolled", t.until(lambda s: "Ctrl-W          delete a word" in s and "Letters edit the query" not in s))
    t.keys("PPage", "Home", "F1")
    stage.claim("... and back", t.shows("Letters edit the query; in an opened view, only s and x do something"))


def check_export_failures(stage):
    t = stage.run(f"sh -c 'cd /proc && exec {stage.command('mail')}'")
    stage.browsing.append(t)
    t.shows("> mail", "statements")
    t.keys("Tab", "C-e")
    stage.claim("an export that cannot be written says so", t.shows("not exported: skillsearch-1.csv: "))


def check_printing(stage):
    t = stage.open("incoming", "mail", after="> picked; cat picked")
    t.shows("Incoming mail for six floors")
    t.keys("C-y", "Down", "C-y")
    stage.claim("with its output in a pipe, browse draws on the terminal and marks picks", t.shows("2 picked", ">*"))
    t.keys("Escape", "Escape")
    t.status()
    ids = pathlib.Path(stage.folder, "picked").read_text().splitlines()
    stage.claim("browse prints the ids in the order of picking at the end",
                len(ids) == 2 and ids[0] == "43-9051.00/developing/5bbaa99f9972")
    t = stage.run(f"{BUILD}/skillsearch --connect {stage.endpoint} get $({stage.command('incoming', 'mail')}) > got")
    t.shows("Incoming mail for six floors")
    t.keys("C-y", "Escape", "Escape")
    stage.claim("get accepts the ids that browse prints", t.status() == 0
                and "Incoming mail for six floors" in pathlib.Path(stage.folder, "got").read_text())
    t = stage.open("--print", "json", "-0", "--level", "advanced", "budget", after="> picked")
    stage.claim("browse begins with the words and filters of the command line", t.shows("> budget", "level:advanced", "[x] Advanced"))
    t.keys("C-y", "Escape", "Escape", "Escape")
    stage.claim("--print json -0 prints one line of JSON and a NUL", t.status() == 0)
    got = pathlib.Path(stage.folder, "picked").read_bytes()
    stage.claim("--print json prints the whole statement", got.endswith(b"}\0") and json.loads(got[:-1])["level"] == "advanced")
    t = stage.open("--print", "text", "incoming", "mail", after="< /dev/null > picked")
    t.shows("Incoming mail for six floors")
    t.keys("C-y", "Escape", "Escape")
    stage.claim("--print text works with empty standard input", t.status() == 0
                and pathlib.Path(stage.folder, "picked").read_text().startswith("Incoming mail for six floors —"))


def check_sizes(stage):
    t = stage.open("mail", size=(120, 40))
    t.until(lambda s: "16 statements" in line(s, 1) and line(s, 2).startswith("level"))
    t.keys("Enter")
    t.shows("Levels of")
    t.keys("s")
    stage.claim("similar statements have the whole width", t.until(lambda s: line(s, 0).startswith("Like ") and line(s, 2).startswith("> ")
                and any(len(row.rstrip()) > 110 for row in s.split("\n")[2:30])))
    t.keys("Escape", "Escape")
    stage.claim("at 120x40, levels and groups are at the left, sectors and occupations at the right",
                t.until(lambda s: line(s, 2).startswith("level") and line(s, 2).rstrip().count("level") == 1 and "sector" in line(s, 2)))
    t.resize(100, 30)
    stage.claim("100 columns are enough for that", t.until(lambda s: line(s, 2).startswith("level") and len(line(s, 29)) <= 100))
    t.resize(99, 30)
    stage.claim("99 are not", t.until(lambda s: line(s, 2).rstrip().endswith("level") and line(s, 2).startswith("> ")))
    t.resize(80, 24)
    stage.claim("at 80x24, all values are at the right", t.until(lambda s: line(s, 2).rstrip().endswith("level") and line(s, 2).startswith("> ")))
    t.resize(50, 12)
    stage.claim("at 50x12, no values are shown", t.until(lambda s: "Emerging" not in s and line(s, 2).startswith("> ")))
    stage.claim("the last line keeps the keys that lead on", t.until(lambda s: line(s, 11).rstrip() == "query  F1 help  Esc back"))
    t.keys("Tab", "Tab")
    stage.claim("at 50x12, Tab shows the values below the statements", t.shows("Emerging"))
    t.resize(30, 5)
    stage.claim("at 30x5, a message says that the window is too small", t.until(lambda s: "too small" in s))
    t.resize(80, 24)
    stage.claim("after enlarging the window everything is shown again", t.shows("> developing", "[ ] Emerging", "values"))
    t.resize(40, 6)
    stage.claim("40x6 is enough", t.until(lambda s: "too small" not in s and "mail" in line(s, 0)))


def check_terminals(stage):
    for kind in ("xterm-256color", "screen", "linux", "vt100"):
        t = stage.open("mail", TERM=kind)
        t.shows("> mail", "statements")
        t.keys("Down")
        stage.claim(f"browse works with TERM={kind}", t.until(lambda s: line(s, 3).startswith("> ")))
    for kind in ("dumb", "nosuch", None):
        t = stage.open("mail", after="2> refused", TERM=kind)
        stage.claim(f"TERM={kind} is refused with a message", t.status() == 2
                    and "browse cannot draw on this terminal" in pathlib.Path(stage.folder, "refused").read_text())
    run = subprocess.run([*BROWSE, "--connect", stage.endpoint], capture_output=True, text=True, check=False,
                         stdin=subprocess.DEVNULL, start_new_session=True)
    stage.claim("browse without a terminal is refused with a message", run.returncode == 2 and "needs a terminal" in run.stderr)
    t = stage.open("mail", LC_ALL="C")
    stage.claim("in the C locale, browse works and shows non-ASCII characters as question marks", t.until(lambda s: " ? " in s and "statements" in s))
    t = stage.open("mail", NO_COLOR="1")
    t.shows("> mail", "statements", "[ ] Emerging")
    plain = t.tmux("capture-pane", "-p", "-e")
    u = stage.open("mail", NO_COLOR="", TERM="xterm-256color")
    color = re.compile("\x1b\\[(3[0-8]|9[0-7])")
    stage.claim("browse uses colours only without NO_COLOR", not color.search(plain)
                and u.until(lambda _: color.search(u.tmux("capture-pane", "-p", "-e"))))
    entry = subprocess.run(["infocmp", "-1", "xterm-256color"], capture_output=True, text=True, check=True).stdout
    source = pathlib.Path(stage.folder, "sixteen.ti")
    source.write_text(re.sub(r"colors#\w+", "colors#16", entry).replace("xterm-256color|", "sixteen|", 1))
    subprocess.run(["tic", "-o", f"{stage.folder}/terminfo", source], check=True, stderr=subprocess.DEVNULL)
    for kind, wanted, others in (("sixteen", r"\x1b\[9[0-7]", r"38;5;"), ("xterm", r"\x1b\[3[0-7]", r"38;5;|\x1b\[9[0-7]")):
        t = stage.open("mail", TERM=kind, TERMINFO=f"{stage.folder}/terminfo")
        t.shows("> mail", "statements", "[ ] Emerging")
        shown = t.tmux("capture-pane", "-p", "-e")
        stage.claim(f"TERM={kind} has the colours that it can show, and no others", re.search(wanted, shown) and not re.search(others, shown))


def check_signals(stage):
    for number, name in ((signal.SIGTERM, "SIGTERM"), (signal.SIGHUP, "SIGHUP"), (signal.SIGSEGV, "a crash")):
        t = stage.open("mail")
        t.shows("> mail", "statements")
        os.kill(t.pid(), number)
        stage.claim(f"after {name} the terminal is restored, and the status names the signal",
                    t.status() == 128 + number and t.restored())
    t = stage.run("bash --norc -i", PS1="ready")
    t.type(stage.command("mail") + "\n")
    t.shows("> mail", "statements")
    t.keys("C-z")
    stage.claim("Ctrl-Z stops browse and restores the terminal", t.shows("Stopped"))
    t.type("fg\n")
    stage.claim("fg continues with the same screen", t.until(lambda s: line(s, 0).startswith("> mail") and "statements" in s))
    t.keys("C-l", "C-c")
    stage.claim("Ctrl-L redraws the screen, and Ctrl-C ends browse", t.lacks("[ ] Emerging"))


def check_held_keys(stage, daemon):
    """Keys of an opened view, typed while the daemon does not answer."""
    for keys, holds, claim in (
            (["C-y"], lambda s: "1 picked" in s, "Ctrl-Y picks the statement of the answer"),
            (["x", "Enter"], lambda s: "pair" in line(s, 1), "x and Enter lead to the crosswalk, each applied to the answer to the key before"),
            (["x", "Escape", "Enter"], lambda s: line(s, 0).startswith("Levels of") and "rows" in line(s, 1), "Esc discards them")):
        t = stage.open("training", "new", "staff")
        t.until(lambda s: line(s, 0).startswith("> training new staff") and "statement" in line(s, 1) and line(s, 2).startswith("> "))
        os.kill(daemon, signal.SIGSTOP)
        t.keys("Enter")
        t.until(lambda s: line(s, 0).startswith("Levels of"))
        t.keys(*keys)
        # The screen is drawn after the keys have been read, so this waits until they have been.
        t.until(lambda s: "waiting" in s or "does not answer" in s)
        os.kill(daemon, signal.SIGCONT)
        stage.claim(f"keys typed before an answer act on it: {claim}", t.until(holds))


def check_daemon(stage, port):
    """The daemon stops, ends and returns; another index is published."""
    place, exports = str(pathlib.Path(stage.folder, "index2")), pathlib.Path(stage.folder, "exports")
    shutil.copytree(CORPUS, exports)
    index(place, str(exports))
    daemon = Daemon(place, listen=port.endpoint)
    check_held_keys(stage, daemon.process.pid)
    t = stage.open("--timeout", "2000", "mail")
    t.shows("> mail", "statements")
    os.kill(daemon.process.pid, signal.SIGSTOP)
    t.type("s")
    stage.claim("typed text is shown while the daemon is stopped", t.shows("> mails"))
    stage.claim("the status line says that an answer is late", t.shows("waiting"))
    t.keys("Tab", "C-e", "C-e")
    stage.claim("a second export does not begin before the first one ends", t.shows("an export is already running"))
    t.keys("BTab")
    t.type(" route")
    stage.claim("keys keep working while the daemon is stopped", t.shows("> mails route"))
    stage.claim("after the time limit the status line says that the daemon does not answer", t.shows("the daemon does not answer"))
    os.kill(daemon.process.pid, signal.SIGCONT)
    stage.claim("an export that waited for the daemon is completed", t.shows("exported to skillsearch-2.csv"))
    t.keys("Left")
    stage.claim("the latest query is answered when the daemon continues", t.until(lambda s: "statement" in line(s, 1)))
    daemon.process.kill()
    daemon.process.wait()
    stage.claim("the end of the daemon is shown without a key, and the last answer stays",
                t.until(lambda s: "statement" not in line(s, 1) and line(s, 1).strip() and line(s, 2).startswith(">")))
    daemon = Daemon(place, listen=port.endpoint)
    stage.claim("browse continues when the daemon returns", t.until(lambda s: "statement" in line(s, 1)))
    t.keys("C-u")
    t.type("incoming mail floors")
    t.shows("Incoming mail for six floors")
    export = exports / "43-9051.00.json"
    export.write_text(export.read_text().replace("Incoming mail for six floors", "Incoming mail for nine floors"))
    index(place, str(exports))
    stage.claim("a new index is shown without a key", t.shows("Incoming mail for nine floors"))
    stage.close()
    t = stage.open("mail")
    t.shows("> mail", "statements")
    daemon.stop()
    t.keys("Escape", "Escape")
    stage.claim("browse can be quit without a daemon", t.status() == 1 and t.restored())
    t = stage.open("mail")
    stage.claim("browse starts without a daemon, and shows that none answers", t.until(lambda s: line(s, 1).strip() and "asking" not in line(s, 1)))
    stage.close()


def main():
    if not shutil.which("tmux"):
        print("skipped browse: tmux is not installed")
        print("0 passed, 0 failed")
        return 0
    check = Checks()
    with tempfile.TemporaryDirectory() as folder:
        place = str(pathlib.Path(folder, "index"))
        index(place, CORPUS)
        daemon = Daemon(place)
        stage = Stage(check, folder, daemon.endpoint)
        try:
            for part in (check_typing, check_keys, check_moving, check_choosing, check_values, check_names, check_views, check_levels,
                         check_limits, check_query_line, check_export_failures, check_printing, check_sizes, check_terminals,
                         check_signals, check_refused):
                part(stage)
                stage.close()
            port = Port()
            stage.endpoint = port.endpoint
            check_daemon(stage, port)
        finally:
            stage.close()
        daemon.stop()
    return check.finish()


sys.exit(main())
