"""An index through its life: rolled back and forward, rebuilt, compared, copied between file systems, interrupted; and
how all three programs handle output that cannot be written and closed descriptors."""

import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

import damages
from peer import BUILD, Checks, Daemon, start

INDEXER = str((BUILD / "skillsearch-index").resolve())
NOBODY = 65534


class Life:
    """A folder with two sources, A and B, and an index; run() calls the indexer on it."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.index = self.path / "index"
        for number, name in enumerate("AB"):
            (self.path / name).mkdir()
            self.put(f"{name}/{name}.json", 10 + number, f"Sort the {name} mail.")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def put(self, name, number, *statements):
        export = {"schemaVersion": "1.0", "occupation": {"soc": f"98-00{number}.00", "title": f"Occupation {number}"},
                  "framework": {"levels": {"emerging": {"statements": list(statements)}}}}
        (self.path / name).write_text(json.dumps(export))

    def run(self, *arguments, before=(), program=INDEXER, **options):
        given = [str(self.path / a) if a in ("A", "B", "C") else a for a in arguments]
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        self.outcome = subprocess.run([*before, program, "--index", self.index, *given], text=True, check=False, **options)
        return self.outcome.returncode

    def current(self):
        return os.readlink(self.index / "current")

    def socs(self):
        """The SOC codes of the current generation, from its list of exports."""
        content = (self.index / self.current() / "sources").read_bytes()
        return sorted(word.decode() for word in content.split(b"\0") if word.startswith(b"98-"))

    def texts(self):
        return self.outcome.stdout + self.outcome.stderr


# ------------------------------------------------------------- back and forth

def rollback(checks):
    with Life() as life:
        life.run("-q", "A", "B")
        life.put("A/A.json", 10, "Sort the A parcels.")
        life.run("-q", "A")
        checks.that("--rollback makes the previous generation current", life.run("--rollback") == 0 and life.current() == "gen-1", life.texts())
        checks.that("--diff works after a rollback", life.run("--diff") == 0 and "generation 1 to 2" in life.outcome.stdout,
                    life.texts())
        life.run("--check", "A")
        checks.that("--check says that a run would publish changes that were given up",
                    "1 export changes as in generation 2, which was given up" in life.outcome.stderr, life.texts())
        checks.that("--publish makes a later generation current", life.run("--publish", "2") == 0 and life.current() == "gen-2",
                    life.texts())
        checks.that("a second rollback works", life.run("--rollback") == 0 and life.current() == "gen-1", life.texts())
        checks.that("--publish refuses a missing generation",
                    life.run("--publish", "7") == 1 and life.current() == "gen-1", life.texts())
        life.run("A")
        checks.that("a run says that it publishes changes that were given up",
                    "generation 2, which was given up" in life.outcome.stderr and life.current() == "gen-3", life.texts())
        life.run("A")
        checks.that("the next run has nothing to report", "given up" not in life.outcome.stderr, life.texts())
    with Life() as life:
        for i in range(3):
            life.put("A/A.json", 10, f"Sort the A mail {i} times.")
            life.run("-q", "--keep", "3", "A", "B")
        damages.flip(life.index / "gen-2" / "statements")
        checks.that("--rollback refuses a damaged generation and names another",
                    life.run("--rollback") == 1 and life.current() == "gen-3" and "--publish 1" in life.outcome.stderr,
                    life.texts())
        checks.that("--publish refuses a damaged generation", life.run("--publish", "2") == 1 and
                    life.current() == "gen-3", life.texts())
        checks.that("--list marks the damaged generation", life.run("--list") == 0 and "2\t\tdamaged\t" in life.outcome.stdout,
                    life.texts())
        damages.flip(life.index / "gen-3" / "statements")
        checks.that("--rollback skips damaged generations when the current one is damaged",
                    life.run("--rollback") == 0 and life.current() == "gen-1", life.texts())


# ------------------------------------------------------------------- rebuilds

def rebuild(checks):
    with Life() as life:
        life.run("-q", "A", "B")
        life.run("-q", "-", input=(life.path / "A" / "A.json").read_text().replace("98-0010", "98-0012"))
        checks.that("--rebuild publishes a new generation of all sources",
                    life.run("--rebuild") == 0 and life.current() == "gen-3" and len(life.socs()) == 3, life.texts())
        life.put("A/new.json", 13, "Count the mail.")
        checks.that("--rebuild reads the present files of folders",
                    life.run("--rebuild") == 0 and len(life.socs()) == 4, life.texts())
        shutil.rmtree(life.path / "B")
        checks.that("--rebuild names a missing source and keeps its exports",
                    life.run("--rebuild") == 3 and f"{life.path}/B: the source is gone" in life.outcome.stderr and
                    len(life.socs()) == 4, life.texts())
        checks.that("and says how to name its new place, and how to remove them", "If it was moved, name its new place" in life.outcome.stderr
                    and "--remove PATH" in life.outcome.stderr, life.texts())
        checks.that("--rebuild with --check publishes nothing", life.run("--rebuild", "--check") == 3 and
                    life.current() == "gen-5", life.texts())
    with Life() as life:
        life.run("-q", "A")
        life.run("-q", "B")
        life.put("C.json", 15, "Weigh the mail.")
        life.run("-q", str(life.path / "C.json"))
        damages.statements_flipped(life.index)
        (life.path / "C.json").unlink()
        before = life.current()
        checks.that("--rebuild refuses to lose exports that no generation has",
                    life.run("--rebuild") == 1 and "98-0015.00 is lost" in life.outcome.stderr and
                    "--allow-empty" in life.outcome.stderr and life.current() == before, life.texts())
        checks.that("and does not advise to remove what no generation has", "--remove" not in life.outcome.stderr, life.texts())
        checks.that("--rebuild --allow-empty publishes without them, and reports it",
                    life.run("--rebuild", "--allow-empty") == 3 and len(life.socs()) == 2, life.texts())
    with Life() as life:
        life.run("-q", "A", "B")
        life.run("-q", "--only", "A")
        damages.statements_flipped(life.index)
        checks.that("--rebuild does not restore removed exports",
                    life.run("--rebuild") == 0 and life.socs() == ["98-0010.00"], life.texts())
    with Life() as life:
        life.run("-q", "A", "B")
        damages.all_lost(life.index)
        checks.that("--rebuild without a list of sources requires them as arguments", life.run("--rebuild") == 1 and
                    "are not known" in life.outcome.stderr, life.texts())
        checks.that("--rebuild with sources but without a list requires --allow-empty", life.run("--rebuild", "A") == 1 and
                    "--allow-empty" in life.outcome.stderr, life.texts())
        checks.that("--rebuild with sources and --allow-empty publishes", life.run("--rebuild", "--allow-empty", "A", "B") == 0 and
                    len(life.socs()) == 2, life.texts())
    with Life() as life:
        life.run("-q", "A", "B")
        shutil.rmtree(life.path / "B")
        checks.that("--rebuild --remove removes what came from a missing source", life.run("--rebuild", "--remove", "B") in (0, 3)
                    and life.socs() == ["98-0010.00"], life.texts())
        (life.path / "A").rename(life.path / "C")
        checks.that("--rebuild without any source that is left says what to do", life.run("--rebuild") == 1
                    and "If it was moved, name its new place" in life.outcome.stderr, life.texts())
        checks.that("and it works", life.run("--rebuild", "C") == 3 and life.socs() == ["98-0010.00"], life.texts())
    with Life() as life:
        checks.that("--rebuild creates no index", life.run("--rebuild") == 1 and not life.index.exists(), life.texts())


def beside_daemon(checks):
    """A rebuild while a daemon serves an index that was damaged: no request is lost."""
    with Life() as life:
        life.run("-q", "A", "B")
        daemon = Daemon(life.index)
        peer = daemon.peer()
        damages.statements_missing(life.index)
        before = peer.ask(q="mail")["total"]
        checks.that("--rebuild works while a daemon serves the index", life.run("--rebuild") == 0, life.texts())
        totals = {before}
        while peer.ask("health")["generation"] != 2:
            totals.add(peer.ask(q="mail")["total"])
        totals.add(peer.ask(q="mail")["total"])
        checks.that("the daemon answers during a rebuild and loads the new generation", totals == {2}, totals)
        daemon.stop()


# ---------------------------------------------------------------- file systems

def mounted(*command):
    return os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0


def scratch_left(folder):
    return [name for name in os.listdir(folder) if name.startswith("skillsearch-")]


def previews(checks):
    with Life() as life:
        life.run("-q", "A")
        kinds = {"full": "size=64k", "read-only": "ro", "another file system": "size=8m"}
        for kind, options in kinds.items():
            place = life.path / "mount"
            place.mkdir(exist_ok=True)
            if not mounted("mount", "-t", "tmpfs", "-o", options, "none", place):
                print(f"skipped: --diff with TMPDIR {kind}: no file system can be mounted here")
                continue
            code = life.run("--diff", "B", env={**os.environ, "TMPDIR": str(place)})
            left = scratch_left(place)
            subprocess.run(["umount", place], check=True)
            checks.that(f"--diff SOURCE works with TMPDIR {kind} and leaves nothing", code == 0 and not left,
                        life.texts(), left)
        place = life.path / "scratch"
        place.mkdir()
        for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            ended, left = interrupted(life, place, sent)
            checks.that(f"--diff ended by {sent.name} leaves nothing", ended == -sent and not left, ended, left)


def interrupted(life, place, sent):
    """Stop a preview when its folder exists, send a signal, and continue it. Returns its exit status and the files
    left."""
    environment = {**os.environ, "TMPDIR": str(place)}
    lines = "\n".join(json.dumps({"schemaVersion": "1.0", "occupation": {"soc": f"97-{i:04}.00", "title": "T"},
                                  "framework": {"levels": {"emerging": {"statements": [
                                      f"Word{i} {k} of many others." for k in range(40)]}}}}) for i in range(2000))
    with start([INDEXER, "-v", "--index", life.index, "--diff", "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, text=True) as process:
        process.stdin.write(lines)
        process.stdin.close()
        while process.poll() is None and not scratch_left(place):
            pass
        process.send_signal(sent)
        return process.wait(), scratch_left(place)


def copies(checks):
    if not shutil.which("strace"):
        print("skipped: failures of copy_file_range: strace is missing")
        return
    for error in "EXDEV ENOSYS EINVAL EOPNOTSUPP EPERM EBADF ETXTBSY EIO EOVERFLOW".split():
        with Life() as life:
            for number in range(20, 32):
                life.put(f"A/{number}.json", number, "Sort the mail.", "File the mail.")
            life.run("-q", "A")
            trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=copy_file_range", "-e",
                     f"inject=copy_file_range:error={error}"]
            environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0:" + os.environ.get("ASAN_OPTIONS", "")}
            code = life.run("-q", "B", before=trace, env=environment)
            checks.that(f"postings are copied when copy_file_range fails with {error}",
                        code == 0 and life.run("--list") == 0 and
                        (life.index / life.current() / "additions").exists(), life.texts())


def folders_that_fail(checks):
    """An error of readdir, in the index or in a source, is not the end of the folder."""
    if not shutil.which("strace"):
        print("skipped: a folder that cannot be read to its end: strace is missing")
        return
    with Life() as life:
        life.run("-q", "A")
        life.run("-q", "B")
        life.put("B/more.json", 16, "Weigh the mail.")
        environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0:" + os.environ.get("ASAN_OPTIONS", "")}
        flaws, failed = [], 0
        for arguments in (["-q", "B"], ["--list"], ["-q", "--rebuild"], ["--rollback"]):
            for k in range(1, 16):
                saved = life.path / "saved"
                shutil.copytree(life.index, saved, symlinks=True)
                trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=getdents64", "-e",
                         f"inject=getdents64:error=EIO:when={k}"]
                code = life.run(*arguments, before=trace, env=environment)
                failed += code != 0
                if code != 0 and not life.outcome.stderr:
                    flaws.append((k, life.texts()))
                if arguments != ["--rollback"] and not {"98-0010.00", "98-0011.00"} <= set(life.socs()):
                    flaws.append((k, arguments, life.socs()))
                shutil.rmtree(life.index)
                saved.rename(life.index)
        checks.that(f"no export is lost when a folder cannot be read to its end; {failed} runs failed",
                    not flaws and failed > 8, flaws)
        damages.link_missing(life.index)
        daemon = [BUILD / "skillsearchd", "--index", life.index, "--listen", "tcp://127.0.0.1:*"]
        run = subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-P", life.index, "-e", "trace=getdents64", "-e",
                              "inject=getdents64:error=EIO", *daemon], capture_output=True, text=True, timeout=60,
                             check=False, env=environment)
        checks.that("skillsearchd does not treat such a folder as one without an index",
                    run.returncode == 1 and "Input/output error" in run.stderr and "no index" not in run.stderr, run)


def overlay(checks):
    with Life() as life:
        life.run("-q", "A")
        life.run("-q", "B")
        base = life.path / "layers"
        base.mkdir()
        if not mounted("mount", "-t", "tmpfs", "none", base):
            print("skipped: an index in the lower layer of an overlay: nothing can be mounted here")
            return
        for name in ("lower", "upper", "work", "merged"):
            (base / name).mkdir()
        shutil.copytree(life.index, base / "lower" / "index", symlinks=True)
        options = ",".join(f"{key}dir={base}/{name}" for key, name in
                           (("lower", "lower"), ("upper", "upper"), ("work", "work")))
        if mounted("mount", "-t", "overlay", "overlay", "-o", options, base / "merged"):
            life.index = base / "merged" / "index"
            steps = []
            for i in range(3):
                life.put("A/A.json", 10, f"Sort the A mail {i} times.")
                steps.append((life.run("-q", "A"), life.outcome.stderr))
            steps.append((life.run("--rollback"), ""))
            steps.append((life.run("--rebuild"), life.outcome.stderr))
            checks.that("an index in the lower layer of an overlay is updated",
                        all(code == 0 for code, _ in steps) and len(life.socs()) == 2 and life.run("--list") == 0, steps)
            subprocess.run(["umount", base / "merged"], check=True)
        else:
            print("skipped: an index in the lower layer of an overlay: no overlay can be mounted here")
        subprocess.run(["umount", base], check=True)


def permissions(checks):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        print("skipped: an index with unreadable files: needs root and setpriv")
        return
    nobody = ["setpriv", f"--reuid={NOBODY}", "--clear-groups"]
    with Life() as life:
        life.run("-q", "A")
        life.run("-q", "B")
        os.chmod(life.path, 0o755)
        for path in [life.index, *life.index.rglob("*")]:
            if not path.is_symlink():
                os.chown(path, NOBODY, NOBODY)
        for path in (life.index / "gen-2").iterdir():
            os.chmod(path, 0)
        code = life.run("-q", "A", before=nobody)
        checks.that("an index with unreadable files is not changed, and the cause is named",
                    code == 1 and "Permission denied" in life.outcome.stderr and "generation 1" in life.outcome.stderr and
                    life.current() == "gen-2" and not (life.index / "gen-3").exists(), life.texts())


def denials(checks):
    """Each program names the cause for each kind of file that it may not open."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        print("skipped: files that cannot be opened: needs root and setpriv")
        return
    with Life() as life:
        os.chmod(life.path, 0o755)
        life.run("-q", "A")
        shut = life.path / "shut"
        shut.mkdir(mode=0o700)
        for name in ("closed", "statements", "postings"):
            shutil.copytree(life.index, life.path / name, symlinks=True)
        os.chmod(life.path / "closed", 0o700)
        for name in ("statements", "postings"):
            os.chmod(life.path / name / "gen-1" / name, 0)
        (life.path / "settings").write_text("")
        os.chmod(life.path / "settings", 0)
        for arguments in (["--server", life.path / "keys"], [life.path / "key"]):
            subprocess.run([BUILD / "skillsearch", "keygen", *arguments], check=True, capture_output=True)
        open_key, socket = life.path / "keys" / "server", f"ipc://{shut}/socket"
        anywhere = ["--connect", "tcp://127.0.0.1:9", "--server-key", open_key, "--client-key", life.path / "key_secret"]
        calls = [["skillsearchd", "--index", life.path / name, "--listen", "tcp://127.0.0.1:*"]
                 for name in ("closed", "statements", "postings")]
        calls += [["skillsearch-index", "--index", life.path / name, argument] for argument in ("--list", life.path / "A")
                  for name in ("closed", "statements", "postings", "shut/new")]
        calls += [["skillsearchd", "--index", life.index, *arguments] for arguments in (
            ["--config", life.path / "settings"], ["--listen", socket],
            ["--curve-keys", life.path / "keys", "--listen", "tcp://127.0.0.1:*"])]
        calls += [["skillsearch", *anywhere, "ping"], ["skillsearch", "--connect", socket, "ping"],
                  ["skillsearch", "keygen", shut / "key"], ["skillsearch", "keygen", "--server", shut / "keys"]]
        if (BUILD / "skillsearch-http").exists():
            calls.append(["skillsearch-http", *anywhere])
        daemon = Daemon(life.index, listen=socket)
        for program, *arguments in calls:
            command = ["setpriv", f"--reuid={NOBODY}", "--clear-groups", (BUILD / program).resolve(), *arguments]
            outcome = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            checks.that(f"{program} {' '.join(str(a).replace(str(life.path), '') for a in arguments)}: Permission denied",
                        outcome.returncode != 0 and "Permission denied" in outcome.stderr + outcome.stdout
                        and "build one" not in outcome.stderr, outcome)
        daemon.stop()


