#!/bin/bash
# part.sh: run one part of the tests; to be sourced. A process that a part leaves running is killed, and the part fails.
#   ENDING_S  how long to wait for processes that are ending, in seconds; 60, as the machine may be busy
log=$(mktemp) notes=$(mktemp)
trap 'rm -f "$log" "$notes"' EXIT
trap 'kill -KILL -- "-$group"; exit 1' INT TERM

# Running processes of the part, except the part itself.
left_over() {
    local stat line fields
    for stat in /proc/[0-9]*/stat; do
        { read -r line <"$stat"; } 2>/dev/null || continue
        read -ra fields <<<"${line##*) }" # state, parent, group
        if [ "${fields[2]}" = "$group" ] && [[ ${fields[0]} != [ZX] ]]; then
            echo "${line%%) *})"
        fi
    done
}

# Add a line to the output of the part, and to its claims that failed or were skipped.
say() { # line
    echo "$1" | tee -a "$notes" >>"$log"
}

end_left_over() {
    local left end=$((SECONDS + ${ENDING_S:-60}))
    while left=$(left_over) && [ -n "$left" ] && [ "$SECONDS" -lt "$end" ]; do
        sleep 0.1
    done
    if [ -n "$left" ]; then
        kill -KILL -- "-$group"
        say "not ok: $title left running: ${left//$'\n'/, }"
        # shellcheck disable=SC2034
        failed=1
    fi
}

# Its output in $log, its exit code in $code, its failed and skipped claims in $notes, how many of the latter in
# $unable, 1 in $failed if it left processes running; for the script that sourced this. A part is a group of processes.
# The output goes to a file: a pipe would stay open until the last process that inherited it ends.
part() { # title, command...
    title=$1
    # shellcheck disable=SC2034
    failed=0
    local begun=$SECONDS
    shift
    echo "== $title" >"$log"
    set -m
    "$@" >>"$log" 2>&1 </dev/null &
    group=$!
    set +m
    wait "$group"
    # shellcheck disable=SC2034
    code=$?
    grep -E '^(not ok|skipped)' "$log" | sed "s|^|$title: |" >>"$notes"
    # shellcheck disable=SC2034
    unable=$(grep -c '^skipped' "$log")
    echo "# $((SECONDS - begun)) s" >>"$log"
    end_left_over
}
