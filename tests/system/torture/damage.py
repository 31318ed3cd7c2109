"""Damaged files: every program refuses them by name, and none reads wrong data."""

import os
import pathlib
import subprocess

import exports
import index


def flip(content, random):
    at = random.randrange(len(content))
    content[at] ^= 1 << random.randrange(8)
    return f"bit flipped in byte {at}"


def cut(content, random):
    size = random.randrange(len(content))
    del content[size:]
    return f"cut to {size} bytes"


def zero(content, random):
    at, size = random.randrange(len(content)), random.choice([512, 4096])
    content[at:at + size] = bytes(len(content[at:at + size]))
    return f"{size} bytes zeroed from {at}"


def swap(content, random):
    size = random.choice([64, 512, 4096])
    one, other = random.sample(range(0, len(content) - size, size), 2)
    content[one:one + size], content[other:other + size] = content[other:other + size], content[one:one + size]
    return f"{size} bytes swapped, {one} and {other}"


def grow(content, random):
    size = random.choice([1, 8, 4096])
    content += random.choice([b"\0", b"x"]) * size
    return f"{size} bytes added"


def swap_sections(content, random):
    """Two rows of the header's table of sections (docs/index-format.md)."""
    one, other = (112 + 24 * row for row in random.sample(range(15), 2))
    content[one:one + 24], content[other:other + 24] = content[other:other + 24], content[one:one + 24]
    return f"rows {one} and {other} of the header swapped"


KINDS = {"statements": [flip, flip, flip, cut, zero, swap, grow, swap_sections],
         "postings": [flip, flip, flip, cut, zero, swap, grow],
         "additions": [flip, flip, flip, cut, zero, swap, grow]}


def refusal_by_daemon(folder):
    outcome = subprocess.run([index.BUILD / "skillsearchd", "--index", folder, "--listen", "tcp://127.0.0.1:*"],
                          capture_output=True, text=True, timeout=60, check=False)
    return outcome.returncode, outcome.stderr


def flaw_of_damage(place, name, with_daemon):
    path = os.path.join(place.index, os.readlink(os.path.join(place.index, "current")), name)
    outcome = index.size(place.index)
    if not isinstance(outcome, str) or path not in outcome:
        return f"read as {outcome}"
    if with_daemon:
        code, text = refusal_by_daemon(place.index)
        if code <= 0 or name not in text:
            return f"the daemon: exit {code}: {text!r}"
    return ""


def patch(place, random):
    """An index in which one export changed, so that it has additions; returns its size."""
    made = exports.Exports(os.path.join(place.folder, "patched"), random)
    made.fill(20, 12)
    index.copy(None, place.index)
    index.run(place.index, made.folder)
    made.put(3, 20)
    index.run(place.index, made.folder)
    return made.size


def torture(table, place, random, short):
    for name, kinds in KINDS.items():
        table.begin(f"damaged {name}")
        size = place.before
        index.copy(place.template, place.index)
        if name == "additions":
            size = patch(place, random)
        path = pathlib.Path(place.index, "current", name)
        whole = path.read_bytes()
        for i in range(30 if short else 600):
            content = bytearray(whole)
            what = kinds[i % len(kinds)](content, random)
            if content == whole:
                continue
            path.write_bytes(content)
            table.note(what, flaw_of_damage(place, name, i % 25 == 0))
        path.write_bytes(whole)
        table.note("made whole again", "" if index.size(place.index) == size else "refused")
        table.end()
