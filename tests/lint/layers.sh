#!/bin/sh
# layers.sh: includes point down, and each library is included in one place.
set -u
. tests/support/verdict.sh
all=$(git ls-files '*.c' '*.cc' '*.h' 2>/dev/null || find . -name '*.[ch]' -o -name '*.cc' | sed 's|^\./||')

# Files that include library $1 although they do not match the pattern $2. A
# library that no file includes is a stale line of this script.
library() {
    users=$(echo "$all" | xargs grep -lE "^#include <$1")
    [ -n "$users" ] || echo "no file includes <$1"
    echo "$users" | grep -vxE "$2"
}
verdict "xapian is in core/index/index.cc" "$(library 'xapian' 'core/index/index\.cc')"
verdict "utf8proc and xxhash are in core/base/character.c, text.c and hash.c; entity tags and names of assets are hashes too" \
    "$(library '(utf8proc|xxhash)' 'core/base/(text|character|hash)\.c|gateway/(answer|asset)\.c')"
verdict "microhttpd and zlib are in the gateway" "$(library '(microhttpd|zlib)' 'gateway/[a-z_]*\.[ch]')"
verdict "cJSON has its places" \
    "$(library 'cjson/' 'core/base/json\.c|core/wire/[a-z_]*\.[ch]|indexer/export\.c|gateway/page[a-z_]*\.[ch]|tests/.*\.c')"
verdict "zmq is in searchd and three files of client/lib" \
    "$(library 'zmq' 'searchd/[a-z_]*\.[ch]|client/lib/(connection|channel|keys)\.c|tests/.*')"
verdict "sodium is where libzmq is hooked and clients are numbered" "$(library 'sodium' 'searchd/(libc_hooks|front)\.c')"
verdict "check is in tests" "$(library 'check' 'tests/.*')"

# The command asks through the public header, as any program does. Of core/base it
# shares the tools that write text: text that grows and is freed as a whole, errors,
# output that a terminal does not obey, and the standard streams. Each is a file
# without knowledge of the project; the alternative would be a second copy of it.
tools='core/base/(arena|buffer|error|printable|streams)\.h'

# Includes of the folder $1 that are neither its own nor match the pattern $2.
folder() {
    files=$(echo "$all" | grep -E "^$1/[a-z_0-9]*\.")
    [ -n "$files" ] || echo "no file in $1"
    echo "$files" | xargs grep -HnE '^#include "' | grep -vE "#include \"([a-z_0-9]+\.h\"|($2))"
}
inner='core/wire/(decoder|op|reader|tree|writer)\.h|core/engine/[a-z]*_parts\.h'
while read -r name below; do
    verdict "$name includes ${below:-nothing of ours}" "$(folder "$name" "${below:-none}")"
done <<TABLE
include
core/base
core/index core/base/
core/wire core/base/
core/engine core/(base|index)/
indexer core/(base|index)/
vectors core/(base|index)/
searchd core/(base|index|wire|engine)/
client/lib core/(base|wire)/
client $tools
gateway
TABLE
verdict "headers for inside only stay inside" \
    "$(echo "$all" | grep -v '^tests/' | xargs grep -HnE "^#include \"($inner)")"
verdict "the public header includes <stddef.h> and <stdint.h> alone" \
    "$(grep -nE '^#include' include/skillsearch.h | grep -vE '<std(def|int)\.h>')"
verdict "threads share no lock" \
    "$(echo "$all" | grep -E '^(core|indexer|vectors|searchd|client|gateway)/' | xargs grep -nE 'pthread_(mutex|rwlock|cond|spin)_' || true)"

tally
