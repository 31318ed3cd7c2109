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
# Set SKS_BUILD, the folder with the programs, to the default if it is not set. Stop if it has no programs, because
# every check would then fail without saying why.
need_build() {
    SKS_BUILD=${SKS_BUILD:-$PWD/build}
    [ -x "$SKS_BUILD/skillsearchd" ] && return
    echo "$0: no programs in $SKS_BUILD; run make, or set SKS_BUILD to the folder that has them" >&2
    exit 2
}
# Print the last line of a script, and end it with its exit code.
tally() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
