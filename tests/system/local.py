"""The command without a daemon: it answers from an index, leaves no process and no folder, and reports problems of an
index as its own failure; and "try", which searches what it has just indexed."""
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from badpeer import levels_of
from peer import BUILD, LOOK_S, PATIENCE_S, ROOT, Checks, Daemon, index
from variables import variable

CORPUS = variable("SKS_CORPUS")
MAIL = "43-9051.00/emerging/a831cc6ec7cc"
FORMATS = ["text", "json", "ndjson", "csv", "tsv", "markdown"]
COMMANDS = [["mail"], ["facets", "mail"], ["get", MAIL], ["similar", MAIL], ["occupation", "43-9051"], ["compare", "43-9051"],
            ["crosswalk", "25-2021", "47-2111"], ["map", "Sorts mail."], ["suggest", "mai"], ["analyze", "rout* mail"], ["export", "mail"]]

# A daemon that is ending: it accepts connections and refuses all requests. It serves until the command in its arguments ends.
ENDING = """
import json, subprocess, sys, zmq
router = zmq.Context().socket(zmq.ROUTER)
router.bind("tcp://127.0.0.1:7311")
command = subprocess.Popen(sys.argv[1:])
while command.poll() is None:
    if router.poll(10):
        peer, request = router.recv_multipart()
        refusal = {"v": 1, "id": json.loads(request)["id"], "ok": False, "error": {"code": "shutting_down", "message": "the daemon is ending"}}
        router.send_multipart([peer, json.dumps(refusal).encode()])
sys.exit(command.returncode)
"""


class Command:
    """skillsearch with its own folders and without a named daemon. If possible it runs in its own network, so that
    nothing listens at the default endpoint, whatever else runs on this machine."""

    def __init__(self, folder):
        self.runtime, self.alone = folder / "run", []
        self.runtime.mkdir()
        self.environment = {**os.environ, "HOME": str(folder / "home"), "XDG_RUNTIME_DIR": str(self.runtime),
                            "XDG_STATE_HOME": f"{folder}/state", "XDG_CONFIG_HOME": f"{folder}/config",
                            "XDG_DATA_HOME": f"{folder}/data", "XDG_CACHE_HOME": f"{folder}/cache", "LC_ALL": "C.UTF-8"}
        for name in list(self.environment):
            if name.startswith("SKILLSEARCH_"):
                del self.environment[name]
        alone = ["unshare", "--user", "--map-current-user", "--net"]
        if shutil.which("unshare") and subprocess.run([*alone, "true"], capture_output=True, check=False).returncode == 0:
            self.alone = alone

    def run(self, *arguments, before=(), **environment):
        return subprocess.run([*before, BUILD / "skillsearch", *arguments], capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, env={**self.environment, **environment}, timeout=PATIENCE_S)

    def left(self):
        """Entries of the folder of sockets, and processes whose command line names it."""
        found = list(self.runtime.iterdir())
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if str(self.runtime).encode() in (process / "cmdline").read_bytes():
                    found.append(process)
            except OSError:
                pass  # the process ended meanwhile
        return found

    def leaves_nothing(self):
        end = time.monotonic() + PATIENCE_S
        while self.left() and time.monotonic() < end:
            time.sleep(LOOK_S)
        return not self.left()


def same(command, output):
    """An answer without the members that differ between runs."""
    if "json" not in command:
        return output.split("\nMore: ")[0]
    return [{name: value for name, value in json.loads(line).items() if name not in ("took_us", "id")} for line in output.splitlines()]


