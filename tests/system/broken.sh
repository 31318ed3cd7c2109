#!/bin/sh
# broken.sh: runs the indexer on good exports among every kind of broken file.
#
# Makes a folder of the sample exports and one file for each kind of bad input,
# indexes it, and compares the report with the plan: one entry for each problem, and every good statement is in the
# index. Takes the programs from $SKS_BUILD and the sample exports from $SKS_CORPUS; needs only a POSIX shell and the
# usual small tools.
set -u
LC_ALL=C
export LC_ALL
: "${SKS_BUILD:?is not set: the folder with the programs}" "${SKS_CORPUS:?is not set: the folder with the sample exports}"
indexer=$SKS_BUILD/skillsearch-index
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
exports=$tmp/exports index=$tmp/index
mkdir "$exports"
passed=0 failed=0

# check CLAIM COMMAND...: the command succeeds.
check() {
    name=$1
    shift
    if "$@"; then
        echo "ok $name"
        passed=$((passed + 1))
    else
        echo "not ok $name: $*"
        failed=$((failed + 1))
    fi
}

# run ARGUMENTS...: sets $code to the exit code; stdout and stderr go to files.
run() {
    "$indexer" --index "$index" "$@" >"$tmp/out" 2>"$tmp/err"
    code=$?
}

# The number beside a name in the JSON report; "problems" counts the entries.
number() {
    sed -n "1s/.*\"$1\":\([0-9][0-9]*\).*/\1/p" "$tmp/out"
}

problems() {
    grep -c '"pointer":' "$tmp/out"
}

says() {
    grep -q "$1" "$2"
}

# --------------------------------------------------------- planning the input

count=0      # of planned problems; file, problem and pointer are in $tmp/plan
partly=0     # files that are partly broken: each has one good statement
serial=1000  # makes SOC codes

new_soc() {
    serial=$((serial + 1))
    soc=98-$serial.00
}

# plan FILE PROBLEM POINTER
plan() {
    printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$tmp/plan"
    count=$((count + 1))
}

# An export of $soc with these further members of its occupation (",..." or nothing) and these levels.
export_of() {
    printf '{"schemaVersion":"1.0","occupation":{"soc":"%s","title":"Title"%s},"framework":{"levels":%s}}\n' \
        "$soc" "$1" "$2"
}

# One level; in braces it is the levels of an export.
good_level='"emerging":{"statements":["One good statement, kept."]}'

# whole FILE PROBLEM POINTER TEXT: a file that is rejected; %b expands the escapes in it.
whole() {
    printf '%b' "$4" >"$exports/$1"
    plan "$1" "$2" "$3"
}

# members FILE PROBLEM POINTER MEMBERS: a file whose good statement is kept.
members() {
    new_soc
    export_of "$4" "{$good_level}" >"$exports/$1"
    plan "$1" "$2" "$3"
    partly=$((partly + 1))
}

# levels FILE PROBLEM POINTER LEVELS: likewise, with more levels.
levels() {
    new_soc
    export_of '' "{$good_level,$4}" >"$exports/$1"
    plan "$1" "$2" "$3"
    partly=$((partly + 1))
}

# list FILE PROBLEM ITEM: likewise, with one bad item between the good one and the end.
list() {
    levels "$1" "$2" /framework/levels/advanced/statements/1 \
        '"advanced":{"statements":["Another good one.",'"$3"']}'
    partly=$((partly + 1))
}

# xs N: N letters.
xs() {
    printf "%${1}s" '' | tr ' ' x
}

# ------------------------------------------------------------------- the input

