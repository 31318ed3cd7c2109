#!/bin/sh
# check.sh BUILD CORPUS: run every test and end with one line that counts them.
# The unit tests are one Check program; each script prints "ok" or "not ok"
# lines of its own and its own count last.
set -u
build=$1
SKS_BUILD=$(cd "$build" && pwd) SKS_CORPUS=$(cd "$2" && pwd)
export SKS_BUILD SKS_CORPUS
PYTHONPATH=$PWD/tests/support
export PYTHONPATH
TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp:${TSAN_OPTIONS:-}"
export TSAN_OPTIONS
# libxapian 1.4.22 frees its table checker with a size that is not its own.
export ASAN_OPTIONS="new_delete_type_mismatch=0:${ASAN_OPTIONS:-}"
passed=0 failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

count() {
    passed=$((passed + $1))
    failed=$((failed + $2))
}

echo "== unit tests"
"$build/test-run" >"$log" 2>&1
code=$?
cat "$log"
# Check's own last line: "98%: Checks: 50, Failures: 1, Errors: 0"
line=$(grep -E '^[0-9]+%: Checks: ' "$log" | tail -n 1)
bad=0
if [ -n "$line" ]; then
    checks=$(echo "$line" | sed -E 's/.*Checks: ([0-9]+),.*/\1/')
    failures=$(echo "$line" | sed -E 's/.*Failures: ([0-9]+),.*/\1/')
    errors=$(echo "$line" | sed -E 's/.*Errors: ([0-9]+).*/\1/')
    bad=$((failures + errors))
    count $((checks - bad)) "$bad"
fi
if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
    echo "not ok: the unit tests ended with exit code $code"
    count 0 1
fi

for script in lint/layers.sh lint/symbols.sh lint/docs.sh fuzz/seeds.sh system/golden.py system/broken.sh \
    system/hostile.py system/e2e.py "system/torture/main.py --short" system/keys.py system/unit.py system/load.py \
    system/data.py; do
    echo "== $script"
    # shellcheck disable=SC2086 # a name and its option
    case $script in
    *.py*) /usr/bin/python3 -B tests/$script >"$log" 2>&1 ;;
    *) "tests/$script" >"$log" 2>&1 ;;
    esac
    code=$?
    cat "$log"
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
    if [ -n "$line" ]; then
        count "${line%% passed*}" "$(echo "$line" | sed -E 's/.* ([0-9]+) failed.*/\1/')"
    elif [ "$code" -ne 0 ]; then
        echo "not ok: tests/$script ended with exit code $code"
        count 0 1
    fi
done

echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
