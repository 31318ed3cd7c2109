"""Exports over HTTP: the formats, and what happens to a stream whose index, daemon, server or reader disappears. An
incomplete stream must end with an error, so that nobody mistakes it for a complete one."""

import csv
import io
import json
import os
import pathlib
import signal
import subprocess
import sys

from gateway import MANY, Gateway, index_many, run_checks
from peer import BUILD, Daemon, index
from variables import variable

CORPUS = variable("SKS_CORPUS")
FORMATS = {"csv": "text/csv; charset=utf-8; header=present", "tsv": "text/tab-separated-values; charset=utf-8",
           "ndjson": "application/x-ndjson"}


def command(endpoint, *arguments):
    run = subprocess.run([BUILD / "skillsearch", "--connect", endpoint, "export", *arguments], capture_output=True, check=False)
    assert run.returncode in (0, 1), run.stderr
    return run.stdout


def check_formats(check, folder):
    daemon = Daemon(folder)
    gateway, peer = Gateway(daemon.endpoint), daemon.peer()
    gateway.wait_ready()
    queries = [("", []), ("?q=mail&level=emerging&level=advanced", ["--level", "emerging,advanced", "mail"]),
               ("?q=%22incoming+mail%22&zone_min=2&sector=55", ["--zone", "2-5", "--sector", "55", '"incoming mail"']),
               ("?group=43", ["--group", "43"]), ("?q=zzzzqqq", ["zzzzqqq"]),
               ("?q=mail&want=provenance", ["--provenance", "mail"]), ("?q=mail&sort=-level", ["--sort", "-level", "mail"]),
               ("?sector=finance&resolve=true", ["--sector", "finance"])]
    for query, arguments in queries:
        for name, kind in FORMATS.items():
            status, headers, body = gateway.get(f"/v1/export.{name}{query}")
            check.that(f"export.{name}{query} equals the output of the command",
                       status == 200 and body == command(daemon.endpoint, "--format", name, *arguments), status, body[:300])
            check.that(f"export.{name}{query} has the right headers",
                       (headers["content-type"], headers["content-disposition"], headers["x-generation"])
                       == (kind, f'attachment; filename="statements.{name}"', "1"), headers)
    _, headers, body = gateway.get("/v1/export.csv?q=mail")
    rows = list(csv.DictReader(io.StringIO(body.decode(), newline="")))
    hits = peer.ask("scan", q="mail", limit=1000)["hits"]
    check.that("a CSV reader gets the statements", [row["text"] for row in rows] == [hit["text"] for hit in hits])
    check.that("a CSV export has as many statements as its header announces", headers["x-total-count"] == str(len(rows)), headers)
    hits = peer.ask("scan", q="mail", limit=1000, want=["marked"], units="utf16")["hits"]
    _, _, body = gateway.get("/v1/export.ndjson?q=mail&want=marked&units=utf16")
    check.that("NDJSON has the requested members", [json.loads(line) for line in body.splitlines()] == hits)
    check_provenance(check, gateway, peer)
    check_packages(check, gateway, daemon.endpoint)
    status, headers, body = gateway.get("/v1/export.csv?q=mail", method="HEAD")
    check.that("HEAD returns the number of statements", (status, headers["x-total-count"], body) == (200, str(len(rows)), b""), headers)
    gateway.stop()
    daemon.stop()


