#!/bin/bash
# fillers.sh BUILD INDEX QUERIES: how many of the first ten hits stay when words of a question or a request are put
# before a text. 250 texts, spread over QUERIES.
set -eu
if [ $# -ne 3 ]; then
    echo "usage: make fillers INDEX=DIR QUERIES=FILE" >&2
    exit 2
fi
build=$1 index=$2 queries=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
step=$(($(wc -l <"$queries") / 250))
awk -v step="$((step > 0 ? step : 1))" 'NR % step == 0' "$queries" | head -n 250 >"$folder/texts"
first_ten() { # file of texts
    "$build/test-relevance" "$index" "$1" auto given | awk -F'\t' '$2 <= 10 { print $1 "\t" $3 }' | sort
}
first_ten "$folder/texts" >"$folder/plain"
while read -r prefix; do
    awk -F'\t' -v OFS='\t' -v p="$prefix" '{ print $1, p " " tolower(substr($2, 1, 1)) substr($2, 2) }' \
        "$folder/texts" >"$folder/asked"
    first_ten "$folder/asked" >"$folder/after"
    kept=$(comm -12 "$folder/plain" "$folder/after" | wc -l)
    echo "$((kept * 1000 / $(wc -l <"$folder/plain")))" "$prefix" |
        awk '{ value = $1 / 10; $1 = ""; printf "%5.1f %%%s\n", value, $0 }'
done <<'END'
How do I
You will
I need to
Can you please
What should I do to
Where can we
She has been able to
I need someone to
END
