#!/usr/bin/python3
"""docs.py BUILD [--write]: docs/CONFIG.md holds exactly what the programs of the build print of their options.
--write renews the page."""

import difflib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = os.path.join(ROOT, "docs", "CONFIG.md")
PROGRAMS = (("forebay-agent", "agent"), ("forebay-gateway", "gateway"))


def options_page(build):
    """The page as the programs print it."""
    text = "# Options\n\nPrinted by the programs (`--print-config-docs`); renewed by `tests/e2e/docs.py BUILD --write`.\n"
    for program, folder in PROGRAMS:
        printed = subprocess.run([os.path.join(build, folder, program), "--print-config-docs"], check=True,
                                 capture_output=True, text=True).stdout
        text += "\n## %s\n\n%s\n" % (program, printed.strip())
    return text


def main():
    printed = options_page(sys.argv[1])
    if "--write" in sys.argv:
        with open(PAGE, "w") as file:
            file.write(printed)
    with open(PAGE) as file:
        stored = file.read()
    difference = list(difflib.unified_diff(stored.splitlines(), printed.splitlines(), "docs/CONFIG.md", "programs", lineterm=""))
    print("\n".join(difference))
    print("%s docs/CONFIG.md is what the programs print" % ("FAIL" if difference else "PASS"))
    sys.exit(1 if difference else 0)


main()
