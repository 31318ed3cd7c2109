#!/bin/bash
# check.sh: the packages, from building them to purging them in a bare Debian 12, and the container. Takes 15 to 30
# minutes; `make check-deb` runs it. What was done in the bare system stays in transcript.txt of the folder
# $SKS_BUILD/packages. REBUILD=no uses the packages and the bare system of the last run.
# shellcheck disable=SC2016 # commands in single quotes are for the shell of the bare system
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
SKS_BUILD=${SKS_BUILD:-$PWD/build}
work=$SKS_BUILD/packages debs=$SKS_BUILD/deb
mkdir -p "$work"
transcript=$work/transcript.txt
if [ "$(id -u)" != 0 ]; then
    echo "skipped: a bare system and a container can only be made by root"
    tally
    exit
fi
root=$work/root server=
# The kernel's files are needed by apt and systemd.
mount_kernel() {
    mount --bind /proc "$1/proc" && mount --rbind /dev "$1/dev" && mount --make-rslave "$1/dev"
}
unmount_kernel() {
    mountpoint -q "$1/dev" && umount -R "$1/dev"
    mountpoint -q "$1/proc" && umount "$1/proc"
}
remove_root() { # folder
    unmount_kernel "$1"
    rm -rf --one-file-system "$1"
}
trap 'remove_root "$root"; remove_root "$work/autopkgtest"' EXIT
trap 'exit 1' INT TERM
timed() { # what it is, command...
    local what=$1 begun=$SECONDS
    shift
    "$@"
    local code=$?
    echo "# $what: $((SECONDS - begun)) s"
    return "$code"
}
make_root() { # folder: the bare system, ready for apt
    remove_root "$1"
    mkdir -p "$1"
    tar -C "$1" -xf "$work/bare.tar"
    mount_kernel "$1"
    cp -L /etc/resolv.conf /etc/hosts "$1/etc/"
    printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d" # there is no service manager
    chmod +x "$1/usr/sbin/policy-rc.d"
    echo 'Dpkg::Use-Pty "0";' >"$1/etc/apt/apt.conf.d/quiet"
    inside "$1" 'apt-get update -qq' >/dev/null
}
inside() { # folder, command
    chroot "$1" /usr/bin/env -i HOME=/tmp PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive TERM=dumb bash -ec "$2" </dev/null
}
# Run a command in the bare system; the transcript gets it with its output and time. Fails with the command.
step() {
    local begun code
    begun=$(date +%s.%N)
    printf '# %s\n' "$1" >>"$transcript"
    inside "$root" "$1" >"$work/output" 2>&1
    code=$?
    cat "$work/output" >>"$transcript"
    awk -v a="$begun" -v b="$(date +%s.%N)" -v code=$code 'BEGIN { printf "(%.2f s%s)\n", b - a, code ? ", exit status " code : "" }' >>"$transcript"
    return $code
}
shown() { # a failed step as the reason of a verdict
    step "$1" || { echo "$1"; tail -n 20 "$work/output"; }
}

# ------------------------------------------------------------------- building
if [ "${REBUILD:-}" != no ]; then
    said=$(timed "building the packages" make --no-print-directory deb 2>&1)
    verdict "the packages are built" "$([ "$(find "$debs" -name '*.deb' ! -name '*-dbgsym_*' | wc -l)" = 5 ] || tail -n 30 <<<"$said")"
    tail -n 1 <<<"$said"
    # The second folder has another path and name.
    said=$(timed "building them again" make --no-print-directory BUILD="$work/second" deb 2>&1)
    tail -n 1 <<<"$said"
    verdict "packages from two folders have the same bytes" \
        "$(for one in "$debs"/*.deb; do cmp "$one" "$work/second/deb/$(basename "$one")" 2>&1; done)"
    rm -rf "$work/second"
fi
mapfile -t packages < <(find "$debs" -name '*.deb' ! -name '*-dbgsym_*' | sort)
for package in "${packages[@]}"; do
    echo "# $(basename "$package"): $(stat -c %s "$package") bytes, installed $(dpkg-deb -f "$package" Installed-Size) KiB"
done
verdict "lintian reports no error and no warning" "$(lintian --allow-root --tag-display-limit 0 "$debs"/*.changes 2>&1 | grep -E '^[EW]:|lintian: error')"

