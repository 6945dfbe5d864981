#!/usr/bin/python3
"""with_gateway.py BUILD COMMAND...: runs a command beside two fresh gateways and ends with its exit code. In the
environment are, of the one in cleartext, which has a key for encryption at rest and delivers into a folder:
FOREBAY_ENDPOINT, AWS_ENDPOINT_URL, keys, FOREBAY_COMMAND, FOREBAY_BUCKETS (the folder); of the one with TLS:
FOREBAY_TLS_ENDPOINT, FOREBAY_TLS_CA_FILE, FOREBAY_TLS_ACCESS_KEY_ID, FOREBAY_TLS_SECRET_ACCESS_KEY."""

import os
import subprocess
import sys

import harness
from tls import TlsGateway


def surroundings(plain, tls):
    """The environment of the command: AWS names speak of the cleartext gateway."""
    key, secret = plain.keys()
    tls_key, tls_secret = tls.keys()
    return dict(os.environ, FOREBAY_ENDPOINT=plain.url, FOREBAY_COMMAND=plain.test.program("forebay"),
                FOREBAY_BUCKETS=plain.test.path("buckets"),
                AWS_ENDPOINT_URL=plain.url, AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret,
                AWS_DEFAULT_REGION="us-east-1", AWS_REGION="us-east-1",
                AWS_EC2_METADATA_DISABLED="true", FOREBAY_TLS_ENDPOINT=tls.url, FOREBAY_TLS_CA_FILE=tls.certificate,
                FOREBAY_TLS_ACCESS_KEY_ID=tls_key, FOREBAY_TLS_SECRET_ACCESS_KEY=tls_secret)


def encryption_key(test):
    path = test.path("encryption.key")
    with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
        file.write(os.urandom(32).hex())
    return path


def main():
    command = sys.argv[2:]
    sys.argv = sys.argv[:2]
    test = harness.Test(__doc__)
    delivery = ["--set", "delivery.endpoint=file://" + test.path("buckets")]
    plain = harness.Gateway(test, arguments=["--set", "encryption.key_file=" + encryption_key(test), *delivery]).start()
    tls = TlsGateway(test, name="tls-gateway", arguments=delivery).start()
    code = subprocess.run(command, env=surroundings(plain, tls)).returncode
    test.check(code == 0, "%s ends with 0 (%d)" % (" ".join(command), code))
    for gateway in (plain, tls):
        test.check(gateway.stop() == 0, "%s stops cleanly" % gateway.name)
    test.finish()


if __name__ == "__main__":
    main()
