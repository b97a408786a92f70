#!/bin/sh
# fresh-root.sh PACKAGE.deb: installs the package with apt in a Debian 12 that has
# nothing else, then builds and runs the examples there as a user. Needs root,
# debootstrap and the network; about 400 MB are downloaded and 2 GB taken under
# TMPDIR, and given back at the end.
#
# AMOS_ROOT=DIR: a root made by `debootstrap --variant=minbase`, which is used and
# kept.
set -eu
package=$(realpath "$1")
# Where this machine's own packages come from.
mirror=${AMOS_MIRROR:-$(apt-get indextargets --format '$(SITE)' |
  sed -n 's,/debian$,,p' | head -n 1)}

if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
  echo "error: this needs root and the package 'debootstrap'" >&2
  exit 5
fi

root=${AMOS_ROOT:-}
if [ -z "$root" ]; then
  root=$(mktemp -d "${TMPDIR:-/tmp}/amos-root.XXXXXX")
  trap 'rm -rf "$root"' EXIT
  chmod 755 "$root" # the user there has to get in
  debootstrap --variant=minbase bookworm "$root" "$mirror/debian" >"$root/log" ||
    { tail "$root/log" >&2; exit 5; }
fi
# LLVM 22 is an update of Debian 12.
cat >"$root/etc/apt/sources.list" <<END
deb $mirror/debian bookworm main
deb $mirror/debian bookworm-updates main
deb $mirror/debian-security bookworm-security main
END
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp "$package" "$root/tmp/amosc.deb"

cat >"$root/tmp/check.sh" <<'END'
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
apt-get -q -y update
apt-get -q -y install /tmp/amosc.deb gcc libc6-dev make cmake ninja-build pkgconf
useradd -m user
cp -r /usr/share/amos/examples /home/user && chown -R user /home/user
cat >/tmp/examples.sh <<'EXAMPLES'
set -eux
cd ~/examples
amosc --version
amosc doctor
make -C conv-makefile check AMOSC="$(pkg-config --variable=amosc amos)"
cmake -G Ninja -S matmul-cmake -B build && cmake --build build && build/main
make -C your-own-accelerator
demo/demo.sh "$(dirname "$(command -v amosc)")"
EXAMPLES
su user -s /bin/sh /tmp/examples.sh
END
# The namespaces, and with them the mount, end with the command.
unshare --mount --pid --fork sh -c \
  'mount -t proc proc "$0/proc" && chroot "$0" sh /tmp/check.sh' "$root"
echo "the package works in a fresh root"
