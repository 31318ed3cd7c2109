#!/bin/bash
# install.sh: programs can be built against what make install installs, shared and static, with pkg-config and CMake, and
# run; uninstall removes all of it; the linker's cache is updated only for an installation into the running system.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
. tests/support/serve.sh
need_build
folder=$(mktemp -d)
trap 'stop_serving; rm -rf "$folder"' EXIT
prefix=$folder/usr
mkdir "$folder/log"
# Stands in for ldconfig: records its calls, and finds the library when the test says so.
cat >"$folder/ldconfig" <<SCRIPT
#!/bin/sh
echo "call \$*" >>"$folder/log/calls"
[ "\$*" = -p ] && [ -e "$folder/log/found" ] && echo "	libskillsearch.so.0 (libc6) => $prefix/lib/libskillsearch.so.0"
exit 0
SCRIPT
chmod +x "$folder/ldconfig"
install() { # what make gets
    rm -f "$folder/log/calls"
    make --no-print-directory BUILD="$SKS_BUILD" LDCONFIG="$folder/ldconfig" "$@" install 2>&1
}

said=$(install DESTDIR="$folder/staged" PREFIX=/usr)
verdict "an installation below DESTDIR does not update the linker's cache" \
    "$([ -e "$folder/staged/usr/lib/libskillsearch.so.0" ] || echo "$said"; cat "$folder/log/calls" 2>/dev/null)"
said=$(install PREFIX="$prefix")
verdict "an installation into the running system updates the linker's cache" "$(grep -qx 'call ' "$folder/log/calls" || echo "$said")"
verdict "the installation says when programs still do not find the library" \
    "$(echo "$said" | grep -q "LD_LIBRARY_PATH=$prefix/lib" || echo "$said")"
touch "$folder/log/found"
verdict "the installation says nothing when programs find the library" "$(install PREFIX="$prefix" | grep LD_LIBRARY_PATH)"

cat >"$folder/program.c" <<'PROGRAM'
#include <skillsearch.h>
#include <stdio.h>
#include <string.h>
int
main (void)
{
    sks_client *client;
    sks_error err;
    int rc = sks_client_open (&client, "tcp://127.0.0.1:1", &err);
    printf ("%s %d\n", sks_code_name (rc), strcmp (sks_version (), SKS_VERSION));
    sks_client_close (&client);
    return rc != SKS_ECONNECT;
}
PROGRAM
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
flags="-o $folder/program"
case $SKS_BUILD in # a library with a sanitizer needs a program with the same one
*/address-undefined | */thread) flags="$flags -fsanitize=$(basename "$SKS_BUILD" | tr - ,)" ;;
esac
# shellcheck disable=SC2046,SC2086 # word splitting is intended
{
    shared=$(gcc "$folder/program.c" $flags $(pkg-config --cflags --libs skillsearch) 2>&1 &&
        LD_LIBRARY_PATH=$prefix/lib "$folder/program")
    whole=$(gcc "$folder/program.c" $flags $(pkg-config --static --cflags --libs skillsearch) 2>&1 &&
        LD_LIBRARY_PATH=$prefix/lib "$folder/program")
    static=$(gcc "$folder/program.c" $flags $(pkg-config --cflags skillsearch) \
        $(pkg-config --static --libs skillsearch | sed 's/-lskillsearch/-l:libskillsearch.a/') 2>&1 && "$folder/program")
}
verdict "a program links with pkg-config --libs and runs" "$([ "$shared" = "connect 0" ] || echo "$shared")"
verdict "a program links with pkg-config --static and runs" "$([ "$whole" = "connect 0" ] || echo "$whole")"
verdict "a program links with the static library and runs" "$([ "$static" = "connect 0" ] || echo "$static")"
verdict "a program with the static library does not need the shared one" "$(readelf -d "$folder/program" | grep 'NEEDED.*skillsearch')"
verdict "no package is required to build against the shared library" \
    "$(pkg-config --print-requires --print-requires-private skillsearch)"