def check_answers(check, command, folder):
    daemon = Daemon(folder)
    try:
        for words in COMMANDS:
            for form in FORMATS:
                arguments = [*words, "--format", form]
                here = command.run("--index", folder, *arguments)
                there = command.run("--connect", daemon.endpoint, *arguments)
                check.that(f"{' '.join(arguments)} answers as a daemon does", here.returncode == there.returncode == 0 and here.stdout
                           and same([] if words[0] == "export" else arguments, here.stdout)
                           == same([] if words[0] == "export" else arguments, there.stdout), here, there)
                check.that("a command without a daemon leaves no process and no folder", not command.left(), command.left())
        check.that("--index takes precedence over the environment's daemon",
                   "without a daemon" in command.run("--index", folder, "ping", SKILLSEARCH_ENDPOINT=daemon.endpoint).stdout)
        check.that("--connect takes precedence over the environment's index",
                   "skillsearchd answers" in command.run("--connect", daemon.endpoint, "ping", SKILLSEARCH_INDEX=folder).stdout)
    finally:
        daemon.stop()
    run = command.run("--index", folder, "stats")
    check.that("stats are about the index", run.returncode == 0 and "560" in run.stdout, run)
    run = command.run("--index", folder, "zzzyx", "--match", "all")
    check.that("the exit status is 1 when nothing is found", run.returncode == 1, run)
    run = command.run("--index", folder, "--", "mail AND")
    check.that("the exit status is 6 when the query is refused", run.returncode == 6 and "^" in run.stderr, run)
    run = command.run("ping", SKILLSEARCH_INDEX=folder)
    check.that("the index of the environment is searched", "without a daemon" in run.stdout, run)
    run = command.run("--index", folder, "ping", SKILLSEARCH_SERVER_KEY="/nowhere", SKILLSEARCH_CLIENT_KEY="/nowhere")
    check.that("keys of the environment are ignored for an index", run.returncode == 0, run)
    run = command.run("--index", folder, "ping", NOTIFY_SOCKET="/nowhere")
    check.that("the private daemon does not report to the service manager", run.returncode == 0 and not run.stderr, run)
    for other, environment in [("a,b", {}), ("x" * 100, {}), ("", {"TMPDIR": ""})]:
        place = command.runtime.parent / "odd" / other
        place.mkdir(parents=True, exist_ok=True)
        run = command.run("--index", folder, "ping", XDG_RUNTIME_DIR=str(place), **environment)
        check.that(f"a folder {other[:10]!r} for sockets works", run.returncode == 0 and (not other or not list(place.iterdir())), run)


def check_default(check, command, folder, data):
    run = command.run("mail", before=command.alone)
    advised = re.findall(r": (skillsearch.*) FOLDER$", run.stderr, re.MULTILINE)
    check.that("without a daemon and an index, the failure names both", run.returncode == 3
               and f"nothing answers at tcp://127.0.0.1:7311, and there is no index in {data}/skillsearch\n" in run.stderr
               and "start it with" not in run.stderr and advised == ["skillsearch-index", "skillsearch try"], run, advised)
    run = command.run("browse", before=command.alone)
    check.that("... also before the screen of browse appears", run.returncode == 3 and "skillsearch try FOLDER" in run.stderr, run)
    for place in ("empty", "a: b; c"):
        (data / place / "skillsearch").mkdir(parents=True)
        run = command.run("mail", before=command.alone, XDG_DATA_HOME=str(data / place))
        check.that("... and so it does for an empty folder", run.returncode == 3 and f"no index in {data}/{place}/skillsearch\n" in run.stderr, run)
    for arguments in advised:
        run = subprocess.run([*command.alone, BUILD / arguments.split()[0], *arguments.split()[1:], CORPUS], capture_output=True, text=True,
                             check=False, env={**command.environment, "XDG_DATA_HOME": f"{data}/advised"}, timeout=PATIENCE_S)
        check.that(f"{arguments} FOLDER can be typed as advised", run.returncode == 0 and "560 statements" in run.stderr, run)
    run = command.run("ping", before=command.alone, XDG_DATA_HOME=f"{data}/advised")
    check.that("... and makes the index that is searched", run.returncode == 0 and "without a daemon" in run.stdout, run)
    (data / "skillsearch").symlink_to(folder)
    run = command.run("ping", before=command.alone)
    check.that("the default index is searched when no daemon answers", run.returncode == 0 and "without a daemon" in run.stdout, run)
    run = command.run("--connect", "tcp://127.0.0.1:7311", "ping", before=command.alone)
    check.that("the default index does not replace a named daemon", run.returncode == 3, run)
    run = command.run("keygen", str(data / "key"))
    run = command.run("--server-key", str(data / "key"), "--client-key", str(data / "key_secret"), "ping", before=command.alone)
    check.that("the default index does not replace a daemon with keys", run.returncode == 3, run)
    run = command.run("top", "--count", "1", before=command.alone)
    check.that("top needs a daemon", run.returncode == 3, run)
    for arguments, status, said in ((["ping"], 0, "without a daemon"), (["--connect", "tcp://127.0.0.1:7311", "ping"], 4, "stop")):
        run = subprocess.run([*command.alone, "sh", "-c", 'ip link set lo up; exec "$0" -c "$@"', sys.executable, ENDING, BUILD / "skillsearch", *arguments],
                             capture_output=True, text=True, check=False, env=command.environment, timeout=PATIENCE_S)
        check.that(f"{arguments[0]}: the default index replaces a daemon that is ending, unless it is named", run.returncode == status
                   and said in run.stdout + run.stderr, run)
    script = f'mkfifo {data}/ready; "$0" --index {folder} --ready-fd 3 3>{data}/ready 2>{data}/log & read -r line <{data}/ready; "$1" ping; kill $!; wait'
    run = subprocess.run([*command.alone, "sh", "-c", f"ip link set lo up; {script}", BUILD / "skillsearchd", BUILD / "skillsearch"],
                         capture_output=True, text=True, check=False, env=command.environment, timeout=PATIENCE_S)
    check.that("a daemon at the default endpoint is preferred", "skillsearchd answers" in run.stdout, run)


