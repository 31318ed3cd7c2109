"""An index in shards from outside: how the indexer keeps it, that Xapian's own programs read it, and that the daemon
answers as over one index, over files and over real xapian-tcpsrv processes.

$SKS_DRAWN is the number of queries that are compared over servers."""

import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import gateway

from peer import BUILD, LOOK_S, PATIENCE_S, ROOT, Checks, Daemon, Port, index
from shard_servers import Mute, Server, copy_front, serve

sys.path.insert(0, str(ROOT / "client" / "python"))

import skillsearch

CORPUS = ROOT / "corpus"
SHARDS = 3
TOOLS = ["xapian-tcpsrv", "xapian-delve", "quest"]
FACETS = ["level", "sector", "group", {"name": "occupation", "limit": 1000}, "zone", "version"]
STARTS = 50  # of a daemon that does not wait long, at most
PATIENT = ["--shard-timeout-ms", "60000", "--shard-connect-ms", "60000"]  # a busy machine may be slow
SOCS = ["43-9051.00", "29-1141.00"]


def run(folder, *arguments):
    return subprocess.run([BUILD / "skillsearch-index", "--index", folder, *arguments], capture_output=True, text=True,
                          check=False)


def files(folder):
    return sorted(path.name for path in (folder / "current").resolve().iterdir())


# ------------------------------------------------------------------ the indexer

def change_one(exports):
    path = sorted(exports.glob("*.json"))[0]
    export = json.loads(path.read_text())
    export["framework"]["levels"]["emerging"]["statements"][0] = "Polish the brass of the lighthouse."
    path.write_text(json.dumps(export))


def check_keeping(check, folder):
    place, exports = folder / "kept", folder / "exports"
    names = [*(f"shard-{i}" for i in range(SHARDS)), "shards", "sources", "statements", "texts"]
    shutil.copytree(CORPUS, exports)
    index(place, exports, arguments=["--shards", str(SHARDS)])
    check.that("an index in shards has a database for each, and no postings", files(place) == names, files(place))
    listed = run(place, "--list").stdout
    check.that("--list has the number of shards", listed.endswith("\t560 statements\t14 occupations\t3 shards\n"), listed)
    unchanged = index(place, exports)
    check.that("the same exports change nothing", (unchanged["outcome"], unchanged["shards"]) == ("unchanged", SHARDS), unchanged)
    said = run(place, exports).stderr
    check.that("the report has the number of shards", " of 14 occupations, 3 shards in " in said, said)
    change_one(exports)
    report = index(place, exports)
    check.that("a changed export makes the next set of shards, whose number is kept, from the texts of the others",
               (report["changed"], report["kept"], files(place)) == (1, 13, names), report)
    changes = run(place, "--diff", "--tsv").stdout.splitlines()
    check.that("--diff compares two sets of shards", len(changes) == 2 and all("15-" in line for line in changes)
               and "lighthouse" in "".join(changes), changes)
    check.that("--rollback goes back to the set before", run(place, "--rollback").returncode == 0
               and os.readlink(place / "current") == "gen-1")
    exports.rename(folder / "gone")
    report = index(place, sorted(CORPUS.glob("*.json"))[5], arguments=["--rebuild"], expect=(3,))
    check.that("--rebuild keeps the statements of a source that is gone", report["statements"] == 560 and files(place) == names,
               report)


def check_copies(check, folder):
    """What copies or exports a generation takes one in shards."""
    place, plain, copy = folder / "copied", folder / "plain", folder / "copy"
    index(place, CORPUS, arguments=["--shards", "2"])
    index(plain, CORPUS, arguments=["--vectors", "none"])
    for kind in ("opensearch", "postgresql", "manticore"):
        for source in (place, plain):
            run(source, "--export-bulk", kind, folder / f"{source.name}-{kind}")
        compared = subprocess.run(["diff", "-r", folder / f"copied-{kind}", folder / f"plain-{kind}"], capture_output=True,
                                  text=True, check=False)
        check.that(f"--export-bulk {kind} writes the same files as from one index", compared.returncode == 0, compared.stdout[:200])
    outcome = run(place, "--publish-to", copy)
    check.that("--publish-to copies all files of a generation", outcome.returncode == 0 and files(copy) == files(place), outcome)
    check.that("and the copy is an index", run(copy, "--list").stdout == run(place, "--list").stdout)
    daemon = Daemon(copy)
    check.that("that a daemon searches", daemon.peer().ask(q="mail", meaning=False)["total"] > 0)
    check.that("and leaves without an error", daemon.stop() == 0)


