"""A sentence encoder from its package to answers. The package is made here, small and random, and the results of the
programs are compared with an independent calculation (tests/support/network.py). If `make encoder` and
`make encoder-reference` were run, the real encoder is compared with the package's own programs on thousands of texts."""

import ctypes
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import zmq
from claims import counts_equal_totals, pages_agree
from network import HIDDEN, NARROW, PIECES, RESERVED, WIDE, Network
from peer import BUILD, ROOT, Checks, Daemon, index

VECTORS, ENCODE = BUILD / "skillsearch-vectors", BUILD / "test-encode"
KERNELS = ["avx512", "avx2", "baseline"]
TEXTS = ["", "pump", "repair the pumps", "fix a pump", "Repair, then test: \u00e9\u00e8 pumps!?", "\ufb01x  the\u00a0pump", "x" * 40,
         "\U0001f600\U0001f600 pumps", "stack of parts", "abcdefg hij", "\u2581pump"]
STATEMENTS = ["Repair pumps", "Fix the valve", "Teach pupils to read", "Sweep halls", "Count the chairs"]
TOLERANCE = 1e-5


def run(*arguments, text=None):
    return subprocess.run([str(argument) for argument in arguments], input=text, capture_output=True, text=True, check=False,
                          timeout=600)


def encode(file, what, texts, *kernel):
    """What test-encode prints for each text, as lists; None where the processor has no such instructions."""
    done = run(ENCODE, file, what, *kernel, text="".join(text + "\n" for text in texts))
    if done.returncode == 3:
        return None
    assert done.returncode == 0, done.stderr
    return [line.split("\t")[:-1] for line in done.stdout.split("\n")[:-1]]


def numbers(rows):
    return [[float(number) for number in row] for row in rows]


def farthest(one, other):
    return max(abs(a - b) for row, row_of in zip(one, other) for a, b in zip(row, row_of))


def write_exports(folder, count=2):
    folder.mkdir(exist_ok=True)
    for number in range(count):
        soc = f"43-9{number:03}.00"
        (folder / f"{soc}.json").write_text(json.dumps({
            "schemaVersion": "1.0", "exportedAt": "2026-05-15T12:00:00.000Z",
            "occupation": {"soc": soc, "title": "Staff", "group": "Office", "sector": "55", "jobZone": 2,
                           "jobZoneInferred": False},
            "framework": {"version": "1", "description": "", "contextCovered": "", "levels": {
                level: {"label": level, "statements": [f"{text} at place {letter} {level}" for text in STATEMENTS
                                                       for letter in "abcdefg"]}
                for level in ("emerging", "developing", "proficient", "advanced")}}}))
    return folder


