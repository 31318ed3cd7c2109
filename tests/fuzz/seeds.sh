#!/bin/sh
# seeds.sh: replay the kept inputs of every fuzz target.
set -u
: "${SKS_BUILD:?is not set: the folder with the programs}"
passed=0 failed=0
for folder in "$(dirname "$0")"/seeds/*/; do
    target=$(basename "$folder")
    [ "$target" != parameters ] || [ -x "$SKS_BUILD/skillsearch-http" ] || continue # without libmicrohttpd-dev
    # A changed index takes little time and few bytes, so some random ones are tried, too.
    case $target in index) chance=-300 ;; vectors) chance=-2000 ;; encoder) chance=-500 ;; network) chance=-300 ;; *) chance= ;; esac
    # shellcheck disable=SC2086 # an option or nothing
    if "$SKS_BUILD/test-replay" "$target" $chance "$folder"*; then
        echo "ok $target"
        passed=$((passed + 1))
    else
        echo "not ok $target"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
