#!/bin/bash
# ./quickstart.sh [--once] [--build DIR]
# On a fresh Debian 12 (root or sudo): installs what a build needs, builds the three programs, starts a gateway and an
# agent on this machine in a scratch folder, follows its logs as they grow and its sensors once a second, delivers the
# logs to objects of gzip lines in a folder, and shows the records arriving until Ctrl-C.
#   --once       unattended: collects, reads everything back with stock boto3, compares, prints the counts, ends with 0
#   --build DIR  takes the programs of that build folder instead of building
set -euo pipefail
cd "$(dirname "$0")"

once=no
build=
while [ $# -gt 0 ]; do
  case "$1" in
    --once) once=yes ;;
    --build) build=${2:?--build needs a folder}; shift ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 64 ;;
  esac
  shift
done

say() { printf '\n== %s\n' "$*"; }
fail() { printf '\nquickstart: %s\n' "$*" >&2; exit 1; }

packaging/install-packages.sh build show
if [ -z "$build" ]; then
  build=build/release
  say "building into $build (the first time takes some minutes)"
  # Tests are built by ./test.sh; a folder that has them keeps them.
  [ -f $build/CMakeCache.txt ] || cmake --preset release -DFOREBAY_TESTS=OFF > /dev/null
  ninja -C $build forebay-gateway forebay-agent forebay
fi
program() {
  local found
  found=$(find "$build" -maxdepth 2 -type f -name "$1" -perm -u+x | head -n 1)
  [ -n "$found" ] || fail "$1 is not in $build; leave out --build to build it"
  realpath "$found"
}
gateway=$(program forebay-gateway)
agent=$(program forebay-agent)
forebay=$(program forebay)

