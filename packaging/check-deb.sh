#!/bin/bash
# packaging/check-deb.sh ARCH MACHINE DEB...: what must hold for every package: the architecture field equals what the
# binaries are (MACHINE as `file` says it), Depends names libc6, conffiles are listed, nothing is setuid, lintian finds
# no error.
set -euo pipefail
arch=$1 machine=$2
shift 2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
bad=0
complain() { echo "FAIL $*"; bad=1; }

for deb in "$@"; do
  name=$(dpkg-deb -f "$deb" Package)
  rm -rf "$scratch/x" && mkdir "$scratch/x"
  dpkg-deb -R "$deb" "$scratch/x"
  [ "$(dpkg-deb -f "$deb" Architecture)" = "$arch" ] || complain "$name: architecture field is $(dpkg-deb -f "$deb" Architecture)"
  find "$scratch/x/usr" -type f -exec file {} + | grep ': *ELF' > "$scratch/binaries" || complain "$name: no binaries"
  ! grep -v "$machine" "$scratch/binaries" || complain "$name: binaries of another machine than $machine"
  dpkg-deb -f "$deb" Depends | grep -q libc6 || complain "$name: Depends lacks libc6: $(dpkg-deb -f "$deb" Depends)"
  if [ -d "$scratch/x/etc" ]; then
    (cd "$scratch/x" && find etc -type f -printf '/%p\n' | sort) > "$scratch/files"
    sort "$scratch/x/DEBIAN/conffiles" | cmp -s - "$scratch/files" || complain "$name: conffiles differ from what is in /etc"
  fi
  [ -z "$(find "$scratch/x" -perm /6000)" ] || complain "$name: setuid or setgid files"
  lintian --allow-root --fail-on error --tag-display-limit 0 "$deb" || complain "$name: lintian"
  echo "checked $(basename "$deb"): $(stat -c %s "$deb") bytes"
done
exit $bad