cp "$SKS_CORPUS"/*.json "$exports"
good_files=$(find "$SKS_CORPUS" -name '*.json' | wc -l)
run --check --json "$SKS_CORPUS"
good_statements=$(number statements)
check "the sample exports are good" [ "$code" -eq 0 ]
check "the sample exports contain statements" [ "${good_statements:-0}" -gt 500 ]

start='{"schemaVersion":"1.0"'
framework="\"framework\":{\"levels\":{$good_level}}"
whole cut.json not_json '' "$start,\"occupation\":{\"soc\":\"98-0"
whole text-after.json not_json '' "$start} and more"
printf '%s}\n%s}' "$start" "$start" >"$exports/two-values.json"
for line in 1 2; do
    plan two-values.json:$line missing /occupation
    plan two-values.json:$line missing /framework
done
whole comma.json not_json '' "$start,}"
whole comment.json not_json '' "$start /* note */}"
whole equal-names.json not_json '' "$start,\"a\":1,\"a\":2}"
whole latin-1.json not_json '' "$start,\"a\":\"caf\\0351\"}"
whole overlong-utf-8.json not_json '' "$start,\"a\":\"\\0300\\0257\"}"
whole surrogate-in-utf-8.json not_json '' "$start,\"a\":\"\\0355\\0240\\0200\"}"
whole cut-utf-8.json not_json '' "$start,\"a\":\"\\0342\\0200\"}"
whole nul.json not_json '' "$start,\"a\":\"\\0000\"}"
whole nul-after.json not_json '' "$start}\\0000"
whole escaped-nul.json not_json '' "$start,\"a\":\"\\\\u0000\"}"
whole lone-surrogate.json not_json '' "$start,\"a\":\"\\\\ud800\"}"
whole control-byte.json not_json '' "$start,\"a\":\"\\0001\"}"
whole bare-newline.json not_json '' "$start,\"a\":\"one\ntwo\"}"
whole not-a-number.json not_json '' "$start,\"a\":NaN}"
whole leading-zero.json not_json '' "$start,\"a\":01}"
whole infinite.json not_json '' "$start,\"a\":1e999}"
whole too-deep.json not_json '' "$start,\"a\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}"
whole version-2.json schema_version /schemaVersion '{"schemaVersion":"2.0"}'
whole version-number.json schema_version /schemaVersion '{"schemaVersion":1.0}'
whole no-occupation.json missing /occupation "$start,$framework}"
whole occupation-list.json type /occupation "$start,\"occupation\":[],$framework}"
whole no-framework.json missing /framework "$start,\"occupation\":{\"soc\":\"98-0001.00\",\"title\":\"T\"}}"
whole no-soc.json soc /occupation/soc "$start,\"occupation\":{\"title\":\"T\"},$framework}"
whole no-title.json missing /occupation/title \
    "$start,\"occupation\":{\"soc\":\"98-0001.00\"},$framework}"
whole blank-title.json empty /occupation/title \
    "$start,\"occupation\":{\"soc\":\"98-0001.00\",\"title\":\" \"},$framework}"
whole long-title.json too_long /occupation/title \
    "$start,\"occupation\":{\"soc\":\"98-0001.00\",\"title\":\"$(xs 513)\"},$framework}"
for soc in 98-0001 98.0001-00 ' 98-0001.00' ../../etc/pw; do
    name="soc $(echo "$soc" | tr / _).json"
    export_of '' "{$good_level}" >"$exports/$name"
    plan "$name" soc /occupation/soc
done
soc=98-0001.00
whole no-levels.json missing /framework/levels \
    "$start,\"occupation\":{\"soc\":\"$soc\",\"title\":\"T\"},\"framework\":{}}"
whole levels-list.json type /framework/levels "$(export_of '' '[]')"
whole no-statement.json empty /framework/levels "$(export_of '' '{"emerging":{"statements":[]}}')"