def lost_link(checks):
    """A daemon that finds generations without a link does not report that there is no index. A folder in place of the
    link, as cp -rL makes, is served."""
    for damage in (damages.link_missing, damages.link_dangling, damages.link_elsewhere, damages.link_is_file,
                   damages.generation_removed):
        with Life() as life:
            life.run("-q", "A")
            life.run("-q", "B")
            damage(life.index)
            outcome = subprocess.run([BUILD / "skillsearchd", "--index", life.index, "--listen", "tcp://127.0.0.1:*"],
                                  capture_output=True, text=True, timeout=60, check=False)
            checks.that(f"skillsearchd, {damage.__name__}: the ways to repair the index are named", outcome.returncode == 1
                        and "shows how to repair it" in outcome.stderr and "no index" not in outcome.stderr, outcome)


def absent_index(checks):
    """A daemon that finds no index logs how to build one, and not how to repair it."""
    with Life() as life:
        (life.path / "empty").mkdir()
        for index in ("empty", "nowhere", "A"):
            outcome = subprocess.run([BUILD / "skillsearchd", "--index", life.path / index, "--listen", "tcp://127.0.0.1:*"],
                                     capture_output=True, text=True, timeout=60, check=False)
            checks.that(f"skillsearchd, index {index}: the hint is how to build one", outcome.returncode == 1
                        and 'hint="skillsearch-index --index DIR SOURCE builds one"' in outcome.stderr
                        and "repair" not in outcome.stderr, outcome)