def check_file(check, folder, network, sample):
    """The file that skillsearch-vectors makes from a package, and the packages that it refuses."""
    package, file = network.write(folder / "package"), folder / "tiny.encoder"
    made = run(VECTORS, "--encoder", "--sample", sample, "--output", file, package)
    check.that("a package becomes a file", made.returncode == 0, made.stderr)
    again = folder / "again.encoder"
    run(VECTORS, "--encoder", "--sample", sample, "--output", again, package)
    check.that("the same package gives the same bytes", again.read_bytes() == file.read_bytes())
    shown = run(VECTORS, "--show", file)
    check.that("--show says what a file has", f"pieces\t{len(PIECES) + 1}\nwidths\t{NARROW} {WIDE} {HIDDEN}\n" in shown.stdout,
               shown.stdout, shown.stderr)
    compared = run(VECTORS, "--show", file, "pump", "pump", "fix the pump")
    rows = [line.split("\t") for line in compared.stdout.splitlines()]
    check.that("--show compares texts", [row[1] for row in rows] == ["pump", "fix the pump"] and rows[0][0] == "1.000", rows)

    split = encode(file, "pieces", TEXTS)
    names = [*["?"] * len(RESERVED), *PIECES]
    expected = [[names[piece] for piece in network.split(text)] for text in TEXTS]
    check.that("texts are split as the package splits them", split == expected, split, expected)
    vectors, wanted = numbers(encode(file, "vectors", TEXTS)), [network.vector(text) for text in TEXTS]
    check.that("vectors are those of the published graph", farthest(vectors, wanted) < TOLERANCE, farthest(vectors, wanted))
    by_kernel = {name: encode(file, "rounded", TEXTS, name) for name in KERNELS}
    check.that("all instructions give the same rounded vectors", by_kernel["baseline"] and
               all(rows in (None, by_kernel["baseline"]) for rows in by_kernel.values()), by_kernel)
    check.that("docs/encoder.md describes the file completely", not (problem := read_by_page(file, network)), problem)

    model = json.loads((package / "model.json").read_text())
    for name, wanted, changed in refusals(model, network):
        other = network.write(folder / "changed", **changed)
        refused = run(VECTORS, "--encoder", "--sample", sample, "--output", folder / "x", other)
        check.that(f"a package is refused: {name}", refused.returncode == 1 and wanted in refused.stderr and
                   not (folder / "x").exists(), refused.stderr)
    (package / "second").unlink()
    refused = run(VECTORS, "--encoder", "--sample", sample, "--output", folder / "x", package)
    check.that("a package is refused: a file is missing", refused.returncode == 1 and "second" in refused.stderr, refused.stderr)
    refused = run(VECTORS, "--encoder", "--sample", folder, "--output", folder / "x", network.write(folder / "package"))
    check.that("a sample that is not an index is refused", refused.returncode == 1 and "statements" in refused.stderr, refused.stderr)
    for arguments in (["--encoder", package], ["--sample", sample, package], ["--encoder", "--sample", sample, "--wordnet", "w", package]):
        misuse = run(VECTORS, "--output", folder / "x", *arguments)
        check.that(f"misuse is exit 2: {arguments[:-1]}", misuse.returncode == 2, misuse.stderr)
    return file


def refusals(model, network):
    def changed(change):
        copy = json.loads(json.dumps(model))
        change(copy["weightsManifest"][0])
        return {"model": json.dumps(copy)}

    vocabulary = network.vocabulary
    yield "no JSON", "model.json", {"model": "{"}
    yield "no list of weights", "no list of weights", {"model": "{}"}
    yield "a path out of the folder", "invalid file", changed(lambda manifest: manifest.update(paths=["../first"]))
    yield "a weight is missing", "is missing", changed(lambda manifest: manifest["weights"].pop())
    yield "a weight without a shape", "invalid shape", changed(lambda manifest: manifest["weights"][3].pop("shape"))
    yield "a weight beyond the files", "beyond the files", changed(lambda manifest: manifest["weights"][-1].update(shape=[4096, 64]))
    yield "a weight of another shape", "another shape", changed(lambda manifest: manifest["weights"][-1].update(shape=[32]))
    yield "two weights of one name", "of one name", changed(lambda manifest: manifest["weights"][-1].update(
        name=manifest["weights"][0]["name"]))
    few = {"vocab": json.dumps(vocabulary[:len(RESERVED) + 1])}
    yield "shapes of more numbers than the files have", "fewer numbers", few | changed(lambda manifest: manifest.update(weights=[
        {"name": name, "shape": shape} for name, shape in (("module/Embeddings_en", [7, 4096]), ("tanh_layer_0/weights", [4096]),
                                                           ("Layer_0/TransformerLayer/FFN/conv1/bias", [4096]))]))
    yield "more pieces than embeddings", "more pieces", {"vocab": json.dumps([*vocabulary, ["zz", -9]])}
    yield "a piece without a text", "not [piece, score]", {"vocab": json.dumps([*vocabulary[:-1], [1, 2]])}


