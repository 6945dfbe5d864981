#!/usr/bin/python3
"""TLS by certificate files: the agent with its ca_file, boto3 and the forebay command read and write over https; who
does not trust the certificate, or speaks plain HTTP, gets nothing."""

import os
import subprocess

import boto3
import botocore.config
import botocore.exceptions

import harness

LINES = 2000


def make_certificate(out, key, subject, *more):
    subprocess.run([
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-keyout", key, "-out", out, "-subj", "/CN=" + subject
    ] + list(more), check=True, capture_output=True)


class TlsGateway(harness.Gateway):
    """A gateway with a certificate for 127.0.0.1 by an authority of its own, whose certificate clients must trust."""

    def __init__(self, test, name="gateway", arguments=()):
        self.certificate, authority_key = test.path(name + "-authority.pem"), test.path(name + "-authority.key")
        certificate, key = test.path(name + ".pem"), test.path(name + ".key")
        make_certificate(self.certificate, authority_key, "forebay-test-authority")
        # Some clients take no certificate of an authority for a server's.
        make_certificate(certificate, key, "forebay-test", "-CA", self.certificate, "-CAkey", authority_key, "-addext",
                         "subjectAltName=IP:127.0.0.1,DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE")
        super().__init__(test, name=name, arguments=["--tls-cert", certificate, "--tls-key", key, *arguments])

    @property
    def url(self):
        return "https://127.0.0.1:%d" % self.port

    def client(self, retries=8, timeout=30, connections=10, verify=None, url=None):
        key, secret = self.keys()
        return boto3.session.Session().client(
            "kinesis", endpoint_url=url or self.url, region_name="us-east-1", aws_access_key_id=key,
            aws_secret_access_key=secret, verify=verify or self.certificate,
            config=botocore.config.Config(retries={"total_max_attempts": retries}, read_timeout=timeout))


def refused(client):
    try:
        client.list_streams()
        return False
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
        return True


def main():
    test = harness.Test(__doc__)
    gateway = TlsGateway(test).start()
    gateway.create_stream("tls", shards=2)
    with open(test.path("a.log"), "w") as file:
        file.writelines("a.log line %d\n" % index for index in range(LINES))
    source = {"type": "file", "paths": [test.path("a.log")], "stream": "tls", "key": "{file}"}
    trusting = harness.Agent(test, gateway, [source], gateway_options={"ca_file": gateway.certificate})
    test.check(trusting.once(60) == 0, "the agent uploads over TLS: %s" % trusting.output()[-300:])
    delivered = harness.by_first_word(harness.Reader(gateway, "tls").read())
    test.check(delivered["a.log"] == ["a.log line %d" % index for index in range(LINES)],
               "boto3 reads every line over TLS")

    doubting = harness.Agent(test, gateway, [source], name="doubting", device="device-2")
    doubting.command = doubting.command + ["--once", "--timeout", "2 s"]
    code = doubting.start().wait_exit(30)
    test.check(code == 75, "an agent that does not trust the certificate keeps its records (exit code %s)" % code)
    test.check(refused(gateway.client(retries=1, verify="/etc/ssl/certs/ca-certificates.crt")),
               "boto3 that does not trust it is refused")
    test.check(refused(gateway.client(retries=1, url="http://127.0.0.1:%d" % gateway.port)), "plain HTTP is refused")

    command = [
        test.program("forebay"), "--endpoint", gateway.url, "--key-file", gateway.key_file, "tail", "tls", "--count"
    ]
    seen = subprocess.run(command, env=dict(os.environ, FOREBAY_CA_FILE=gateway.certificate), capture_output=True,
                          text=True)
    test.check("2,000 records" in seen.stdout, "forebay tail works over TLS: %s%s" % (seen.stdout, seen.stderr))
    seen = subprocess.run(command, capture_output=True, text=True)
    test.check(seen.returncode == 77, "forebay refuses an unknown certificate (%d): %s" %
               (seen.returncode, seen.stderr.strip()))
    test.check(gateway.stop() == 0, "the gateway stops cleanly")
    test.finish()


if __name__ == "__main__":
    main()
