#!/usr/bin/python3
"""planted_bugs.py BUILD: proves that the tests notice. BUILD is configured with FOREBAY_PLANTED_BUGS=ON. Every planted
bug of the sources is listed with the test that must fail in a planted_bugs.txt (tests/crash, tests/crash_gateway):
    NAME  SUITE.TEST  [TRACES]
Each named test passes without the bug and fails with it (FOREBAY_BUG=NAME), both with that many crash traces."""

import glob
import os
import re
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SECONDS = 300


def planted():
    """Names in the sources."""
    names = set()
    for folder in ("agent", "base", "gateway", "spool", "sys", "wire"):
        for path, _, files in os.walk(os.path.join(ROOT, folder)):
            for file in files:
                if file.endswith((".h", ".cpp")) and file != "planted_bug.h":
                    with open(os.path.join(path, file)) as text:
                        names |= set(re.findall(r'FB_PLANTED_BUG\("([^"]+)"\)', text.read()))
    return names


def listed():
    """(bug, test, traces) rows of the lists; traces is empty when the row gives none."""
    rows = []
    for path in glob.glob(os.path.join(ROOT, "tests", "*", "planted_bugs.txt")):
        with open(path) as file:
            for line in file:
                words = line.split("#")[0].split()
                test = next((word for word in words[1:] if re.match(r"^[A-Z]\w*(/\w+)?\.\w+", word)), None)
                if test:
                    rows.append((words[0], test, next((word for word in words[1:] if word.isdigit()), "")))
    return rows


def programs(build):
    """Test -> program, of every test program in the build."""
    out = {}
    for program in glob.glob(os.path.join(build, "tests", "test_*")):
        if not os.access(program, os.X_OK) or os.path.isdir(program):
            continue
        suite = ""
        for line in subprocess.run([program, "--gtest_list_tests"], capture_output=True, text=True).stdout.splitlines():
            if line.startswith(" "):
                out[suite + line.split("#")[0].strip()] = program
            else:
                suite = line.split("#")[0].strip()
    return out


def run(program, test, bug, traces):
    environment = dict(os.environ, **({"FOREBAY_CRASH_TRACES": traces} if traces else {}))
    environment.pop("FOREBAY_BUG", None)
    if bug:
        environment["FOREBAY_BUG"] = bug
    try:
        return subprocess.run([program, "--gtest_filter=" + test], env=environment, timeout=SECONDS,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    except subprocess.TimeoutExpired:
        return None


def main():
    where = programs(sys.argv[1])
    failures = 0

    def check(good, what):
        nonlocal failures
        print("%s %s" % ("PASS" if good else "FAIL", what), flush=True)
        failures += 0 if good else 1

    rows = listed()
    check(len(rows) >= 10, "at least ten bugs are planted (%d)" % len(rows))
    for name in sorted(planted() - {bug for bug, _, _ in rows}):
        check(False, "bug %s is planted in the sources and in no planted_bugs.txt" % name)
    clean = {}
    for bug, test, traces in rows:
        start = time.monotonic()
        if bug not in planted():
            check(False, "bug %s is listed and not in the sources" % bug)
            continue
        if test not in where:
            check(False, "test %s of bug %s is in no test program of %s" % (test, bug, sys.argv[1]))
            continue
        if (test, traces) not in clean:
            clean[test, traces] = run(where[test], test, None, traces)
            check(clean[test, traces] == 0, "%s passes without a bug" % test)
        code = run(where[test], test, bug, traces)
        check(code not in (0, None), "%s fails with %s (%.1f s)" % (test, bug, time.monotonic() - start))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
