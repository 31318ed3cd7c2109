#!/bin/sh
# layers.sh: checks that includes point down, and that each library is included in few places.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
need_build # the calls between files are read from objects
all=$(git ls-files '*.c' '*.cc' '*.h' '*.hh' 2>/dev/null || find . -name '*.[ch]' -o -name '*.cc' -o -name '*.hh' | sed 's|^\./||')

# Files that include library $1 but do not match the pattern $2. If no file includes the library, the line of this
# script is stale.
library() {
    users=$(echo "$all" | xargs grep -lE "^#include <$1")
    [ -n "$users" ] || echo "no file includes <$1"
    echo "$users" | grep -vxE "$2"
}
verdict "xapian is in the C++ files of core/index, by one header" "$(library 'xapian' 'core/index/guard\.hh')"
verdict "utf8proc and xxhash are in core/base/character.c, text.c, text_fold.c and hash.c; entity tags and names of assets are hashes too" \
    "$(library '(utf8proc|xxhash)' 'core/base/(text|text_fold|character|hash)\.c|gateway/(http/answer|page/asset)\.c')"
verdict "microhttpd and zlib are in the gateway" "$(library '(microhttpd|zlib)' 'gateway/([a-z]*/)?[a-z_]*\.[ch]')"
verdict "cJSON is only in the files that read or write JSON" \
    "$(library 'cjson/' 'core/base/json\.c|core/wire/[a-z_]*\.[ch]|indexer/export(_text\.h|\.c)|vectors/network\.c|client/browse/(answer|request)\.c|gateway/page/[a-z_]*\.[ch]|tests/.*\.c')"
verdict "zmq is in searchd and three files of client/lib" \
    "$(library 'zmq' 'searchd/[a-z_]*\.[ch]|client/lib/(connection|channel|keys)\.c|tests/.*')"
verdict "curses is in two files of client/browse" "$(library 'curses' 'client/browse/(screen|key)\.c')"
verdict "sodium is in libc_hooks.c and front.c of searchd" "$(library 'sodium' 'tests/.*|searchd/(libc_hooks|front)\.c')"
verdict "libuuid is in core/base/uuid.c" "$(library 'uuid/' 'core/base/uuid\.c')"
verdict "Check is in tests" "$(library 'check' 'tests/.*')"

# The command asks through the public header, as any program does. Of core/base it
# shares the tools that read a command line and write text: text that grows and is freed as a whole, errors,
# output without control characters, and the standard streams. None of these files knows about the rest of the project;
# the alternative would be a second copy of each. The gateway shares how a command line is read and how output that
# cannot be written is reported, so that all programs have one rule.
tools='core/base/(arena|arguments|buffer|endpoint|error|nearest|printable|printable_put|streams|table)\.h'

# Includes of the folder $1 that are neither its own nor match the pattern $2.
folder() {
    files=$(echo "$all" | grep -E "^$1/[a-z_0-9]*\.")
    [ -n "$files" ] || echo "no file in $1"
    echo "$files" | xargs grep -HnE '^#include "' | grep -vE "#include \"([a-z_0-9]+\.hh?\"|($2))"
}
inner='core/wire/(decoder|members|op|reply|reply_table|tree)\.h|core/engine/(parser|query_leaf|query_compound|typed|best|suggest_[a-z]*)\.h'
while read -r name below; do
    verdict "$name includes ${below:-nothing of ours}" "$(folder "$name" "${below:-none}")"
done <<TABLE
include
core/base
core/index core/base/
core/wire core/base/
core/engine core/(base|index)/
core/shards core/(base|index|engine)/
indexer core/(base|index)/
vectors core/(base|index)/
searchd core/(base|index|wire|engine|shards)/
client/lib core/(base|wire)/
client/abi client/lib/
client/browse $tools
client $tools|client/browse/browse\.h
gateway/http core/base/(arguments|error)\.h
gateway/api gateway/http/
gateway/page gateway/http/
gateway gateway/(http|api|page)/|core/base/streams\.h
TABLE

# Lines "a b" of file names without their endings: the first function prints them when a includes the header of b, the
# second when a calls a function of b. Only the project's names count: the daemon defines some functions of libc, which
# all call.
circular='core/(base|index|wire|engine|shards)|client(/abi|/lib|/browse)?|indexer|searchd|gateway(/[a-z]*)?'
inside=$(echo "$all" | grep -E "^($circular)/[a-z_0-9]*\.")
includes() {
    echo "$inside" | xargs grep -oE '^#include "[^"]+' | awk -F ':#include "' '{
        folder = $1; sub ("[^/]*$", "", folder); sub ("[.][a-z]+$", "", $1); sub ("[.]hh?$", "", $2)
        to = index ($2, "/") ? $2 : folder $2
        if (to != $1 && to != folder "skillsearch") print $1, to }'
}
calls() {
    echo "$inside" | grep -vE '\.hh?$' | sed 's/\.[a-z]*$/.o/' | while read -r object; do
        # Not every file of the gateway is built everywhere.
        if [ -e "$SKS_BUILD/$object" ] || [ "${object%%/*}" != gateway ]; then echo "$object"; fi
    done | (cd "$SKS_BUILD" && xargs nm -A) | awk '
        $(NF) !~ /^(sks|gw|html|browse)_/ { next }
        { file = $1; sub (/\.o:.*/, "", file) }
        $(NF - 1) == "U" { user[++uses] = file; name[uses] = $NF; next }
        { of[$NF] = file }
        END { for (i = 1; i <= uses; i++) if (of[name[i]] && of[name[i]] != user[i]) print user[i], of[name[i]] }'
}
# The circles in such lines; fewer than $1 lines are an error.
circles() {
    sort -u >"$folder/pairs"
    [ "$(wc -l <"$folder/pairs")" -ge "$1" ] || echo "only $(wc -l <"$folder/pairs") pairs of files were found"
    { tsort "$folder/pairs" >/dev/null; } 2>&1
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
verdict "no file includes itself indirectly" "$(includes 2>&1 | circles 400)"
verdict "no file calls itself indirectly" "$(calls 2>&1 | circles 400)"
verdict "the check finds a circle of three files" \
    "$(printf '%s\n' 'a b' 'b c' 'c a' 'c d' | circles 4 | grep -q 'tsort: c$' || echo "it is not")"
verdict "internal headers are included only in their own folder" \
    "$(echo "$all" | grep -v '^tests/' | xargs grep -HnE "^#include \"($inner)")"
verdict "every suite is in the list of suites" \
    "$(grep -ohE '^suite_[a-z0-9_]+ \(void\)$|^    X \([a-z0-9_]+\)' tests/unit/check_*.c tests/unit/suites.h |
        sed -E 's/^suite_| .void.$|^    X \(|\)$//g' | sort | uniq -u)"
verdict "the public header includes <stddef.h> and <stdint.h> alone" \
    "$(grep -nE '^#include' include/skillsearch.h | grep -vE '<std(def|int)\.h>')"
verdict "threads share no lock" \
    "$(echo "$all" | grep -E '^(core|indexer|vectors|searchd|client|gateway)/' | xargs grep -nE 'pthread_(mutex|rwlock|cond|spin)_' || true)"

tally
