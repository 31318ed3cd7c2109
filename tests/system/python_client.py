"""The Python client (client/python) as programs use it: its README, its types beside the schemas, and what happens with
keys, forks, publishing, and daemons that are not there. conformance.py holds its answers against those of others."""

import asyncio
import contextlib
import functools
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import typing

from peer import BUILD, ROOT, Checks, Daemon, Port, index
from variables import variable

sys.path.insert(0, str(ROOT / "client" / "python"))
import skillsearch  # noqa: E402
from skillsearch import requests, types  # noqa: E402

CORPUS = variable("SKS_CORPUS")
PATIENCE_S = 60
check = Checks()


def outcome(function, *arguments, **keywords):
    """What a call returned, or the error that it raised."""
    try:
        return function(*arguments, **keywords)
    except skillsearch.SkillsearchError as error:
        return error


def readme_runs(endpoint):
    """Each block of the README runs, and prints what is in the index."""
    wanted = ["3 statements\n43-9051.00/developing/5bbaa99f9972 ['Incoming', 'mail', 'mail']\n",
              '43-9051.00,"Mail Clerks and Mail Machine Operators, Except Postal Service","Suspicious packages', "[16, 7, 4]",
              "AND needs a word after it, at 5", "16 16"]
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "client/python/README.md").read_text(), re.S)
    os.environ["SKILLSEARCH_ENDPOINT"] = endpoint
    for number, (block, text) in enumerate(zip(blocks, wanted), 1):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(block, "README.md", "exec"), {"__name__": "readme"})
        check.that(f"block {number} of the README prints what it says", text in out.getvalue(), out.getvalue()[:400])
    check.that("each block of the README has a claim", len(blocks) == len(wanted))
    del os.environ["SKILLSEARCH_ENDPOINT"]


def members_of(kind):
    return set(typing.get_type_hints(kind))


def types_are_those_of_the_schemas():
    for path in sorted((ROOT / "docs" / "schema").glob("reply-*.json")):
        name = path.stem[len("reply-"):]
        if name == "error":
            continue
        kind = getattr(types, "".join(part.capitalize() for part in name.split("_")) + "Reply")
        document = json.loads(path.read_text())
        given = set(document["properties"]) - {"id"}
        check.that(f"the type of replies to {name} has the members of its schema", members_of(kind) == given,
                   members_of(kind) ^ given)
        required = set(document["required"])
        check.that(f"and requires those of {name} that are always there", set(kind.__required_keys__) == required,
                   set(kind.__required_keys__) ^ required)
    defined = json.loads((ROOT / "docs/schema/reply-search.json").read_text())["$defs"]
    for name, kind in (("hit", types.Hit), ("facet_value", types.FacetValue)):
        check.that(f"the type of a {name} has the members of the schema",
                   members_of(kind) == set(defined[name]["properties"]), members_of(kind) ^ set(defined[name]["properties"]))
    asked = json.loads((ROOT / "docs/schema/request.json").read_text())["$defs"]
    short = {"level", "sector", "group", "occupation", "zone", "version"}
    for name in ("search", "get", "similar", "compare", "occupation", "map", "suggest", "facet_values", "analyze", "scan"):
        build = getattr(requests, "scan_page" if name == "scan" else name)
        given = set(typing.get_type_hints(build)) - {"return", "deadline_ms"}
        if name in ("search", "scan"):
            given -= short
        wanted = set(asked[name]["properties"]) - {"op"}
        check.that(f"requests.{build.__name__} takes what the schema has", given == wanted, given ^ wanted)