# ------------------------------------------------- the program of the manual
sed -n '/^\.Bd/,/^\.Ed/p' docs/man/skillsearch.3 | sed '1d;/^\.Ed/,$d; s/\\e/\\/g' >"$folder/manual.c"
cp "$folder/manual.c" "$folder/manual.cc"
serve "$folder"
for compiler in 'gcc -std=c99' 'g++ -std=c++11' 'clang -std=c99' 'clang++ -std=c++11'; do
    source=$folder/manual.c
    case $compiler in *++*) source=$folder/manual.cc ;; esac
    if ! command -v "${compiler%% *}" >/dev/null; then
        echo "skipped: ${compiler%% *} is not installed"
        continue
    fi
    case $flags in # libraries of another compiler's sanitizer do not fit
    *-fsanitize*) [ "${compiler#clang}" = "$compiler" ] || { echo "skipped: clang with the sanitizers of gcc"; continue; } ;;
    esac
    # shellcheck disable=SC2046,SC2086
    said=$($compiler -Wall -Wextra -Werror "$source" $flags $(pkg-config --cflags --libs skillsearch) 2>&1 &&
        LD_LIBRARY_PATH=$prefix/lib "$folder/program" mail 2>&1)
    verdict "the program of the manual compiles with $compiler and finds statements" \
        "$(grep -qE '^[1-9][0-9]* statements$' <<<"$said" && grep -q '^Mail Clerks.*: ' <<<"$said" || echo "$said")"
done
if command -v cmake >/dev/null && [ "$flags" = "-o $folder/program" ]; then
    mkdir "$folder/cmake"
    cat >"$folder/cmake/CMakeLists.txt" <<'PROJECT'
cmake_minimum_required(VERSION 3.18)
project(manual C)
find_package(skillsearch 0.1 REQUIRED)
add_executable(shared ../manual.c)
target_link_libraries(shared skillsearch::skillsearch)
add_executable(static ../manual.c)
target_link_libraries(static skillsearch::static)
PROJECT
    said=$(cd "$folder/cmake" && cmake -DCMAKE_PREFIX_PATH="$prefix" . 2>&1 && cmake --build . 2>&1)
    for program in shared static; do
        verdict "a program links with CMake's target for the $program library and runs" \
            "$("$folder/cmake/$program" mail 2>&1 | grep -qE '^[1-9][0-9]* statements$' || echo "$said")"
    done
    verdict "CMake refuses a version that is not installed" \
        "$(sed 's/skillsearch 0.1/skillsearch 99/' "$folder/cmake/CMakeLists.txt" >"$folder/CMakeLists.txt"
            cmake -DCMAKE_PREFIX_PATH="$prefix" -S "$folder" -B "$folder/refused" >"$folder/refusal" 2>&1 && cat "$folder/refusal"
            grep -q 'requested version "99"' "$folder/refusal" || cat "$folder/refusal")"
else
    echo "skipped: CMake is not installed, or the library has a sanitizer"
fi

# --------------------------------------------------------------- uninstalling
# With every variable, below DESTDIR, beside an installation in another prefix. Several are set at once, as each call of
# make takes as long as the rest of a check, but not one whose default another one changes (MANDIR with DATADIR).
files() {
    find "$folder/all" -mindepth 1 ! -type d | sort
}
mkdir "$folder/all"
quietly() {
    make --no-print-directory BUILD="$SKS_BUILD" LDCONFIG="$folder/ldconfig" DESTDIR="$folder/all" "$@" 2>&1
}
said=$(quietly PREFIX=/opt/other install)
other=$(files)
for variables in PREFIX=/usr "PREFIX=/usr LIBDIR=/usr/lib/machine" "BINDIR=/b LIBDIR=/l INCLUDEDIR=/i DATADIR=/d SYSTEMDDIR=/s" \
    "MANDIR=/m UNITDIR=/u"; do
    # shellcheck disable=SC2086 # a list
    said=$(quietly $variables install) && installed=$(files) && said=$(quietly $variables uninstall)
    left=$(diff <(echo "$other") <(files); [ "$installed" != "$other" ] || echo "nothing was installed: $said"
        find "$folder/all" -mindepth 1 -type d -name skillsearch | grep -v /opt/other)
    verdict "uninstall removes what install installed: $variables" "$left"
    for variable in $variables; do
        verdict "and files were installed in ${variable##*=}" "$(grep -q "^$folder/all${variable##*=}/" <<<"$installed" || echo "$installed")"
    done
done
said=$(quietly PREFIX=/opt/other uninstall)
verdict "uninstall removes everything" "$(files)"

# -------------------------------------------------------------------- make dist
if git rev-parse -q --verify HEAD >/dev/null 2>&1; then
    for turn in 1 2; do
        make --no-print-directory BUILD="$folder/dist$turn" dist >/dev/null 2>&1
    done
    verdict "make dist writes the same bytes twice" "$(cmp "$folder"/dist[12]/*.tar.gz 2>&1)"
    verdict "it has the tracked files and no others" \
        "$(diff <(git ls-files | sort) <(tar -tzf "$folder"/dist1/*.tar.gz | sed 's|^[^/]*/||' | sort))"
else
    echo "skipped: make dist needs a checkout with git"
fi
tally