# -------------------------------------------------------------------- streams

def outputs(checks):
    with Life() as life:
        life.run("-q", "A")
        commands = {"skillsearch-index": [["--help"], ["--version"], ["--list-options"], ["--index", life.index, "--list"],
                                          ["--index", life.index, "--json", "-q", life.path / "B"],
                                          ["--index", life.index, "--diff"],
                                          ["--index", life.index, "--diff", "--json", life.path / "A"],
                                          ["--index", life.index, "--diff", "--tsv"]],
                    "skillsearchd": [["--help"], ["--version"], ["--list-options"], ["--index", life.index, "-n"]],
                    "skillsearch-http": [["--help"], ["--version"], ["--list-options"]],
                    "skillsearch-vectors": [["--help"], ["--version"]],
                    "skillsearch": [["--help"], ["--version"], ["help", "export"], ["complete", "--", "skillsearch", "--le"]]}
        daemon = Daemon(life.index)
        failed = {"skillsearch": 5}  # 1: nothing was found
        for words in (["ping"], ["mail"], ["--json", "mail"], ["stats"], ["facets", "mail"], ["export"], ["suggest", "so"],
                      ["analyze", "mail"], ["--format", "csv", "mail"], ["--format", "md", "export"], ["occupation", "98-0010.00"],
                      ["zzqqx"]):
            commands["skillsearch"].append(["--connect", daemon.endpoint, *words])
        for program, calls in commands.items():
            for call in calls:
                command = [(BUILD / program).resolve(), *call]
                with open("/dev/full", "w", encoding="utf-8") as full:
                    outcome = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
                checks.that(f"{program} {call[-1] if len(call) < 3 else call[2]} exits with {failed.get(program, 1)} when its output cannot be written",
                            outcome.returncode == failed.get(program, 1) and outcome.stderr.decode().endswith(
                                f"{program}: cannot write to standard output: No space left on device\n"), outcome)
                closed = subprocess.run(command, preexec_fn=lambda: os.close(1), stderr=subprocess.PIPE, check=False)
                checks.that("so does the same call when standard output is closed", closed.returncode == failed.get(program, 1), closed)
                reader, writer = os.pipe()
                os.close(reader)
                broken = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, restore_signals=False, check=False)
                os.close(writer)
                checks.that("... and when its reader closed the pipe and SIGPIPE is ignored", broken.returncode == failed.get(program, 1)
                            and b"standard output" not in broken.stderr, broken)
        daemon.stop()


