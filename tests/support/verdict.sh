#!/bin/sh
# verdict.sh: functions by which a script reports its results; to be sourced.
passed=0 failed=0
verdict() { # claim, what is wrong ("" if nothing)
    if [ -z "$2" ]; then
        echo "ok $1"
        passed=$((passed + 1))
    else
        echo "not ok $1"
        echo "$2"
        failed=$((failed + 1))
    fi
}
# Print the last line of a script, and end it with its exit code.
tally() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
