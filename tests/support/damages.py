"""Kinds of damage to an index, each made by one function that takes the index's folder. Those in WITHOUT_LINK and
CURRENT leave the generations before the current one intact."""

import os
import pathlib
import shutil


def link(folder):
    return pathlib.Path(folder, "current")


def current(folder):
    return pathlib.Path(folder, os.readlink(link(folder)))


def generations(folder):
    return sorted((path for path in pathlib.Path(folder).iterdir() if path.name.startswith("gen-")),
                  key=lambda path: int(path.name[4:]))


# ------------------------------------------------------------------ the link

def link_missing(folder):
    link(folder).unlink()


def link_dangling(folder):
    link_missing(folder)
    link(folder).symlink_to("gen-77")


def link_elsewhere(folder):
    link_missing(folder)
    link(folder).symlink_to("..")


def link_is_folder(folder):
    target = current(folder)
    link_missing(folder)
    shutil.copytree(target, link(folder))


def link_is_file(folder):
    link_missing(folder)
    link(folder).write_text("gen-2")


def generation_removed(folder):
    shutil.rmtree(current(folder))


# ------------------------------------------------- files of the current generation

def flip(path, at=-9):
    content = bytearray(path.read_bytes())
    content[at] ^= 0x10
    path.write_bytes(content)


def statements_flipped(folder):
    flip(current(folder) / "statements")


def statements_missing(folder):
    (current(folder) / "statements").unlink()


def statements_empty(folder):
    (current(folder) / "statements").write_bytes(b"")


def another_format(folder):
    path = current(folder) / "statements"
    content = path.read_bytes()
    path.write_bytes(content[:8] + bytes([content[8] + 1]) + content[9:])


def postings_cut(folder):
    path = current(folder) / "postings"
    path.write_bytes(path.read_bytes()[:-1])


def postings_missing(folder):
    (current(folder) / "postings").unlink()


def postings_folder(folder):
    postings_missing(folder)
    (current(folder) / "postings").mkdir()


def sources_flipped(folder):
    flip(current(folder) / "sources")


def sources_missing(folder):
    (current(folder) / "sources").unlink()


def generation_empty(folder):
    for path in current(folder).iterdir():
        path.unlink()


def generation_is_file(folder):
    target = current(folder)
    shutil.rmtree(target)
    target.write_text("x")


def exchange(one, other):
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def generations_exchanged(folder):
    """Each file is intact, but has the name of another."""
    exchange(*generations(folder)[-2:])


def lists_exchanged(folder):
    """The lists of sources are intact, but each is in the other's generation."""
    exchange(*(generation / "sources" for generation in generations(folder)[-2:]))


WITHOUT_LINK = [link_missing, link_dangling, link_elsewhere, link_is_folder, link_is_file, generation_removed]
CURRENT = [statements_flipped, statements_missing, statements_empty, another_format, postings_cut, postings_missing,
           postings_folder, sources_flipped, sources_missing, generation_empty, generation_is_file]


# ------------------------------------------------------------- all generations

def all_damaged(folder):
    """No generation opens, but all lists of sources can be read."""
    for generation in generations(folder):
        flip(generation / "statements")


def all_lost(folder):
    """No generation opens, and no list of sources can be read."""
    for generation in generations(folder):
        flip(generation / "statements")
        flip(generation / "sources")