# The same packages as an older version whose programs write another index format.
old=$work/old
if [ "${REBUILD:-}" != no ] || [ ! -d "$old" ]; then
    rm -rf "$old" && mkdir -p "$old/tree"
    tar -C "$old/tree" --strip-components=1 -xzf "$SKS_BUILD"/skillsearch-*.tar.gz
    sed -i -E 's/(#define SKS_INDEX_FORMAT) .*/\1 5/' "$old/tree/core/base/schema.h"
    said=$(timed "building programs of an older index format" make -C "$old/tree" --no-print-directory -j2 BUILD=build \
        PREFIX=/usr build/skillsearchd build/skillsearch-index 2>&1) || echo "$said"
    for package in skillsearch skillsearch-http; do
        dpkg-deb -R "$debs/$package"_*.deb "$old/$package"
        sed -i 's/^Version: .*/Version: 0.0.9/' "$old/$package/DEBIAN/control"
    done
    install -m 755 "$old/tree/build/skillsearchd" "$old/tree/build/skillsearch-index" "$old/skillsearch/usr/bin"
    for package in skillsearch skillsearch-http; do
        dpkg-deb --root-owner-group -b "$old/$package" "$old/$package.deb" >/dev/null
    done
fi

# ------------------------------------------------------------ the bare system
if [ "${REBUILD:-}" != no ] || [ ! -e "$work/bare.tar" ]; then
    # With systemd, as every Debian has it that runs services; it makes files of its own that no purge removes.
    timed "making a bare Debian 12" container/root.sh "$work/bare.tar" --quiet --include=systemd
