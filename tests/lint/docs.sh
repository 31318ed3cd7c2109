#!/bin/bash
# docs.sh: compares the documents with the code, in both directions: options with --help; operations, members, error
# codes, limits, log events, problems and stop words with the sources; links with the files. SKS_BUILD names the folder
# with the programs.
# shellcheck disable=SC2016 # backquotes in single quotes are those of the pages
set -u
cd "$(dirname "$0")/../.." || exit 1
protocol=docs/protocol.md language=docs/query-language.md
. tests/support/verdict.sh
need_build
build=$SKS_BUILD
# A check that found nothing to compare must not pass.
needs() { # list, what it lists
    [ -n "$1" ] || echo "no $2 found: this check must be adapted"
}
# Lines of the list $1 that are not in the list $2.
without() {
    comm -23 <(echo "$1" | sort -u) <(echo "$2" | sort -u) | grep . || true
}
# The items of a list that no line of the file contains; @ in the pattern is the item.
lacking() { # file, pattern, list
    needs "$3" "item for $1"
    { tr -s ' ' '\n' <<<"$3" | PATTERN=$2 awk '
        FNR == NR { pattern[$1] = ENVIRON["PATTERN"]; gsub ("@", $1, pattern[$1]); next }
        { for (item in pattern) if ($0 ~ pattern[item]) delete pattern[item] }
        END { for (item in pattern) print item }' - "$1" || echo "$1 cannot be read"; } | sort
}
# The quoted words on standard input.
quoted() {
    grep -oE '"[a-z_]+"' | tr -d '"'
}

# --------------------------------------------------------------- man pages
# The options on standard input, lines of mdoc: ".Fl -name" is --name, ".Fl qv" is
# -q and -v.
mdoc_options() {
    grep -oE '\bFl -?[A-Za-z0-9][A-Za-z-]*' | sed -E 's/^Fl //' | while read -r option; do
        case $option in
        -*) echo "-$option" ;;
        *) echo "$option" | grep -o . | sed 's/^/-/' ;;
        esac
    done | sort -u
}
help_options() {
    "$1" --help | grep -E '^ *-' | sed -E 's/^( *(-[A-Za-z0-9], +)?--[a-z-]+).*/\1/' |
        grep -oE -e '--[a-z][a-z-]*|-[A-Za-z0-9]\b' | sort -u
}
for page in skillsearch-index.1 skillsearchd.8 skillsearch.1 skillsearch-vectors.1 $([ -x "$build/skillsearch-http" ] && echo skillsearch-http.8); do
    program=${page%.*} file=docs/man/$page
    helped=$(help_options "$build/$program")
    described=$(grep '^\.It Fl' "$file" | mdoc_options)
    named=$(grep '^\.' "$file" | mdoc_options)
    verdict "every option of $program is described in $page" \
        "$(needs "$helped" "option in --help"; without "$helped" "$described")"
    verdict "$page names no option that $program lacks" \
        "$(needs "$named" "option in $page"; without "$named" "$helped")"
done
if [ -x "$build/skillsearch-http" ]; then
    helped=$(help_options "$build/skillsearch-http" | grep -vxE -e '--(help|version|list-options|connect|server-key|client-key|listen|insecure)')
    shown=$(grep -oE 'skillsearch-http( +--[a-z-]+( [A-Z0-9.:]+)?)+|`--[a-z-]+' docs/http.md | grep -oE -e '--[a-z-]+' | sort -u)
    verdict "docs/http.md has every option that changes an answer" "$(needs "$helped" option; without "$helped" "$shown")"
    verdict "docs/http.md names no option that skillsearch-http lacks" \
        "$(without "$shown" "$(help_options "$build/skillsearch-http")" | grep -vxE -e '--offline')"
