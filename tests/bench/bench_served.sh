#!/bin/bash
# bench_served.sh BUILD wire|memory|deadlines INDEX [REQUESTS]: tests/bench/bench_wire.py,
# bench_memory.py or bench_deadlines.py, then a table of its lines.
set -euo pipefail
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
SKS_BUILD=$1 /usr/bin/python3 -B "tests/bench/bench_$2.py" "$3" "${4:-}" | tee "$lines"
/usr/bin/python3 -B tests/bench/bench_table.py "$2" "$lines"
