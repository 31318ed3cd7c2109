#!/bin/sh
# bench.sh BUILD CORPUS [INDEX QUERIES]: speed of indexing and of queries, one
# JSON line each. Without INDEX it is the sample corpus and its duties.
set -eu
build=$1 corpus=$2 index=${3:-} queries=${4:-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -z "$index" ]; then
    index=$folder/index queries=$folder/queries
    "$build/skillsearch-index" --quiet --json --index "$index" "$corpus" | sed -n '1s/,"problems".*/}/p'
    grep -hoE '^ *"[^"]* — ' "$corpus"/*.json | sed -E 's/^ *"(.*) — $/\1/' | awk '{ print NR "\t" $0 }' >"$queries"
fi
"$build/tests/bench" "$index" "$queries"