def read_by_page(file, network):
    """A reader made from docs/encoder.md alone."""
    data = file.read_bytes()
    magic, digest, version, pieces, narrow, wide, hidden, text, zeros = struct.unpack_from("<8sQ6I24s", data)
    xxh3 = ctypes.CDLL("libxxhash.so.0").XXH3_64bits
    xxh3.restype, xxh3.argtypes = ctypes.c_uint64, [ctypes.c_char_p, ctypes.c_size_t]
    if (magic, version, zeros) != (b"SKSENCO\n", 1, bytes(24)) or digest != xxh3(data[16:], len(data) - 16):
        return "the head"
    layer = [2 * ins + 2 * wide + 3 * ins * (ins + 1) + wide * (ins + 1) + hidden * (wide + 1) + wide * (hidden + 1)
             for ins in (narrow, wide)]
    floats = pieces * narrow + 128 * narrow + sum(layer) + wide * (narrow + 1) + wide * (wide + 1) + 64 * (wide + 1)
    if len(data) != 64 + 4 * floats + 8 * pieces + 4 * (pieces + 1) + text:
        return f"{len(data)} bytes"
    starts = struct.unpack_from(f"<{pieces + 1}I", data, 64 + 4 * floats + 8 * pieces)
    found = [data[len(data) - text:][start:end].decode() for start, end in zip(starts, starts[1:])]
    if found != ["", *sorted(PIECES, key=str.encode)]:
        return f"pieces {found}"
    scores = struct.unpack_from(f"<{pieces}d", data, 64 + 4 * floats)
    if list(scores[1:]) != [PIECES[piece] for piece in found[1:]]:
        return "scores"
    row = network.matrix("Embeddings_en")[len(RESERVED) + list(PIECES).index(found[3])]
    if list(struct.unpack_from(f"<{narrow}f", data, 64 + 4 * 3 * narrow)) != row:
        return "embeddings"
    # The last matrix: biases, then columns in panels of 32, for each input.
    at = 64 + 4 * (floats - 64 * (wide + 1) - wide * (wide + 1))
    if struct.unpack_from("<f", data, at + 4 * (wide + (1 * wide + 5) * 32 + 7))[0] != network.matrix("tanh_layer_0/weights")[5][32 + 7]:
        return "panels"
    return ""


def encoded_of(place):
    return (place / "current" / "encoded").read_bytes()


def check_indexer(check, folder, file, other):
    """Statements are encoded after publishing; the vectors of unchanged texts are reused."""
    place, exports = folder / "index", write_exports(folder / "exports")
    texts = len(STATEMENTS) * 7 * 4

    def report(*arguments):
        made = index(place, exports, arguments=arguments)
        return made["outcome"], made["encoded"]

    check.that("without an encoder nothing is encoded", report() == ("published", 0) and not (place / "current" / "encoded").exists())
    check.that("an encoder alone does not cause a publication, and each text is encoded once", report("--encoder", file) == ("unchanged", texts))
    first = encoded_of(place)
    check.that("the file has a head, and 72 bytes per statement", len(first) == 64 + 72 * 2 * texts, len(first))
    check.that("encoded statements are not encoded again", report("--encoder", file) == ("unchanged", 0) and encoded_of(place) == first)
    changed = json.loads((exports / "43-9001.00.json").read_text())
    changed["framework"]["levels"]["emerging"]["statements"].append("Sweep halls twice")
    (exports / "43-9001.00.json").write_text(json.dumps(changed))
    check.that("only a new text is encoded", report("--encoder", file) == ("published", 1))
    made = encoded_of(place)
    shutil.copytree(exports, folder / "copy")
    index(folder / "fresh", folder / "copy", arguments=["--encoder", file, "--threads", "1"])
    check.that("reused or new, in one thread or more, vectors are the same",
               made[64:] == encoded_of(folder / "fresh")[64:])
    check.that("another encoder encodes all texts again", report("--encoder", other) == ("unchanged", texts + 1) and
               encoded_of(place)[64 + 8 * (2 * texts + 1):] != made[64 + 8 * (2 * texts + 1):])
    check.that("and so does the first one, used again", report("--encoder", file) == ("unchanged", texts + 1) and encoded_of(place) == made)
    (place / "current" / "encoded").write_bytes(made[:-1])
    check.that("a damaged file is made again", report("--encoder", file)[0] == "unchanged" and encoded_of(place) == made)
    before = (place / "current").readlink()
    for name, path, reason in (("missing", folder / "missing", "no such file"), ("damaged", folder / "x.encoder", "damaged")):
        (folder / "x.encoder").write_bytes(file.read_bytes()[:-1])
        (exports / "43-9001.00.json").write_text(json.dumps(changed).replace("twice", f"{name}ly"))
        refused = run(BUILD / "skillsearch-index", "--index", place, "--encoder", path, exports)
        check.that(f"a {name} encoder is refused before anything is published", refused.returncode == 1 and
                   reason in refused.stderr and (place / "current").readlink() == before, refused.stderr)
    (exports / "43-9001.00.json").write_text(json.dumps(changed))
    return place, exports


