#!/bin/bash
# lint.sh: static analysis and the checks of layout, shell, man pages and spelling; each must report nothing. `make lint`
# installs the tools. analyse.mk runs them; its results are kept in build/lint, so a second run examines only what has
# changed.
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
out=build/lint
# The analysers allocate much memory in small pieces; with huge pages they take a quarter less processor time.
export GLIBC_TUNABLES=${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}
mapfile -t sources < <(git ls-files 'core/*.c' 'indexer/*.c' 'vectors/*.c' 'searchd/*.c' 'client/*.c' 'gateway/*.c' | xargs ls -S)
failure=$(MAKEFLAGS="" make --no-print-directory -k -j "$(nproc)" -f tests/lint/analyse.mk OUT=$out SOURCES="${sources[*]}" 2>&1)

# What a tool has found in each source; what one has found in the tree. A result that is missing is an error.
found_in_sources() { # tool
    local file
    for file in "${sources[@]}"; do
        cat "$out/${file%.c}.$1" 2>&1
    done
}
found_in_tree() { # tool
    head -n 40 "$out/$1.all" 2>&1
}
verdict "every tool has run" "$failure"
verdict "there are sources" "$([ "${#sources[@]}" -gt 0 ] || echo none)"
verdict "gcc and its analyser find nothing" "$(found_in_sources gcc)"
verdict "clang's analyser finds nothing" "$(found_in_sources clang)"
verdict "cppcheck finds nothing" "$(found_in_tree cppcheck)"
verdict "clang-format changes nothing" "$(found_in_tree format)"
verdict "shellcheck finds nothing" "$(found_in_tree shell)"
verdict "mandoc finds nothing" "$(found_in_tree man)"
verdict "functions begin with the noun of their file" "$(found_in_tree nouns)"
verdict "codespell finds nothing" "$(found_in_tree spelling)"
tally
