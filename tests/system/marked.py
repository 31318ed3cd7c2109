"""Marks and spans for clients in other languages: safe HTML, and spans in the units of the client's strings. The
statements have markup, accents and characters beyond 16 bits."""

import html
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import zmq
from peer import BUILD, Checks, Daemon, index

STATEMENTS = {
    "emerging": ["Größe 🙂 and mail — sort “letters” <b>bold</b> & \"routes\"", "𝔘nicode mail 🙂🙂 routes of naïve clerks"],
    "developing": ["Mail <img src=x onerror='alert(1)'> sorted — routes 👩‍🚀 kept & checked", "Plain mail routes are sorted"],
}
QUERY = "mail routes"
# Convert a text to the units of a client, and back.
SLICES = {
    "bytes": lambda text, start, end: text.encode()[start:end].decode(),
    "utf16": lambda text, start, end: text.encode("utf-16-le")[2 * start:2 * end].decode("utf-16-le"),
    "codepoints": lambda text, start, end: text[start:end],
}


def write_exports(folder):
    for soc in ("43-9051.00", "43-9052.00"):
        export = {"schemaVersion": "1.0", "exportedAt": "2026-05-15T12:00:00.000Z",
                  "occupation": {"soc": soc, "title": "Clerks", "group": "Office", "sector": "55", "jobZone": 2,
                                 "jobZoneInferred": False},
                  "framework": {"version": "1", "description": "", "contextCovered": "", "levels": {
                      level: {"label": level, "statements": [f"{text} {soc[6]}" for text in texts]}
                      for level, texts in STATEMENTS.items()}}}
        (folder / f"{soc}.json").write_text(json.dumps(export))


def words_of(text, spans, units):
    return [SLICES[units](text, start, end) for start, end in spans]


def every_hit(value):
    """All hits in a reply, wherever they are."""
    if isinstance(value, dict):
        if "spans" in value and "text" in value:
            yield value
        for member in value.values():
            yield from every_hit(member)
    elif isinstance(value, list):
        for item in value:
            yield from every_hit(item)


def check_spans(check, peer):
    statement = peer.ask(q=QUERY, limit=1)["hits"][0]["id"]
    asked = {
        "search": {"q": QUERY}, "scan": {"q": QUERY}, "similar": {"statement": statement},
        "crosswalk": {"occupations": ["43-9051.00", "43-9052.00"]}, "map": {"text": "Sorts 🙂 mail. Ärger 𝔘 routes!"},
        "compare": {"occupation": "43-9051.00"}, "get": {"ids": [statement]},
    }
    for op, members in asked.items():
        outcome = {units: [words_of(hit["text"], hit["spans"], units)
                        for hit in every_hit(peer.ask(op, **members, units=units))] for units in SLICES}
        searched = op not in ("compare", "get")
        check.that(f"{op} marks the same words in all units",
                   outcome["bytes"] == outcome["utf16"] == outcome["codepoints"] and any(outcome["bytes"]) == searched, outcome)
    plain = peer.ask(q=QUERY)["hits"]
    check.that("bytes are the default", [h["spans"] for h in plain] ==
               [h["spans"] for h in peer.ask(q=QUERY, units="bytes")["hits"]])
    check.that("units differ in texts with non-ASCII characters",
               len({json.dumps(peer.ask(q=QUERY, units=u)["hits"][0]["spans"]) for u in SLICES}) == 3)


def check_places(check, peer):
    text = "Größe 🙂 of mail. 👩‍🚀 Ärger 𝔘, routes sorted!"
    outcome = {units: peer.ask("map", text=text, units=units)["sentences"] for units in SLICES}
    sentences = {u: [SLICES[u](text, s["start"], s["end"]) for s in outcome[u]] for u in SLICES}
    evidence = {u: [words_of(text, m["evidence"], u) for s in outcome[u] for m in s["matches"]] for u in SLICES}
    check.that("sentences and evidence of a map are the same in all units",
               sentences["bytes"] == sentences["utf16"] == sentences["codepoints"] and len(sentences["utf16"]) == 2
               and evidence["bytes"] == evidence["utf16"] == evidence["codepoints"] and any(evidence["bytes"]),
               sentences, evidence)
    q = "größe \"🙂 Ärger\" OR rout* naïve"
    read = {units: peer.ask("analyze", q=q, units=units) for units in SLICES}
    parts = {u: [SLICES[u](q, w["start"], w["end"]) for w in r["words"]] +
             [SLICES[u](q, c["start"], c["end"]) for c in [r["tree"], *r["tree"].get("children", [])]]
             for u, r in read.items()}
    check.that("words and nodes of an analysis are the same in all units",
               parts["bytes"] == parts["utf16"] == parts["codepoints"] and "naïve" in parts["bytes"], parts)
    at = {units: peer.ask(q="größe 🙂 AND", units=units)["error"]["at"] for units in SLICES}
    check.that("the place of an error is in the units of the request",
               at == {"bytes": 13, "utf16": 9, "codepoints": 8}, at)
    inner = peer.ask("multi", units="utf16", requests=[{"op": "search", "q": "größe 🙂 AND"},
                                                       {"op": "search", "q": "größe 🙂 AND", "units": "bytes"}])
    check.that("requests of a multi have its units unless they name their own",
               [r["error"]["at"] for r in inner["replies"]] == [9, 13], inner)
    check.that("unknown units are refused",
               peer.ask(q="x", units="characters")["error"]["message"].startswith("/units"))