def check_number(check, folder):
    place = folder / "number"
    index(place, CORPUS, arguments=["--shards", "2"])
    report = index(place, CORPUS, arguments=["--shards", "5"])
    check.that("another number of shards builds again", report["outcome"] == "published" and "shard-4" in files(place), report)
    report = index(place, CORPUS, arguments=["--shards", "none"])
    check.that("--shards none makes one index again", report["outcome"] == "published" and "postings" in files(place)
               and "texts" not in files(place), report)
    for number in ("0", "65", "x", ""):
        outcome = run(folder / "refused", "--shards", number, CORPUS)
        check.that(f"--shards {number or 'with an empty number'} is misuse", outcome.returncode == 2, outcome.stderr)


def check_no_servers(check, place, hosts):
    ports = [Port(), Port()]
    hosts.write_text("".join(f"127.0.0.1:{port.number}\n" for port in ports))
    index(place, CORPUS)
    outcome = subprocess.run([BUILD / "skillsearchd", "--index", place, "--listen", "tcp://127.0.0.1:*"], capture_output=True,
                             text=True, check=False)
    check.that("a daemon without the servers of its shards does not start, and says what to start", outcome.returncode == 1
               and "hint=" not in outcome.stderr and re.search("event=start_failed .*Start the servers of shards", outcome.stderr), outcome)
    outcome = subprocess.run([BUILD / "skillsearch", "--index", place, "mail"], capture_output=True, text=True, check=False)
    check.that("nor does the command answer, which names a shard", outcome.returncode == 5
               and re.match(r"skillsearch: shard [12] of 2 \(127\.0\.0\.1:", outcome.stderr), outcome)


def check_hosts(check, folder):
    place = folder / "hosts"
    place.mkdir()
    hosts = place / "shards.conf"
    hosts.write_text("# two hosts\nfirst.example:7000\n\n10.0.0.2:7001\n")
    index(place, CORPUS, arguments=["--shards", "2"])
    listed = (place / "current" / "shards").read_text().splitlines()
    check.that("shards.conf names the host of each shard", listed[1::2] == ["remote first.example:7000", "remote 10.0.0.2:7001"]
               and listed[0].startswith("# skillsearch 6 1 "), listed)
    check.that("the list has the size of each shard", [line.split()[:3] for line in listed[2::2]] == [
        ["#", f"shard-{i}", str((place / "current" / f"shard-{i}").stat().st_size)] for i in range(2)] and len(listed) == 5, listed)
    check.that("the same hosts change nothing", index(place, CORPUS)["outcome"] == "unchanged")
    hosts.write_text(f"{'#' * 2000} servers\n[::1]:7000\nfirst.example:7001")
    report = index(place, CORPUS)
    listed = (place / "current" / "shards").read_text().splitlines()
    check.that("other hosts are used although no export changed", report["outcome"] == "published"
               and listed[1::2] == ["remote [::1]:7000", "remote first.example:7001"], report, listed)
    (place / "current" / "shard-0").unlink()
    check.that("the file of a shard that has a server may be missing", run(place, "--list").returncode == 0
               and run(place, "--publish-to", folder / "front-only").returncode == 0 and "shard-1" in files(folder / "front-only"))
    for text, said in (("first.example:7000\n", "names 1 hosts for 2 shards; write one HOST:PORT for each"), ("first.example\nx:1\n", "line 1 is not HOST:PORT"),
                       ("a:1\nb:70000\n", "line 2 is not HOST:PORT (PORT 1 to 65535)"), ("a:1\n\na:1\n", "line 3 names a:1 again"),
                       ("a:1\n::1:2\n", "line 2 is not HOST:PORT"), ("a:1\0b\nb:2\n", "line 1 is not HOST:PORT"),
                       ("\ufeffa:1\nb:2\n", "line 1 is not HOST:PORT"), ("a\033[31m:1\nb:2\n", "line 1 is not HOST:PORT"),
                       ("a:1\n[cafe]:2\n", "line 2 is not HOST:PORT"), ("a:1\nb:2\nc:3\n", "names 3 hosts for 2 shards")):
        hosts.write_text(text)
        for arguments in (["--rebuild"], [CORPUS], ["--check", CORPUS]):
            outcome = run(place, *arguments)
            check.that(f"hosts that do not fit are refused: {said} ({arguments[0]})", outcome.returncode == 1 and said in outcome.stderr, outcome.stderr)
    check_no_servers(check, place, hosts)
    hosts.unlink()
    check.that("without hosts the daemon opens files again", index(place, CORPUS)["outcome"] == "published"
               and (place / "current" / "shards").read_text().splitlines()[1::2] == ["auto shard-0", "auto shard-1"])