def figures_of(peer):
    figures = peer.ask("stats")["index"]
    return figures["encoder"], figures["encoder_unused"]


def check_answers(check, place, exports, file, other):
    daemon = Daemon(place, "--encoder", file, "--near-words", "none")
    peer = daemon.peer()
    query = {"q": "fix pumps valve", "match": "any"}
    check.that("stats says that the encoder is used", figures_of(peer) == (1, 0), figures_of(peer))
    hits = peer.ask(**query, want=["explain"])["hits"]
    check.that("explain has a part sentence", any(part["part"] == "sentence" for hit in hits for part in hit["explain"]), hits)
    check.that("the parts add up", all(abs(sum(part["score"] for part in hit["explain"]) - hit["score"]) < .01 for hit in hits), hits)
    check.that("counts are totals, and pages are one list", not counts_equal_totals(peer, **query) and pages_agree(peer, **query))
    with_, without = (peer.ask(facets=["level", "occupation"], **query, meaning=meaning, limit=100) for meaning in (True, False))
    check.that("the encoder changes the order, and no count", with_["hits"] != without["hits"] and
               (with_["total"], with_["facets"]) == (without["total"], without["facets"]))
    statement = hits[0]["id"]
    for op, asked in (("similar", {"statement": statement}), ("map", {"text": "Fix pumps and valves."})):
        replies = [peer.ask(op, **asked, want=["explain"], meaning=meaning) for meaning in (True, False)]
        lists = [reply["hits"] if op == "similar" else reply["sentences"][0]["matches"] for reply in replies]
        check.that(f"{op} says that it compares by meaning", [reply["compared_by"] for reply in replies] == ["meaning", "words"], replies)
        parts = [{part["part"] for hit in hits_of for part in hit["explain"]} for hits_of in lists]
        check.that(f"{op} ranks by the encoder, unless asked not to", "sentence" in parts[0] and "sentence" not in parts[1], parts)
        check.that(f"the parts of {op} add up", all(abs(sum(part["score"] for part in hit["explain"]) - hit["score"]) < .01
                                                    for hit in lists[0]), lists[0])
    for op, asked, rows in (("compare", {"occupation": "43-9000"}, "rows"), ("crosswalk", {"occupations": ["43-9000", "43-9001"]}, "pairs")):
        replies = [peer.ask(op, **asked, meaning=meaning) for meaning in (True, False)]
        check.that(f"{op} compares by meaning, unless asked not to", [reply["compared_by"] for reply in replies] == ["meaning", "words"]
                   and replies[0][rows] != replies[1][rows], replies)
    wrong = [pair for pair in replies[0]["pairs"] if abs(sum(part["score"] for part in pair["explain"]) - pair["likeness"]) > .001]
    check.that("the reasons of a pair add up to its likeness", replies[0]["pairs"] and not wrong, wrong[:1])
    check.that("the encoder's part is a reason without words, as there are no word vectors",
               any(part["term"] == "" for pair in replies[0]["pairs"] for part in pair["explain"]), replies[0]["pairs"][:1])
    check.that("the same query gets the same answer again", peer.ask(**query)["hits"] == peer.ask(**query)["hits"])
    words = without["hits"]
    for name, arguments, unused, reason in (("another encoder", ["--encoder", other], 1, "another file"),
                                            ("a missing encoder", ["--encoder", file.with_suffix(".gone")], 1, "no such file"),
                                            ("none", [], 0, None)):
        second = Daemon(place, "--near-words", "none", *arguments)
        other_peer = second.peer()
        check.that(f"with {name} answers are by words", other_peer.ask(**query, limit=100)["hits"] == words and
                   figures_of(other_peer) == (0, unused), figures_of(other_peer))
        other_peer.socket.close()
        second.stop()
        second.log.seek(0)
        log = second.log.read()
        check.that(f"with {name} the log says why", ("encoder_unused" in log and reason in log) if reason else "encoder_unused" not in log, log)
    # A generation that is published without vectors answers by words until it is encoded.
    changed = json.loads((exports / "43-9000.00.json").read_text())
    changed["framework"]["levels"]["emerging"]["statements"].append("Mop the halls")
    (exports / "43-9000.00.json").write_text(json.dumps(changed))
    for arguments, reloads, wanted in (([], 1, (0, 1)), (["--encoder", file], 2, (1, 0))):
        index(place, exports, arguments=arguments)
        asked = 0
        while peer.ask("stats")["reloads"]["done"] < reloads and asked < 100000:
            asked += 1
        check.that(f"the daemon takes up what is published: {arguments[:1]}", figures_of(peer) == wanted, figures_of(peer))
    peer.socket.close()
    daemon.stop()


