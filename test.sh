#!/bin/bash
# ./test.sh quick    unit tests, under 3 minutes once built
# ./test.sh          what CI runs: everything short, at most 30 minutes from nothing
# ./test.sh night    also: sanitizers over the whole suite, fuzz targets, cross builds, long rounds, packages in a fresh
#                    root, clients that take long to build
#                    (FOREBAY_FUZZ_SECONDS: of each fuzz target, 600)
# ./test.sh night rounds asan   parts of it, in more sittings than one: rounds asan tsan fuzz cross packages
# Each step prints its name, time and verdict; its output is in build/logs/STEP.log. A failed step does not end the run.
# The last line counts the steps; the exit code is 0 only when none failed.
set -uo pipefail
cd "$(dirname "$0")"
level=${1:-ci}
parts=" ${*:2} "
usage() { echo "usage: ./test.sh [quick | night [rounds|asan|tsan|fuzz|cross|packages ...]]" >&2; exit 64; }
case "$level" in quick | ci | night) ;; *) usage ;; esac
for part in $parts; do [[ "$level $part" =~ ^night\ (rounds|asan|tsan|fuzz|cross|packages)$ ]] || usage; done
# Without parts everything is wanted.
wanted() { [ "$parts" = "  " ] || [[ "$parts" == *" $1 "* ]]; }

logs=build/logs
mkdir -p "$logs"
passed=0
failed=0
failures=()

# step NAME SECONDS COMMAND...: runs the command with a time limit and its output in a log.
step() {
  local name=$1 limit=$2 start end code=0 verdict
  shift 2
  start=$(date +%s)
  printf '%-28s ' "$name"
  timeout --kill-after=10 "$limit" "$@" > "$logs/$name.log" 2>&1 < /dev/null || code=$?
  end=$(date +%s)
  if [ "$code" = 0 ]; then
    passed=$((passed + 1))
    verdict=passed
  else
    failed=$((failed + 1))
    failures+=("$name")
    verdict="FAILED (exit code $code$([ "$code" = 124 ] && echo ", over $limit s"); $logs/$name.log)"
  fi
  printf '%4d s  %s\n' $((end - start)) "$verdict"
  [ "$code" = 0 ] || tail -n 15 "$logs/$name.log" | sed 's/^/    | /'
  return "$code"
}

# The end: the last line counts the steps.
finish() {
  [ "$failed" = 0 ] || printf 'failed: %s\n' "${failures[*]}"
  echo "$passed passed, $failed failed"
  exit $((failed > 0))
}

