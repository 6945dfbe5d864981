# Sourced by the run scripts beside this folder: where a client is built, what it needs, and its two runs.
# A run script starts no gateway; endpoint and keys come from the environment (tests/e2e/with_gateway.py).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
source "$root/packaging/toolchains.sh"
export AWS_REGION=${AWS_REGION:-us-east-1} AWS_EC2_METADATA_DISABLED=true
FOREBAY_ENDPOINT=${FOREBAY_ENDPOINT:-${AWS_ENDPOINT_URL:?no gateway: run through tests/e2e/with_gateway.py}}
export FOREBAY_ENDPOINT

# needs GROUP COMMAND...: installs the group of packaging/debian-packages.txt when a command is missing.
needs() {
  local group=$1 command
  shift
  for command in "$@"; do
    command -v "$command" > /dev/null || { "$root/packaging/install-packages.sh" "$group"; return; }
  done
}

# stage NAME: copies tests/clients/NAME to build/clients/NAME, where its dependencies are put, and goes there.
# Files keep their times, so that builders do nothing twice.
stage() {
  mkdir -p "$root/build/clients/$1"
  cp -Rp "$root/tests/clients/$1/." "$root/build/clients/$1/"
  cd "$root/build/clients/$1"
}

# once_for FILE COMMAND...: runs the command when FILE has changed since the command last succeeded here.
once_for() {
  local mark
  mark=.done-${1//\//-}
  cmp -s "$1" "$mark" && return
  "${@:2}"
  cp "$1" "$mark"
}

# plain COMMAND... and over_tls COMMAND...: the client against the cleartext gateway and the one with TLS.
plain() { echo "== cleartext"; "$@"; }
over_tls() {
  echo "== TLS"
  env FOREBAY_ENDPOINT="$FOREBAY_TLS_ENDPOINT" AWS_ENDPOINT_URL="$FOREBAY_TLS_ENDPOINT" FOREBAY_CA_FILE="$FOREBAY_TLS_CA_FILE" \
    AWS_ACCESS_KEY_ID="$FOREBAY_TLS_ACCESS_KEY_ID" AWS_SECRET_ACCESS_KEY="$FOREBAY_TLS_SECRET_ACCESS_KEY" "$@"
}
