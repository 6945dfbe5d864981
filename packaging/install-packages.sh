#!/bin/bash
# packaging/install-packages.sh GROUP...: installs what is missing of the groups of debian-packages.txt. Asks apt for
# nothing when everything is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if ! command -v apt-get > /dev/null; then
  echo "install-packages: no apt-get here; install the packages of $here/debian-packages.txt by hand" >&2
  exit 69
fi

missing=()
while read -r group package command; do
  case " $* " in *" $group "*) ;; *) continue ;; esac
  if [ -n "$command" ] && command -v "$command" > /dev/null; then continue; fi
  if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null || true)" = installed ]; then continue; fi
  missing+=("$package")
done < <(grep -v '^#' "$here/debian-packages.txt" | grep -v '^$')
[ ${#missing[@]} -gt 0 ] || exit 0

sudo=()
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo > /dev/null; then
    echo "install-packages: run as root, or install by hand: apt-get install ${missing[*]}" >&2
    exit 77
  fi
  sudo=(sudo)
fi
echo "installing ${missing[*]}"
"${sudo[@]}" apt-get update -q > /dev/null
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" > /dev/null
