#!/bin/sh
# relevance.sh BUILD INDEX QUERIES QRELS EVALUATE [NEAR-WORDS [VECTORS [ENCODER]]]: score the ranking for each shape of
# the queries and each way of matching, then with a table of near words, with the file of word vectors that INDEX was
# made with, and again with the sentence encoder.
set -eu
build=$1 index=$2 queries=$3 qrels=$4 evaluate=$5 near=${6:-} vectors=${7:-} encoder=${8:-}
if [ ! -e "$evaluate" ]; then
    echo "usage: make relevance INDEX=DIR QUERIES=FILE QRELS=FILE EVALUATE=PROGRAM [NEAR_WORDS=FILE] [SENTENCES=1]" >&2
    exit 2
fi
run=$(mktemp)
trap 'rm -f "$run"' EXIT
for match in any auto ${near:+meaning}; do
    for shape in given tail reversed shuffled; do
        for layer in words ${vectors:+vectors} ${encoder:+sentences}; do
            case $layer in
            words) set -- ;;
            vectors) set -- "$vectors" ;;
            *) set -- "${vectors:-none}" "$encoder" ;;
            esac
            "$build/test-relevance" "$index" "$queries" "$match" "$shape" "${near:-none}" "$@" >"$run"
            printf '%-7s %-9s %-9s %s\n' "$match" "$shape" "$layer" \
                "$(/usr/bin/python3 "$evaluate" "$run" "$qrels" "$queries")"
        done
    done
done