def check_vectors(check, folder):
    """What an index in shards cannot have is refused before anything is published."""
    place = folder / "vectors"
    for option in ("--vectors", "--encoder"):
        outcome = run(place, "--shards", "2", option, CORPUS / "README.md", CORPUS)
        check.that(f"--shards with {option} is misuse", outcome.returncode == 2 and not place.exists(), outcome.stderr)
    index(place, CORPUS, arguments=["--shards", "2"])
    (folder / "words").write_bytes(b"")
    outcome = run(place, "--vectors", folder / "words", sorted(CORPUS.glob("*.json"))[0])
    check.that("vectors of an index in shards are refused", outcome.returncode == 1 and os.readlink(place / "current") == "gen-1", outcome)


def check_damage(check, folder):
    place = folder / "damage"
    index(place, CORPUS, arguments=["--shards", "2"])
    kept = (place / "current").resolve()
    for name in ("texts", "statements"):
        content = (kept / name).read_bytes()
        (kept / name).write_bytes(content[:-40] + bytes([content[-40] ^ 1]) + content[-39:])
        outcome = run(place, "--list")
        check.that(f"a changed byte of {name} is found", outcome.returncode == 1 and "damaged" in outcome.stdout, outcome)
        (kept / name).write_bytes(content)
    before = run(place, "--list").stdout
    flip = lambda content: content[:-5000] + bytes([content[-5000] ^ 1]) + content[-4999:]
    for name, what, change in (("shard-1", "a changed byte", flip), ("shard-0", "a cut", lambda content: content[:-8192]),
                               ("shard-1", "no byte", lambda content: b""), ("shard-0", "no file", None), ("shards", "no file", None),
                               ("shards", "a changed byte", lambda content: content.replace(b"auto", b"autp", 1).replace(b" 2\n", b" 3\n", 1)),
                               ("shards", "one line less", lambda content: content[:content.rindex(b"#")])):
        content = (kept / name).read_bytes()
        (kept / name).unlink()
        if change:
            (kept / name).write_bytes(change(content))
        for arguments in (["--list"], ["--publish", "1"], ["--publish-to", folder / "nowhere"], [CORPUS]):
            outcome = run(place, *arguments)
            check.that(f"{what} of {name} is found by {arguments[0]}", outcome.returncode == 1 and f"gen-1/{name}: " in outcome.stdout + outcome.stderr
                       and not (folder / "nowhere").exists(), outcome)
        (kept / name).write_bytes(content)
    check.that("the files are as before", run(place, "--list").stdout == before)
    (kept / "shard-0").rename(kept / "kept")
    (kept / "shard-1").rename(kept / "shard-0")
    (kept / "kept").rename(kept / "shard-1")
    outcome = run(place, "--publish", "1")
    check.that("shards with exchanged names are refused", outcome.returncode == 1 and "instead of" in outcome.stderr, outcome.stderr)
    outcome = subprocess.run([BUILD / "skillsearchd", "--index", place, "--listen", "tcp://127.0.0.1:*"], capture_output=True,
                             text=True, check=False)
    check.that("the daemon does not start on them, and names the shard", outcome.returncode != 0 and "shard 1 of 2" in outcome.stderr,
               outcome.stderr)


# ------------------------------------------------------------------ Xapian's own programs

def check_tools(check, place):
    delved = subprocess.run(["xapian-delve", place / "current" / "shards"], capture_output=True, text=True, check=False)
    check.that("xapian-delve reads the list of shards as one database", "number of documents = 560" in delved.stdout, delved)
    found = subprocess.run(["quest", "-d", place / "current" / "shards", "--stemmer=english", "-m", "3", "routing"],
                           capture_output=True, text=True, check=False)
    check.that("quest finds a stem in it", "Exactly 14 matches" in found.stdout, found)


# ------------------------------------------------------------------ answers