fi
make_root "$root"
# All files but those of apt, dpkg and their logs, and of running programs.
list_files() {
    inside "$root" "find / -xdev \( -path /proc -o -path /dev -o -path /sys -o -path /tmp -o -path /var/cache -o -path /var/lib/apt \
        -o -path /var/lib/dpkg -o -path /var/log -o -path /run \) -prune -o -print" | sort
}
list_files >"$work/before"
mkdir "$root/tmp/debs" "$root/tmp/old"
cp "${packages[@]}" "$root/tmp/debs"
cp "$old"/*.deb "$root/tmp/old"
cp -r corpus "$root/tmp/corpus" && chmod -R a+rX "$root/tmp/corpus"
echo "A minimal Debian 12 with systemd; /tmp/debs has the packages, /tmp/old an older version of another index format." >"$transcript"
as_user='setpriv --reuid=skillsearch --regid=skillsearch --clear-groups --reset-env'
verdict "the older version is installed" "$(shown 'apt-get install -y -qq --no-install-recommends /tmp/old/*.deb')"
verdict "it makes an index of its format" "$(shown "$as_user skillsearch-index --index /var/lib/skillsearch /tmp/corpus")"
verdict "a line is added to the configuration" "$(shown 'echo "queue = 300" >>/etc/skillsearch/skillsearchd.conf')"
verdict "all packages are installed, two of them as an upgrade" \
    "$(shown 'apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold /tmp/debs/*.deb')"
verdict "the upgrade builds the index again" "$(grep -q 'in the format of this version' "$work/output" || cat "$work/output")"
verdict "the user exists and owns the folder of the index" "$(shown 'id skillsearch; test "$(stat -c %U:%a /var/lib/skillsearch)" = skillsearch:755')"
verdict "the changed configuration is still there, and valid" \
    "$(shown 'grep -qx "queue = 300" /etc/skillsearch/skillsearchd.conf; skillsearchd --config /etc/skillsearch/skillsearchd.conf -n')"
verdict "the units name programs that exist" \
    "$(shown 'systemd-analyze verify --man=no /lib/systemd/system/skillsearch*.service /lib/systemd/system/skillsearch*.timer')"
verdict "each unit's exposure level is at most 2" \
    "$(shown 'for unit in /lib/systemd/system/skillsearch*.service; do systemd-analyze security --no-pager --offline=true --threshold=20 $unit | tail -n 1; done')"
# As the unit starts it.
verdict "the daemon serves the index as the unit starts it" "$(shown "options=\$(sed -n 's/^SKILLSEARCHD_OPTIONS=//p' /etc/default/skillsearchd); mkfifo /tmp/ready
$as_user env SKILLSEARCH_INDEX=/var/lib/skillsearch skillsearchd \$options --ready-fd 3 3>/tmp/ready 2>/tmp/daemon.log &
echo \$! >/tmp/daemon.pid; read -r endpoint </tmp/ready; echo \$endpoint")"
server=$(cat "$root/tmp/daemon.pid" 2>/dev/null)
verdict "the command finds statements" "$(shown "skillsearch -n 1 '\"incoming mail\" route' | tee /tmp/answer; grep -q '43-9051.00' /tmp/answer")"
verdict "the Python client finds as many" \
    "$(shown "python3 -c 'import skillsearch; print(skillsearch.Client().search(\"mail\")[\"total\"])' | tee /tmp/answer; grep -qx 16 /tmp/answer")"
verdict "the gateway answers" "$(shown "setpriv --reuid=nobody --regid=nogroup --clear-groups skillsearch-http --ready-fd 3 3>/tmp/ready 2>/tmp/http.log & http=\$!
read -r address </tmp/ready
python3 -c 'import json, urllib.request as u; print(json.load(u.urlopen(\"http://127.0.0.1:7380/v1/search?q=mail\"))[\"total\"])' | tee /tmp/answer
kill \$http; wait \$http || true; grep -qx 16 /tmp/answer")"
verdict "man finds the manual pages" "$(shown 'for page in skillsearch.1 skillsearch.3 skillsearchd.conf.5 skillsearch-protocol.7 skillsearchd.8; do
dpkg -L skillsearch libskillsearch-dev | grep "/$page" || { echo "no $page"; exit 1; }; done')"
[ -n "$server" ] && kill "$server"
verdict "an index of this version is left alone by an upgrade" \
    "$(shown 'apt-get install -y -qq --reinstall /tmp/debs/skillsearch_*.deb'; ! grep 'in the format of' "$work/output" || echo "it was built again")"
verdict "the packages are removed" "$(shown 'apt-get remove -y -qq skillsearch skillsearch-http libskillsearch0 libskillsearch-dev python3-skillsearch
! command -v skillsearchd; test -e /etc/skillsearch/skillsearchd.conf; test -e /var/lib/skillsearch/current')"
verdict "they are purged, with what they depend on" \
    "$(shown 'apt-get purge -y -qq --autoremove skillsearch skillsearch-http; apt-get purge -y -qq --autoremove; ! ls -d /var/lib/skillsearch /etc/skillsearch')"
list_files >"$work/after"
verdict "no file is left, and none is missing" "$(diff "$work/before" "$work/after")"
remove_root "$root"

# ----------------------------------------------------------------- autopkgtest
make_root "$work/autopkgtest"
mkdir -p "$work/source" && tar -C "$work/source" --strip-components=1 -xzf "$SKS_BUILD"/skillsearch-*.tar.gz
said=$(timed autopkgtest autopkgtest --no-built-binaries "${packages[@]}" "$work/source/" -- chroot "$work/autopkgtest" 2>&1 </dev/null)
grep '^# autopkgtest' <<<"$said"
for name in first-answer pages library python; do
    verdict "autopkgtest: $name" "$(grep -qE "^$name +PASS" <<<"$said" || tail -n 40 <<<"$said")"
done
rm -rf "$work/source"
remove_root "$work/autopkgtest"

# ------------------------------------------------------------------- container
said=$(timed "building the container" container/build.sh "$work/container" "$debs"/skillsearch_*.deb "$debs"/skillsearch-http_*.deb 2>&1)
verdict "buildah makes an image from the packages" "$(buildah --storage-driver vfs images --quiet skillsearch >/dev/null 2>&1 || tail -n 20 <<<"$said")"
tail -n 1 <<<"$said"
container=$(buildah --storage-driver vfs from --pull-never skillsearch) && place=$(buildah --storage-driver vfs mount "$container") || place=
config=$(buildah --storage-driver vfs inspect --type image skillsearch 2>/dev/null)
verdict "it runs the daemon as the user skillsearch" \
    "$(for line in '"/usr/bin/skillsearchd"' '"User": "skillsearch"'; do grep -qF "$line" <<<"$config" || head -n 60 <<<"$config"; done)"
mount --bind /proc "$place/proc" # as any container has it
cp -r corpus "$place/tmp/corpus" && chmod -R a+rX "$place/tmp/corpus"
said=$(inside "$place" "$as_user sh -ec 'export SKILLSEARCH_INDEX=/var/lib/skillsearch
skillsearch-index --quiet /tmp/corpus; skillsearch --index /var/lib/skillsearch --json -n 0 mail'" 2>&1)
umount "$place/proc"
verdict "its programs index and search" "$(grep -q '"total":16,' <<<"$said" || echo "$said")"
echo "# rootfs.tar: $(stat -c %s "$work/container/rootfs.tar") bytes"
buildah --storage-driver vfs rm "$container" >/dev/null
buildah --storage-driver vfs rmi skillsearch >/dev/null
tally
