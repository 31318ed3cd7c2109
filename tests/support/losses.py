"""What may happen to a source, a folder of exports: each state is made by one function that takes the folder. Those in
WHOLE leave nothing of the folder, those in ONE damage its first file. No export may leave the index after any of
them."""

import gzip
import os
import shutil


def files(source):
    return sorted(path for path in source.iterdir() if path.suffix == ".json")


# ------------------------------------------------------------- the whole source

def emptied(source):
    """The folder of a file system that is not mounted."""
    for path in files(source):
        path.unlink()


def readme_only(source):
    emptied(source)
    (source / "README.md").write_text("Mount the exports here.")


def hidden_only(source):
    for path in files(source):
        path.rename(path.with_name("." + path.name))


def folders_only(source):
    emptied(source)
    (source / "exports").mkdir()


def deleted(source):
    shutil.rmtree(source)


def replaced_by_file(source):
    deleted(source)
    source.write_text("moved to another place")


def replaced_by_fifo(source):
    deleted(source)
    os.mkfifo(source)


def replaced_by_dangling_link(source):
    deleted(source)
    source.symlink_to("nowhere")


def replaced_by_dangling_links(source):
    replaced_by_dangling_link(source)
    source.with_name("nowhere").symlink_to("nowhere else")


WHOLE = [emptied, readme_only, hidden_only, folders_only, deleted, replaced_by_file, replaced_by_fifo,
         replaced_by_dangling_link]


# ----------------------------------------------------------------- one file of it

def first(source):
    return files(source)[0]


def spoil(change):
    """A state in which the first file has other bytes."""
    def state(source):
        path = first(source)
        path.write_bytes(change(path.read_bytes()))
    return state


def put(make):
    """A state in which something else is in the place of the first file."""
    def state(source):
        path = first(source)
        path.unlink()
        make(path)
    return state


def folder_with_readme(path):
    path.mkdir()
    (path / "README").write_text("moved")


ONE = {
    "0 bytes": spoil(lambda content: b""),
    "NUL bytes": spoil(lambda content: bytes(len(content))),
    "cut": spoil(lambda content: content[:len(content) // 2]),
    "gzip": spoil(gzip.compress),
    "HTML": spoil(lambda content: b"<html>502 Bad Gateway</html>"),
    "UTF-32": spoil(lambda content: content.decode().encode("utf-32")),
    "an object that is not an export": spoil(lambda content: b'{"error":"rate limited"}'),
    "an empty array": spoil(lambda content: b"[]"),
    "`null`": spoil(lambda content: b"null"),
    "a FIFO": put(os.mkfifo),
    "a folder": put(os.mkdir),
    "a folder with a README": put(folder_with_readme),
    "a link to nothing": put(lambda path: path.symlink_to("nowhere")),
}


# ------------------------------------------------------------- a new file in it

def added(name, content):
    """A state in which the source has one file more."""
    return lambda source: (source / name).write_bytes(content)


NEW = {
    "`x.json` is cut": added("x.json", b'{"a": "b'),
    "`x.json` is a cut array": added("x.json", b"[1,2"),
    "`x.json` is followed by more text": added("x.json", b'{"a":1} {"b":2}'),
    "`x.json` is HTML after a byte order mark": added("x.json", b"\xef\xbb\xbf\n<html>502 Bad Gateway</html>"),
    "`x.json` is gzip": added("x.json", gzip.compress(b"{}")),
    "`x.json` is empty": added("x.json", b""),
    "`x.json` is blank": added("x.json", b" \n\t\n"),
    "`x.jsonl` has a broken line": added("x.jsonl", b'{"a":1}\n{"b":\n'),
}