def check_failures(check, command, folder, home):
    damaged = home / "damaged"
    for text, arguments in [("--connect", ["--connect", "tcp://127.0.0.1:1"]), ("--server-key", ["--server-key", "x"]),
                            ("--client-key", ["--client-key", "x"])]:
        run = command.run("--index", folder, *arguments, "mail")
        check.that(f"--index with {text} is refused", run.returncode == 2 and text in run.stderr, run)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        run = command.run("--connect", f"tcp://127.0.0.1:{silent.getsockname()[1]}", "--timeout", "100", "mail")
        check.that("a silent program at the endpoint is reported, without the advice to allow more time", run.returncode == 4
                   and "accepts connections but does not answer" in run.stderr and "--timeout" not in run.stderr and "--connect ENDPOINT" in run.stderr, run)
    for refused in (["top"], ["keygen", str(home / "key")]):
        run = command.run("--index", folder, *refused)
        check.that(f"--index with {refused[0]} is refused", run.returncode == 2 and "does not apply" in run.stderr, run)
    check.that("--index without a folder is refused", command.run("--index", "", "mail").returncode == 2)
    empty = home / "empty"
    empty.mkdir()
    for place in ("/nonexistent", str(empty)):
        run = command.run("--index", place, "mail", "--format", "json")
        check.that(f"a folder without an index is reported: {place}", run.returncode == 5 and f"skillsearch: {place}: no index here" in run.stderr
                   and "skillsearch try FOLDER" in run.stderr and "--rollback" not in run.stderr
                   and json.loads(run.stdout)["error"]["code"] == "index", run)
    for name, change, said in [("postings", lambda path: path.write_bytes(b"x"), "damaged"), ("statements", lambda path: path.write_bytes(b""), "empty"),
                               ("statements", lambda path: path.write_bytes(path.read_bytes()[:9000]), "cut"),
                               ("statements", lambda path: path.write_bytes(path.read_bytes()[:8] + b"\x63" + path.read_bytes()[9:]), "")]:
        shutil.rmtree(damaged, ignore_errors=True)
        shutil.copytree(folder, damaged, symlinks=True)
        change(damaged / "current" / name)
        run = command.run("--index", str(damaged), "mail")
        check.that(f"a damaged index is reported: {said}", run.returncode == 5 and str(damaged) in run.stderr and said in run.stderr
                   and "--rollback" in run.stderr and "ts=" not in run.stderr, run)
    alone = home / "bin"
    alone.mkdir()
    shutil.copy(BUILD / "skillsearch", alone)
    run = subprocess.run([alone / "skillsearch", "--index", folder, "mail"], capture_output=True, text=True, check=False,
                         env={**command.environment, "PATH": str(alone)})
    check.that("a missing skillsearchd is reported", run.returncode == 5 and "neither beside" in run.stderr, run)
    (alone / "skillsearchd").write_text(f"#!{alone / 'interpreter'}\n")
    (alone / "skillsearchd").chmod(0o755)
    run = subprocess.run([alone / "skillsearch", "--index", folder, "mail"], capture_output=True, text=True, check=False,
                         env=command.environment)
    check.that("a skillsearchd that does not start is reported", run.returncode == 5 and "skillsearchd: No such file" in run.stderr, run)
    (alone / "skillsearchd").write_text("#!/bin/sh\nexec sleep 60\n")
    run = subprocess.run([alone / "skillsearch", "--index", folder, "--timeout", "100", "mail"], capture_output=True, text=True, check=False,
                         env=command.environment)
    check.that("a skillsearchd that never becomes ready is reported", run.returncode == 4 and "100 ms" in run.stderr, run)
    check.that("failures leave no process and no folder", command.leaves_nothing(), command.left())


