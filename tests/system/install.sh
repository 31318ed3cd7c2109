#!/bin/bash
# install.sh: programs can be built against what make install installs, shared and static, and run; the linker's cache
# is updated only for an installation into the running system.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
need_build
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
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
tally