members zone-9.json value /occupation/jobZone ',"jobZone":9'
members zone-half.json value /occupation/jobZone ',"jobZone":2.5'
members zone-string.json value /occupation/jobZone ',"jobZone":"2"'
members sector-number.json type /occupation/sector ',"sector":55'
members long-sector.json too_long /occupation/sector ",\"sector\":\"$(xs 513)\""
members group-object.json type /occupation/group ',"group":{}'
levels unknown-level.json level /framework/levels/expert '"expert":{"statements":["Lost."]}'
levels capital-level.json level /framework/levels/Advanced '"Advanced":{"statements":["Lost."]}'
levels slash-level.json level /framework/levels/a~1b '"a/b":{"statements":["Lost."]}'
levels level-string.json type /framework/levels/advanced '"advanced":"Lost."'
levels level-empty.json missing /framework/levels/advanced/statements '"advanced":{}'
levels statements-object.json type /framework/levels/advanced/statements \
    '"advanced":{"statements":{"0":"Lost."}}'
list statement-number.json type 7
list statement-null.json type null
list statement-empty.json empty '""'
list statement-blank.json empty '" \t\n "'
list statement-long.json too_long "\"$(xs 4097)\""
list statement-twice.json duplicate '"Another good one."'
list statement-twice-spaced.json duplicate '" Another\n good  one. "'

# One code in two files: the older one is reported, the newer one is kept.
new_soc
export_of '' "{$good_level}" |
    sed 's/^{/{"exportedAt":"2026-01-02T00:00:00Z",/' >"$exports/same-code-newer.json"
export_of '' '{"emerging":{"statements":["Older."]}}' |
    sed 's/^{/{"exportedAt":"2026-01-01T00:00:00Z",/' >"$exports/same-code-older.json"
plan same-code-older.json same_soc /occupation/soc
partly=$((partly + 1))

# More statements in a level than allowed.
items=$(i=0; while [ $i -le 10000 ]; do printf '"%s",' $i; i=$((i + 1)); done)
levels too-many.json too_long /framework/levels/advanced/statements \
    "\"advanced\":{\"statements\":[${items%,}]}"

# A file of over 16 MiB of blanks.
new_soc
{ export_of '' "{$good_level}"; head -c 16777216 /dev/zero | tr '\000' ' '; } >"$exports/large.json"
plan large.json too_large ''

# A regular file that not even root can read.
ln -s /proc/self/mem "$exports/unreadable.json"
plan unreadable.json unreadable ''

# Broken files with names that are hard to print.
odd=$(printf 'caf\351 "x".json')
printf '%s,}' "$start" >"$exports/$odd"
plan "$(printf 'caf\357\277\275 \\"x\\".json')" not_json ''

# Files whose names say that they are JSON.
: >"$exports/empty.json"
plan empty.json not_an_export ''
printf '{"broken' >"$exports/broken.json"
plan broken.json not_json ''

# Files that are neither exports nor problems.
echo 'Notes about the exports.' >"$exports/README.md"
echo '{"name":"something else","version":"1.0"}' >"$exports/package.json"
echo '[1, 2, 3]' >"$exports/list.json"
echo '{ not JSON' >"$exports/draft.txt"
mkfifo "$exports/fifo.json"
ln -s . "$exports/loop"
ln -s nowhere.json "$exports/nowhere-link.json"
skipped=7

# -------------------------------------------------------------- the first run

run --json "$exports"
statements=$((good_statements + partly))
check "a run with rejected input ends with exit 3" [ "$code" -eq 3 ]
check "the good input is published" says '"outcome":"published","generation":1,' "$tmp/out"
check "all $statements good statements are in the index" [ "$(number statements)" -eq "$statements" ]
check "$count problems are reported" [ "$(problems)" -eq "$count" ]
check "at least 40 kinds were tried" [ "$count" -ge 40 ]

# The lines of the report that hold one entry of this file, problem and pointer.
entries() {
    grep -cF "/$1\",\"pointer\":\"$3\",\"problem\":\"$2\"," "$tmp/out"
}
while IFS="$(printf '\t')" read -r file problem pointer; do
    check "$problem is reported for $file" [ "$(entries "$file" "$problem" "$pointer")" -eq 1 ]
done <"$tmp/plan"