def index_copies(home, copies):
    """An index of the same 14 occupations under as many other codes: its export takes more than two pages."""
    exports, folder = home / "copies", str(home / "index of copies")
    exports.mkdir()
    for path in pathlib.Path(CORPUS).glob("*.json"):
        export = json.loads(path.read_text())
        for number in range(copies):
            export["occupation"]["soc"] = f"{path.name[:7]}.{number:02}"
            (exports / f"{path.stem}-{number}.json").write_text(json.dumps(export))
    index(folder, str(exports))
    return folder


def check_ends(check, command, home):
    """The command is ended while it waits for its reader: the second page does not fit into the pipe, and a third follows."""
    folder = index_copies(home, 10)
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        with subprocess.Popen([BUILD / "skillsearch", "--index", folder, "export"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, env=command.environment) as process:
            process.stdout.read(1)
            check.that("the private daemon runs while the command does", len(command.left()) >= 2, command.left())
            mode = next(command.runtime.iterdir()).stat().st_mode & 0o777
            check.that("only the user can enter the folder of its socket", mode == 0o700, oct(mode))
            process.send_signal(number)
            process.wait(timeout=PATIENCE_S)
            check.that(f"a command ended by {number.name} leaves no process and no folder", process.returncode == -number and command.leaves_nothing(), command.left())
    with subprocess.Popen([BUILD / "skillsearch", "--index", folder, "export"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, env=command.environment) as process:
        process.stdout.read(1)
        process.stdout.close()
        process.wait(timeout=PATIENCE_S)
    check.that("a command whose reader leaves early leaves no process and no folder", command.leaves_nothing(), command.left())
    with subprocess.Popen([BUILD / "skillsearch", "--index", folder, "export"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=command.environment) as process:
        process.stdout.read(1)
        servers = [path for path in command.left() if path.parent == pathlib.Path("/proc")]
        for path in servers:
            os.kill(int(path.name), signal.SIGKILL)
        process.stdout.read()
        said = process.stderr.read().decode()
        process.wait(timeout=PATIENCE_S)
    check.that("the end of the private daemon is reported, without the endpoint that only the command knows", process.returncode == 3
               and "has ended\nRun the command again." in said and "ipc:" not in said, process.returncode, said)
    check.that("the end of the private daemon leaves no process and no folder", servers and command.leaves_nothing(), command.left())


def check_many_names(check, command, home):
    """A name that 25 occupations have: 20 are listed, and the command that lists all of them."""
    export = json.loads(next(pathlib.Path(CORPUS).glob("43-9051*.json")).read_text())
    exports, folder = home / "helpers", str(home / "many names")
    exports.mkdir()
    for number in range(25):
        export["occupation"] |= {"soc": f"47-30{number + 10}.00", "title": f"Helpers of trade {number}"}
        (exports / f"{number}.json").write_text(json.dumps(export))
    index(folder, str(exports))
    for words, code in ((["--occupation", "helper"], 6), (["occupation:helper mail"], 6), (["occupation", "helper"], 6),
                        (["crosswalk", "47-3010", "helpers trade"], 6)):
        run = command.run("--index", folder, *words)
        lines = run.stderr.split("To search")[0].splitlines()
        first = next(i for i, text in enumerate(lines) if text.startswith("  Helpers"))
        check.that(f"{words} lists 20 occupations in the order of their codes", run.returncode == code and "is in the names of several occupations" in lines[0]
                   and lines[first:first + 20] == [f"  Helpers of trade {n} (47-30{n + 10}.00)" for n in range(20)] and len(lines) == first + 21, run)
        advised = shlex.split(lines[-1].removeprefix("  and 5 more: "))
        answer = command.run(*advised[1:]).stdout
        check.that("... and the command that lists all", all(f"47-30{n + 10}.00" in answer for n in range(25)), lines[-1], answer)
    run = command.run("--index", folder, "--occupation", 'x" is in the names of 5 sectors: y')
    check.that("a name that looks like such a failure is shown as any other", run.returncode == 6 and "no occupation is called" in run.stderr
               and "Accommodation" not in run.stderr, run)
    run = command.run("--index", folder, "--json", "--occupation", "helper")
    check.that("--json has the message of the daemon", "is in the names of 25 occupations: " in json.loads(run.stdout)["error"]["message"], run)


def check_progress(check, home):
    """What make prints for the demo: a dot for each file, but all that the compiler says."""
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}

    def build(*arguments):
        made = home / "progress" / "core/base/clock.o"
        made.unlink(missing_ok=True)
        run = subprocess.run(["make", "--no-print-directory", "-C", ROOT, f"BUILD={home}/progress", *arguments, made], capture_output=True,
                             text=True, check=False, env=environment)
        return run.returncode, run.stdout, run.stderr
    check.that("make prints a line for each file", build() == (0, "  CC     core/base/clock.c\n", ""), build())
    check.that("make BRIEF=1 prints a dot", build("BRIEF=1") == (0, ".", ""), build("BRIEF=1"))
    code, said, _ = build("BRIEF=1", "V=1")
    check.that("and with V=1 the command", code == 0 and "-c core/base/clock.c" in said and not said.startswith("."), said)
    code, _, said = build("BRIEF=1", "CFLAGS=-Werror=no-such-warning")
    check.that("and the errors of the compiler", code == 2 and "no-such-warning" in said and "Error 1" in said, code, said)


def check_demo(check, command, home):
    """The demo is run as make runs it; afterwards all commands that it shows can be repeated in their order."""
    (home / "build").mkdir()
    for path in BUILD.iterdir():
        if path.name.startswith("skillsearch") or path.name == "near_words.tsv":
            (home / "build" / path.name).symlink_to(path)
    run = subprocess.run([ROOT / "tests/system/demo.sh", "build", CORPUS], capture_output=True, text=True, check=False, cwd=home,
                         env=command.environment, stdin=subprocess.DEVNULL)
    check.that("the demo runs", run.returncode == 0 and "560 statements" in run.stdout + run.stderr and "train" in run.stdout, run)
    check.that("the demo leaves no process", command.leaves_nothing())
    lines = re.findall(r"^(?:More:|\$) (build/skillsearch.*)", run.stdout, re.MULTILINE)
    check.that("the demo shows commands with quotes", len(lines) >= 7 and any("'\"incoming mail\"'" in text for text in lines), run)
    start = lambda text: subprocess.Popen(["sh", "-c", f"exec {text}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=home,
                                          env=command.environment, stdin=subprocess.DEVNULL)
    daemon = None
    for text in lines:
        if text.endswith(" &"):
            daemon = start(text.removesuffix(" &"))
            ping = f"build/skillsearch --connect {re.search('ipc://[^ ]+', text).group()} ping"
            while daemon.poll() is None and start(ping).wait() != 0:
                pass
            check.that(f"{text} can be repeated after the demo", daemon.poll() is None)
            continue
        again = start(text)
        output = "".join(again.communicate())
        check.that(f"{text} can be repeated after the demo", again.returncode == 0 and output, output)
    check.that("the demo shows how to start its daemon", daemon)
    daemon.terminate()
    daemon.communicate()
    check.that("the commands of the demo leave no process", command.leaves_nothing())


def check_try(check, command, home):
    place = home / "cache/skillsearch/try"
    run = command.run("try", CORPUS)
    check.that("try shows counts", run.returncode == 0 and "\n560 statements of 14 occupations: 140 emerging, 140 developing, "
               "140 proficient, 140 advanced\n" in run.stdout and "560 statements" in run.stderr, run)
    asked, next_lines = run.stdout.split("\nQuestions:\n")[1].split("\nNext:\n")
    questions = [shlex.split(line)[1:] for line in asked.split("\n\n")[0].splitlines()]
    check.that("try shows three questions: a phrase, a title, a level", len(questions) == 3 and questions[0][2].count(" ") == 1
               and questions[1][2] == "occupation" and questions[2][2] == "--level" and all(q[1] == str(place) for q in questions), run)
    for question in questions:
        answer = command.run(*question)
        check.that(f"a question that try shows is answered: {question[2:]}", answer.returncode == 0 and "\n" in answer.stdout, answer)
    total = re.search(r"([\d,]+) statements?\b", command.run(*questions[0]).stdout).group(1)
    check.that("try shows the answer to the first question", f"The first one finds {total} statements:" in asked, run)
    commands = [shlex.split(line) for line in next_lines.splitlines() if line.startswith(f"  {BUILD}/")]
    check.that("try shows the next commands, called as it was", commands[0] == [f"{BUILD}/skillsearch", "--index", str(place), "similar", "1"]
               and command.run(*commands[0][1:]).returncode == 0 and commands[1][3:] == ["browse"]
               and commands[2] == [f"{BUILD}/skillsearch-index", CORPUS], run)
    bare = subprocess.run(["skillsearch", "try", CORPUS], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                          env={**command.environment, "PATH": f"{BUILD}:{os.environ['PATH']}"})
    check.that("... by their names if $PATH has them", f"\n  skillsearch --index {place} browse\n  skillsearch-index {shlex.quote(CORPUS)}\n" in bare.stdout, bare)
    homely = subprocess.run([BUILD / "skillsearch", "try", CORPUS], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                            env={**command.environment, "XDG_CACHE_HOME": ""})
    question = homely.stdout.split("Questions:\n  ")[1].split("\n")[0]
    answer = subprocess.run(["sh", "-c", question], capture_output=True, text=True, check=False, env=command.environment)
    check.that("... with ~ for the home", " --index ~/.cache/skillsearch/try " in question and answer.returncode == 0, homely, answer)
    check.that("try says how to remove its index", f"To remove it: rm -r {place}\n" in run.stdout and place.is_dir(), run)
    check.that("try shows the search page if the gateway is installed", (BUILD / "skillsearch-http").exists() == ("http://127.0.0.1:7380/" in next_lines), run)
    export = json.loads(next(pathlib.Path(CORPUS).glob("43-9051*.json")).read_text())
    for statements in levels_of(export):
        for i in range(len(statements)):
            statements[i] = f"Mops {i}."
    (home / "-mops.json").write_text(json.dumps(export))
    outside = home / "outside"
    shutil.move(place, outside)
    place.symlink_to(outside)
    for _ in range(2):
        run = subprocess.run([BUILD / "skillsearch", "try", "--", "-mops.json"], capture_output=True, text=True, check=False,
                             env=command.environment, cwd=home)
        check.that("try empties its folder", run.returncode == 0 and " of 1 occupation" in run.stdout and not place.is_symlink()
                   and " try search\n" in run.stdout.replace(str(place), "try") and " -- -mops.json" in run.stdout, run)
    check.that("try does not follow a link in its folder", (outside / "current").exists())
    (home / "nothing").mkdir()
    for source, said in [(home / "nothing", "nothing was indexed"), (home / "absent", "nothing was indexed")]:
        run = command.run("try", str(source))
        check.that(f"try of {source.name} is an error", run.returncode == 5 and said in run.stderr and not run.stdout, run)
    run = command.run("try", CORPUS, HOME="", XDG_CACHE_HOME="")
    check.that("try without HOME and XDG_CACHE_HOME is refused", run.returncode == 2 and "XDG_CACHE_HOME" in run.stderr, run)
    for arguments in (["try"], ["try", "--index", "x", CORPUS], ["try", "--format", "json", CORPUS]):
        check.that(f"{arguments[:2]} is refused", command.run(*arguments).returncode == 2)
    check.that("try leaves no process", not command.left(), command.left())


def main():
    check = Checks()
    with tempfile.TemporaryDirectory() as name:
        home = pathlib.Path(name)
        data = home / "data"
        data.mkdir()
        folder = str(home / "index")
        index(folder, CORPUS)
        command = Command(home)
        check_answers(check, command, folder)
        check_failures(check, command, folder, home)
        check_many_names(check, command, home)
        check_try(check, command, home)
        check_ends(check, command, home)
        check_progress(check, home)
        check_demo(check, command, home)
        if command.alone:
            check_default(check, command, folder, data)
        else:
            print("skipped: unshare(1) cannot make a network in which nothing else listens at the default endpoint")
    return check.finish()


sys.exit(main())