def reports(checks):
    """A report goes to standard error; an exit status for a problem is kept."""
    with Life() as life:
        def run(*sources):
            with open("/dev/full", "w", encoding="utf-8") as full:
                return life.run(*sources, stderr=full)

        checks.that("a run whose report cannot be written exits with 1", run("A") == 1 and life.current() == "gen-1")
        checks.that("a run without changes whose report cannot be written exits with 1", run("A") == 1)
        checks.that("a run without a report does not fail when standard error cannot be written", run("-q", "A") == 0)
        checks.that("problems give exit 3 even if they cannot be written", run("A", "C") == 3)
        checks.that("closed standard error is not a failure", life.run("A", stderr=None, preexec_fn=lambda: os.close(2)) == 0)


def broken_pipe(checks):
    with Life() as life:
        life.run("-q", "A")
        reader, writer = os.pipe()
        os.close(reader)
        outcome = subprocess.run([INDEXER, "--index", life.index, "--list"], stdout=writer, stderr=subprocess.PIPE,
                              check=False)
        os.close(writer)
        checks.that("a closed pipe gives exit 1 without a message", outcome.returncode == 1 and not outcome.stderr, outcome)


def closed_descriptors(checks):
    for closed in ((0,), (1,), (2,), (0, 1), (0, 1, 2)):
        with Life() as life:
            (life.path / "A" / "bad.json").write_text('{"schemaVersion":"1.0", bad')

            def close(which=closed):
                for fd in which:
                    os.close(fd)

            outcome = subprocess.run([INDEXER, "--index", life.index, life.path / "A"], preexec_fn=close, check=False,
                                  stdout=None, stderr=None if 2 in closed else subprocess.PIPE)
            checks.that(f"without descriptors {closed}, no output gets into a file of the index",
                        outcome.returncode == 3 and (life.index / "lock").stat().st_size == 0 and
                        life.run("--list") == 0, outcome, life.texts())
    with Life() as life:
        outcome = subprocess.run([INDEXER, "--index", life.index, "-"], preexec_fn=lambda: os.close(0),
                              capture_output=True, text=True, check=False)
        checks.that("closed standard input does not count as empty input", outcome.returncode == 1 and
                    "standard input" in outcome.stderr, outcome)