# Each problem is also a line on stderr, before the summary of three lines. Advice is on indented lines after a problem.
check "stderr has one line for every problem" [ "$(grep -vc '^    ' "$tmp/err")" -eq $((count + 3)) ]
check "stderr has advice for the four files in a wrong encoding" [ "$(grep -c '^    Save the file as UTF-8' "$tmp/err")" -eq 4 ]
check "the summary names the published generation and its size" says \
    "^published: generation 1, $statements statements of [0-9]* occupations in [0-9.]* s\$" "$tmp/err"
counts="$skipped skipped ([^)]*), $count problems; [0-9]* added, 0 changed, 0 removed, 0 kept"
check "the summary has the counts of files, exports and problems" says "^[0-9]* files: [0-9]* exports, $counts\$" "$tmp/err"
check "stderr contains no control bytes" [ "$(tr -d '\n' <"$tmp/err" | tr -dc '\000-\037\177' | wc -c)" -eq 0 ]
check "skipped files are in the report" says '"reason":"neither a file nor a folder"' "$tmp/out"

# --------------------------------------------------------------- further runs

run --json "$exports"
check "a run without changes publishes nothing" says '"outcome":"unchanged","generation":1,' "$tmp/out"
check "a run without changes reports the problems again" [ "$code" -eq 3 ]

run --strict --json "$exports" "$SKS_CORPUS/README.md"
check "--strict refuses with exit 1" [ "$code" -eq 1 ]
check "--strict publishes nothing" says '"outcome":"failed"' "$tmp/out"

# A good file breaks: its statements stay.
first=$(find "$exports" -name '15-*.json')
printf '%s' "$start" >"$first"
run --json "$exports"
check "a broken file keeps its statements" [ "$(number statements)" -eq "$statements" ]
check "the statements kept from a broken file are reported as stale" says \
    'stale":.*/15-[^"]*json","reason":"15-[0-9.]* is kept from the last generation"' "$tmp/out"
check "a file that broke is reported" [ "$(problems)" -eq $((count + 1)) ]
check "a run in which a file broke publishes nothing" says '"outcome":"unchanged"' "$tmp/out"

