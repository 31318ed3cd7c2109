#!/bin/sh
# serve.sh: a daemon with the index of corpus/, for programs that a script runs; to be sourced.
server=

# Start the daemon, with its files in a folder. Sets SKILLSEARCH_ENDPOINT.
serve() { # folder
    "$SKS_BUILD"/skillsearch-index -q --index "$1/index" "${SKS_CORPUS:-corpus}"
    export SKILLSEARCH_ENDPOINT="ipc://$1/socket"
    mkfifo "$1/ready"
    "$SKS_BUILD"/skillsearchd --index "$1/index" --listen "$SKILLSEARCH_ENDPOINT" --log-level error --ready-fd 3 3>"$1/ready" &
    server=$!
    read -r _ <"$1/ready"
}

# End it, if it was started, before its files are removed.
stop_serving() {
    [ -z "$server" ] || { kill "$server" && wait "$server"; }
}
