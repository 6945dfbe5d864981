#!/bin/bash
# tests/fuzz/run.sh SECONDS [TARGET...]: builds the libFuzzer programs with clang, AddressSanitizer and UBSan, and runs
# each target (all by default), one per core at a time, for SECONDS from the seed corpus. New inputs go to
# build/fuzz/corpus, so that later runs begin there. A finding ends its target; its input is kept in build/fuzz/findings, and the end is non-zero.
# FOREBAY_FUZZ_JOBS: compilers at once (default: all cores).
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 70
seconds=${1:?usage: tests/fuzz/run.sh SECONDS [TARGET...]}
shift
compiler=
for name in clang++-16 clang++; do
  command -v "$name" >/dev/null && { compiler=$name; break; }
done
[ -n "$compiler" ] || { echo "clang++ is missing: packaging/install-packages.sh night" >&2; exit 69; }

folder=build/fuzz
flags='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer'
targets=("$@")
if [ ${#targets[@]} = 0 ]; then
  for source in tests/fuzz/*_fuzz.cpp; do
    name=$(basename "$source" _fuzz.cpp)
    targets+=("$name")
  done
fi
cmake -G Ninja -B "$folder" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG='-O1 -g1' \
  -DCMAKE_CXX_FLAGS="$flags" -DFOREBAY_AGENT=OFF -DFOREBAY_CLI=OFF -DFOREBAY_FUZZ=ON &&
  ninja -C "$folder" -j "${FOREBAY_FUZZ_JOBS:-$(nproc)}" "${targets[@]/#/fuzz_}" || exit 1

symbolizer=$(command -v llvm-symbolizer llvm-symbolizer-16 | head -n 1)
[ -n "$symbolizer" ] && export ASAN_SYMBOLIZER_PATH=$symbolizer UBSAN_SYMBOLIZER_PATH=$symbolizer
mkdir -p "$folder/findings"
# Prints the verdict of one target; its findings make the end non-zero.
fuzz() {
  local target=$1 log="$folder/$1.log"
  mkdir -p "$folder/corpus/$target"
  if "$folder/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
    -print_final_stats=1 -artifact_prefix="$folder/findings/$target-" \
    "$folder/corpus/$target" "tests/fuzz/corpus/$target" >"$log" 2>&1; then
    echo "PASS fuzz $target: $(grep -o 'number_of_executed_units: .*' "$log"), $(ls "$folder/corpus/$target" | wc -l) new inputs"
  else
    echo "FAIL fuzz $target, see $log:"
    grep -m 1 -A 20 -E 'ERROR|runtime error|Assertion|terminate called' "$log"
    grep 'Test unit written' "$log"
    return 1
  fi
}
export -f fuzz
export folder seconds
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I '{}' bash -c 'fuzz {}'
