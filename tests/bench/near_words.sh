#!/bin/sh
# near_words.sh BUILD INDEX QUERIES QRELS [EVALUATE [VECTORS [ENCODER]]]: writes the table of near words, with its
# learned rows learned again, to standard output. With EVALUATE, judge the learning: each fifth of the search texts by a
# table learned from the other four, then also with the word vectors and the sentence encoder that INDEX was made with.
set -eu
build=$1 index=$2 queries=$3 qrels=$4 evaluate=${5:-} vectors=${6:-} encoder=${7:-}
table=core/engine/near_words.tsv
if [ ! -e "$queries" ] || [ ! -e "$qrels" ]; then
    echo "usage: make near-words INDEX=DIR QUERIES=FILE QRELS=FILE [EVALUATE=PROGRAM]" >&2
    exit 2
fi
tab=$(printf '\t')
written() { grep -v "${tab}onet\$" "$table"; }
if [ -z "$evaluate" ]; then
    written
    "$build/test-pairs" "$index" "$queries" "$qrels"
    exit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for fold in 0 1 2 3 4; do
    written >"$work/table$fold"
    "$build/test-pairs" "$index" "$queries" "$qrels" "$fold" 5 >>"$work/table$fold"
    grep "^# left out$tab" "$work/table$fold" | cut -f2 >"$work/ids$fold"
done
for shape in given tail shuffled; do
    for layer in words ${vectors:+vectors} ${encoder:+sentences}; do
        case $layer in
        words) set -- ;;
        vectors) set -- "$vectors" ;;
        *) set -- "${vectors:-none}" "$encoder" ;;
        esac
        for fold in 0 1 2 3 4; do
            "$build/test-relevance" "$index" "$queries" any "$shape" "$work/table$fold" "$@" >"$work/all"
            awk -F"$tab" 'NR == FNR { own[$1]; next } $1 in own' "$work/ids$fold" "$work/all"
        done >"$work/run"
        printf 'any     %-9s %-9s %s\n' "$shape" "$layer" \
            "$(/usr/bin/python3 "$evaluate" "$work/run" "$qrels" "$queries")"
    done
done
