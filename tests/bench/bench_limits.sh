#!/bin/bash
# bench_limits.sh BUILD INDEXES REQUESTS: times of requests beside what a perfect engine would need at the measured
# bandwidth of memory, and a table.
#   INDEXES   folders of indexes, separated by blanks
#   REQUESTS  folder of any.txt, phrase.txt, browse.txt
#   COUNT     requests of each mode
set -euo pipefail
build=${1:?usage: bench_limits.sh BUILD INDEXES REQUESTS} indexes=${2:?usage: bench_limits.sh BUILD INDEXES REQUESTS} requests=$3
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
"$build/test-bandwidth" | tee -a "$lines"
for index in $indexes; do
    "$build/test-limits" "$index" "$requests" "${COUNT:-0}" | tee -a "$lines"
    "$build/test-bench" "$index" "$requests" alpb "${COUNT:-0}" | tee -a "$lines"
done
/usr/bin/python3 -B tests/bench/bench_table.py limits "$lines"
