#!/bin/bash
# check.sh BUILD CORPUS: run every test and end with one line that counts them. The
# variable SCRIPTS names the scripts to run beside the unit tests, instead of all.
# The unit tests are one Check program; each script prints lines that begin with
# "ok", "not ok" or "skipped", and its own count last. Output appears as it
# comes; failed and skipped tests are named again at the end.
set -u
if [ $# -ne 2 ]; then
    echo "usage: SCRIPTS='FILE...' tests/check.sh BUILD CORPUS" >&2
    exit 2
fi
build=$1
SKS_BUILD=$(cd "$build" && pwd) SKS_CORPUS=$(cd "$2" && pwd)
export SKS_BUILD SKS_CORPUS
PYTHONPATH=$PWD/tests/support
export PYTHONPATH
# The user's own configuration and last answer are neither read nor changed.
export XDG_CONFIG_HOME=$SKS_BUILD/config XDG_STATE_HOME=$SKS_BUILD/state
TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp:${TSAN_OPTIONS:-}"
export TSAN_OPTIONS
# libxapian 1.4.22 deletes its table checker with a wrong size.
export ASAN_OPTIONS="new_delete_type_mismatch=0:${ASAN_OPTIONS:-}"
. tests/support/part.sh
passed=0 skipped=0

count() { # passed, failed
    skipped=$((skipped + unable))
    passed=$((passed + $1))
    failed=$((failed + $2))
    if [ "$code" -ne 0 ] && [ "$2" -eq 0 ]; then
        echo "not ok: $title ended with exit code $code" | tee -a "$notes"
        failed=$((failed + 1))
    fi
}

part "unit tests" "$build/test-run"
# Check's own last line: "98%: Checks: 50, Failures: 1, Errors: 0". It counts skipped tests as run.
read -r checks bad < <(sed -nE 's/^[0-9]+%: Checks: ([0-9]+), Failures: ([0-9]+), .*/\1 \2/p' "$log")
count $((${checks:-0} - ${bad:-0} - unable)) "${bad:-0}"

all="lint/layers.sh lint/symbols.sh lint/packages.sh lint/docs.sh lint/words.py lint/html.sh fuzz/seeds.sh system/golden.py system/broken.sh
    system/hostile.py system/sources.py system/imports.py system/life.py system/states.py system/format.py system/shards.py system/e2e.py system/browse.py system/output.py system/jobs.py system/completion.py system/local.py system/marked.py
    system/web.py system/page.py system/browser.py system/web_export.py system/web_clients.py system/web_random.py
    system/web_refusals.py system/web_proxy.py system/web_load.py
    system/nonsense.py system/controls.py system/children.py system/install.sh system/abi.sh system/library.py system/torture/main.py system/keys.py system/unit.py system/load.py
    system/exports.py system/bulk.py system/pages.py system/publishing.py system/replicas.py system/conformance.py system/python_client.py system/node_client.py system/data.py system/vectors.sh system/semantics.py system/encoder.py"
for script in ${SCRIPTS:-$all}; do
    case $script in
    */torture/*) part "$script" /usr/bin/python3 -B "tests/$script" --short ;;
    *.py) part "$script" /usr/bin/python3 -B "tests/$script" ;;
    *) part "$script" "tests/$script" ;;
    esac
    read -r good bad < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed.*/\1 \2/p' "$log" | tail -n 1)
    count "${good:-0}" "${bad:-0}"
done

echo
sort -u "$notes"
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
