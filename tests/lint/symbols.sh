#!/bin/sh
# symbols.sh: checks that the library exports exactly what the header declares, and that the header compiles alone as
# C90 and C++98.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
need_build
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tr '\n' ' ' <include/skillsearch.h | grep -oE 'SKS_API[^;]*;' | grep -oE 'sks_[a-z_]+ \(' | head -n 1000 | tr -d ' (' |
    sort -u >"$folder/declared"
nm -D --defined-only "$SKS_BUILD"/libskillsearch.so | awk '$2 == "T" { print $3 }' | sort -u >"$folder/versioned"
sed 's/@.*//' "$folder/versioned" | sort -u >"$folder/exported"
verdict "the exported symbols are the declared ones" "$(diff "$folder/declared" "$folder/exported")"
verdict "the library exports something" "$([ -s "$folder/exported" ] || echo none)"
verdict "each exported symbol has a version" "$(grep -v '@SKILLSEARCH_[0-9.]*$' "$folder/versioned")"
sed -nE 's/^ (sks_[a-z_0-9]+)@(SKILLSEARCH_[0-9.]+) .*/\1 \2/p' debian/libskillsearch0.symbols | sort >"$folder/packaged"
verdict "the symbols file of the package has the exported symbols" \
    "$(sed 's/@@*/ /' "$folder/versioned" | sort | diff - "$folder/packaged")"
# shellcheck disable=SC2016 # backquotes of the page
sed -nE 's/^\| `(sks_[a-z_]+)` \|.*/\1/p' docs/abi.md | sort -u >"$folder/described"
verdict "docs/abi.md lists the exported functions" "$(diff "$folder/declared" "$folder/described")"
verdict "every function of the header is in skillsearch.3" \
    "$(sed -nE 's/^\.F[no] (sks_[a-z_]+).*/\1/p' docs/man/skillsearch.3 | sort -u | comm -23 "$folder/declared" -)"
foreign=$(ldd "$SKS_BUILD"/libskillsearch.so "$SKS_BUILD"/skillsearch | grep -E 'xapian|utf8proc|xxhash|stdc\+\+.*xapian' || true)
verdict "library and command need neither Xapian nor our text libraries" "$foreign"
printf '#include "skillsearch.h"\nint main (void) { sks_query q = SKS_QUERY_INIT; return (int) q.offset; }\n' >"$folder/alone.c"
cp "$folder/alone.c" "$folder/alone.cc"
verdict "the header compiles alone as C90" \
    "$(gcc -std=c90 -pedantic-errors -Wall -Wextra -Werror -Wno-long-long -Iinclude -c "$folder/alone.c" -o "$folder/a.o" 2>&1)"
verdict "the header compiles alone as C++98" \
    "$(g++ -std=c++98 -Wall -Wextra -Werror -Wno-long-long -Iinclude -c "$folder/alone.cc" -o "$folder/b.o" 2>&1)"
# No name has two meanings: one file can include all headers.
headers=$(git ls-files '*.h' 2>/dev/null || find . -name '*.h' | sed 's|^\./||')
gateway=$([ -e "$SKS_BUILD"/skillsearch-http ] && echo '|gateway') # where its libraries are installed
headers=$(echo "$headers" | grep -E "^(include|core|indexer|searchd|client$gateway)/")
echo "$headers" | sed 's/.*/#include "&"/' >"$folder/all.c"
verdict "all headers can be included together" \
    "$(gcc -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -I. -Iinclude -c "$folder/all.c" -o "$folder/all.o" 2>&1)"
verdict "no two headers have the same include guard" "$(echo "$headers" | xargs sed -n 's/^#ifndef //p' | grep '_H$' | sort | uniq -d)"
verdict "headers with include guards are found" "$([ "$(echo "$headers" | xargs grep -l '^#ifndef .*_H$' | wc -l)" -gt 100 ] || echo "$headers")"
# A hook in searchd/libc_hooks.c has no effect unless libzmq imports the function.
nm -D --undefined-only "$(ldd "$SKS_BUILD"/skillsearchd | awk '$1 ~ /^libzmq/ { print $3 }')" |
    awk '{ sub (/@.*/, "", $2); print $2 }' | sort -u >"$folder/imported"
sed -n '/^HOOK/{n;s/ (.*//;p}' searchd/libc_hooks.c | sort -u >"$folder/hooked"
nm -D --defined-only "$SKS_BUILD"/skillsearchd | awk '$2 == "T" { print $3 }' | sort -u >"$folder/visible"
verdict "libzmq imports every function that the daemon hooks" "$(comm -23 "$folder/hooked" "$folder/imported")"
verdict "the daemon exports every function that it hooks" "$(comm -23 "$folder/hooked" "$folder/visible")"
verdict "the daemon hooks at least one function" "$([ -s "$folder/hooked" ] || echo none)"
# Other functions that libzmq might call instead.
verdict "libzmq calls no other function to read connections, to signal or to open boxes" \
    "$(grep -xE 'eventfd_(read|write)|ppoll|p?select|__(poll|ppoll|read)_chk|writev|recvmsg|recvmmsg|__recv_chk|__recvfrom_chk|readv|io_uring_.*|epoll_pwait2?|crypto_box_open_easy|crypto_box_open_detached' "$folder/imported")"
tally
