#!/bin/sh
# find_library.sh LIBDIR SONAME: after an installation into the running system,
# let programs find the library: bring the linker's cache up to date if that is
# allowed, else say what is to be done.
libdir=$1 soname=$2
ldconfig=${LDCONFIG:-/sbin/ldconfig}
"$ldconfig" 2>/dev/null
"$ldconfig" -p 2>/dev/null | grep -qF "=> $libdir/$soname" && exit 0
echo "Programs do not find $libdir/$soname yet: run $ldconfig as root, with $libdir in /etc/ld.so.conf.d," \
    "or set LD_LIBRARY_PATH=$libdir"
