#!/bin/sh
# Proves that the crash tests find the bugs they are there for (reliability T15).
# usage: tests/planted_bugs.sh BUILD_FOLDER      (configured with -DFOREBAY_PLANTED_BUGS=ON, target test_crash built)
# Every row of tests/crash/planted_bugs.txt: with its bug on the named test must fail, with no bug it must pass.
set -u
build=${1:?usage: tests/planted_bugs.sh BUILD_FOLDER}
table=$(dirname "$0")/crash/planted_bugs.txt
program=$build/tests/test_crash
[ -x "$program" ] || { echo "$program: not built; configure with the preset 'planted' and build test_crash" >&2; exit 2; }

passed=$(mktemp)
trap 'rm -f "$passed"' EXIT
caught=0
total=0
status=0
while read -r bug filter traces; do
  case $bug in ''|'#'*) continue ;; esac
  total=$((total + 1))
  if ! grep -qx "$filter $traces" "$passed"; then
    if FOREBAY_CRASH_TRACES=$traces "$program" --gtest_brief=1 --gtest_filter="$filter" >/dev/null 2>&1; then
      echo "$filter $traces" >> "$passed"
    else
      echo "fails without any bug: $filter"
      status=1
      continue
    fi
  fi
  if FOREBAY_BUG=$bug FOREBAY_CRASH_TRACES=$traces timeout 120 "$program" --gtest_brief=1 --gtest_filter="$filter" >/dev/null 2>&1; then
    echo "NOT CAUGHT: $bug by $filter"
    status=1
  else
    caught=$((caught + 1))
  fi
done < "$table"
echo "caught $caught of $total"
[ "$caught" = "$total" ] || status=1
exit $status
