#!/bin/bash
# systemd/check.sh: the units are well-formed and as hardened as promised (exposure at most 1.5 and 2.0 of 10).
set -euo pipefail
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# verify wants the programs and the man pages of a unit on this machine; packaging/check.sh runs it where they are.
for unit in forebay-agent forebay-gateway; do
  sed -e 's|^ExecStart=/usr/bin/forebay-[a-z]*|ExecStart=/bin/true|' -e '/^Documentation=/d' $unit.service > "$scratch/$unit.service"
  systemd-analyze verify "$scratch/$unit.service"
  echo "$unit.service is well-formed"
done

exposure() {
  systemd-analyze security --offline=true --no-pager --threshold="$2" "$1" > "$scratch/report" || {
    cat "$scratch/report"
    echo "$1: exposure over $2 of 100"
    return 1
  }
  tail -n 1 "$scratch/report"
}
exposure forebay-agent.service 15
exposure forebay-gateway.service 20
