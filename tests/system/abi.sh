#!/bin/bash
# abi.sh [--compare]: a program that was compiled for the last release runs with this library. With --compare also
# abidiff, against the library of that release; a change of a type or a function fails unless NEWS.md names it.
# The last release is the newest tag; before the first tag it is the last commit whose NEWS.md had no section of
# unreleased changes, 0.1.0.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
. tests/support/serve.sh
need_build
folder=$(mktemp -d)
trap 'stop_serving; rm -rf "$folder"' EXIT
release=$(git describe --tags --abbrev=0 2>/dev/null ||
    git rev-parse -q --verify "$(git log --reverse --format=%H -S'## Unreleased' -- NEWS.md 2>/dev/null | head -n 1)^" 2>/dev/null)
if [ -z "$release" ] || ! mkdir "$folder/include" || ! git show "$release:include/skillsearch.h" >"$folder/include/skillsearch.h" 2>/dev/null; then
    echo "skipped: the last release is not in the history of this checkout"
    tally
    exit
fi
version=$(sed -n 's/^#define SKS_VERSION *"\(.*\)"/\1/p' "$folder/include/skillsearch.h")
flags=(-Wall -Wextra -Werror)
case $SKS_BUILD in # a library with a sanitizer needs a program with the same one
*/address-undefined | */thread) flags+=("-fsanitize=$(basename "$SKS_BUILD" | tr - ,)") ;;
esac

# A library to link with, of which only the names and their versions count; 0.1.0 had no versions.
map=()
if git show "$release:client/abi/skillsearch.map" >"$folder/old.map" 2>/dev/null; then
    map=("-Wl,--version-script=$folder/old.map")
fi
tr '\n' ' ' <"$folder/include/skillsearch.h" | grep -oE 'SKS_API[^;]*;' | grep -oE 'sks_[a-z_]+ \(' | tr -d ' (' | sort -u >"$folder/names"
sed 's/.*/void & (void); void & (void) {}/' "$folder/names" >"$folder/old.c"
mkdir "$folder/old"
said=$(gcc -shared -fPIC -Wl,-soname,libskillsearch.so.0 "${map[@]}" -o "$folder/old/libskillsearch.so" "$folder/old.c" 2>&1 &&
    gcc "${flags[@]}" -I "$folder/include" -o "$folder/released" tests/abi/released.c -L "$folder/old" -lskillsearch 2>&1)
verdict "a program compiles against the header of $version" "$said"
said=$(gcc "${flags[@]}" -I "$folder/include" -o "$folder/mixed" tests/abi/released.c -L "$SKS_BUILD" -lskillsearch 2>&1 &&
    gcc "${flags[@]}" -I include -o "$folder/current" tests/abi/released.c -L "$SKS_BUILD" -lskillsearch 2>&1)
verdict "and links with this library, with that header and with this one" "$said"

serve "$folder"
run() { # program
    LD_LIBRARY_PATH=$SKS_BUILD "$folder/$1" 2>&1
}
expected=$(run current)
verdict "the program reads hits, shares, facets and statements by id" \
    "$([ "$(grep -c '^hit ' <<<"$expected")" = 10 ] && [ "$(grep -c '^got ' <<<"$expected")" = 3 ] &&
        grep -q '^share ' <<<"$expected" && grep -q '^facet ' <<<"$expected" || echo "$expected")"
verdict "the program that was linked with $version reads the same" "$(diff <(echo "$expected") <(run released))"
verdict "the program that was compiled for $version and linked with this library reads the same" \
    "$(diff <(echo "$expected") <(run mixed))"
nm -D --defined-only "$SKS_BUILD/libskillsearch.so" | awk '$2 == "T" { sub (/@.*/, "", $3); print $3 }' | sort -u >"$folder/present"
verdict "no function of $version is gone" "$(comm -23 "$folder/names" "$folder/present")"

if [ "${1:-}" = --compare ]; then
    mkdir "$folder/tree" && git archive "$release" | tar -C "$folder/tree" -x
    # 0.1.0 needs a library that later versions do not.
    grep -q czmq "$folder/tree/Makefile" && tests/system/deps.sh libczmq-dev
    said=$(make -C "$folder/tree" --no-print-directory BUILD=build "build/libskillsearch.so.$version" 2>&1)
    verdict "the library of $version is built" "$([ -e "$folder/tree/build/libskillsearch.so.$version" ] || echo "$said" | tail -n 20)"
    # abidiff compares no types where only one library has symbol versions, as that of 0.1.0 has none.
    compared=$SKS_BUILD/libskillsearch.so
    if ! nm -D --defined-only "$folder/tree/build/libskillsearch.so.$version" | grep -q @; then
        compared=$folder/plain.so
        gcc -shared -Wl,-soname,libskillsearch.so.0 -o "$compared" "$SKS_BUILD"/client/lib/*.o "$SKS_BUILD"/core/{wire,base}.a -lcjson -lzmq -lm
    fi
    abidiff --headers-dir1 "$folder/tree/include" --headers-dir2 include --leaf-changes-only \
        "$folder/tree/build/libskillsearch.so.$version" "$compared" >"$folder/report" 2>&1
    code=$?
    verdict "abidiff can compare the libraries" "$([ $((code & 3)) -eq 0 ] || cat "$folder/report")"
    # What NEWS.md says of the changes since then.
    sed -n "/^## /{/^## $version\$/q}; p" NEWS.md >"$folder/news"
    # Types and functions that changed, and functions that were removed.
    grep -E "^'.* changed:\$|^ *\[[CD]\]" "$folder/report" | grep -oE 'sks_[a-z_]+' | sort -u >"$folder/changed"
    # shellcheck disable=SC2016 # backquotes of the page
    while read -r name; do
        grep -qE '`'"$name"'\b' "$folder/news" || echo "$name"
    done <"$folder/changed" >"$folder/unnamed"
    [ $((code & 12)) -eq 0 ] || grep -v '^ *\[A\]' "$folder/report" | grep . | sed 's/^/# /'
    verdict "NEWS.md names each changed type and function ($(wc -l <"$folder/changed"), exit code $code)" "$(cat "$folder/unnamed")"
    verdict "abidiff finds the names of what it reports" "$([ $((code & 12)) -eq 0 ] || [ -s "$folder/changed" ] || cat "$folder/report")"
fi
tally