work=$(mktemp -d /tmp/forebay-quickstart.XXXXXX)
gateway_pid=
agent_pid=
tail_pid=
stop_one() {
  [ -n "$1" ] && kill -TERM "$1" 2> /dev/null && wait "$1" 2> /dev/null
  return 0
}
clean_up() {
  local code=$?
  trap - EXIT INT TERM
  stop_one "$tail_pid"
  stop_one "$agent_pid"
  stop_one "$gateway_pid"
  if [ "$code" = 0 ] || [ "$code" = 130 ]; then
    rm -rf "$work"
  else
    tail -n 20 "$work"/*.log 2> /dev/null || true
    echo "quickstart: files are kept in $work"
  fi
  exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "gateway"
port=4567
(exec 3<> /dev/tcp/127.0.0.1/$port) 2> /dev/null && port=0
"$gateway" --data "$work/data" --listen 127.0.0.1:$port --admin 127.0.0.1:0 \
  --set "delivery.endpoint=file://$work/objects" > "$work/gateway.log" 2>&1 &
gateway_pid=$!
for _ in $(seq 100); do
  [ -e "$work/gateway.log" ] || sleep 0.05
  port=$(sed -n 's/.*listening on 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$work/gateway.log" 2> /dev/null | head -n 1 || true)
  [ -n "$port" ] && [ -s "$work/data/admin.key" ] && break
  kill -0 $gateway_pid 2> /dev/null || fail "the gateway ended: $(cat "$work/gateway.log")"
  sleep 0.1
done
[ -n "$port" ] || fail "the gateway does not listen"
eval "$("$forebay" env --data "$work/data" --endpoint "http://127.0.0.1:$port")"
echo "listening on $FOREBAY_ENDPOINT, data in $work/data"
"$forebay" stream create logs --shards 2
"$forebay" stream create sensors
"$forebay" delivery create archive --from logs --bucket logs --compression gzip --newline --buffer-interval 2

# What grows on this machine and may be read; the quickstart's own gateway writes one that certainly does.
logs=("$work/gateway.log")
for file in /var/log/dpkg.log /var/log/apt/*.log /var/log/alternatives.log /var/log/syslog /var/log/messages \
  /var/log/auth.log /var/log/kern.log /var/log/cron.log /var/log/nginx/*.log /var/log/mosquitto/*.log; do
  [ -f "$file" ] && [ -r "$file" ] && [ -s "$file" ] && [ "$(stat -c %s "$file")" -lt 20000000 ] && logs+=("$file")
done
sensors=()
for file in /proc/loadavg /proc/uptime /proc/meminfo /sys/class/thermal/thermal_zone*/temp \
  /sys/class/hwmon/hwmon*/temp*_input /sys/class/net/*/statistics/rx_bytes /sys/class/power_supply/*/capacity; do
  [ -r "$file" ] && head -c 64 "$file" > /dev/null 2>&1 && sensors+=("$file")
done
list() { printf '"%s", ' "$@" | sed 's/, $//'; }
cat > "$work/agent.toml" << END
device = "$(hostname)"
[gateway]
url = "$FOREBAY_ENDPOINT"
key_file = "$work/data/admin.key"
[spool]
path = "$work/spool"
max_size = "256 MiB"
[[source]]
type = "file"
paths = [$(list "${logs[@]}")]
stream = "logs"
key = "{path}"
[[source]]
type = "sensor"
paths = [$(list "${sensors[@]}")]
interval = "1 s"
stream = "sensors"
key = "{path}"
END

say "agent: ${#logs[@]} logs, ${#sensors[@]} sensors once a second"
start=$(date +%s%N)
"$agent" --config "$work/agent.toml" > "$work/agent.log" 2>&1 &
agent_pid=$!
for _ in $(seq 300); do
  [ -n "$("$forebay" tail sensors --raw | head -n 1)" ] && break
  kill -0 $agent_pid 2> /dev/null || fail "the agent ended: $(cat "$work/agent.log")"
  sleep 0.1
done
echo "the first record arrived after $((($(date +%s%N) - start) / 1000000)) ms"

if [ "$once" = yes ]; then
  sleep 4
  say "agent again with --once: to the end of every log, then checked"
  stop_one $agent_pid
  agent_pid=
  mkdir "$work/before" "$work/after"
  snapshot() { local i=0; for file in "${logs[@]}"; do cp "$file" "$1/$i"; i=$((i + 1)); done; }
  snapshot "$work/before"
  "$agent" --config "$work/agent.toml" --once --timeout "60 s" >> "$work/agent.log" 2>&1 ||
    fail "forebay-agent --once ended with $?: $(tail -n 5 "$work/agent.log")"
  snapshot "$work/after"
  printf '%s\n' "${logs[@]}" > "$work/logs.list"
  printf '%s\n' "${sensors[@]}" > "$work/sensors.list"
  say "read back with stock boto3 ($(/usr/bin/python3 -c 'import boto3; print(boto3.__version__)'))"
  /usr/bin/python3 tests/e2e/quickstart_check.py "$work"
  "$forebay" manifest verify --bucket "file://$work/objects/logs"
  echo "the agent's spool: $("$forebay" spool verify "$work/spool")"
  say "done"
  exit 0
fi

say "read it yourself, from another terminal"
cat << END
eval "\$($forebay env --data $work/data --endpoint $FOREBAY_ENDPOINT)"

/usr/bin/python3 - << 'PY'
import boto3, os
kinesis = boto3.client("kinesis", endpoint_url=os.environ["FOREBAY_ENDPOINT"])
for shard in kinesis.list_shards(StreamName="sensors")["Shards"]:
    place = kinesis.get_shard_iterator(StreamName="sensors", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
    for record in kinesis.get_records(ShardIterator=place["ShardIterator"])["Records"]:
        print(record["PartitionKey"], record["Data"].decode())
PY

aws --endpoint-url "\$FOREBAY_ENDPOINT" kinesis describe-stream-summary --stream-name logs
aws --endpoint-url "\$FOREBAY_ENDPOINT" kinesis get-records --shard-iterator "\$(aws --endpoint-url "\$FOREBAY_ENDPOINT" \\
  kinesis get-shard-iterator --stream-name logs --shard-id 0 --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text)"

# what was delivered: each record once, in the objects that the manifest lists
$forebay delivery status archive
$forebay manifest ls --bucket file://$work/objects/logs
gzip -dc $work/objects/logs/20*/*/*/*/*.gz | wc -l

forebay is $forebay; the agent's state: $agent status --spool $work/spool
END
say "records as they arrive (Ctrl-C ends everything)"
echo "logs so far: $("$forebay" tail logs --count)"
"$forebay" tail logs --follow &
tail_pid=$!
"$forebay" tail sensors --follow --from 10s || true
