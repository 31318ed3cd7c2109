#!/bin/bash
# root.sh TARFILE [MMDEBSTRAP OPTION...]: make a minimal Debian 12 as a tar file, from the package sources and with the
# options of apt that this machine has.
set -euo pipefail
tarfile=$1
shift
options=(--variant=minbase --mode=root)
while IFS= read -r line; do
    options+=(--aptopt="$line")
done < <(apt-config dump 2>/dev/null | grep -E '^Acquire::(Check|http|https)' | grep -v '"";$')
mapfile -t sources < <(grep -lsE '\<bookworm\>' /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources)
exec mmdebstrap "${options[@]}" "$@" bookworm "$tarfile" "${sources[@]}"