def check_package(check):
    """The real encoder against the programs that its package is made for."""
    file, reference = ROOT / "build/encoder/sentence.encoder", ROOT / "build/encoder/reference"
    data = Path(os.environ.get("SKS_DATA", ""))
    if not file.exists() or not (reference / "node_modules").exists() or not shutil.which("node"):
        print("skipped: the package's own vectors need node, make encoder and make encoder-reference")
        return
    texts = real_texts(data)
    asked = run("node", ROOT / "tests/encoder/reference.mjs", reference, ROOT / "build/encoder", text=json.dumps(texts))
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    split = encode(file, "pieces", texts)
    wrong = [text for text, ours, theirs in zip(texts, split, answer["pieces"]) if ours != theirs[:128]]
    check.that(f"{len(texts)} texts are split as the package splits them", not wrong, wrong[:5])
    some = answer["vectors"]
    vectors = numbers(encode(file, "vectors", texts[:len(some)]))
    check.that(f"vectors of {len(some)} texts are those of the package to {TOLERANCE}", farthest(vectors, some) < TOLERANCE,
               farthest(vectors, some))
    by_kernel = {name: encode(file, "rounded", texts[:len(some)], name) for name in KERNELS}
    check.that("and all instructions round them alike", all(rows in (None, by_kernel["baseline"]) for rows in by_kernel.values()))


def real_texts(data):
    texts = ["Clean pumps\u2014quickly", "na\u00efve caf\u00e9", "\ufb01re \u2460 x\u00b2", "tabs\tand more", "\U0001f600 smile", "\u65e5\u672c\u8a9e", "a" * 600]
    for path in sorted([*(ROOT / "corpus").glob("*.json"), *(data / "onet" / "exports").glob("*.json")])[::7]:
        levels = json.loads(path.read_text())["framework"]["levels"]
        texts += [text for level in levels.values() for text in level["statements"]]
    for name in "queries.tsv", "everyday.tsv":
        path = data / "onet" / name
        texts += [line.split("\t")[1] for line in path.read_text().splitlines() if "\t" in line] if path.exists() else []
    return [text for text in dict.fromkeys(texts) if "\n" not in text]


def main():
    check = Checks()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sample = folder / "sample"
        index(sample, write_exports(folder / "samples", 3))
        file = check_file(check, folder, Network(1), sample / "current")
        other = folder / "other.encoder"
        made = run(VECTORS, "--encoder", "--sample", sample / "current", "--output", other, Network(2).write(folder / "second"))
        assert made.returncode == 0, made.stderr
        check_answers(check, *check_indexer(check, folder, file, other), file, other)
    check_package(check)
    zmq.Context.instance().term()
    return check.finish()


sys.exit(main())
