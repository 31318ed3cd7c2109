#!/bin/sh
# relevance.sh BUILD INDEX QUERIES QRELS EVALUATE [NEAR-WORDS]: score the ranking for each
# shape of the queries and for each way of matching, with a table of near words.
set -eu
build=$1 index=$2 queries=$3 qrels=$4 evaluate=$5 near=${6:-}
if [ ! -e "$evaluate" ]; then
    echo "usage: make relevance INDEX=DIR QUERIES=FILE QRELS=FILE EVALUATE=PROGRAM [NEAR_WORDS=FILE]" >&2
    exit 2
fi
run=$(mktemp)
trap 'rm -f "$run"' EXIT
for match in any auto ${near:+meaning}; do
    for shape in given tail reversed shuffled; do
        "$build/test-relevance" "$index" "$queries" "$match" "$shape" ${near:+"$near"} >"$run"
        printf '%-7s %-9s %s\n' "$match" "$shape" "$(/usr/bin/python3 "$evaluate" "$run" "$qrels" "$queries")"
    done
done