def servers_without_descriptors(checks):
    """Messages of a server that was started without descriptors 0 to 2 must not get into one of its own sockets."""
    with Life() as life:
        life.run("-q", "A")
        calls = [["skillsearchd", "--index", life.index, "--listen", "tcp://127.0.0.1:*"]]
        if (BUILD / "skillsearch-http").exists():
            calls.append(["skillsearch-http", "--connect", "tcp://127.0.0.1:9", "--listen", "127.0.0.1:0"])
        for program, *arguments in calls:
            reader, writer = os.pipe()

            def close():
                for fd in range(3):
                    os.close(fd)

            with start([(BUILD / program).resolve(), *arguments, "--ready-fd", str(writer)], pass_fds=[writer],
                                  setup=close) as process:
                os.close(writer)
                with os.fdopen(reader) as ready:
                    said = ready.readline()
                opened = [os.readlink(f"/proc/{process.pid}/fd/{fd}") for fd in range(3)] if said else []
                process.terminate()
            checks.that(f"{program} without descriptors 0 to 2 opens them on /dev/null", opened == ["/dev/null"] * 3, opened)


def signals(checks):
    """Signals without a meaning, and a log that reaches the limit on the size of files, do not end a server."""
    names = ("USR1", "USR2", "PIPE", "TTOU", "TTIN", "ALRM", "XFSZ", "VTALRM", "PROF", "IO", "WINCH", "URG", "CHLD", "CONT")
    with Life() as life:
        life.run("-q", "A")
        calls = [["skillsearchd", "--index", life.index, "--listen", "tcp://127.0.0.1:*", "--log-level", "debug"]]
        if (BUILD / "skillsearch-http").exists():
            calls.append(["skillsearch-http", "--connect", "tcp://127.0.0.1:9", "--listen", "127.0.0.1:0"])
        for program, *arguments in calls:
            reader, writer = os.pipe()
            with open(life.path / "log", "wb") as log, start([(BUILD / program).resolve(), *arguments, "--ready-fd", str(writer)],
                    pass_fds=[writer], stderr=log, setup=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))) as process:
                os.close(writer)
                with os.fdopen(reader) as ready:
                    said = ready.readline()
                for name in names:
                    process.send_signal(getattr(signal, f"SIG{name}"))
                process.terminate()
                status = process.wait(timeout=60)
            checks.that(f"{program}: only SIGTERM ends it", said and status == 0, said, status)


def main():
    checks = Checks()
    for part in (rollback, rebuild, beside_daemon, previews, copies, folders_that_fail, overlay, permissions, denials,
                 lost_link, absent_index, outputs, reports, broken_pipe, closed_descriptors, servers_without_descriptors,
                 signals):
        part(checks)
    sys.exit(checks.finish())


main()