def check_marks(check, peer):
    for op, members in {"search": {"q": QUERY}, "scan": {"q": QUERY}, "map": {"text": QUERY},
                        "similar": {"statement": peer.ask(q=QUERY)["hits"][0]["id"]}}.items():
        hits = list(every_hit(peer.ask(op, **members, want=["marked"])))
        check.that(f"{op} escapes what it marks", hits and all(
            html.unescape(h["marked"].replace("<b>", "").replace("</b>", "")) == h["text"] and
            "<" not in h["marked"].replace("<b>", "").replace("</b>", "") for h in hits), hits)
    none = peer.ask(q=QUERY, want=["marked"], escape="none")["hits"]
    check.that("escape none leaves the text unchanged", any("<img" in h["marked"] for h in none), none)
    plain = peer.ask(q=QUERY, want=["marked"], tags=["[", "]"])["hits"]
    check.that("tags without < leave the text unchanged", any("<img" in h["marked"] for h in plain), plain)
    chosen = peer.ask(q=QUERY, want=["marked"], tags=["[", "]"], escape="html")["hits"]
    check.that("escape html escapes the text with any tags", not any("<" in h["marked"] for h in chosen), chosen)
    given = peer.ask(q=QUERY, want=["marked"], tags=["<a title=\"&\">", "</a>"])["hits"]
    check.that("tags are written exactly as given", all("<a title=\"&\">" in h["marked"] for h in given), given)
    check.that("an unknown escape is refused",
               peer.ask(q="x", escape="xml")["error"]["message"].startswith("/escape"))


def check_command(check, endpoint):
    def run(*arguments):
        return subprocess.run([BUILD / "skillsearch", "--connect", endpoint, *arguments], capture_output=True, text=True,
                              check=False)

    reply = json.loads(run("--json", "--marked", "--units", "utf16", QUERY).stdout)
    check.that("the command asks for marks and units", all(
        "<img" not in h["marked"] and "<b>" in h["marked"] and
        all(word.lower() in ("mail", "routes") for word in words_of(h["text"], h["spans"], "utf16"))
        for h in reply["hits"]) and reply["hits"], reply)
    lines = run("--tsv", "--tags", "[,]", "--escape", "html", QUERY).stdout.splitlines()
    check.that("a table has the marked text", lines and all(
        "[" in line.split("\t")[5] and "<" not in line.split("\t")[5] for line in lines), lines)
    failed = run("--json", "--units", "codepoints", "größe 🙂 AND")
    check.that("the caret below a refused query is at the right column in any units",
               json.loads(failed.stdout)["error"]["at"] == 8 and
               failed.stderr.splitlines()[2] == " " * (2 + 9) + "^", failed)
    for wrong in (["--units", "utf16", "mail"], ["--marked", "mail"], ["--tags", "[", "--json", "mail"],
                  ["--json", "--escape", "xml", "mail"]):
        check.that(f"{' '.join(wrong)} is refused", run(*wrong).returncode == 2, run(*wrong))


def main():
    check = Checks()
    with tempfile.TemporaryDirectory() as folder:
        exports = Path(folder, "exports")
        exports.mkdir()
        write_exports(exports)
        index(Path(folder, "index"), exports)
        daemon = Daemon(Path(folder, "index"))
        peer = daemon.peer()
        check_spans(check, peer)
        check_places(check, peer)
        check_marks(check, peer)
        check_command(check, daemon.endpoint)
        peer.socket.close()
        daemon.stop()
    zmq.Context.instance().term()
    return check.finish()


sys.exit(main())
