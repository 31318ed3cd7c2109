#!/bin/sh
# layers.sh: includes point down, and each library has one door.
set -u
. tests/verdict.sh
# Files of $1 with an include of $2 that are not among the doors $3.
strangers() {
    # shellcheck disable=SC2086 # lists of files on purpose
    grep -lE "^#include $2" $1 2>/dev/null | grep -vxE "$3" || true
}
all=$(git ls-files '*.c' '*.cc' '*.h' 2>/dev/null || find . -name '*.[ch]' -o -name '*.cc' | sed 's|^\./||')

verdict "only core/index.cc includes xapian" "$(strangers "$all" '<xapian' 'core/index\.cc')"
verdict "only core/text.c includes utf8proc and xxhash" "$(strangers "$all" '<(utf8proc|xxhash)' 'core/text\.c')"
verdict "cJSON has its doors" \
    "$(strangers "$all" '<cjson/' 'core/(json|wire_.*)\.c|indexer/export\.c|client/.*\.c|tests/.*\.c')"
verdict "zmq is in searchd, in client/connection.c and, for new keys, in client/keygen.c" \
    "$(strangers "$all" '<zmq' 'searchd/[a-z_]*\.[ch]|client/(connection|keygen)\.c|tests/.*')"
verdict "czmq is in searchd/auth.c" "$(strangers "$all" '<czmq' 'searchd/auth\.c')"
verdict "check is in tests" "$(strangers "$all" '<check' 'tests/.*')"

headers=$(echo "$all" | grep '^include/')
verdict "include/ includes nothing of ours" \
    "$(for f in $headers; do grep -nE '^#include' "$f" | grep -vE '<std(def|int)\.h>'; done)"
core=$(echo "$all" | grep '^core/')
verdict "core includes core and include alone" \
    "$(for f in $core; do grep -HnE '^#include "' "$f" | grep '/.*"' | grep -v ':#include "[a-z_0-9]*\.h"'; done)"
below() {
    for f in $(echo "$all" | grep "^$1"); do
        grep -HnE '^#include "\.\./' "$f" | grep -vE "#include \"($2)"
    done
}
verdict "indexer includes core alone" "$(below indexer/ '\.\./core/')"
verdict "searchd includes core alone" "$(below 'searchd/[a-z_]*\.[ch]' '\.\./core/')"
verdict "engine includes core alone" "$(below searchd/engine/ '\.\./\.\./core/')"
verdict "client includes few rooms of core" \
    "$(below client/ '\.\./core/(arena|buffer|error|json|result|schema|utf8|wire)\.h')"
verdict "gateway includes the public header alone" "$(below gateway/ 'nothing')"
verdict "threads share no lock" \
    "$(echo "$all" | grep -E '^(core|indexer|searchd|client)/' | xargs grep -nE 'pthread_(mutex|rwlock|cond|spin)_' || true)"

tally