def check_packages(check, gateway, endpoint):
    """Occupations as documents of other programs; tests/system/exports.py reads the same bytes."""
    for name, extension, kind in (("case1.0", "json", "application/x-ndjson"), ("case1.1", "json", "application/x-ndjson"),
                                  ("ctdl", "jsonld", "application/x-ndjson"), ("rsd", "csv", "text/csv; charset=utf-8; header=present"),
                                  ("md", "md", "text/markdown; charset=utf-8")):
        for query, arguments in (("", []), ("?q=mail&level=emerging", ["--level", "emerging", "mail"]), ("?q=zzzzqqq", ["zzzzqqq"]),
                                 *([("?base_uri=https://h.example/&creator=A+%26+B", ["--base-uri", "https://h.example/", "--creator", "A & B"])] if name != "md" else [])):
            status, headers, body = gateway.get(f"/v1/export.{name}{query}")
            check.that(f"export.{name}{query} equals the output of the command",
                       status == 200 and body == command(endpoint, "--format", name, *arguments), status, body[:300])
            check.that(f"export.{name}{query} has the right headers", (headers["content-type"], headers["content-disposition"])
                       == (kind, f'attachment; filename="statements.{extension}"'), headers)
    status, _, body = gateway.get("/v1/export.ctdl?publisher=https://r.example/ce-1&occupation=43-9051.00")
    check.that("ctdl takes a publisher", json.loads(body)["@graph"][0]["ceasn:publisher"] == ["https://r.example/ce-1"], body[:300])
    status, _, body = gateway.get("/v1/export.csv?columns=id,duty,version&q=mail")
    check.that("columns are selected", body == command(endpoint, "--format", "csv", "--columns", "id,duty,version", "mail"), body[:300])
    for path, said in (("export.csv?columns=id,colour", b"colour"), ("export.csv?columns=", b"column"), ("export.csv?columns=id&columns=soc", b"columns"),
                       ("export.case1.1?base_uri=host", b"base_uri"), ("export.case1.1?publisher=https://r/", b"publisher"), ("export.md?creator=A", b"creator"),
                       ("export.case1.1?sort=level", b"sort"), ("export.case1.1?want=provenance", b"want"), ("export.rsd?creator=A&creator=B", b"creator"),
                       ("export.case1.1?columns=id", b"columns"), ("export.rsd?creator=", b"creator")):
        status, _, body = gateway.get(f"/v1/{path}")
        check.that(f"{path} is refused and named", status == 400 and said in body, status, body)
    status, _, body = gateway.get("/v1/export.case1.1?q=mail+AND")
    check.that("a query that cannot be read is a problem, not a package", status == 400 and b"query_syntax" in body, status, body)
    check.that("an unknown format is not a path", gateway.get("/v1/export.case1.2")[0] == 404)


def check_provenance(check, gateway, peer):
    """Provenance: the columns equal the occupation's record, and are present only on request."""
    rows = list(csv.DictReader(io.StringIO(gateway.get("/v1/export.csv?q=mail&want=provenance")[2].decode(), newline="")))
    lines = [json.loads(line) for line in gateway.get("/v1/export.ndjson?q=mail&want=provenance")[2].splitlines()]
    for row, line in zip(rows, lines, strict=True):
        record = peer.ask("occupation", occupation=row["soc"])
        source = "; ".join(f"{one['name']}: {one['text']}" for one in record["sources"])
        wanted = [record["framework"]["version"], record["exported_at"], source, record["attribution"]]
        check.that(f"{row['id']} has the provenance of its export", all(wanted) and list(row.values())[-4:] == wanted
                   and line["provenance"] == {"version": wanted[0], "exported_at": wanted[1], "sources": record["sources"],
                                              "attribution": wanted[3]}, row, line)
    names = gateway.get("/v1/export.csv?q=mail")[2].partition(b"\r\n")[0]
    check.that("a table has no provenance columns by default", names.endswith(b",duty,text"), names)
    for name in ("csv", "tsv"):
        status, _, body = gateway.get(f"/v1/export.{name}?q=mail&want=marked")
        check.that(f"{name} refuses members for which it has no column", status == 400 and b"want: " in body, status, body)


def check_formulas(check, folder):
    """A spreadsheet program treats some cells as formulas."""
    source = json.loads((pathlib.Path(CORPUS) / "43-9051.00.json").read_text())
    source["occupation"]["title"] = "=HYPERLINK(1)"
    (folder / "formula.json").write_text(json.dumps(source))
    index(folder / "formula", folder / "formula.json")
    daemon = Daemon(folder / "formula")
    for options, cell in (([], b',"=HYPERLINK(1)",'), (["--excel-safe"], b''',"'=HYPERLINK(1)",''')):
        gateway = Gateway(daemon.endpoint, *options)
        gateway.wait_ready()
        body = gateway.get("/v1/export.csv")[2]
        check.that(f"a cell like a formula is quoted {options}", body.count(cell) == body.count(b"\r\n") - 1, body[:300])
        check.that(f"the command quotes such a cell in the same way {options}", body == command(daemon.endpoint, "--format", "csv", *options))
        gateway.stop()
    daemon.stop()


class Reader:
    """An export whose first page is being sent and whose client reads only the headers, if its status is 200."""

    def __init__(self, gateway, name="csv", version="1.1"):
        self.raw = gateway.connect(window=4096)
        self.raw.send(f"GET /v1/export.{name} HTTP/{version}\r\nHost: localhost\r\n\r\n".encode())
        self.status, self.headers = self.raw.head()

    def rest(self):
        """The rest of the stream; None when it ends with an error."""
        return self.raw.chunks()


