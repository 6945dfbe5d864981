#!/usr/bin/python3
"""with_gateway.py BUILD COMMAND...: runs a command beside a fresh gateway, with FOREBAY_ENDPOINT, AWS_ENDPOINT_URL and
its keys in the environment; ends with the command's exit code."""

import os
import subprocess
import sys

import harness


def main():
    command = sys.argv[2:]
    sys.argv = sys.argv[:2]
    test = harness.Test(__doc__)
    gateway = harness.Gateway(test).start()
    key, secret = gateway.keys()
    environment = dict(os.environ, FOREBAY_ENDPOINT=gateway.url, AWS_ENDPOINT_URL=gateway.url, AWS_ACCESS_KEY_ID=key,
                       AWS_SECRET_ACCESS_KEY=secret, AWS_DEFAULT_REGION="us-east-1", AWS_REGION="us-east-1")
    code = subprocess.run(command, env=environment).returncode
    test.check(code == 0, "%s ends with 0 (%d)" % (" ".join(command), code))
    test.check(gateway.stop() == 0, "the gateway stops cleanly")
    test.finish()


if __name__ == "__main__":
    main()