def without(reply, *names):
    """A reply without what differs between two indexes: times, and the number of the request."""
    if isinstance(reply, dict):
        return {key: without(value, *names) for key, value in reply.items()
                if key not in ("took_us", "id", "generation", *names)}
    return [without(value, *names) for value in reply] if isinstance(reply, list) else reply


# What an index in shards does not have of a reply.
LACKING = {"suggest": ["duties"], "analyze": ["near"]}


def draw_requests(number, seed):
    """Searches in the words of the corpus, as a user sends them."""
    drawn = random.Random(seed)
    texts = [text for path in sorted(CORPUS.glob("*.json")) for level in json.loads(path.read_text())["framework"]["levels"].values()
             for text in level["statements"]]
    word = lambda: drawn.choice(drawn.choice(texts).split()).strip("—,.;:()\"'")
    some = lambda: " ".join(drawn.choice(texts).split()[2:4]).replace('"', "")
    forms = [lambda: word(), lambda: f"{word()} {word()}", lambda: f'"{some()}"', lambda: f"{word()} NEAR/4 {word()}",
             lambda: f"{word()} -{word()}", lambda: f"{word()} OR {word()}", lambda: f"{word()[:3]}*", lambda: f"duty:{word()}",
             lambda: some() + " " + word(), lambda: "", lambda: f"title:software {word()}", lambda: f"={word()}"]
    filters = [{}, {}, {"level": ["advanced"]}, {"zone": {"min": 3, "max": 5}}, {"occupation": ["43-", "29-1141.00"]}, {"sector": ["none", "62"]}]
    for _ in range(number):
        yield {"q": drawn.choice(forms)(), "match": drawn.choice(["auto", "all", "any"]), "filter": drawn.choice(filters),
               "facets": FACETS, "limit": 10, "offset": drawn.choice([0, 0, 5]), "want": ["marked", "explain", "provenance"],
               "sort": drawn.choice(["relevance", "relevance", "relevance", "level", "-id"]), "meaning": False,
               **drawn.choice([{}, {}, {}, {"collapse": {"by": "occupation", "keep": drawn.choice([1, 2])}}])}


def check_answers(check, one, many, number, seed, how):
    wrong, unsupported = [], 0
    for request in draw_requests(number, seed):
        replies = [without(peer.ask(**request)) for peer in (one, many)]
        if not replies[1]["ok"] and replies[1]["error"]["code"] == "unsupported":
            unsupported += 1
        elif replies[0] != replies[1] or not (
                replies[0]["ok"] or replies[0]["error"]["code"] in ("query_syntax", "query_too_complex")):
            wrong.append((request, replies))
    check.that(f"{number} drawn searches have equal replies {how} (seed {seed})", not wrong and unsupported < number / 10,
               len(wrong), unsupported, wrong[:1])
    wrong = []
    for request in draw_requests(40, seed + 1):
        replies = [without(peer.ask(op="analyze", q=request["q"], match=request["match"]), "near") for peer in (one, many)]
        if replies[0] != replies[1] and (replies[1]["ok"] or replies[1]["error"]["code"] != "unsupported"):
            wrong.append((request, replies))
    check.that(f"40 drawn queries are read alike {how} (seed {seed + 1})", not wrong, len(wrong), wrong[:1])
    hits = one.ask(q="mail", limit=20)["hits"]
    for request in ({"op": "get", "ids": [hit["id"] for hit in hits] + ["43-9051.00/advanced/000000000000"]},
                    {"op": "compare", "occupation": SOCS[0]}, {"op": "compare", "occupation": SOCS[0], "duty": "mail"},
                    {"op": "crosswalk", "occupations": SOCS}, {"op": "occupation", "occupation": SOCS[1]},
                    {"op": "scan", "q": "mail", "meaning": False, "limit": 1000}, {"op": "scan", "q": "", "limit": 1000},
                    {"op": "suggest", "text": "mai"}, {"op": "suggest", "text": "duty:rou"}, {"op": "suggest", "text": "43-"},
                    {"op": "suggest", "text": "title:regis"},
                    {"op": "analyze", "q": "sorting mail -e-mail dayly"}, {"op": "analyze", "q": '"sort mail" healthcare duty:rout*'},
                    {"op": "similar", "statement": hits[0]["id"], "meaning": False, "want": ["explain"]},
                    {"op": "similar", "statement": hits[1]["id"], "meaning": False, "exclude": ["occupation"], "filter": {"level": ["advanced"]}},
                    {"op": "facet_values", "facet": "occupation", "q": "mail"},
                    {"op": "multi", "requests": [{"op": "search", "q": "mail", "meaning": False}, {"op": "get", "ids": [hits[0]["id"]]}]}):
        replies = [without(peer.ask(**request), *LACKING.get(request["op"], ())) for peer in (one, many)]
        check.that(f"{request['op']} has equal replies {how}", replies[0] == replies[1] and replies[0]["ok"], replies)