fi
codes=$(sed -n '/^static const gw_problem problems/,/^};/p' gateway/http/problem.c | sed -nE 's/^ +\{ "([a-z_]+)".*/\1/p')
verdict "every problem of HTTP is in docs/http.md" "$(lacking docs/http.md '`@`' "$codes")"
verdict "every problem of HTTP is in problem.json" "$(lacking docs/schema/problem.json '"@"' "$codes")"
if command -v mandoc >/dev/null; then
    verdict "mandoc accepts the man pages" \
        "$(mandoc -Tlint docs/man/*.[1-8] 2>&1 | grep -vE 'referenced manual not found|outdated mandoc.db')"
else
    echo "skipped: mandoc, which checks the man pages, is not installed"
fi

names=$(sed -n '/^static const struct option options/,/^};/p' searchd/config.c | grep -A 1 'OPTION (' | tr -d '\n' |
    grep -oE 'OPTION \("[a-z-]+", ([0-9a-zA-Z]|'"'"'.'"'"')+, [^,]*, [^,]*, [A-Z_]+, true' | grep -oE '"[a-z-]+"' | head -n 100 | tr -d '"' | grep -v '^-')
described=$(sed -nE 's/^\.It Cm ([a-z-]+) = .*/\1/p' docs/man/skillsearchd.conf.5)
verdict "skillsearchd.conf.5 has the names of the configuration file" \
    "$(needs "$names" name; without "$names" "$described"; without "$described" "$names")"
columns=$(sed -n '/^static const char .const names.COLUMNS/,/};/p' client/lib/lines.c | quoted)
described=$(sed -nE 's/^\.It Cm ([a-z_]+)$/\1/p' docs/man/skillsearch-csv.5)
verdict "skillsearch-csv.5 has the columns in their order" "$(needs "$columns" column; diff <(echo "$columns") <(echo "$described"))"

# ---------------------------------------------------------------- protocol
operations=$(sed -n '/op_names\[SKS_OPS\]/,/^};/p' core/wire/op.c | quoted)
count=$(sed -n '/^enum sks_op {/,/SKS_OPS/p' core/wire/wire.h | grep -cE '^ +SKS_OP_')
verdict "as many operations as core/wire/wire.h has" \
    "$([ "$(echo "$operations" | wc -l)" = "$count" ] || echo "found: $operations")"
verdict "every operation is in protocol.md" "$(lacking $protocol '`@`' "$operations")"
verdict "every operation has its section" "$(lacking $protocol '^## @$' "$operations")"
verdict "every operation is in skillsearch-protocol.7" "$(lacking docs/man/skillsearch-protocol.7 '^.It Cm @$' "$operations")"
verdict "every operation is in request.json" "$(lacking docs/schema/request.json '"@"' "$operations")"
verdict "every operation's reply has a schema" \
    "$(for op in $operations; do [ -e "docs/schema/reply-$op.json" ] || echo "$op"; done)"

codes_of='s|.*/\* ([a-z_]+).*|\1|p'
codes=$(sed -n '/^enum sks_code {/,/^};/p' include/skillsearch.h | sed -nE "$codes_of")
travelling=$(sed -n '/^enum sks_code {/,/SKS_EUNSUPPORTED/p' include/skillsearch.h | sed -nE "$codes_of")
verdict "every error code is in protocol.md" "$(lacking $protocol '`@`' "$codes")"
verdict "every error code has its name in core/base/error.c" "$(lacking core/base/error.c '"@"' "$codes")"
verdict "every code that travels is in skillsearch-protocol.7" "$(lacking docs/man/skillsearch-protocol.7 '^.It Cm @$' "$travelling")"
verdict "every code that travels is in reply-error.json" \
    "$(lacking docs/schema/reply-error.json '"@"' "$travelling")"

members=$(sed -n '/^static const sks_request_member members\[\]/,/^};/p' core/wire/request_table.c |
    sed -nE 's/.*\{ (\.name = )?"([a-z_]+)".*/\2/p')
