#!/bin/bash
# packages.sh: compares debian/ with the Makefile, without building packages: each installed file is in one package, each
# line of the packages' lists names a file, and versions and build dependencies agree.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
need_build
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
version=$(sed -n 's/^#define SKS_VERSION *"\(.*\)"/\1/p' include/skillsearch.h)
verdict "debian/changelog has this version" "$(head -n 1 debian/changelog | grep -F "skillsearch ($version)" >/dev/null || head -n 1 debian/changelog)"
verdict "pyproject.toml has this version" "$(grep -qx "version = \"$version\"" client/python/pyproject.toml || grep version client/python/pyproject.toml)"
# The tests need these, the programs do not.
tests_only='check|python3-jsonschema|gcc|g\+\+|libc6-dev|make|python3|xapian-tools'
needed=$(sed -n '/^PACKAGES := /,/[^\\]$/p' Makefile | sed 's/PACKAGES :=//; s/\\$//' | xargs -n 1 | grep -vxE "$tests_only")
declared=$(sed -n '/^Build-Depends:/,/^[A-Z]/p' debian/control | grep -oE '[a-z0-9.+-]{3,}' | sort -u)
verdict "the build dependencies have the packages of the Makefile" "$(comm -23 <(echo "$needed" | sort) <(echo "$declared"))"
# shellcheck disable=SC2046 # the words of a variable
said=$(make --no-print-directory BUILD="$SKS_BUILD" DESTDIR="$folder/tmp" LIBDIR=/usr/lib/machine install \
    $(sed -n 's/^folders := //p' debian/rules | xargs -n 1 | grep -v '^LIBDIR=') 2>&1)
verdict "make install takes the variables of debian/rules" "$([ -x "$folder/tmp/usr/bin/skillsearch" ] || echo "$said")"
# Of other steps of debian/rules.
mkdir -p "$folder/tmp/etc/skillsearch" "$folder/tmp/etc/default"
touch "$folder/tmp/etc/skillsearch/skillsearchd.conf" "$folder/tmp/etc/default/skillsearchd"
if [ ! -x "$SKS_BUILD/skillsearch-http" ]; then
    echo "skipped: skillsearch-http, which has a package of its own, is not built"
    tally
    exit
fi
# The files that a line names: a file, a folder or a pattern.
named() {
    # shellcheck disable=SC2086 # a pattern
    (cd "$folder/tmp" && find $1 ! -type d 2>/dev/null)
}
for list in debian/*.install; do
    while read -r pattern _; do
        [ -n "$(named "$pattern")" ] || echo "$list: $pattern" >>"$folder/empty"
        named "$pattern" >>"$folder/packaged"
    done <"$list"
done
verdict "each line of the packages' lists names a file" "$(cat "$folder/empty" 2>/dev/null)"
verdict "no file is in two packages" "$(sort "$folder/packaged" | uniq -d)"
verdict "each installed file is in a package" \
    "$(diff <(cd "$folder/tmp" && find . ! -type d | sed 's|^\./||' | sort) <(sort -u "$folder/packaged"))"
tally
