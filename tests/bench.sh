#!/bin/sh
# bench.sh BUILD CORPUS [INDEX REQUESTS]: how long requests take, one JSON line a
# mode. Without INDEX it is the sample corpus with its duties as requests.
#   INDEX     folder of an index; REQUESTS: folder of any.txt, phrase.txt, browse.txt
#   MODES     letters of tests/bench.c, "alpb"; "suxcm" are the other operations
#   COUNT     requests of each mode
#   PEERS     the peers' run.sh: PEERS_LIST (lucene sqlite groonga) answer the same
#             requests over NAME (40k) in the same run, and a table with ratios
#             follows. It keeps its indexes and requests in $W.
set -eu
build=$1 corpus=$2 index=${3:-} requests=${4:-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -z "$index" ]; then
    index=$folder/index requests=$folder
    "$build/skillsearch-index" --quiet --json --index "$index" "$corpus" | sed -n '1s/,"problems".*/}/p'
    grep -hoE '^ *"[^"]* — ' "$corpus"/*.json | sed -E 's/^ *"(.*) — $/\1/' >"$folder/any.txt"
    awk 'NF > 1 { print $1, $2 }' "$folder/any.txt" >"$folder/phrase.txt"
    printf '%s\n' emerging developing proficient advanced >"$folder/browse.txt"
fi
for peer in ${PEERS:+${PEERS_LIST:-lucene sqlite groonga}}; do
    "$PEERS" "$peer" "${NAME:-40k}" >>"$folder/peers"
done
"$build/tests/bench" "$index" "${requests:-$W/data}" "${MODES:-alpb}" "${COUNT:-0}" | tee "$folder/ours"
if [ -e "$folder/peers" ]; then
    /usr/bin/python3 tests/bench_table.py "$folder/ours" "$folder/peers"
fi
