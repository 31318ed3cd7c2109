#!/bin/bash
# lint.sh: static analysis and the checks of layout, shell, man pages and
# spelling; each must report nothing. `make lint` installs the tools.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
# Without its tool, a part that searches the tool's output would pass.
for tool in gcc clang-tidy clang-format cppcheck shellcheck mandoc codespell; do
    command -v "$tool" >/dev/null || {
        echo "lint: $tool is missing" >&2
        exit 1
    }
done
jobs=$(nproc)
flags=(-I. -Iinclude -D_GNU_SOURCE)
mapfile -t sources < <(git ls-files 'core/*.c' 'indexer/*.c' 'vectors/*.c' 'searchd/*.c' 'client/*.c' 'gateway/*.c')
mapfile -t all_c < <(git ls-files '*.c' '*.h' '*.cc')
mapfile -t scripts < <(git ls-files '*.sh' .ci/run 'debian/tests/*' 'debian/*.post*' 'debian/*.prerm' ':!debian/tests/control')
mapfile -t pages < <(git ls-files 'docs/man/*')

# Run the command for each source, on all cores, and print its output. Fails when a command fails.
each_source() {
    # shellcheck disable=SC2016 # the inner shell expands
    printf '%s\0' "${sources[@]}" | xargs -0 -P "$jobs" -n 4 sh -c '
        options=$1
        shift
        for file; do
            '"$1"' 2>&1
        done' lint "${flags[*]}"
}
warnings='-Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wvla -Werror'
# shellcheck disable=SC2016 # $options and $file belong to the inner shell
verdict "gcc has no warning" \
    "$(each_source "gcc -std=gnu11 $warnings \$options -O2 -fsyntax-only \"\$file\"")"
# The analyser of gcc 12 forgets what a structure points to when an array in it is written at an index that it does
# not know (the dictionary's collections, the columns of facets, the places of pieces), and reports the rest as leaked.
# All of it is freed, which the address sanitizer confirms.
false_leaks='^(indexer/dictionary|core/engine/facet_table|core/index/pieces)\.c:.*analyzer-malloc-leak'
# shellcheck disable=SC2016
verdict "gcc -fanalyzer finds nothing" \
    "$(each_source 'gcc -std=gnu11 -Werror -fanalyzer $options -O1 -c "$file" -o /dev/null' |
        grep -E 'error:|warning:' | grep -vE "$false_leaks")"
# Off: advice on padding, and on memcpy and snprintf, which have bounds here. The
# analyser of version 14 takes va_start for a macro that it does not know.
checks='-*,clang-analyzer-*,-clang-analyzer-optin.performance.Padding'
checks+=',-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,-clang-analyzer-valist.Uninitialized'
# shellcheck disable=SC2016
verdict "clang's analyser finds nothing" \
    "$(each_source "clang-tidy -quiet -checks='$checks' \"\$file\" -- -std=gnu11 \$options" | grep -E 'warning:|error:')"
verdict "cppcheck finds nothing" \
    "$(cppcheck -q -j "$jobs" --std=c11 --enable=warning,portability,performance --inline-suppr \
        --suppress=missingIncludeSystem --library=tests/lint/cppcheck.cfg "${flags[@]}" \
        core indexer vectors searchd client gateway 2>&1)"
verdict "clang-format changes nothing" "$(clang-format --dry-run -Werror "${all_c[@]}" 2>&1 | grep -E 'error:' | head -n 20)"
verdict "shellcheck finds nothing" "$(shellcheck -x "${scripts[@]}" 2>&1)"
verdict "mandoc finds nothing" \
    "$(mandoc -Tlint "${pages[@]}" 2>&1 | grep -vE 'referenced manual not found|outdated mandoc.db')"
verdict "functions begin with the noun of their file" "$(/usr/bin/python3 tests/lint/counts.py --off-noun 2>&1)"
# Left out: words that are misspelled on purpose, and the macros of man pages. "nIn" is "\nIn" in a C string.
verdict "codespell finds nothing" \
    "$(git ls-files '*.md' '*.c' '*.h' '*.cc' '*.sh' '*.py' '*.in' Makefile | xargs codespell -I tests/lint/spelling.txt)"
tally
