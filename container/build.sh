#!/bin/bash
# build.sh FOLDER PACKAGE.deb...: make an image named skillsearch from the packages; rootfs.tar is left in the folder.
# Needs root, mmdebstrap and buildah. The image has no service manager, only what creates the user and its folder.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
folder=$1
shift
mkdir -p "$folder"
mkdir -p "$folder/packages"
cp "$@" "$folder/packages"
"$here/root.sh" "$folder/rootfs.tar" --quiet \
    --customize-hook="mkdir \"\$1/packages\" && cp '$folder'/packages/*.deb \"\$1/packages\"" \
    --customize-hook="chroot \"\$1\" sh -c 'apt-get install -y -qq --no-install-recommends systemd-standalone-sysusers systemd-standalone-tmpfiles /packages/*.deb >/dev/null && rm -r /packages'"
rm -r "$folder/packages"
buildah --storage-driver vfs bud --isolation chroot --quiet --tag skillsearch --file "$here/Containerfile" "$folder"