def mypy_is_content():
    if not pathlib.Path("/usr/bin/mypy").exists():
        print("skipped: mypy is not installed")
        return
    folder = ROOT / "client" / "python"
    with tempfile.TemporaryDirectory() as place:
        wrong = pathlib.Path(place) / "wrong.py"
        wrong.write_text('import skillsearch\nc = skillsearch.Client()\nc.search("x", lvel="y")\nc.search("x")["totl"]\n')
        environment = {**os.environ, "MYPYPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
        run = [subprocess.run(["/usr/bin/mypy", "--strict", "--cache-dir", place, what], capture_output=True, text=True,
                              check=False, env=environment, cwd=folder) for what in ("skillsearch", wrong)]
    check.that("mypy --strict finds nothing in the client", run[0].returncode == 0, run[0].stdout)
    check.that("mypy finds misspelt arguments and members", "lvel" in run[1].stdout and "totl" in run[1].stdout, run[1].stdout)


def scans(folder, endpoint):
    with skillsearch.Client(endpoint, timeout=PATIENCE_S) as client:
        found = [hit["id"] for hit in client.scan(limit=100)]
        check.that("a scan gives each statement once", len(found) == len(set(found)) == 560, len(found))
        rest = client.scan(limit=100)
        next(rest)
        index(folder, sorted(pathlib.Path(CORPUS).glob("43-*.json"))[0], arguments=["--only", "--allow-shrink"])
        while client.health()["generation"] == 1:
            pass
        check.that("a publish in the middle of a scan is an error", isinstance(outcome(lambda: [*rest]), skillsearch.GenerationChanged))


async def many_at_once(endpoint):
    async with skillsearch.AsyncClient(endpoint, timeout=PATIENCE_S) as client:
        replies = await asyncio.gather(*(client.search("mail", limit=0) for _ in range(1000)))
        check.that("a thousand searches are asked at once, 128 at a time", {reply["total"] for reply in replies} == {16})
        task = asyncio.ensure_future(client.search("mail"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        check.that("after a cancelled call the next one is answered", (await client.search("mail", limit=0))["total"] == 16)
        got = await asyncio.gather(client.multi([requests.search("mail AND"), requests.health()], return_errors=True))
        check.that("multi leaves an error in its place",
                   isinstance(got[0][0], skillsearch.QuerySyntax) and got[0][1]["statements"] == 560)
        counted = [hit async for hit in client.scan("mail", limit=5)]
        check.that("a scan with asyncio gives all statements", len(counted) == 16)
    got = await asyncio.gather(client.health(), return_exceptions=True)
    check.that("a closed client says so", isinstance(got[0], skillsearch.InvalidArgument))


def wrong_uses_are_named(endpoint):
    nobody = Port()
    got = outcome(skillsearch.Client, nobody.endpoint)
    check.that("nothing listens: ConnectError, at once", isinstance(got, skillsearch.ConnectError), got)
    with skillsearch.Client([nobody.endpoint, endpoint], timeout=PATIENCE_S) as client:
        check.that("of several endpoints one may be down", all(client.health()["ok"] for _ in range(20)))
    with skillsearch.Client(f"{nobody.endpoint}, {endpoint} ", timeout=PATIENCE_S) as client:
        check.that("blanks beside the commas of a list do not count", client.health()["ok"])
    for given, what in (("http://x", "another kind of endpoint"), ("tcp://127.0.0.1:x", "a port that is no number"),
                        ([], "no endpoint"), (["ipc://x"] * 9, "nine endpoints")):
        got = outcome(skillsearch.Client, given)
        check.that(f"{what} is refused", isinstance(got, skillsearch.InvalidArgument), got)
    for given in (float("inf"), float("nan"), 0, 1e12, None, "5"):
        got = outcome(functools.partial(skillsearch.Client, endpoint, timeout=given))
        check.that(f"a timeout of {given!r} is refused", isinstance(got, skillsearch.InvalidArgument), got)
    with skillsearch.Client(endpoint, timeout=PATIENCE_S) as client:
        got = outcome(client.search, "x" * 70000)
        check.that("a request over 65,536 bytes is not sent", isinstance(got, skillsearch.LimitExceeded), got)
        got = outcome(client.search, "mail", limit=float("nan"))
        check.that("a number that JSON does not have is refused", isinstance(got, skillsearch.InvalidArgument), got)
        got = outcome(client.search, "mail", limit=-1)
        check.that("a negative number is refused with the range", isinstance(got, skillsearch.BadRequest) and "/limit: at least 0" in str(got), got)
        replies = [client.search("mail", facets=facets, want="marked", limit=1) for facets in ("level", {"name": "level", "limit": 5}, ["level"])]
        check.that("one facet and one wish need no list", len({json.dumps([one["facets"], one["hits"]]) for one in replies}) == 1, replies)
        got = client.multi(requests.health() for _ in range(2))
        check.that("multi takes what gives requests", [one["ok"] for one in got] == [True, True], got)
        got = outcome(client.search, "caf\u00e9 AND")
        check.that("places count code points", isinstance(got, skillsearch.QuerySyntax) and got.at == 5, got)
        child = os.fork()
        if not child:
            code = 0 if isinstance(outcome(client.health), skillsearch.InvalidArgument) else 1
            client.close()
            os._exit(code)
        check.that("after a fork the child is refused", os.waitpid(child, 0)[1] == 0)
        check.that("and the parent goes on", client.health()["ok"])
    got = outcome(client.health)
    check.that("a closed client is refused", isinstance(got, skillsearch.InvalidArgument), got)
    opened = [outcome(open_and_close, endpoint) for _ in range(300)]
    check.that("clients can be opened and closed in a row", opened == [None] * 300, {str(one) for one in opened})


def open_and_close(endpoint):
    skillsearch.Client(endpoint).close()


def keys_are_used(folder, home):
    keys = home / "keys"
    for arguments in (["--server", keys], [home / "alice"], [home / "mallory"]):
        subprocess.run([BUILD / "skillsearch", "keygen", *arguments], check=True, capture_output=True)
    (keys / "clients" / "alice").write_bytes((home / "alice").read_bytes())
    server, alice, mallory = str(keys / "server"), str(home / "alice_secret"), str(home / "mallory_secret")
    daemon = Daemon(folder, "--curve-keys", keys)
    try:
        with skillsearch.Client(daemon.endpoint, server_key=server, client_key=alice, timeout=PATIENCE_S) as client:
            check.that("a client with its key is answered", client.health()["ok"])
        cases = (("an unknown key", server, mallory), ("no keys", None, None), ("another server's key", str(home / "mallory"), alice))
        for what, ours, theirs in cases:
            with skillsearch.Client(daemon.endpoint, server_key=ours, client_key=theirs, timeout=PATIENCE_S) as client:
                for _ in range(3):
                    got = outcome(client.health)
                    check.that(f"{what}: AuthError", isinstance(got, skillsearch.AuthError), got)
            with skillsearch.Client(daemon.endpoint, server_key=ours, client_key=theirs, timeout=PATIENCE_S) as client:
                client._connection.monitor.poll()  # the daemon refuses before the first call
                got = outcome(client.health)
            check.that(f"{what}, refused before the first call: AuthError", isinstance(got, skillsearch.AuthError), got)
        for what, ours, theirs in (("one key of two", server, None), ("a secret as the server's key", alice, alice),
                                   ("a public key as ours", server, server), ("a file that is missing", "/nowhere", alice)):
            got = outcome(skillsearch.Client, daemon.endpoint, server_key=ours, client_key=theirs)
            check.that(f"{what} is refused", isinstance(got, skillsearch.InvalidArgument), got)
    finally:
        daemon.stop()


def main():
    types_are_those_of_the_schemas()
    mypy_is_content()
    with tempfile.TemporaryDirectory() as name:
        home = pathlib.Path(name)
        folder = home / "index"
        index(folder, CORPUS)
        daemon = Daemon(folder)
        try:
            readme_runs(daemon.endpoint)
            asyncio.run(many_at_once(daemon.endpoint))
            wrong_uses_are_named(daemon.endpoint)
            keys_are_used(folder, home)
            scans(folder, daemon.endpoint)
        finally:
            daemon.stop()
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