# All broken files are removed, and the good files come back.
rm -rf "$exports"
mkdir "$exports"
cp "$SKS_CORPUS"/*.json "$exports"
run --json "$exports"
check "more than half of a source is not removed without an option" [ "$code" -eq 1 ]
check "the report says how much would be removed" says '"problem":"shrink","reason":"[0-9]* of the [0-9]* occupations' "$tmp/out"
run --json --allow-shrink "$exports"
check "good input ends with exit 0" [ "$code" -eq 0 ]
check "the index has only the good statements" [ "$(number statements)" -eq "$good_statements" ]
check "the index has one occupation per good file" [ "$(number occupations)" -eq "$good_files" ]
check "the report has no problems" [ "$(problems)" -eq 0 ]

run --rollback
check "--rollback ends with exit 0" [ "$code" -eq 0 ]
check "--rollback makes generation 1 current" says 'generation 1 is current' "$tmp/err"
run --list
check "--list shows both generations" [ "$(grep -c ' statements' "$tmp/out")" -eq 2 ]
check "--list marks the current one" says "^1$(printf '\t')current$(printf '\t')" "$tmp/out"

# ----------------------------------------------------------- a broken index

# No space for a whole generation: the published one stays, and nothing else remains.
cp "$exports"/43-*.json "$tmp"
rm "$exports"/43-*.json
(
    ulimit -f 16
    "$indexer" --index "$index" "$exports" >"$tmp/out" 2>"$tmp/err"
)
code=$?
check "a run without space ends with exit 1" [ "$code" -eq 1 ]
check "a run without space keeps the published generation" [ "$(readlink "$index/current")" = gen-1 ]
check "a run without space leaves no incomplete generation" [ -z "$(find "$index" -name 'building-*')" ]

# A generation with a changed byte ends the run; --rebuild builds it again.
printf '#' | dd of="$index/current/statements" bs=1 seek=5000 conv=notrunc 2>/dev/null
run --list
check "--list shows a damaged generation" says 'damaged' "$tmp/out"
mv "$tmp"/43-*.json "$exports"
run --json "$exports"
check "a run on a damaged generation ends with exit 1" [ "$code" -eq 1 ]
check "a damaged generation is reported" says '"outcome":"failed"' "$tmp/out"
check "the message about a damaged generation names the ways to repair it" says 'rebuild   reads the sources' "$tmp/err"
run --rebuild
check "--rebuild refuses to lose exports that only the damaged generation has" says 'would be lost; --allow-empty' "$tmp/err"
run --rebuild --allow-empty --json
check "--rebuild --allow-empty publishes without them" says '"outcome":"published","generation":3' "$tmp/out"
check "the rebuilt generation is complete" [ "$(number statements)" -eq "$good_statements" ]

# ------------------------------------------------------- nothing to work with

run --json "$SKS_CORPUS/README.md"
check "a named file that is not an export is a problem" says '"problem":"not_an_export"' "$tmp/out"
was=$index index=$tmp/in/vain
run "$tmp/missing"
check "a missing source leaves no index" [ ! -e "$tmp/in" ]
index=$was
check "a missing source ends with exit 1" [ "$code" -eq 1 ]
check "a missing source is named" says "$tmp/missing: No such file or directory" "$tmp/err"
run
check "a run without a source ends with exit 2" [ "$code" -eq 2 ]
# The index of the environment: a relative XDG_DATA_HOME is ignored.
places() {
    (cd "$tmp" && env -u SKILLSEARCH_INDEX -u XDG_DATA_HOME -u HOME "$@" "$indexer" --list) >"$tmp/out" 2>"$tmp/err"
    code=$?
}
places XDG_DATA_HOME=data HOME="$tmp/home"
check "a relative XDG_DATA_HOME is ignored" says "$tmp/home/.local/share/skillsearch: no index here" "$tmp/err"
places XDG_DATA_HOME="$tmp/data" HOME="$tmp/home"
check "an absolute XDG_DATA_HOME is used" says "$tmp/data/skillsearch: no index here" "$tmp/err"
places XDG_DATA_HOME=data
check "a run without a place for the index ends with exit 2" [ "$code" -eq 2 ]
run --no-such-option
check "an unknown option ends with exit 2" [ "$code" -eq 2 ]
run --keep 0 "$exports"
check "an invalid number ends with exit 2" [ "$code" -eq 2 ]
index=$tmp/new
run "$SKS_CORPUS/README.md"
check "a run without any export ends with exit 1" [ "$code" -eq 1 ]
check "a run without any export leaves no index" [ ! -e "$tmp/new" ]
index=$tmp/checked
run --check "$exports"
check "--check ends with exit 0 on good input" [ "$code" -eq 0 ]
check "--check creates no index" [ ! -e "$tmp/checked" ]
run --rollback
check "--rollback creates no index" [ ! -e "$tmp/checked" ]

# The same exports from standard input, one per line, and one broken.
index=$tmp/lines
for file in "$exports"/*.json; do
    tr -d '\r\n' <"$file"
    echo
done >"$tmp/lines.json"
printf '\n%s\n' "$start" >>"$tmp/lines.json"
"$indexer" --index "$index" --json - <"$tmp/lines.json" >"$tmp/out" 2>"$tmp/err"
code=$?
check "input with a broken line ends with exit 3" [ "$code" -eq 3 ]
check "the good lines are in the index" [ "$(number statements)" -eq "$good_statements" ]
check "a broken line is named" says "\"file\":\"-:$((good_files + 2))\"" "$tmp/out"

# Another process holds the lock of the index.
if command -v flock >/dev/null; then
    flock "$index/lock" "$indexer" --index "$index" "$exports" >"$tmp/out" 2>"$tmp/err"
    code=$?
    check "a locked index ends with exit 5" [ "$code" -eq 5 ]
    check "a locked index is reported" says locked "$tmp/err"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
