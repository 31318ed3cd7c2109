#!/bin/bash
# defects.sh: every tool of lint.sh can fail. A small tree with one defect for each tool fails with the finding of that
# tool, passes without the defects, and fails again when a header gets one.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/tests/support" "$tree/docs/man" "$tree/include" "$tree/.ci"
cp -r tests/lint "$tree/tests"
cp tests/support/verdict.sh "$tree/tests/support"
cp include/skillsearch.h "$tree/include"
cp .clang-format "$tree"
cp .ci/run "$tree/.ci"
cd "$tree" || exit 1
# counts.py wants functions in each of its folders.
for folder in core/{base,index,wire,engine,shards} client/{lib,browse,abi} indexer vectors searchd gateway/{http,api,page} client gateway; do
    mkdir -p "$folder"
    printf 'int\nnoun (void)\n{\n    return 0;\n}\n' >"$folder/noun.c"
done
printf 'int wide_cut (long number);\n' >core/base/wide.h
cat >docs/man/page.1 <<'PAGE'
.Dd May 15, 2026
.Dt PAGE 1
.Os
.Sh NAME
.Nm page
.Nd a page
PAGE
git init -q .

lint() {
    git add -A
    tests/lint/lint.sh >output
}
# Fails unless the output of lint has all of these.
expect() {
    for finding; do
        grep -qF -- "$finding" output || echo "lint does not find: $finding"
    done
}
cat >core/base/wide.c <<'SOURCE'
#include "wide.h"

#include <stdlib.h>

int
wide_cut (long number)
{
    return number;
}

void
wide_free (char *bytes)
{
    free (bytes);
    free (bytes);
}

int
cut_wide (void)
{
    int list[2] = { 1, 2 };
  return list[2];
}
SOURCE
printf '#!/bin/sh\necho %s1\n' '$' >script.sh
printf 'A sep%srate word.\n' e >README.md
cp docs/man/page.1 right.1
printf '.Xx\n' >>docs/man/page.1
lint
status=$?
verdict "each tool of lint finds its defect" "$(
    [ $status -ne 0 ] || echo 'lint passes'
    expect '[-Werror=conversion]' '[CWE-415] [-Werror=analyzer-double-free]' '[clang-analyzer-unix.Malloc]' \
        '[arrayIndexOutOfBounds]' 'error: code should be clang-formatted' 'SC2086' 'page.1:7:2: ERROR' \
        'core/base/wide.c cut_wide' '==> separate'
)"
verdict "a tool fails only for its own defects" "$(expect '2 passed, 8 failed')"
sed -i -e '/^void/,$d' -e 's/return number/return (int) number/' core/base/wide.c
sed -i '${/^$/d}' core/base/wide.c
cp right.1 docs/man/page.1
rm script.sh README.md
lint
status=$?
verdict "lint passes without defects" "$([ $status -eq 0 ] || cat output)"
printf 'static inline int\nwide_half (long number)\n{\n    return number / 2;\n}\n' >>core/base/wide.h
lint
verdict "a changed header is examined with the sources that include it" "$(expect 'core/base/wide.h' '[-Werror=conversion]')"
tally
