"""Ten jobs on a real terminal, at two sizes; docs/ten-jobs.md must show the same screens. --write renews that page,
--pictures the pictures of the README; those of the search page need chromium."""
import html
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from gateway import Gateway
from peer import BUILD, PATIENCE_S, ROOT, Checks, Daemon, index
from screen import Terminal

CORPUS = os.environ["SKS_CORPUS"]
PAGE, PICTURES = ROOT / "docs/ten-jobs.md", ROOT / "docs/pictures"
MOST_BYTES = 200 << 10  # of all pictures
MOST_PAGE_BYTES = 60_000  # of one of a page
PAGES = {"page.png": "/?level=advanced&level=developing&q=incoming+mail", "levels.png": "/occupation/43-9051.00?duty=mail"}
SIZES = [(80, 24), (120, 40)]
VACANCY = "We look for a mail clerk. You sort incoming mail and route it to six floors.\nYou train new staff. A sense of humour helps.\n"
JOBS = [("Find statements by a phrase", "skillsearch '\"incoming mail\" route'"),
        ("Read an occupation, level by level", "skillsearch occupation mail clerks"),
        ("Narrow by sector and group, by name", "skillsearch --sector companies --group office budget"),
        ("Compare the four levels", "skillsearch compare 'mail clerks' envelopes"),
        ("Find similar statements of other occupations", "skillsearch similar --exclude occupation 1"),
        ("Match the text of a vacancy", "skillsearch map --file vacancy.txt"),
        ("See what two occupations have in common", "skillsearch crosswalk --level advanced electricians 'elementary school'"),
        ("Export a sector's proficient level, and read it with Python",
         "skillsearch export --sector 55 --level proficient --format csv |\n  python3 -c 'import csv, sys\n"
         "for row in csv.DictReader(sys.stdin): print(row[\"soc\"], row[\"text\"][:60])'"),
        ("See what the last indexing changed", "skillsearch-index --diff"),
        ("Undo it", "skillsearch-index --rollback")]
SHOWN = ["skillsearch '\"incoming mail\" route'", "skillsearch -n 1 --no-facets --level advanced training", "skillsearch similar -n 1 1"]
HEAD = """# Ten jobs

The output of ten commands, one for each job, on terminals of 80 by 24 and 120 by 40 characters. `make transcript` makes this page from a real
run over `corpus/`, and `make check` compares it with a new run. No daemon runs; the index in the default folder is searched. If an answer is
longer than the screen, the first page of the pager is shown; `:` is its prompt.
"""


class Desk:
    """A home with an index of two generations in the default place, and a vacancy."""

    def __init__(self, folder):
        self.folder = folder
        place, exports = folder / "data/skillsearch", folder / "exports"
        shutil.copytree(CORPUS, exports)
        index(place, exports)
        export = exports / "43-9051.00.json"
        export.write_text(export.read_text().replace("forecast yearly spend", "plan yearly spend"))
        index(place, exports)
        (folder / "vacancy.txt").write_text(VACANCY)

    def screen(self, command, size, styles=()):
        """The screen after the command has ended, or when its pager waits for a key."""
        script = self.folder / "line"
        script.write_text(f"clear\n{command}\nstatus=$?\nprintf 'end of %s' $status\n")
        names = {"XDG_DATA_HOME": f"{self.folder}/data", "XDG_STATE_HOME": f"{self.folder}/state", "XDG_CONFIG_HOME": f"{self.folder}/config",
                 "PATH": f"{BUILD}:{os.environ['PATH']}", "TERM": "xterm-256color", "PAGER": "less", "XDG_RUNTIME_DIR": str(self.folder),
                 "SKILLSEARCH_INDEX": f"{self.folder}/data/skillsearch"}
        terminal = Terminal(str(self.folder), f"sh {script}", size, **names)
        try:
            terminal.until(lambda screen: re.search(r"end of \d|^:$", screen.rstrip().split("\n")[-1]))
            return terminal.tmux("capture-pane", "-p", *styles)
        finally:
            terminal.close()


