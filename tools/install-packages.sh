#!/bin/sh
# Installs what building and checking amosc needs, from Debian's own archive.
# Does nothing when everything is there, so it may be run as often as one likes.
#
#   tools/install-packages.sh           install what is missing (needs root)
#   tools/install-packages.sh --list    only print what is missing
#   tools/install-packages.sh --peers   and oneDNN, which benchmarks compare with:
#                                       7 MB to download, 40 MB on disk
set -eu

packages="
  make cmake ninja-build ccache git python3
  clang-22 lld-22 clang-format-22 clang-tidy-22 libclang-rt-22-dev
  llvm-22-dev llvm-22-tools libmlir-22-dev mlir-22-tools
  libcli11-dev nlohmann-json3-dev libsqlite3-dev catch2
  gcc dpkg-dev file pkgconf chromium
  slurmctld slurmd slurm-client parallel"

[ "${1:-}" != --peers ] || packages="$packages libdnnl-dev"

isInstalled() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=
if command -v dpkg-query >/dev/null; then
  for package in $packages; do
    isInstalled "$package" || missing="$missing $package"
  done
else
  for program in cmake ninja clang++-22 ld.lld-22 mlir-opt-22; do
    command -v "$program" >/dev/null || missing="$missing $program"
  done
fi

if [ "${1:-}" = --list ]; then
  echo "missing:${missing:- nothing}"
  exit 0
fi
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
  cat >&2 <<END
error: this is no Debian, and these programs are missing:$missing
Install LLVM, MLIR, clang and lld 22, CMake 3.25 or later, Ninja, CLI11,
nlohmann-json and Catch2 (version 2), and see that the programs above are found.
END
  exit 5
fi

if [ "$(id -u)" -ne 0 ]; then
  cat >&2 <<END
error: these Debian packages are missing:$missing
Only root can install them. Either run
    sudo tools/install-packages.sh
or, without root, ask for a container of debian:12 with this folder mounted
(podman run -v "\$PWD":/amosc -w /amosc debian:12 .ci/run).
END
  exit 5
fi

cat <<END
Installing from Debian:$missing
On a bare Debian 12 this is about 190 packages, about 480 MB to download and 2.7 GB
on disk; 120 MB and 400 MB of them are chromium, in which the tests look at the
page of 'amosc explain --html'; 6 MB and 18 MB are Slurm and GNU parallel, under
which a test measures. The CUDA Toolkit is not among them; it is
optional, and only what needs it says so when it is absent.
END
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086  # one word per package is meant
apt-get install -q -y --no-install-recommends $missing
