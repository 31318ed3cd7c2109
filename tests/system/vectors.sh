#!/bin/bash
# vectors.sh: tests the program skillsearch-vectors: what it makes, shows and refuses.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
need_build
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
program=$SKS_BUILD/skillsearch-vectors
# A source of a few words, and near words of each kind.
/usr/bin/python3 - "$folder" <<'PYTHON'
import json
import sys
words = {"kids": [5, 1, 0], ",": [-1, 3, 1], "children": [5, 0.5, 0], "repair": [-5, 1, 2], "fix": [-5, 0.5, 1.5], "on-site": [0, 9, -9]}
vectors = {word: start + [0] * 97 + [1, place] for place, (word, start) in enumerate(words.items())}
large = {chr(97 + place) * 3: [place] * 100 + [1, place] for place in range(26)}
for name, source in ("source", vectors), ("large", large):
    with open(f"{sys.argv[1]}/{name}.json", "w", encoding="utf-8") as file:
        json.dump({"dimensions": 100, "words": list(source), "vectors": source}, file)
PYTHON
# Print the files of these names that exist although they should not.
left() {
    for file; do
        [ ! -e "$folder/$file" ] || echo "$file was left"
    done
}
# Run skillsearch-vectors with its output in $folder/said, and print its exit code.
run() {
    "$program" "$@" >"$folder/said" 2>&1 </dev/null
    echo $?
}
is() { # actual, expected
    [ "$1" = "$2" ] || { echo "$1 where $2 belongs:"; cat "$folder/said"; }
}

verdict "a file is made from a source" "$(is "$(run --output "$folder/vectors" "$folder/source.json")" 0)"
verdict "the same source gives the same bytes" \
    "$(is "$(run --output "$folder/again" "$folder/source.json")" 0; cmp "$folder/vectors" "$folder/again" 2>&1)"
verdict "--show describes a file" \
    "$(is "$(run --show "$folder/vectors")" 0; grep -qx "words	5" "$folder/said" || cat "$folder/said")"
verdict "--show lists the near words of a folded word" \
    "$(is "$(run --show "$folder/vectors" KIDS Fix)" 0; is "$(cut -f1,2 "$folder/said" | tr '\t\n' ' ;')" "kids children;fix repair;")"
verdict "--show of a word without a vector names it and ends with 1" \
    "$(is "$(run --show "$folder/vectors" fix zebra)" 1; grep -q 'zebra: no word with a vector' "$folder/said" || cat "$folder/said")"
verdict "a word that is not UTF-8 has no vector" "$(is "$(run --show "$folder/vectors" "$(printf 'fix\377')")" 1)"
verdict "a compound is found by its joined form" "$(is "$(run --show "$folder/vectors" on-site onsite)" 0)"
verdict "--words takes the first words" \
    "$(is "$(run --words 2 --output "$folder/two" "$folder/source.json")" 0; run --show "$folder/two" >/dev/null
        grep -qx "words	2" "$folder/said" || cat "$folder/said")"

# A reader written from docs/vectors.md alone.
page=$(/usr/bin/python3 - "$folder/vectors" 2>&1 <<'PYTHON'
import ctypes
import struct
import sys
data = open(sys.argv[1], "rb").read()
magic, digest, version, dimensions, words, relations, text, thesaurus, zeros = struct.unpack_from("<8sQ6I24s", data)
xxh3 = ctypes.CDLL("libxxhash.so.0").XXH3_64bits
xxh3.restype, xxh3.argtypes = ctypes.c_uint64, [ctypes.c_char_p, ctypes.c_size_t]
assert (magic, version, dimensions, thesaurus, zeros) == (b"SKSVECT\n", 1, 100, 0, bytes(24))
assert digest == xxh3(data[16:], len(data) - 16)
assert len(data) == 64 + 112 * words + 2 * (4 * words + 4) + 5 * relations + text
starts = struct.unpack_from(f"<{words + 1}I", data, 64 + 112 * words)
at = len(data) - text
assert [data[at + start:at + end].decode() for start, end in zip(starts, starts[1:])] == ["children", "fix", "kids", "onsite", "repair"]
row = struct.unpack_from("<112b", data, 64 + 112 * 3)
largest = max(abs(number) for number in row)
assert largest == 127 and not any(row[100:]), row
PYTHON
)
verdict "a reader written from docs/vectors.md reads the file" "$page"

head -c 700 "$folder/source.json" >"$folder/cut.json"
verdict "a truncated source is refused with the byte, and the existing file stays" \
    "$(is "$(run --output "$folder/again" "$folder/cut.json")" 1
        grep -q 'cut.json: byte 700: the file ends too early' "$folder/said" || cat "$folder/said"
        cmp "$folder/vectors" "$folder/again" 2>&1; left again.new)"
verdict "a source that is a folder is refused" "$(is "$(run --output "$folder/x" "$folder")" 1; left x x.new)"
verdict "a missing WordNet is refused" \
    "$(is "$(run --wordnet "$folder" --output "$folder/x" "$folder/source.json")" 1
        grep -q cntlist.rev "$folder/said" || cat "$folder/said"; left x x.new)"
verdict "an output that cannot be written is refused" \
    "$(is "$(run --output "$folder/none/x" "$folder/source.json")" 1)"
(
    ulimit -f 1
    run --output "$folder/x" "$folder/large.json" >"$folder/code"
)
verdict "a file that exceeds the size limit of the process is an error, and no part of it stays" \
    "$(is "$(cat "$folder/code")" 1; left x x.new)"
head -c 500 "$folder/vectors" >"$folder/damaged"
verdict "a truncated file is refused" \
    "$(is "$(run --show "$folder/damaged")" 1; grep -q damaged "$folder/said" || cat "$folder/said")"
for arguments in "" "--output x" "--show x --output x y" "--output x y z" "--words 0 --output x y" \
    "--words 1000001 --output x y" "--words 5x --output x y" "--nothing" "--output"; do
    # shellcheck disable=SC2086 # word splitting is intended
    verdict "wrong usage ends with 2: ${arguments:-no arguments}" "$(is "$(run $arguments)" 2)"
done
tally