def check_refusals(check, peer):
    for request, said in (({"op": "map", "text": "Sort the mail."}, "map"), ({"op": "search", "q": '"sort mail" NEAR daily'}, "NEAR"),
                          ({"op": "search", "q": "mail", "sort": "-relevance"}, "/sort"),
                          ({"op": "search", "q": "mail", "sort": "-relevance", "collapse": {"by": "occupation"}}, "/sort"),
                          ({"op": "search", "q": "mail", "match": "meaning"}, "/match"), ({"op": "analyze", "q": "mail", "match": "meaning"}, "/match"),
                          ({"op": "facet_values", "facet": "level", "q": "mail", "match": "meaning"}, "/match"),
                          ({"op": "scan", "q": "mail", "match": "meaning"}, "/match")):
        reply = peer.ask(**request)
        check.that(f"{request} is refused with a code of its own, and with the reason", not reply["ok"]
                   and reply["error"]["code"] == "unsupported" and said in reply["error"]["message"], reply)


def check_page(check, daemon):
    server = gateway.Gateway(daemon.endpoint)
    server.wait_ready()
    status, _, body = server.get("/?q=%22sort+mail%22+NEAR+daily")
    page = body.decode()
    check.that("the page says what it cannot answer, and keeps the query", status == 501 and "cannot be answered" in page
               and 'value="&quot;sort mail&quot; NEAR daily"' in page and "in a moment" not in page, status, page)
    server.stop()


def ask_until(peer, holds, **request):
    """The reply that holds, or the last one: a server that failed is tried again after a pause."""
    end = time.monotonic() + PATIENCE_S
    while not holds(reply := peer.ask(**request)) and time.monotonic() < end:
        time.sleep(LOOK_S)
    return reply


def is_ok(reply):
    return reply["ok"]


def start_hasty(front):
    """A daemon that does not wait long for servers. On a busy machine they may be too slow for it when it starts."""
    for left in reversed(range(STARTS)):
        try:
            return Daemon(front, "--shard-timeout-ms", "300")
        except AssertionError:
            if not left:
                raise
    return None


def check_stopped(check, one, front, peer, server):
    request = {"q": "mail", "facets": FACETS, "meaning": False}
    hasty = start_hasty(front)
    os.killpg(server.process.pid, signal.SIGSTOP)
    reply = hasty.peer().ask(**request)
    check.that("a server that does not answer in time is named", not reply["ok"] and reply["error"]["code"] == "unavailable"
               and "shard 2 of 3" in reply["error"]["message"], reply)
    peers = hasty.peer()
    for _ in range(3):
        reply = peers.ask(**request)
    check.that("after three time-outs in a row it is down", not peers.ask(op="health")["shards"][1]["up"], reply)
    reply = ask_until(peers, lambda reply: reply["ok"] and reply["shards"]["answered"] == 2, **request, partial=True)
    check.that("and a partial reply does without it", reply["ok"] and reply["shards"]["answered"] == 2, reply)
    os.killpg(server.process.pid, signal.SIGCONT)
    check.that("a daemon that waits longer gets its answer", without(peer.ask(**request)) == without(one.ask(**request)))
    hasty.stop()


