#!/bin/bash
# clang.sh OUT CHECKS FLAG... -- SOURCE...: what clang-tidy finds in each source, in OUT/SOURCE.clang. To start takes as
# long as to examine a small source, so all are examined by one process. Only if that finds anything is each examined
# by itself, as its findings do not always name the source.
set -u
out=$1 checks=$2 flags=()
shift 2
while [ "$1" != -- ]; do
    flags+=("$1")
    shift
done
shift

examine() { # source...
    clang-tidy -quiet -checks="$checks" "$@" -- "${flags[@]}" 2>/dev/null
}
found=$(examine "$@") && [ -z "$found" ] && clean=yes
for source; do
    result=$out/${source%.c}.clang
    if [ "${clean:-}" = yes ]; then
        : >"$result"
    else
        examine "$source" >"$result.new" || echo "$source: clang-tidy fails" >>"$result.new"
        mv "$result.new" "$result"
    fi
done