def begin_one(folder):
    daemon = Daemon(folder)
    gateway = Gateway(daemon.endpoint)
    gateway.wait_ready()
    return daemon, gateway, Reader(gateway)


def begin_in_time(endpoint):
    """An export with the shortest deadline in which this machine can begin one."""
    for deadline_ms in (200, 2_000, 20_000, 60_000):
        gateway = Gateway(endpoint, "--deadline-ms", str(deadline_ms))
        gateway.wait_ready()
        reader = Reader(gateway)
        if reader.status != 504:
            break
        gateway.stop()
    return gateway, reader


def check_pages(check, many):
    daemon, gateway, reader = begin_one(many)
    check.that("the first bytes arrive before the last page is requested", reader.status == 200
               and reader.headers["x-total-count"] == str(MANY), reader.headers)
    # Between two pages, while the socket still accepts bytes, none is held.
    figures = gateway.wait_for(lambda f: f["http_held_bytes"] > 0)
    pages = gateway.figures(daemon=True)['requests_total{op="scan"}']
    check.that("a page is requested only after the previous one was read", pages < MANY / 1000, pages)
    check.that("an export holds at most one page", figures["http_held_bytes"] < 2e6, figures["http_held_bytes"])
    body = reader.rest()
    check.that("a slow reader gets the whole export", body and body.count(b"\r\n") == MANY + 1, body and len(body))
    check.that("a slow reader's export is requested page by page", gateway.figures(daemon=True)['requests_total{op="scan"}'] == MANY / 1000)
    check.that("the connection of an export serves the next request", reader.raw.ask_again() == 200)
    body = gateway.get("/v1/export.case1.1")[2]
    check.that("a package of many statements is whole", [item["CFItemType"] for item in json.loads(body)["CFItems"]].count("Statement") == MANY
               and body == command(daemon.endpoint, "--format", "case1.1"), len(body))
    readers = [Reader(gateway, name) for name in list(FORMATS) * 5]
    held = gateway.wait_for(lambda f: f["http_held_bytes"] > 0)["http_held_bytes"]
    check.that("many slow readers hold at most one page each", held < 15 * 2e6, held)
    for reader in readers:
        reader.raw.close()
    gateway.wait_for(lambda f: f["http_held_bytes"] == 0 and f["http_under_way"] == 0)
    check.that("nothing is held for readers that disconnect", True)
    check.that("SIGTERM ends the gateway with 0 after slow readers", gateway.stop() == 0)
    daemon.stop()


def publish(many):
    """Publish statements of one more occupation as the next generation."""
    index(many, pathlib.Path(CORPUS) / "51-4041.00.json")


def check_breaks(check, many):
    """Events in the middle of an export."""
    daemon, gateway, reader = begin_one(many)
    publish(many)
    peer = daemon.peer()
    while peer.ask("health")["generation"] != 2:
        pass
    check.that("an export ends with an error when the index is replaced in its middle", reader.status == 200 and reader.rest() is None, reader.status)
    check.that("the next export is of the new index", gateway.get("/v1/export.csv", method="HEAD")[1]["x-generation"] == "2")

    reader, old = Reader(gateway), Reader(gateway, version="1.0")
    daemon.process.kill()
    daemon.process.wait()
    check.that("an export ends with an error when the daemon ends", reader.status == 200 and reader.rest() is None, reader.status)
    try:
        check.that("an export in HTTP/1.0 ends with an error when the daemon ends", False, len(old.raw.file.read()))
    except ConnectionResetError:
        check.that("an export in HTTP/1.0 ends with an error when the daemon ends", True)
    gateway.stop()

    daemon = Daemon(many)
    gateway, reader = begin_in_time(daemon.endpoint)
    os.kill(daemon.process.pid, signal.SIGSTOP)
    check.that("an export ends with an error when the daemon does not answer in time", reader.status == 200 and reader.rest() is None, reader.status)
    os.kill(daemon.process.pid, signal.SIGCONT)
    gateway.stop()
    daemon.stop()

    daemon, gateway, reader = begin_one(many)
    gateway.process.terminate()
    check.that("an export ends with an error when the gateway is ended", reader.status == 200 and reader.rest() is None, reader.status)
    check.that("SIGTERM during an export ends the gateway with 0", gateway.process.wait(timeout=60) == 0)
    daemon.stop()


def main(check, folder):
    index(folder / "index", CORPUS)
    check_formats(check, folder / "index")
    check_formulas(check, folder)
    many = index_many(folder)
    check_pages(check, many)
    check_breaks(check, many)


if __name__ == "__main__":
    sys.exit(run_checks(main))