# build FOLDER PRESET TARGETS... -- CMAKE OPTIONS: configures and builds.
build() {
  local folder=$1 preset=$2 targets=() options=()
  shift 2
  while [ $# -gt 0 ] && [ "$1" != -- ]; do targets+=("$1"); shift; done
  [ $# -gt 0 ] && shift
  options=("$@")
  cmake --preset "$preset" -B "$folder" -DFOREBAY_WERROR=ON -DFOREBAY_TESTS=ON "${options[@]}" &&
    ninja -C "$folder" -j "$jobs" "${targets[@]}"
}
jobs=$(nproc)
export jobs
export -f build

# ahead NAME COMMAND...: starts a build beside the steps that mostly wait for disks, clocks and far ends. It only takes
# what they leave; the step NAME, by awaited, is its end.
ahead() {
  local name=$1
  shift
  rm -f "$logs/$name.code"
  (nice -n 19 "$@" > "$logs/$name-ahead.log" 2>&1 < /dev/null; echo $? > "$logs/$name.code") &
}
awaited() {
  until [ -s "$1.code" ]; do sleep 0.2; done
  cat "$1-ahead.log"
  return "$(cat "$1.code")"
}
export -f awaited

# unit FOLDER PROGRAM [ARGUMENTS]: a test program, which must exist.
unit() {
  local program
  program=$(find "$1" -maxdepth 3 -type f -name "$2" -perm -u+x | head -n 1)
  if [ -z "$program" ]; then
    echo "test program $2 is missing in $1"
    return 1
  fi
  "$program" "${@:3}"
}
export -f unit

# Programs of the sanitizer builds: a report of UBSan is an end too; reports about libraries have their reasons there.
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export TSAN_OPTIONS=suppressions=$PWD/tests/sanitizers/tsan.supp:second_deadlock_stack=1

units="test_tidy test_base test_sys test_wire test_spool test_agent test_gateway_core test_gateway_front test_cli
  test_delivery_objects test_delivery_stores test_delivery_sinks test_delivery test_delivery_front test_firehose test_fuzz_corpus"

step packages 900 packaging/install-packages.sh build show test parquet
parquet=OFF
step parquet-sdk 600 gateway/delivery/parquet/parquet-sdk.sh && parquet=ON
step build-release 1500 bash -c "build build/release release all -- -DFOREBAY_PARQUET=$parquet" || finish
if [ "$level" != quick ] && wanted rounds; then
  ahead builds bash -c 'build build/planted planted test_spool test_crash test_crash_gateway
    code=$?; build build/asan asan test_base test_wire test_spool && exit $code'
fi
for program in $units test_delivery_parquet; do
  step "unit-$program" 300 bash -c "unit build/release $program"
done

if [ "$level" != quick ] && wanted rounds; then
  size=()
  [ "$level" = night ] && size=(--night)
  long=$([ "$level" = night ] && echo 5400 || echo 420)

  for program in test_crash test_crash_gateway; do
    step "crash-$program" 900 bash -c "unit build/release $program"
  done
  for test in round_trip kills rotation offline link mqtt tls abuse http2_floods connections reshard fanout encryption \
    delivery delivery_command lake sinks s3_store; do
    step "e2e-$test" "$long" /usr/bin/python3 "tests/e2e/$test.py" build/release "${size[@]}"
  done

  for store in versitygw ceph; do
    step "e2e-delivery-$store" "$long" /usr/bin/python3 tests/e2e/delivery.py build/release --store "$store" "${size[@]}"
  done

  step venv 300 bash -c 'test -x build/venv/bin/python || /usr/bin/python3 -m venv build/venv; build/venv/bin/pip install -q --upgrade boto3 && build/venv/bin/python -c "import boto3; print(boto3.__version__)"'
  with_gateway() { step "$1" 600 /usr/bin/python3 tests/e2e/with_gateway.py build/release "${@:2}"; }
  for test in tests/clients/*.py; do
    name=$(basename "$test" .py)
    with_gateway "client-$name-debian" /usr/bin/python3 "$test"
    with_gateway "client-$name-newest" build/venv/bin/python "$test"
  done
  # A run script with the line "# level: night" waits for the night; the others are cheap once their packages are there.
  for test in tests/clients/*.sh; do
    if ! grep -q '^# level: night$' "$test"; then
      with_gateway "client-$(basename "$test" .sh)" bash "$test"
    elif [ "$level" = night ]; then
      step "client-$(basename "$test" .sh)" 2400 /usr/bin/python3 tests/e2e/with_gateway.py build/release bash "$test"
    fi
  done

  step builds 900 bash -c "awaited $logs/builds"
  step planted-bugs 900 /usr/bin/python3 tests/e2e/planted_bugs.py build/planted
  for program in test_base test_wire test_spool; do
    step "asan-$program" 600 bash -c "unit build/asan $program"
  done
  step docs 60 /usr/bin/python3 tests/e2e/docs.py build/release
  step units-hardened 60 systemd/check.sh
  step quickstart 600 ./quickstart.sh --once --build build/release
fi

if [ "$level" = night ]; then
  for kind in asan tsan; do
    wanted "$kind" || continue
    # The crash images come from one thread, and the release build has made them all: here fewer traces show every path.
    export FOREBAY_CRASH_TRACES=$([ "$kind" = tsan ] && echo 25 || echo 100)
    # After a build that failed the programs of an earlier one would be tested.
    step "build-$kind-all" 3600 bash -c "build build/$kind $kind all" || continue
    preload=
    if [ "$kind" = tsan ]; then
      step tsan-threads 60 cc -shared -fPIC -O1 -o build/tsan/c11_threads.so tests/sanitizers/c11_threads.c
      preload="LD_PRELOAD=$PWD/build/tsan/c11_threads.so"
    fi
    for program in $units test_crash test_crash_gateway; do
      step "$kind-$program-all" 3600 env $preload bash -c "unit build/$kind $program"
    done
    for test in round_trip kills rotation offline mqtt tls abuse http2_floods reshard fanout encryption delivery \
      delivery_command sinks; do
      step "$kind-e2e-$test" 1800 env $preload /usr/bin/python3 "tests/e2e/$test.py" "build/$kind"
    done
  done
  unset FOREBAY_CRASH_TRACES
  wanted fuzz && step fuzz 7200 tests/fuzz/run.sh "${FOREBAY_FUZZ_SECONDS:-600}"
  for machine in arm64 armhf; do wanted cross && step "cross-$machine" 3600 cross/build.sh "$machine"; done
  wanted packages && step packages-fresh-root 1800 packaging/check.sh build/release
fi

finish
