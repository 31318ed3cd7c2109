#!/bin/sh
# relevance.sh BUILD INDEX QUERIES QRELS EVALUATE [NEAR-WORDS [VECTORS]]: score the ranking for each shape of the
# queries and each way of matching, with a table of near words, and again with the file of word vectors that INDEX was
# made with.
set -eu
build=$1 index=$2 queries=$3 qrels=$4 evaluate=$5 near=${6:-} vectors=${7:-}
if [ ! -e "$evaluate" ]; then
    echo "usage: make relevance INDEX=DIR QUERIES=FILE QRELS=FILE EVALUATE=PROGRAM [NEAR_WORDS=FILE]" >&2
    exit 2
fi
run=$(mktemp)
trap 'rm -f "$run"' EXIT
for match in any auto ${near:+meaning}; do
    for shape in given tail reversed shuffled; do
        for with in "" ${vectors:+"$vectors"}; do
            "$build/test-relevance" "$index" "$queries" "$match" "$shape" ${near:+"$near"} ${with:+"$with"} >"$run"
            printf '%-7s %-9s %-7s %s\n' "$match" "$shape" "${with:+vectors}" \
                "$(/usr/bin/python3 "$evaluate" "$run" "$qrels" "$queries")"
        done
    done
done
