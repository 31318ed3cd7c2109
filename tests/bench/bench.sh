#!/bin/bash
# bench.sh BUILD CORPUS [INDEX REQUESTS]: how long requests take, one JSON line per mode, and a table. Without INDEX,
# the sample corpus is used, with its duties as requests.
#   INDEX     folder of an index; REQUESTS: folder of any.txt, phrase.txt, browse.txt
#   MODES     letters of tests/bench/bench.c, "alpb"; "suxcm" are the other operations
#   COUNT     requests of each mode
#   PEERS     the peers' run.sh: the peers of PEERS_LIST answer the same requests over NAME (40k) in the same run and
#             are in the table with ratios. Its indexes and requests are in $W. "lucene sqlite:20" sends sqlite only
#             20 requests.
set -euo pipefail
build=${1:?usage: bench.sh BUILD CORPUS [INDEX REQUESTS]} corpus=${2:?usage: bench.sh BUILD CORPUS [INDEX REQUESTS]} index=${3:-} requests=${4:-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -z "$index" ]; then
    index=$folder/index requests=$folder
    "$build/skillsearch-index" --quiet --json --index "$index" "$corpus" | sed -n '1s/,"problems".*/}/p'
    grep -hoE '^ *"[^"]* — ' "$corpus"/*.json | sed -E 's/^ *"(.*) — $/\1/' >"$folder/any.txt"
    awk 'NF > 1 { print $1, $2 }' "$folder/any.txt" >"$folder/phrase.txt"
    printf '%s\n' emerging developing proficient advanced >"$folder/browse.txt"
fi
touch "$folder/peers"
for peer in ${PEERS:+${PEERS_LIST:-lucene sqlite groonga}}; do
    some=${peer#"${peer%%:*}"}
    N=${some#:} "$PEERS" "${peer%%:*}" "${NAME:-40k}" | tee -a "$folder/peers"
done
"$build/test-bench" "$index" "${requests:-$W/data}" "${MODES:-alpb}" "${COUNT:-0}" | tee "$folder/ours"
/usr/bin/python3 -B tests/bench/bench_table.py peers "$folder/ours" "$folder/peers"
