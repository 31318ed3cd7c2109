#!/bin/sh
# instructions.sh BUILD CORPUS [--write]: counts the instructions of a small fixed load in each mode and compares them
# with the table tests/bench/instructions.txt. Seconds differ from machine to machine and from run to run; instruction
# counts do not, except for a few that libraries and compilers change: hence the tolerance. --write writes the table.
set -u
build=${1:?usage: instructions.sh BUILD CORPUS [--write]} corpus=${2:?usage: instructions.sh BUILD CORPUS [--write]} write=${3:-}
table=tests/bench/instructions.txt tolerance=15 passed=0 failed=0
if ! command -v valgrind >/dev/null; then
    echo "skipped: valgrind is not installed, so no instruction is counted"
    echo "0 passed, 0 failed"
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The sample corpus with each occupation copied under COPIES SOC codes: large enough for the sets and windows of a real
# index.
mkdir "$folder/exports"
/usr/bin/python3 tests/bench/grow.py "$corpus" "$folder/exports" 12000
"$build/skillsearch-index" --quiet --index "$folder/index" "$folder/exports" || exit 1
grep -hoE '^ *"[^"]* — ' "$corpus"/*.json | sed -E 's/^ *"(.*) — $/\1/' | head -n 40 >"$folder/any.txt"
awk 'NF > 1 { print $1, $2 }' "$folder/any.txt" >"$folder/phrase.txt"
printf '%s\n' emerging developing proficient advanced >"$folder/browse.txt"

# Instructions per request of a mode, warm, with the near words of the daemon.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='measure*' \
        "$build/test-bench" "$folder/index" "$folder" "$1" 40 0 core/engine/near_words.tsv 2>"$folder/$1.log" >"$folder/$1.out" || return 1
    requests=$(sed -n 's/.*"requests":\([0-9]*\),.*/\1/p' "$folder/$1.out")
    sed -n "s/.*Collected *: *\([0-9]*\).*/\1/p" "$folder/$1.log" | awk -v n="$requests" '{ printf "%d\n", $1 / n }'
}

# All modes at a time: valgrind uses one core, and other processes do not change what it counts.
while read -r mode letter expected; do
    case $mode in '' | '#'*) continue ;; esac
    count "$letter" >"$folder/$letter.count" &
done <"$table"
wait

[ "$write" = --write ] && grep '^#' "$table" >"$folder/table"
while read -r mode letter expected; do
    case $mode in '' | '#'*) continue ;; esac
    found=$(cat "$folder/$letter.count")
    [ "$write" = --write ] && echo "$mode $letter $found" >>"$folder/table"
    off=$(((found - expected) * 100 / expected))
    if [ "${off#-}" -le "$tolerance" ]; then
        echo "ok $mode: $found instructions per request ($off %)"
        passed=$((passed + 1))
    else
        echo "not ok $mode: $found instructions per request, expected $expected ($off %)"
        failed=$((failed + 1))
    fi
done <"$table"
[ "$write" = --write ] && cp "$folder/table" "$table"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