def parts_of(check, desk):
    """The text of each job: its command, and its screens. All jobs run at one size, then at the other, because a job
    may refer to the answer of the job before it."""
    parts = {heading: f"\n## {heading}\n\n```\n{command}\n```\n" for heading, command in JOBS}
    for size in SIZES:
        for heading, command in JOBS:
            screen = desk.screen(command, size)
            rows = [row.rstrip() for row in re.sub(r"end of \d+\s*$", "", screen).rstrip().split("\n")]
            ended = re.search(r"end of (\d+)\s*$", screen)
            check.that(f"{heading}: ends with 0, or a pager shows it", (ended and ended.group(1) == "0") or rows[-1] == ":", screen)
            check.that(f"... in {size[0]} columns", all(len(row) <= size[0] for row in rows) and len(rows) <= size[1], screen)
            parts[heading] += f"\n{size[0]}x{size[1]}:\n\n```\n" + "\n".join(rows) + "\n```\n"
        desk.screen("skillsearch-index --publish 2", size)  # what the last job undid
    return "".join(parts.values())


# ----------------------------------------------------------------- picture
COLORS = {**dict(zip(range(30, 38), "#45475a #d20f39 #40a02b #df8e1d #1e66f5 #8839ef #179299 #dce0e8".split())),
          **dict(zip(range(90, 98), "#7f849c #f38ba8 #a6e3a1 #f9e2af #89b4fa #cba6f7 #94e2d5 #ffffff".split()))}
GROUND, TEXT, CELL, LINE = "#1e1e2e", "#cdd6f4", 8.4, 19


def style_of(codes):
    """Attributes of SVG for the codes of ECMA-48 that are in force."""
    names = {1: 'font-weight="bold"', 2: 'fill-opacity="0.6"', 4: 'text-decoration="underline"'}
    return "".join(" " + (names[code] if code in names else f'fill="{COLORS[code]}"') for code in codes if code in names or code in COLORS)


def picture_of(screen, columns):
    """A screen with its styles as SVG; each run of one style is a text of fixed width."""
    rows = re.sub(r"end of \d+\s*$", "", screen).rstrip().split("\n")
    width, height = round(columns * CELL) + 20, LINE * len(rows) + 24
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
           f'<rect width="100%" height="100%" rx="6" fill="{GROUND}"/>',
           f'<g font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="14" fill="{TEXT}" xml:space="preserve">']
    codes = []
    for number, row in enumerate(rows):
        column = 0
        for code, text in re.findall(r"\x1b\[([\d;]*)m|([^\x1b]+)", row):
            for one in [] if text else [int(part or 0) for part in code.split(";")]:
                codes = [] if one == 0 else [c for c in codes if c < 30] if one == 39 else [*codes, one]
            shown = text.strip()  # SVG drops blanks at the ends and would draw the rest wider
            if shown:
                x = 10 + (column + text.index(shown)) * CELL
                out.append(f'<text x="{x:.1f}" y="{26 + number * LINE}" textLength="{len(shown) * CELL:.1f}"'
                           f'{style_of(codes)}>{html.escape(shown, quote=False)}</text>')
            column += len(text)
    return "\n".join([*out, "</g>", "</svg>", ""])


def draw_pages(folder):
    """Pages in a browser without a screen."""
    daemon = Daemon(folder)
    gateway = Gateway(daemon.endpoint)
    while gateway.get("/readyz")[0] != 200:
        pass
    for name, path in PAGES.items():
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:  # chromium writes to it after it has ended
            subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=0.7",
                            "--window-size=1040,610",
                            f"--user-data-dir={profile}", f"--screenshot={PICTURES}/{name}", gateway.url + path],
                           check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PATIENCE_S)
    gateway.stop()
    daemon.stop()


def main():
    missing = [name for name in ("tmux", "less") if not shutil.which(name)]
    if missing:
        print(f"skipped: ten jobs on a terminal, as {' and '.join(missing)} is not installed")
        print("0 passed, 0 failed")
        return 0
    check = Checks()
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(pathlib.Path(folder))
        if "--pictures" in sys.argv:
            PICTURES.mkdir(exist_ok=True)
            session = desk.screen("\n".join(f"printf '%s\\n' {shlex.quote('$ ' + line)}; {line}; echo" for line in SHOWN), SIZES[0], ("-e",))
            (PICTURES / "session.svg").write_text(picture_of(session, SIZES[0][0]))
            draw_pages(f"{folder}/data/skillsearch")
        text = HEAD + parts_of(check, desk)
        if "--write" in sys.argv:
            PAGE.write_text(text)
        check.that("docs/ten-jobs.md shows these screens", PAGE.read_text() == text, text)
        sizes = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
        check.that("the pictures of the README have at most 200 KiB", sum(sizes.values()) <= MOST_BYTES, sizes)
        check.that("each picture of a page has at most 60 KB", all(sizes.get(name, MOST_BYTES) <= MOST_PAGE_BYTES for name in PAGES), sizes)
    return check.finish()


sys.exit(main())
