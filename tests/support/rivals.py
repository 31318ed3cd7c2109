"""Other engines with a bulk export loaded: PostgreSQL, Lucene and Sphinx. Each is a child of this process, listens only in
its own folder, and ends with it. As root the servers that refuse root run as another user."""

import json
import os
import pathlib
import pwd
import re
import signal
import shutil
import subprocess
import threading
import time

from peer import LIBC, PATIENCE_S, PR_SET_PDEATHSIG, ROOT, start
import translate

FACETS = ["level", "sector", "group", "occupation", "zone", "version"]
LUCENE = "/usr/share/java/lucene-{}.jar"


def postgres_programs():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


def lucene_path():
    jars = [jar for name in ("core-*", "analyzers-common-*") for jar in pathlib.Path("/usr/share/java").glob(f"lucene-{name}")]
    return ":".join(map(str, jars)) if len(jars) >= 2 and shutil.which("javac") else None


def sphinx_programs():
    return all(map(shutil.which, ("searchd", "indexer", "mysql")))


def median(values):
    return sorted(values)[len(values) // 2]


class User:
    """Another user for a server, if this one is root; takes the folder over."""

    def __init__(self, name, folder):
        self.entry = pwd.getpwnam(name) if os.getuid() == 0 else None
        if self.entry:
            subprocess.run(["chown", "-R", f"{name}:", folder], check=True)

    def become(self):
        if self.entry:
            os.setgid(self.entry.pw_gid)
            os.setgroups([])
            os.setuid(self.entry.pw_uid)
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # forgotten with the change of user


class Server:
    """A server whose output says when it is ready."""

    def __init__(self, command, ready, setup=None, **options):
        self.process = start(command, setup=setup, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
        self.said = []
        for line in self.process.stdout:
            self.said.append(line)
            if ready in line:
                break
        else:
            raise AssertionError(f"{command[0]} is not ready: {''.join(self.said)}")
        threading.Thread(target=self.read, daemon=True).start()  # a full pipe would stop the server

    def read(self):
        self.said += self.process.stdout

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=PATIENCE_S)


class PostgreSQL:
    name = "PostgreSQL"
    near_counts_compounds_as_words = False

    def __init__(self, export, folder):
        programs, self.folder = postgres_programs(), folder
        user = User("postgres", folder)
        subprocess.run([programs / "initdb", "-D", f"{folder}/data", "-E", "UTF8", "--locale=C", "-A", "trust", "-U", "postgres"],
                       check=True, capture_output=True, preexec_fn=user.become, cwd=folder)
        self.server = Server([programs / "postgres", "-D", f"{folder}/data", "-k", folder, "-c", "listen_addresses=",
                              "-c", "fsync=off", "-c", "jit=off"], "ready to accept connections", user.become, cwd=folder)
        self.seconds = -time.monotonic()
        self.run("-f", "load.sql", cwd=export)
        self.seconds += time.monotonic()
        self.bytes = int(self.run("-c", "SELECT pg_total_relation_size('skillsearch.statement')"
                                        " + pg_total_relation_size('skillsearch.occupation')"))

    def run(self, *arguments, **options):
        done = subprocess.run(["psql", "-h", self.folder, "-U", "postgres", "-XqAt", "-v", "ON_ERROR_STOP=1", *arguments],
                              capture_output=True, text=True, check=False, **options)
        assert done.returncode == 0, done.stderr[:2000]
        return done.stdout

    def example(self, sql):
        return self.run("-c", sql)

    @staticmethod
    def quoted(query):
        return "'" + translate.tsquery(query).replace("'", "''") + "'::tsquery"

    def totals(self, queries):
        sql = ["SET search_path = skillsearch;",
               *(f"SELECT count(*) FROM statement WHERE words @@ {self.quoted(query)};" for query in queries)]
        return [int(line) for line in self.run(input="\n".join(sql)).split()]

    @staticmethod
    def arrays(filters):
        """The filters as arguments of the functions of load.sql."""
        def array(values):
            return "ARRAY[" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + "]"
        return "".join(f", {facet}s => {array(values)}" for facet, values in filters.items())

    def facets(self, query, filters):
        """The total, and the counts of each facet."""
        arguments = self.quoted(query) + self.arrays(filters)
        rows = self.run("-c", "SET search_path = skillsearch", "-c", f"SELECT count(*) FROM found ({arguments})", "-c",
                        f"SELECT json_build_array (facet, value, statements) FROM facets ({arguments})").splitlines()
        counts = {facet: {} for facet in FACETS}
        for facet, value, count in map(json.loads, rows[1:]):
            counts[facet][value] = count
        return int(rows[0]), counts

    def answers(self, query):
        """(id, text) of the hits."""
        rows = self.run("-c", "SET search_path = skillsearch", "-c",
                        f"SELECT json_build_array (id, text) FROM search ({self.quoted(query)}, 1000000)")
        return {tuple(json.loads(row)) for row in rows.splitlines()}

    def typical_ms(self, queries):
        """The median time of ten hits with all counts."""
        sql = ["SET search_path = skillsearch;", "\\timing on"]
        for query in queries:
            sql.append(f"SELECT (SELECT count(*) FROM search ({self.quoted(query)})),"
                       f" (SELECT count(*) FROM facets ({self.quoted(query)}));")
        times = re.findall(r"^Time: ([0-9.]+) ms", self.run(input="\n".join(sql)), re.M)
        return median([float(ms) for ms in times])

    def stop(self):
        self.server.process.send_signal(signal.SIGINT)  # a fast shutdown, which ends sessions
        self.server.process.wait(timeout=PATIENCE_S)


class Lucene:
    name = "Lucene"
    near_counts_compounds_as_words = True

    def __init__(self, export, folder):
        path = lucene_path()
        subprocess.run(["javac", "-encoding", "UTF-8", "-cp", path, "-d", folder, ROOT / "tests/support/LuceneBridge.java"],
                       check=True, capture_output=True)
        self.process = start(["java", "-cp", f"{path}:{folder}", "LuceneBridge", f"{folder}/index"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self.texts = {}
        self.seconds = -time.monotonic()
        for name in sorted(pathlib.Path(export).glob("statements-*.ndjson")):
            with open(name, encoding="utf-8") as file:
                for line in file:
                    self.put(json.loads(line))
        self.process.stdin.write("queries\n")
        self.ask([("all",)])
        self.seconds += time.monotonic()
        self.bytes = sum(path.stat().st_size for path in pathlib.Path(folder, "index").iterdir())

    def put(self, document):
        if "index" in document:
            return
        self.texts[document["id"]] = document["text"]
        for field, values in document.items():
            if field in FACETS or field.endswith(("stems", "forms", "compounds")):
                for value in values if isinstance(values, list) else [values]:
                    self.process.stdin.write(f"{field}\t{value}\n")
        self.process.stdin.write("\n")

    def ask(self, queries, filters=None):
        rows = []
        chosen = "".join(f"\t{facet}={','.join(map(translate.urllib.parse.quote, values))}"
                         for facet, values in (filters or {}).items())
        for query in queries:
            self.process.stdin.write(translate.lucene(query) + chosen + "\n")
            self.process.stdin.flush()
            rows.append(self.process.stdout.readline().rstrip("\n").split("\t"))
        return rows

    def totals(self, queries):
        return [int(row[0]) for row in self.ask(queries)]

    def facets(self, query, filters):
        row = self.ask([query], filters)[0]
        counts = {}
        for part in row[1:-1]:
            facet, _, values = part.partition("=")
            pairs = [value.rpartition(":") for value in values.split(",") if value]
            counts[facet] = {value: int(count) for value, _, count in pairs}
        return int(row[0]), counts

    def typical_ms(self, queries):
        self.ask(queries)  # compiled by then
        return median([int(row[-1]) / 1000 for row in self.ask(queries)])

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=PATIENCE_S)


class Sphinx:
    """Manticore Search began as Sphinx; tsvpipe, SphinxQL and MATCH() are the same."""

    name = "Sphinx"
    near_counts_compounds_as_words = False
    COLUMNS = {"group": "soc_group", "occupation": "soc"}

    def __init__(self, export, folder, form="plain"):
        self.folder = folder
        for path in pathlib.Path(export).iterdir():
            os.symlink(path, f"{folder}/{path.name}")
        configuration = pathlib.Path(export, f"{form}.conf").read_text(encoding="utf-8")
        self.socket = f"{folder}/socket"
        pathlib.Path(f"{folder}/test.conf").write_text(
            configuration.replace("127.0.0.1:9306", self.socket), encoding="utf-8")
        self.seconds = -time.monotonic()
        if form == "plain":
            subprocess.run(["indexer", "--config", "test.conf", "--all", "--quiet"], cwd=folder, check=True, capture_output=True)
        self.server = Server(["searchd", "--config", "test.conf", "--nodetach"], "accepting connections", cwd=folder)
        if form == "realtime":
            for path in sorted(pathlib.Path(export).glob("statements-*.sql")):
                with open(path, encoding="utf-8") as file:
                    self.run(stdin=file)
        self.seconds += time.monotonic()
        self.bytes = sum(path.stat().st_size for path in pathlib.Path(folder).glob("skillsearch*.sp*"))

    def run(self, **options):
        done = subprocess.run(["mysql", "--no-defaults", "-S", self.socket, "-N", "-B", "--raw", "--default-character-set=utf8mb4"],
                              capture_output=True, text=True, check=False, **options)
        assert done.returncode == 0, done.stderr[:2000]
        return done.stdout

    def example(self, sql):
        return self.run(input=sql + ";")

    @staticmethod
    def match(query):
        return "MATCH('" + translate.sphinx(query).replace("\\", "\\\\").replace("'", "\\'") + "')"

    def shown(self, queries, name):
        sql = "".join(f"SELECT id FROM skillsearch WHERE {self.match(query)} LIMIT 1; SHOW META LIKE '{name}';\n"
                      for query in queries)
        return [line.split("\t")[1] for line in self.run(input=sql).split("\n") if line.startswith(name)]

    def totals(self, queries):
        return [int(total) for total in self.shown(queries, "total_found")]

    def where(self, query, filters, but=""):
        chosen = "".join(f" AND {self.COLUMNS.get(facet, facet)} IN ({', '.join(self.quoted(value) for value in values)})"
                         for facet, values in filters.items() if facet != but)
        return self.match(query) + chosen

    @staticmethod
    def quoted(text):
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def facets(self, query, filters):
        counts = {}
        for facet in FACETS:
            column = self.COLUMNS.get(facet, facet)
            rows = self.run(input=f"SELECT {column}, COUNT(*) AS c FROM skillsearch WHERE {self.where(query, filters, facet)}"
                                  f" GROUP BY {column} LIMIT 100000 OPTION max_matches = 100000;")
            counts[facet] = {value: int(count) for value, count in (line.split("\t") for line in rows.splitlines())}
        sql = f"SELECT id FROM skillsearch WHERE {self.where(query, filters)} LIMIT 1; SHOW META LIKE 'total_found';"
        return int(self.run(input=sql).split("total_found\t")[1].split()[0]), counts

    def answers(self, query):
        rows = self.run(input=f"SELECT sid, text FROM skillsearch WHERE {self.match(query)} LIMIT 100000"
                              " OPTION max_matches = 100000;")
        return {tuple(line.split("\t")[-2:]) for line in rows.splitlines()}

    def typical_ms(self, queries):
        """The mean: Sphinx shows whole milliseconds only."""
        sql = ""
        for query in queries:
            sql += f"SELECT sid, text FROM skillsearch WHERE {self.match(query)} LIMIT 10 OPTION max_matches = 2000"
            sql += "".join(f" FACET {self.COLUMNS.get(facet, facet)} ORDER BY COUNT(*) DESC LIMIT 10" for facet in FACETS) + ";\n"
        start = time.monotonic()
        self.run(input=sql)
        return (time.monotonic() - start) * 1000 / len(queries)

    def stop(self):
        self.server.stop()