verdict "every member of a request is in protocol.md" "$(lacking $protocol '`@`' "$members")"
verdict "every member of a request is in request.json" \
    "$(lacking docs/schema/request.json '"@":' "$members")"
written=$(grep -ohE '(put|open)_[a-z]+ \(out, "[a-z_]+"|\{ "[a-z_]+", stats->' \
    core/wire/reply_*.c | quoted
    grep -ohE 'SKS_RULE(_COUNTED)? \([a-z_ ]+, [a-z_]+' core/wire/reply_*.c | sed 's/.*, //'
    grep -ohE 'SKS_RULE_(AS|ITEMS|OF|WITHIN) \(([a-z_]+, )?"[a-z_]+"' core/wire/reply_*.c | quoted)
verdict "every member of a reply is in protocol.md" "$(lacking $protocol '`@`|"@":' "$written")"

# ------------------------------------------------------------------ limits
# A limit is a row "| `max_limit` | 100 ..." of a table.
small() { tr '[:upper:]' '[:lower:]'; }
limits=$(sed -nE 's/^#define SKS_((MAX|MIN|DEFAULT)_[A-Z_]+) +([0-9]+).*/\1=\3/p' \
    include/skillsearch.h | small)
shown=$(sed -nE 's/^\| .((max|min|default)_[a-z_]+). \| ([0-9,]+).*/\1=\3/p' $protocol | tr -d ,)
verdict "every limit is in protocol.md with its value" "$(needs "$limits" limit; without "$limits" "$shown")"
verdict "protocol.md names no limit that does not exist" "$(needs "$shown" limit; without "$shown" "$limits")"

# ---------------------------------------------------------- query language
stop_words=$(sed -n '/^static const char \*const stop_words/,/^};/p' core/base/text_list.c | quoted)
listed=$(sed -n 's/^> //p' $language | tr ' ' '\n')
verdict "query-language.md lists the stop words" \
    "$(needs "$stop_words" "stop word"; without "$stop_words" "$listed"; without "$listed" "$stop_words")"
facet_rows=$(sed -n '/^} facets\[SKS_FACETS\]/,/^};/p' core/base/schema.c | tr -d '\n')
fields="$(grep '^static const char .const word_fields\[' core/base/schema.c | quoted)
$(echo "$facet_rows" | grep -oE '\] = \{ *"[a-z]+", *"[a-z]+"' | sed 's/.*,//' | quoted)"
verdict "every field is in query-language.md" "$(lacking $language '^\| `@:`' "$fields")"
verdict "every field is in skillsearch-query.7" "$(lacking docs/man/skillsearch-query.7 '^.It Cm @ :' "$fields")"

# ------------------------------------------------------------------ facets
facets=$(echo "$facet_rows" | grep -oE '\] = \{ *"[a-z]+"' | quoted)
verdict "every list of facets has all of them" "$(needs "$facets" facet
    while IFS=: read -r file line; do
        list=$(grep -F -- "$line" "$file")
        for facet in $facets; do
            grep -qw "$facet" <<<"$list" || echo "$file: $facet"
        done
    done <<LISTS
client/option_table.c:#define FACETS
gateway/page/address.h:#define GW_FACETS
gateway/page/filters.c:{ "
gateway/api/parameters.c:FILTER, "
client/python/skillsearch/requests.py:FACETS =
client/node/index.js:const FACETS =
client/node/index.d.ts:type FacetName =
client/instantsearch/index.js:const FACETS =
tests/support/claims.py:FACETS =
LISTS
)"

