#!/bin/sh
# demo.sh BUILD CORPUS: index the sample exports, run queries, serve them. Every command is shown as it can be repeated
# afterwards, in this order: the index stays in BUILD, the daemon does not. It listens at a socket in BUILD, as a port may
# be in use.
set -eu
build=${1:?usage: demo.sh BUILD CORPUS} corpus=${2:?usage: demo.sh BUILD CORPUS}
index=$build/demo socket=ipc://$build/demo.socket
folder=$(mktemp -d)
daemon=
finish() {
    if [ -n "$daemon" ]; then
        kill "$daemon" 2>/dev/null || true
        wait "$daemon" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM

# A word, quoted for a shell.
quote() {
    case $1 in
    '' | *[!A-Za-z0-9@%+=:,./_-]*) printf " '%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf ' %s' "$1" ;;
    esac
}

# Show a command, and run it.
run() {
    printf '\n$%s\n' "$(for word in "$@"; do quote "$word"; done)"
    "$@"
}

rm -rf "$index"
run "$build/skillsearch-index" --index "$index" "$corpus"
run "$build/skillsearch" --index "$index" --limit 3 '"incoming mail"'
run "$build/skillsearch" --index "$index" --limit 3 --level advanced active listening
run "$build/skillsearch" --index "$index" --limit 2 --explain 'route NEAR/3 mail OR "safety data sheets"'

set -- "$build/skillsearchd" --index "$index" --listen "$socket" --log-level warn
printf '\n$%s &\n' "$(for word in "$@"; do quote "$word"; done)"
mkfifo "$folder/ready"
"$@" --ready-fd 3 3>"$folder/ready" &
daemon=$!
read -r _ <"$folder/ready"
run "$build/skillsearch" --connect "$socket" facets --facet level --facet sector:5 train

cat <<END

Next:
  $build/skillsearch-index FOLDER   index your own exports in the default place
  $build/skillsearch WORDS          search them ($build/skillsearch --help has more)
  $build/skillsearchd &             serve them at tcp://127.0.0.1:7311
The index of this demo is in $index, and its commands can be repeated. Its daemon has ended; the line with
skillsearchd starts it again.
END
