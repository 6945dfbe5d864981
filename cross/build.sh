#!/bin/bash
# cross/build.sh arm64|armhf: makes a sysroot, builds and packages forebay-agent for that architecture and runs the tests
# of base, wire and spool under qemu-user. Results: build/ARCH/forebay-agent and build/ARCH/*.deb.
set -euo pipefail
cd "$(dirname "$0")/.."

arch=${1:-}
case "$arch" in
  arm64) toolchain=cross/aarch64-linux-gnu.cmake; machine="ARM aarch64" ;;
  armhf) toolchain=cross/armv7-linux-gnueabihf.cmake; machine="ARM, EABI5" ;;
  *) echo "usage: cross/build.sh arm64|armhf" >&2; exit 64 ;;
esac
packaging/install-packages.sh build night
sysroot=$PWD/build/sysroot-$arch
folder=build/$arch

# Unpacks only: nothing foreign runs and the packages of this machine stay as they are. One source, the release without
# its security updates: the armhf index of the latter has been out of step with its signature, headers are the same, and
# devices get the newer libraries from apt.
make_sysroot() {
  local packages mirror
  packages=$(awk '$1 == "build" && $2 ~ /-dev$/ { print $2 } $2 == "libgtest-dev" || $2 == "libgmock-dev" { print $2 }' \
    packaging/debian-packages.txt | grep -v -e simdjson | paste -sd,)
  mirror=$(apt-get indextargets 'Created-By: Packages' 'Codename: bookworm' --format '$(REPO_URI)' | sort -u | head -n 1)
  rm -rf "$sysroot.new"
  mmdebstrap --quiet --variant=extract --architectures="$arch" --include="$packages,libc6-dev,libstdc++-12-dev" \
    bookworm "$sysroot.new" "deb $mirror bookworm main"
  # Absolute links inside point at the host's files otherwise.
  (cd "$sysroot.new" && find . -type l -lname '/*' | while read -r link; do
    ln -sfn "$(realpath -m --relative-to="$(dirname "$link")" ".$(readlink "$link")")" "$link"
  done)
  rm -rf "$sysroot"
  mv "$sysroot.new" "$sysroot"
}

[ -d "$sysroot/usr/include" ] || make_sysroot
cmake --preset release -B "$folder" -DCMAKE_TOOLCHAIN_FILE="$PWD/$toolchain" -DFOREBAY_SYSROOT="$sysroot" \
  -DFOREBAY_WERROR=ON -DFOREBAY_GATEWAY=OFF -DFOREBAY_CLI=OFF -DFOREBAY_TESTS=ON
ninja -C "$folder" forebay-agent test_base test_wire test_spool
(cd "$folder" && ctest --output-on-failure --no-tests=error -R '^test_(base|wire|spool)$')
(cd "$folder" && rm -f ./*.deb && cpack -G DEB)

packaging/check-deb.sh "$arch" "$machine" "$folder"/forebay-agent_*.deb
ls -l "$folder"/*.deb
