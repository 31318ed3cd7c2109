#!/bin/sh
# verdict.sh: how a script reports what it found; to be sourced.
passed=0 failed=0
verdict() { # name, what is wrong ("" if nothing)
    if [ -z "$2" ]; then
        echo "ok $1"
        passed=$((passed + 1))
    else
        echo "not ok $1"
        echo "$2"
        failed=$((failed + 1))
    fi
}
# The last line of a script, and its exit code.
tally() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
