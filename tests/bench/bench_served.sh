#!/bin/bash
# bench_served.sh BUILD wire|memory INDEX REQUESTS: tests/bench/bench_wire.py or
# tests/bench/bench_memory.py, then a table of its lines.
set -euo pipefail
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
SKS_BUILD=$1 /usr/bin/python3 -B "tests/bench_$2.py" "$3" "$4" | tee "$lines"
/usr/bin/python3 -B tests/bench/bench_table.py "$2" "$lines"
