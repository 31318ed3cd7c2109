"""The client for Node (client/node), packed by npm and installed beside its dependencies: types, README, wrong uses.
conformance.py runs the conformance data with it. `make check-node` installs what it needs."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

from daemons import Replicas
from peer import BUILD, ROOT, Checks, Daemon, Port, index
from variables import variable

CORPUS = variable("SKS_CORPUS")
HOME = BUILD / "node"
check = Checks()


def run(code, folder=None, **environment):
    """The output of a module that is run where the client is installed."""
    path = HOME / "run.mjs"
    path.write_text(code)
    try:
        done = subprocess.run(["node", path], capture_output=True, text=True, check=False, timeout=60,
                              env={**os.environ, **environment}, cwd=folder)
    finally:
        path.unlink()
    return done.stdout + done.stderr


def readme_runs(endpoint):
    wanted = ["3 statements\n43-9051.00/developing/5bbaa99f9972 [ 'Incoming', 'mail', 'mail' ]\n",
              "43-9051.00 Suspicious packages", "[ 16, 7, 4 ]\n16 [", "query_syntax AND needs a word after it 5"]
    blocks = re.findall(r"```js\n(.*?)```", (ROOT / "client/node/README.md").read_text(), re.S)
    for number, (block, text) in enumerate(zip(blocks, wanted), 1):
        out = run(block, SKILLSEARCH_ENDPOINT=endpoint)
        check.that(f"block {number} of the README prints what it says", text in out, out[:600])
    check.that("each block of the README has a claim", len(blocks) == len(wanted))


def wrong_uses_are_named(endpoint):
    """Each line of the table is the arguments of a client, what it is asked, and the code that must come."""
    nobody = Port()
    cases = (
        ("nothing listens", {"endpoint": nobody.endpoint}, "c.health()", "connect"),
        ("another kind of endpoint", {"endpoint": "http://x"}, "c.health()", "invalid"),
        ("nine endpoints", {"endpoint": ["ipc://x"] * 9}, "c.health()", "invalid"),
        ("one key of two", {"endpoint": endpoint, "serverKey": "x"}, "c.health()", "invalid"),
        ("a request over 65,536 bytes", {"endpoint": endpoint}, "c.search('x'.repeat(70000))", "limit"),
        ("a closed client", {"endpoint": endpoint}, "(c.close(), c.health())", "invalid"),
        ("a broken query", {"endpoint": endpoint}, "c.search('\u00e9 AND')", "query_syntax"),
        ("one of two endpoints is down", {"endpoint": [nobody.endpoint, endpoint]}, "c.health()", "ok"),
        ("blanks beside the commas of a list", {"endpoint": f"{nobody.endpoint}, {endpoint} "}, "c.health()", "ok"),
        ("a thousand at once", {"endpoint": endpoint, "timeout": 60000},
         "Promise.all(Array.from({length: 1000}, () => c.search('mail', {limit: 0})))", "ok"),
        ("one facet, one wish and one id without a list", {"endpoint": endpoint},
         "Promise.all([c.search('mail', {facets: 'level', want: 'marked'}), c.search('mail', {facets: {name: 'level', limit: 2}}),"
         " c.get('43-9051.00/developing/5bbaa99f9972')])", "ok"),
        ("multi with an error", {"endpoint": endpoint}, "c.multi([requests.search('a AND'), requests.health()])", "query_syntax"),
    )
    for what, options, asked, code in cases:
        out = run("import { Client, requests } from 'skillsearch';\nlet c;\ntry {\n"
                  f"c = new Client({json.dumps(options)});\nawait {asked};\nconsole.log('ok');\n"
                  "} catch (error) { console.log(error.code, error); }\nc?.close();\n")
        check.that(f"{what}: {code}", out.split()[:1] == [code], out[:600])


def keys_are_used(folder, home):
    keys = home / "keys"
    for arguments in (["--server", keys], [home / "alice"], [home / "mallory"]):
        subprocess.run([BUILD / "skillsearch", "keygen", *arguments], check=True, capture_output=True)
    (keys / "clients" / "alice").write_bytes((home / "alice").read_bytes())
    daemon = Daemon(folder, "--curve-keys", keys)
    try:
        cases = (("its key", keys / "server", home / "alice_secret", "ok"), ("an unknown key", keys / "server", home / "mallory_secret", "auth"),
                 ("another server's key", home / "mallory", home / "alice_secret", "auth"))
        for what, server, client, code in cases:
            out = run("import { Client } from 'skillsearch';\nconst c = new Client("
                      f"{json.dumps({'endpoint': daemon.endpoint, 'serverKey': str(server), 'clientKey': str(client), 'timeout': 60000})});\n"
                      "console.log(await c.health().then(() => 'ok', error => error.code));\nc.close();\n")
            check.that(f"a client with {what}: {code}", out == code + "\n", out)
    finally:
        daemon.stop()


def refusals_are_seen(endpoint):
    """Two endpoints that answered, then speak with other keys, as daemons do that were started again with them: ZeroMQ does not
    connect to them again. Relays stand for the daemons."""
    host, port = endpoint.removeprefix("tcp://").split(":")
    out = run("import net from 'node:net';\nimport { Client } from 'skillsearch';\n"
              "const greeting = Buffer.alloc(64), ends = new Set(); let refuse = false;\n"
              "greeting.write('ff00000000000000017f0300', 'hex'); greeting.write('CURVE', 12); greeting[32] = 1;\n"
              "const relays = [0, 1].map(() => net.createServer(one => {\n"
              "  one.on('error', () => {}); ends.add(one);\n"
              f"  if (refuse) one.resume().write(greeting); else one.pipe(net.connect({port}, '{host}').on('error', () => {{}})).pipe(one);\n"
              "}).listen(0, '127.0.0.1'));\n"
              "await Promise.all(relays.map(one => new Promise(resolve => one.on('listening', resolve))));\n"
              "const endpoints = relays.map(one => 'tcp://127.0.0.1:' + one.address().port);\n"
              "const c = new Client({ endpoint: endpoints, timeout: 20000 });\n"
              "const ask = () => c.health().then(() => 'ok', error => error.code);\n"
              "const change = to => { refuse = to; ends.forEach(one => one.destroy()); ends.clear(); };\n"
              "const first = await Promise.all([ask(), ask()]);\n"
              "change(true);\nawait new Promise(resolve => setImmediate(resolve));\nconst second = [await ask(), await ask()];\n"
              "change(false);\nconsole.log(...first, ...second, await ask());\n"
              # One refuses and the other is down: the call must wait for that one, and the next call begins with both again.
              "change(true);\nrelays[1].close();\n"
              "const d = new Client({ endpoint: endpoints, timeout: 1000 });\nconst third = await d.health().catch(error => error.code);\n"
              "change(false);\nconsole.log(third, await d.health().then(() => 'ok', error => error.code));\nprocess.exit();\n")
    check.that("endpoints that refuse where they answered before: auth, at once, and ok when they answer again", out.startswith("ok ok auth auth ok\n"), out)
    check.that("one refuses and the other is down: auth, and ok when the one answers again", out.endswith("\nauth ok\n"), out)


def one_is_lost(folder, place, number):
    """Requests before and after one of three daemons is lost, with the default time limit."""
    replicas = Replicas(folder, place, 3)
    out = run("import { Client } from 'skillsearch';\n"
              f"const c = new Client({{ endpoint: '{replicas.endpoints}' }}), codes = {{}};\n"
              "const ask = n => Promise.all(Array.from({ length: n }, () => c.health().then(() => 'ok', error => error.code)\n"
              "  .then(code => { codes[code] = 1 + (codes[code] ?? 0); })));\n"
              "await ask(6);\n"
              f"process.kill({replicas.daemons[0].process.pid}, '{number.name}');\n"
              "for (let i = 0; i < 5; i++) await ask(30);\nconsole.log(JSON.stringify(codes));\nc.close();\n")
    replicas.signalled[0] = number
    check.that(f"no request fails when one of three daemons gets {number.name}", out == '{"ok":156}\n', out[:600])
    replicas.stop()


def requests_are_spread(folder, place):
    replicas = Replicas(folder, place, 3)
    run("import { Client } from 'skillsearch';\n"
        f"const c = new Client({{ endpoint: '{replicas.endpoints}', timeout: 600000 }});\n"
        "for (let i = 0; i < 30; i++) await c.search('mail');\nc.close();\n")
    check.that("each of three daemons gets a third of the requests", replicas.searches() == [10, 10, 10], replicas.searches())
    replicas.stop()


def types_hold():
    done = subprocess.run([HOME / "node_modules/.bin/tsc", "--strict", "--noEmit", "--target", "es2022", "--module", "nodenext",
                           "--types", "node", "types.ts"], cwd=HOME, capture_output=True, text=True, check=False)
    check.that("tsc --strict accepts the example and refuses each mistake", done.returncode == 0, done.stdout)


def main():
    if not (HOME / "node_modules" / "skillsearch").exists():
        print("skipped: the client for Node is not installed (make check-node)\n0 passed, 0 failed")
        return 0
    types_hold()
    with tempfile.TemporaryDirectory() as name:
        home = pathlib.Path(name)
        index(home / "index", CORPUS)
        daemon = Daemon(home / "index")
        try:
            readme_runs(daemon.endpoint)
            wrong_uses_are_named(daemon.endpoint)
            refusals_are_seen(daemon.endpoint)
            keys_are_used(home / "index", home)
        finally:
            daemon.stop()
        requests_are_spread(home / "index", home)
        for number in signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP:
            one_is_lost(home / "index", home, number)
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
