#!/bin/bash
# bench_growth.sh BUILD INDEXES REQUESTS: the same requests over indexes of several sizes, one JSON line per mode and
# index, and a table with the exponents of growth.
#   INDEXES   folders of indexes, separated by blanks
#   REQUESTS  folder of any.txt, phrase.txt, browse.txt
#   MODES     letters of tests/bench/bench.c, "alpb"
#   COUNT     requests of each mode
set -euo pipefail
build=${1:?usage: bench_growth.sh BUILD INDEXES REQUESTS} indexes=${2:?usage: bench_growth.sh BUILD INDEXES REQUESTS} requests=$3
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
for index in $indexes; do
    "$build/test-bench" "$index" "$requests" "${MODES:-alpb}" "${COUNT:-0}" | tee -a "$lines"
done
/usr/bin/python3 -B tests/bench/bench_table.py growth "$lines"