def check_failures(check, one, peer, hasty, place, ports, servers):
    request = {"q": "mail", "facets": FACETS, "meaning": False}
    servers[1].stop()
    replies = [peer.ask(**request) for _ in range(3)]
    name = f"shard 2 of 3 (127.0.0.1:{ports[1].number})"
    check.that("without the server of a shard a search is refused with a code of its own, and names the shard", all(
        not reply["ok"] and reply["error"]["code"] == "unavailable" and name in reply["error"]["message"] for reply in replies), replies)
    servers[1] = Server(place / "current" / "shard-1", ports[1])
    health = peer.ask(op="health")["shards"]
    check.that("health says which server is down", [shard["up"] for shard in health] == [True, False, True], health)
    reply = ask_until(peer, is_ok, **request)
    check.that("once the server is back, answers are whole again", without(reply) == without(one.ask(**request)), reply)
    health = peer.ask(op="health")["shards"]
    check.that("health says that all are up", health == [{"shard": i, "up": True, "generation": 1} for i in (1, 2, 3)], health)
    check.that("stats say the same", peer.ask(op="stats")["shards"] == health)
    servers[1].stop()
    servers[1] = Server(place / "current" / "shard-1", ports[1])
    check.that("a server that was started again between two requests is not noticed",
               without(peer.ask(**request)) == without(one.ask(**request)))
    servers[1].stop()
    for greeting, said in ((None, ""), (b"\x00\x05\x2f\x00\x00\x00\x00", "protocol version 47.0")):
        mute = Mute(ports[1], greeting)
        reply = ask_until(hasty, lambda reply: name in reply["error"]["message"] and said in reply["error"]["message"], **request)
        check.that(f"a server that {'has another protocol' if said else 'says nothing'} is named", reply["error"]["code"] == "unavailable"
                   and name in reply["error"]["message"] and said in reply["error"]["message"], reply)
        mute.stop()
    servers[1] = Server(place / "current" / "shard-2", ports[1])
    reply = ask_until(peer, lambda reply: reply["ok"] or "instead of" in reply["error"]["message"], **request)
    check.that("a server with another shard is refused, never counted", not reply["ok"] and reply["error"]["code"] == "unavailable"
               and name in reply["error"]["message"] and "instead of" in reply["error"]["message"], reply)
    servers[1].stop()


