#!/bin/bash
# install.sh: what make install puts down can be built against and run, shared and
# static, and the linker's cache is brought up to date where that is right.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
need_build
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
prefix=$folder/usr
mkdir "$folder/log"
# Stands for ldconfig: remembers its calls, and finds the library when asked to.
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
verdict "an installation below DESTDIR leaves the linker's cache alone" \
    "$([ -e "$folder/staged/usr/lib/libskillsearch.so.0" ] || echo "$said"; cat "$folder/log/calls" 2>/dev/null)"
said=$(install PREFIX="$prefix")
verdict "another one updates it" "$(grep -qx 'call ' "$folder/log/calls" || echo "$said")"
verdict "and says so where programs still do not find the library" \
    "$(echo "$said" | grep -q "LD_LIBRARY_PATH=$prefix/lib" || echo "$said")"
touch "$folder/log/found"
verdict "and is silent where they do" "$(install PREFIX="$prefix" | grep LD_LIBRARY_PATH)"

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
case $SKS_BUILD in # a library with a sanitizer needs a program that has it
*/address-undefined | */thread) flags="$flags -fsanitize=$(basename "$SKS_BUILD" | tr - ,)" ;;
esac
# shellcheck disable=SC2046,SC2086 # the words are words
{
    shared=$(gcc "$folder/program.c" $flags $(pkg-config --cflags --libs skillsearch) 2>&1 &&
        LD_LIBRARY_PATH=$prefix/lib "$folder/program")
    whole=$(gcc "$folder/program.c" $flags $(pkg-config --static --cflags --libs skillsearch) 2>&1 &&
        LD_LIBRARY_PATH=$prefix/lib "$folder/program")
    static=$(gcc "$folder/program.c" $flags $(pkg-config --cflags skillsearch) \
        $(pkg-config --static --libs skillsearch | sed 's/-lskillsearch/-l:libskillsearch.a/') 2>&1 && "$folder/program")
}
verdict "a program links with pkg-config and runs" "$([ "$shared" = "connect 0" ] || echo "$shared")"
verdict "so it does with --static" "$([ "$whole" = "connect 0" ] || echo "$whole")"
verdict "and with the library inside it" "$([ "$static" = "connect 0" ] || echo "$static")"
verdict "which it then does not need" "$(readelf -d "$folder/program" | grep 'NEEDED.*skillsearch')"
verdict "no package is required to build against the shared library" \
    "$(pkg-config --print-requires --print-requires-private skillsearch)"
tally
