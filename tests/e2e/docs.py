#!/usr/bin/python3
"""docs.py BUILD [--write]: docs/CONFIG.md and docs/METRICS.md hold exactly what the programs of the build print of
their options and metrics. --write renews the pages."""

import difflib
import glob
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAMS = (("forebay-agent", "agent"), ("forebay-gateway", "gateway"))


def printed_by(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def options_page(build):
    text = ("# Options\n\n"
            "Printed by the programs (`--print-config-docs`); renewed by `tests/e2e/docs.py BUILD --write`.\n")
    for program, folder in PROGRAMS:
        text += "\n## %s\n\n%s\n" % (program, printed_by(os.path.join(build, folder, program),
                                                         "--print-config-docs").strip())
    return text


def metrics_page(build):
    return printed_by(os.path.join(build, "tests", "metrics_page"))


PAGES = (("CONFIG.md", options_page), ("METRICS.md", metrics_page))


def metric_names_in_code():
    """Every metric row that stands in a table of the code."""
    names = set()
    for folder in ("agent", "gateway", "spool", "wire", "sys"):
        for path in glob.glob(os.path.join(ROOT, folder, "**", "*.h"), recursive=True) + \
                glob.glob(os.path.join(ROOT, folder, "**", "*.cpp"), recursive=True):
            with open(path) as file:
                names |= set(re.findall(r'\{\s*"(forebay_[a-z0-9_]+)",\s*MetricType::', file.read()))
    return names


def check(name, printed):
    path = os.path.join(ROOT, "docs", name)
    if "--write" in sys.argv:
        with open(path, "w") as file:
            file.write(printed)
    with open(path) as file:
        stored = file.read()
    difference = list(
        difflib.unified_diff(stored.splitlines(), printed.splitlines(), "docs/" + name, "programs", lineterm=""))
    print("\n".join(difference))
    print("%s docs/%s is what the programs print" % ("FAIL" if difference else "PASS", name))
    return not difference


def main():
    pages = {name: page(sys.argv[1]) for name, page in PAGES}
    good = all([check(name, printed) for name, printed in pages.items()])
    missing = sorted(name for name in metric_names_in_code() if "`%s`" % name not in pages["METRICS.md"])
    print("%s every metric row of the code is in a table that is printed: %s" %
          ("FAIL" if missing else "PASS", missing))
    sys.exit(0 if good and not missing else 1)


main()