def check_damaged(check, peer, place, folder, ports, servers):
    """A server whose file is damaged, or gone, is a server that does not answer."""
    name, copy = f"shard 2 of 3 (127.0.0.1:{ports[1].number})", folder / "shard"
    whole, drawn = (place / "current" / "shard-1").read_bytes(), random.Random(3)
    flipped = whole[:8192] + bytes(byte ^ (drawn.random() < 0.02) for byte in whole[8192:])
    for what, content in (("is damaged", flipped), ("is cut", whole[:len(whole) // 2]), ("is gone", None)):
        copy.write_bytes(whole)
        servers[1] = Server(copy, ports[1])
        copy.unlink()
        if content:
            copy.write_bytes(content)
        replies = [ask_until(peer, lambda reply: "tried again" not in str(reply), q=q, match="any", limit=100, meaning=False)
                   for q in ("mail", "data", "the work", "report", "sort", "safety")]
        check.that(f"if the file of a server {what}, the shard is named", not all(reply["ok"] for reply in replies)
                   and all(reply["ok"] or (reply["error"]["code"] == "unavailable" and name in reply["error"]["message"]) for reply in replies), replies)
        reply = ask_until(peer, is_ok, q="mail", match="any", limit=100, meaning=False, partial=True)
        check.that("and a partial reply does without it", reply["ok"] and reply["shards"]["answered"] == 2, reply)
        servers[1].stop()


def check_commands(check, daemon):
    """The command, the client for Python and the gateway, when two of three shards answer."""
    run = lambda *arguments: subprocess.run([BUILD / "skillsearch", *arguments, "--connect", daemon.endpoint], capture_output=True,
                                            text=True, check=False)
    notice = "skillsearch: this answer is partial: 2 of 3 shards answered, and what the others have is missing\n"
    for arguments in (["--partial", "mail"], ["--partial", "--json", "mail"], ["--partial", "--format", "csv", "mail"],
                      ["facets", "--partial", "mail"], ["--partial", "--fix", "incoming mial"]):
        outcome = run(*arguments)
        check.that(f"{' '.join(arguments)} answers, and says on standard error that the answer is partial", outcome.returncode == 0
                   and outcome.stdout and outcome.stderr == notice, outcome)
    outcome = run("mail")
    check.that("without --partial it fails, and names the option", outcome.returncode == 4 and not outcome.stdout
               and "--partial" in outcome.stderr, outcome)
    outcome = run("stats")
    check.that("stats print the state of each shard", re.search(r"^shard 1 +down, generation 1\nshard 2 +up, generation 1$", outcome.stdout, re.M), outcome)
    outcome = run("stats", "--prometheus")
    check.that("Prometheus gets it", '\nskillsearch_shard_up{shard="1"} 0\nskillsearch_shard_up{shard="2"} 1\n' in outcome.stdout, outcome.stdout[-500:])
    outcome = run("export", "--partial", "mail")
    check.that("an export is never partial", outcome.returncode == 2 and "--partial" in outcome.stderr, outcome)
    with skillsearch.Client(daemon.endpoint) as client:
        replies = [client.search("mail", partial=True, meaning=False), client.facet_values("level", "mail", partial=True)]
    check.that("the client for Python asks for partial replies", all(reply["partial"] and reply["shards"] == {"asked": 3, "answered": 2}
                                                                     for reply in replies), replies)
    if not gateway.PROGRAM.exists():
        return print("skipped: the gateway is not built")
    server = gateway.Gateway(daemon.endpoint)
    server.wait_ready()
    for path in ("search?q=mail&meaning=false", "facet_values?facet=level&q=mail&meaning=false"):
        status, _, body = server.get(f"/v1/{path}&partial=true")
        reply = json.loads(body)
        check.that(f"GET {path} takes partial=true", status == 200 and reply["partial"] and reply["shards"]["answered"] == 2, status, body)
        status, _, body = server.get(f"/v1/{path}")
        check.that(f"GET {path} without it has status 503", status == 503 and json.loads(body)["code"] == "unavailable", status, body)
    server.stop()
    return None


def check_partial(check, one, daemon, place, ports, servers):
    """What the shards that answer find, added up."""
    peer = daemon.peer()
    request = {"q": "mail", "facets": FACETS, "meaning": False, "limit": 100}
    whole = peer.ask(**request)
    reply = peer.ask(**request, partial=True)
    check.that("with all servers, partial changes nothing else", without(reply, "partial", "shards") == without(whole)
               and (reply["partial"], reply["shards"]) == (False, {"asked": SHARDS, "answered": SHARDS}), reply)
    check.that("an index without shards has nothing to leave out", one.ask(**request, partial=True)["partial"] is False)
    for title, endpoint in (("a whole answer", daemon.endpoint), ("an index without shards", one.socket.LAST_ENDPOINT.decode().rstrip("\0"))):
        outcome = subprocess.run([BUILD / "skillsearch", "--partial", "mail", "--connect", endpoint], capture_output=True, text=True, check=False)
        check.that(f"--partial says nothing about {title}", outcome.returncode == 0 and outcome.stdout and not outcome.stderr, outcome)
    found = {}
    for left in range(SHARDS):
        servers[left].stop()
        reply = ask_until(peer, is_ok, **request, partial=True)
        refused = peer.ask(**request)
        check.that(f"without shard {left + 1} a reply is partial only if that is asked for", reply["ok"] and reply["partial"]
                   and reply["shards"] == {"asked": SHARDS, "answered": SHARDS - 1} and refused["error"]["code"] == "unavailable",
                   reply, refused)
        values = peer.ask(op="facet_values", facet="occupation", q="mail", partial=True)
        check.that("facet_values may be partial, too", values["ok"] and values["partial"]
                   and sum(value["count"] for value in values["facet"]["values"]) <= reply["total"], values)
        browsed = peer.ask(q="", partial=True, limit=0)
        check.that("without words, the statements of that shard are not counted", browsed["ok"] and browsed["total"] < 560, browsed)
        found[left] = {hit["id"] for hit in reply["hits"]}
        if left == 0:
            check_commands(check, daemon)
        check.that("its total is that of its hits", reply["total"] == len(found[left]), reply["total"])
        servers[left] = Server(place / "current" / f"shard-{left}", ports[left])
        ask_until(peer, is_ok, **request)
    ids = {hit["id"] for hit in whole["hits"]}
    check.that("each hit is missing without one of the shards, and only then",
               all(sum(id not in found[left] for left in found) == 1 for id in ids) and set.union(*found.values()) == ids)


def check_results(check, one, front, place, ports, servers):
    """Only whole answers are kept for equal requests; they are answered without the servers."""
    kept, other, part = ({"q": q, "facets": FACETS, "meaning": False} for q in ("mail", "work", "safety"))
    daemon = Daemon(front, *PATIENT, "--workers", "1", "--results-mb", "1")
    peer = daemon.peer()
    results = lambda: tuple(peer.ask("stats")["results"][name] for name in ("hits", "misses"))
    replies = [without(peer.ask(**kept)) for _ in range(2)]
    check.that("an equal request to shards is answered from what was kept", replies == [without(one.ask(**kept))] * 2
               and results() == (1, 1), replies, results())
    servers[1].stop()
    replies = [without(peer.ask(**kept)), *(peer.ask(**other) for _ in range(3))]
    check.that("also while a server does not answer, as the reply is whole", replies[0] == without(one.ask(**kept)), replies[0])
    check.that("a refusal is not kept", all(reply["error"]["code"] == "unavailable" for reply in replies[1:]) and results()[0] == 2,
               replies, results())
    reply = ask_until(peer, lambda reply: reply["ok"] and reply["partial"], **part, partial=True)
    again = peer.ask(**part, partial=True)
    check.that("a partial reply is given, and not kept", reply["partial"] and again["ok"] and results()[0] == 2, reply, again, results())
    values = [peer.ask(op="facet_values", facet="occupation", q="mail", partial=True) for _ in range(2)]
    check.that("nor are partial values of a facet", all(reply["partial"] for reply in values) and results()[0] == 2, values, results())
    batch = [{"op": "search", **part, "partial": True}, {"op": "search", **kept}, {"op": "search", **part, "partial": True}]
    parts = peer.ask("multi", requests=batch)["replies"]
    check.that("nor is a part of a multi, beside a whole one", [reply.get("partial") for reply in parts] == [True, None, True]
               and results()[0] == 3, parts, results())
    servers[1] = Server(place / "current" / "shard-1", ports[1])
    whole = ask_until(peer, lambda reply: reply["ok"] and not reply["partial"], **part, partial=True)
    hits = results()[0]
    check.that("once the server is back, the reply is whole, and kept", without(whole, "partial", "shards") == without(one.ask(**part))
               and without(peer.ask(**part, partial=True)) == without(whole) and results()[0] == hits + 1, whole)
    check.that("a refused request is answered then", without(ask_until(peer, is_ok, **other)) == without(one.ask(**other)))
    daemon.stop()


def check_servers(check, one, folder):
    place, front = folder / "served", folder / "front"
    ports, servers = serve(place, CORPUS, SHARDS)
    copy_front(place, front)
    daemon = Daemon(front, *PATIENT)
    check_answers(check, one, daemon.peer(), int(os.environ.get("SKS_DRAWN", "100")), random.randrange(1 << 30),
                  "over servers of shards")
    check_refusals(check, daemon.peer())
    check_stopped(check, one, front, daemon.peer(), servers[1])
    check_partial(check, one, daemon, place, ports, servers)
    check_results(check, one, front, place, ports, servers)
    hasty = start_hasty(front)
    check_failures(check, one, daemon.peer(), hasty.peer(), place, ports, servers)
    check_damaged(check, daemon.peer(), place, folder, ports, servers)
    hasty.stop()
    daemon.stop()
    for server in (servers[0], servers[2]):
        server.stop()
    outcome = subprocess.run([BUILD / "skillsearchd", "--index", front, "--listen", "tcp://127.0.0.1:*"], capture_output=True,
                             text=True, check=False)
    check.that("without its servers the daemon does not start, and names the first one", outcome.returncode != 0
               and f"shard 1 of 3 (127.0.0.1:{ports[0].number})" in outcome.stderr, outcome.stderr)


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check_keeping(checks, folder)
        check_number(checks, folder)
        check_copies(checks, folder)
        check_hosts(checks, folder)
        check_vectors(checks, folder)
        check_damage(checks, folder)
        index(folder / "one", CORPUS, arguments=["--vectors", "none"])
        index(folder / "many", CORPUS, arguments=["--shards", str(SHARDS)])
        one, many = Daemon(folder / "one", "--near-words", "none"), Daemon(folder / "many")
        check_answers(checks, one.peer(), many.peer(), 100, 1, "over files")
        check_refusals(checks, many.peer())
        if gateway.PROGRAM.exists():
            check_page(checks, many)
        else:
            print("skipped: skillsearch-http is not built, as libmicrohttpd-dev or zlib1g-dev is missing")
        if all(shutil.which(tool) for tool in TOOLS):
            check_tools(checks, folder / "many")
            check_servers(checks, one.peer(), folder)
        else:
            print("skipped: xapian-tools is not installed")
        checks.that("both daemons end without an error", (one.stop(), many.stop()) == (0, 0))
    sys.exit(checks.finish())


main()
