#!/bin/bash
# check.sh BUILD CORPUS: run every test and end with one line that counts them.
#   SCRIPTS  the scripts to run beside the unit tests, instead of all
#   LANES    how many parts run at a time; 3, as most parts wait more than they compute
# The unit tests are one Check program; each script prints lines that begin with
# "ok", "not ok" or "skipped", and its own count last. The output of a part appears when it has ended; failed and
# skipped tests are named again at the end.
set -u
if [ $# -ne 2 ]; then
    echo "usage: SCRIPTS='FILE...' LANES=N tests/check.sh BUILD CORPUS" >&2
    exit 2
fi
build=$1
SKS_BUILD=$(cd "$build" && pwd) SKS_CORPUS=$(cd "$2" && pwd)
export SKS_BUILD SKS_CORPUS
PYTHONPATH=$PWD/tests/support
export PYTHONPATH
TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp:${TSAN_OPTIONS:-}"
export TSAN_OPTIONS
# libxapian 1.4.22 deletes its table checker with a wrong size.
export ASAN_OPTIONS="new_delete_type_mismatch=0:${ASAN_OPTIONS:-}"
# The longest first, so that no lane works alone at the end.
all="system/load.py system/browse.py system/nonsense.py system/torture/main.py system/publishing.py system/shards.py
    system/exports.py system/library.py system/states.py system/install.sh system/sources.py system/replicas.py
    system/data.py system/web_load.py system/output.py system/local.py system/imports.py system/web_clients.py
    system/life.py system/keys.py system/shard_sets.py system/bulk.py system/web_refusals.py system/semantics.py
    system/completion.py system/e2e.py system/web_proxy.py system/web_export.py system/pages.py system/jobs.py
    lint/docs.sh system/web.py lint/layers.sh lint/symbols.sh lint/packages.sh lint/words.py lint/html.sh
    fuzz/seeds.sh system/golden.py system/broken.sh system/hostile.py system/format.py system/marked.py
    system/page.py system/browser.py system/web_random.py system/controls.py system/children.py system/abi.sh
    system/unit.py system/conformance.py system/python_client.py system/node_client.py system/vectors.sh
    system/encoder.py"

# The parts that are still to run, and their number; of those that ended, lines "PASSED FAILED SKIPPED", and what they say of each claim
# that failed or was skipped.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2086 # a list of words
printf '%s\n' "unit tests" ${SCRIPTS:-$all} >"$work/parts"
total=$(wc -l <"$work/parts")

# Take the first of the parts.
take() {
    {
        flock 9
        read -r title <"$work/parts" && sed -i 1d "$work/parts"
    } 9>"$work/lock"
}

run() { # title
    case $1 in
    "unit tests") part "$1" "$build/test-run" ;;
    */torture/*) part "$1" /usr/bin/python3 -B "tests/$1" --short ;;
    *.py) part "$1" /usr/bin/python3 -B "tests/$1" ;;
    *) part "$1" "tests/$1" ;;
    esac
}

# What a part has passed and failed by its own last line. Check's counts skipped tests as run: "98%: Checks: 50,
# Failures: 1, Errors: 0".
count() {
    local good bad
    if [ "$title" = "unit tests" ]; then
        read -r good bad < <(sed -nE 's/^[0-9]+%: Checks: ([0-9]+), Failures: ([0-9]+), .*/\1 \2/p' "$log")
        good=$((${good:-0} - ${bad:-0} - unable))
    else
        read -r good bad < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed.*/\1 \2/p' "$log" | tail -n 1)
    fi
    if [ "$code" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then
        say "not ok: $title ended with exit code $code"
        bad=1
    fi
    echo "${good:-0} $((${bad:-0} + failed)) $unable" >>"$work/counts"
    flock "$work/lock" cat "$log"
}

# Run parts until none is left.
lane() { # number
    # The user's own configuration and last answer are neither read nor changed.
    export XDG_CONFIG_HOME=$SKS_BUILD/config-$1 XDG_STATE_HOME=$SKS_BUILD/state-$1
    . tests/support/part.sh
    while take; do
        run "$title"
        count
    done
    cat "$notes" >>"$work/notes"
}

lanes=()
trap 'kill -TERM "${lanes[@]}"; wait; exit 1' INT TERM
for ((i = 0; i < ${LANES:-3}; i++)); do
    lane $i &
    lanes+=($!)
done
wait "${lanes[@]}"

echo
sort -u "$work/notes"
read -r passed failed skipped < <(awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$work/counts")
if [ "$(wc -l <"$work/counts")" -ne "$total" ]; then
    echo "not ok: not all of $total parts have ended"
    failed=$((failed + 1))
fi
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
