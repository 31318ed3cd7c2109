#!/bin/sh
# demo.sh BUILD CORPUS: index the sample exports, serve them, run queries, clean up.
set -eu
build=${1:?usage: demo.sh BUILD CORPUS} corpus=${2:?usage: demo.sh BUILD CORPUS}
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

say() { printf '\n$ %s\n' "$*"; }

# A word, quoted for a shell.
quote() {
    case $1 in
    '' | *[!A-Za-z0-9@%+=:,./_-]*) printf " '%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf ' %s' "$1" ;;
    esac
}

say "skillsearch-index --index INDEX $corpus"
"$build/skillsearch-index" --index "$folder/index" "$corpus"

say "skillsearchd --index INDEX &"
mkfifo "$folder/ready"
"$build/skillsearchd" --index "$folder/index" --listen 'tcp://127.0.0.1:*' --log-level warn \
    --ready-fd 3 3>"$folder/ready" &
daemon=$!
read -r SKILLSEARCH_ENDPOINT <"$folder/ready"
export SKILLSEARCH_ENDPOINT
echo "answering at $SKILLSEARCH_ENDPOINT"

ask() {
    say "skillsearch$(for word in "$@"; do quote "$word"; done)"
    "$build/skillsearch" "$@"
}
ask --limit 3 '"incoming mail"'
ask --limit 3 --level advanced active listening
ask --limit 2 --explain 'route NEAR/3 mail OR "safety data sheets"'
ask facets --facet level --facet sector:5 train

cat <<END

That was $corpus. Next:
  $build/skillsearch-index --index INDEX FOLDER   index your own exports
  $build/skillsearchd --index INDEX &             serve them at tcp://127.0.0.1:7311
  $build/skillsearch WORDS                        ask (skillsearch --help has more)
Nothing of this demo is left running or on disk.
END