# -------------------------------------------------------------- the daemon
# An event is the second argument of sks_log; a ?: names two.
events=$(cat searchd/*.c | tr '\n' ' ' | grep -oE 'sks_log \([^;]*;' |
    sed -E 's/^sks_log \([^,]*,([^,]*).*/\1/' | quoted)
explained=$(sed -nE '/^\.Sh DIAGNOSTICS/,/^\.Sh SEE/s/^\.It Sy ([a-z_]+)$/\1/p' docs/man/skillsearchd.8)
verdict "every log event is in skillsearchd.8" "$(needs "$events" event; without "$events" "$explained")"
verdict "skillsearchd.8 names no event that does not exist" \
    "$(needs "$explained" event; without "$explained" "$events")"

# ------------------------------------------------------------- the indexer
problems=$(sed -n '/problem_names\[SKS_PROBLEMS\]/,/^};/p' indexer/report.c | quoted)
verdict "every problem is in skillsearch-index.1" \
    "$(lacking docs/man/skillsearch-index.1 '^\.It Sy @$' "$problems")"
verdict "every problem is in report.json" "$(lacking docs/schema/report.json '"@"' "$problems")"

# --------------------------------------------------------------- the pages
broken_links() {
    for page in ./*.md docs/*.md; do
        grep -oE '\]\([^)#]+' "$page" | cut -c3- | grep -vE '^https?:' | while read -r target; do
            [ -e "${page%/*}/$target" ] || echo "$page: $target"
        done
    done
}
# Sources without an entry in the table of files: `folder/name` in the first column, or `name` after one of that folder.
# An entry may end in a star.
unlisted() {
    described=$(sed -n '/^## What is in each file/,$p' docs/architecture.md | awk -F '|' '/^\| `/ {
        folder = ""
        count = split ($2, name, "`")
        for (i = 2; i < count; i += 2) {
            if (match (name[i], ".*/")) folder = substr (name[i], 1, RLENGTH)
            sub (".*/", "", name[i])
            print folder name[i] } }')
    needs "$described" "table of files"
    git ls-files core indexer vectors searchd gateway client/abi client/browse client/lib 'client/*.c' 'client/*.h' |
        grep -E '\.(c|cc|h)$' | sed 's/\.[a-z]*$//' | sort -u | awk '
            FNR == NR && sub ("[*]$", "") { start[$0]; next }
            FNR == NR { listed[$0]; next }
            $0 in listed { next }
            { for (some in start) if (index ($0, some) == 1) next; print }' <(echo "$described") -
}
# Folders of tests/lint/layers.sh whose row in the table of layers does not name the layers of core that they include.
unlayered() {
    rows=$(sed -n '/^| folder | includes/,/^$/p' docs/architecture.md)
    layers=$(sed -n '/^done <<TABLE/,/^TABLE/p' tests/lint/layers.sh | grep -E '^[a-z/]+ core/.*/$')
    needs "$layers" "layer"
    echo "$layers" | while read -r folder below; do
        wanted=$(echo "$below" | sed -E 's|^core/\(?([a-z|]*).*|\1|; s/\|/, /g')
        echo "$rows" | grep -qF "| \`$folder/\` | $wanted |" || echo "$folder/: $wanted"
    done
}
# What lies in the top folder and is neither a folder that the architecture explains nor a file of every project.
stray() {
    tracked=$(git ls-files)
    needs "$tracked" "tracked file"
    echo "$tracked" | sed -nE 's|^([^./][^/]*)/.*|\1|p' | sort -u | while read -r folder; do
        grep -qF "\`$folder/" docs/architecture.md || echo "$folder/"
    done
    echo "$tracked" | grep -vE '/|^\.|\.md$|^(LICENSE|Makefile)$'
}
verdict "docs/architecture.md lists every source" "$(unlisted)"
verdict "docs/architecture.md explains every top-level folder, and no other file lies there" "$(stray)"
verdict "docs/architecture.md has what each layer includes" "$(unlayered)"
verdict "links lead to existing files" "$(broken_links)"
version=$(sed -nE 's/^#define SKS_VERSION +"(.*)"/\1/p' include/skillsearch.h)
verdict "NEWS.md has this version" "$(lacking NEWS.md '^## @$' "$version")"
verdict "no page or schema has lines of an unfinished merge" "$(grep -rnE '^(<{7}|={7}|>{7})( |$)' ./*.md docs)"

tally
