#!/usr/bin/python3
"""The object store against S3 servers nobody here wrote, and a folder: the contract (tests/s3/contract.cpp), keys and
bytes read back by boto3 and Debian's AWS CLI, a server that is killed in the middle of puts, wrong keys and buckets,
leftovers of multipart uploads, TLS with buckets as host names; with --mib also the speed."""

import hashlib
import os
import re
import subprocess
import threading
import time

import botocore.exceptions

import harness
import s3_servers

AWS = "/usr/bin/aws"
PUTS = 60


class StoreTest:
    def __init__(self, test):
        self.test = test
        self.program = test.program("tests/s3_contract")

    def run(self, endpoint, bucket, region, environment, *more, seconds=240):
        done = subprocess.run([self.program, endpoint, bucket, region, *more], env=dict(os.environ, **environment),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds)
        return done.returncode, done.stdout

    def contract(self, name, endpoint, bucket, region, environment):
        code, output = self.run(endpoint, bucket, region, environment)
        failed = [line for line in output.splitlines() if not line.startswith("PASS")]
        passed = output.count("PASS ")
        self.test.check(code == 0 and not failed and passed > 60, "%s keeps the contract of a store (%d checks)%s" %
                        (name, passed, "".join("\n  " + line for line in failed)))

    def server(self, server):
        client = server.client()
        for bucket in ("contract", "killed", "speed"):
            client.create_bucket(Bucket=bucket)
        self.contract(server.name, server.endpoint, "contract", server.region, server.environment())
        self.read_back(server, client)
        self.leftovers(server, client)
        self.refusals(server)
        self.kills(server)
        if self.test.mib > 0:
            code, output = self.run(server.endpoint, "speed", server.region, server.environment(), str(self.test.mib))
            self.test.check(code == 0, "%s takes %d MiB twice" % (server.name, self.test.mib))
            for line in output.splitlines():
                self.test.note("%s, %s" % (server.name, line))

    def hosts(self, server):
        """Buckets in the host name, TLS, another region; and what is told when one of these is wrong."""
        server.client().create_bucket(Bucket="contract")
        environment = dict(server.environment(), S3_CONTRACT_CA_FILE=server.authority, S3_CONTRACT_VIRTUAL_HOST="1")
        self.contract(server.name, server.endpoint, "contract", server.region, environment)
        _, output = self.run(server.endpoint, "contract", "us-east-1", environment)
        self.test.check("permission: bucket contract" in output and "region" in output,
                        "%s: a wrong region is a permission error that says so" % server.name)
        _, output = self.run(server.endpoint, "contract", server.region, dict(environment, S3_CONTRACT_CA_FILE=""))
        self.test.check("permission: bucket contract" in output and "CA file" in output,
                        "%s: a certificate of an unknown authority is refused" % server.name)
        # The certificate is for contract.localhost, not for this name.
        _, output = self.run(server.endpoint, "other-name", server.region, environment)
        self.test.check("permission: bucket other-name" in output, "%s: a certificate for another name is refused" %
                        server.name)

    def read_back(self, server, client):
        """What our store wrote, seen by the SDK and the command line of AWS."""
        wrong = []
        for item in client.get_paginator("list_objects_v2").paginate(Bucket="contract").search("Contents[]"):
            answer = client.get_object(Bucket="contract", Key=item["Key"])
            digest = hashlib.sha256(answer["Body"].read()).hexdigest()
            if answer["Metadata"].get("forebay-sha256") != digest:
                wrong.append(item["Key"])
        self.test.check(not wrong, "%s: boto3 reads every object with the digest of its metadata %s" %
                        (server.name, wrong))
        key = "dt=2026-01-02/hour=03/a.gz"
        listed = subprocess.run([AWS, "--endpoint-url", server.endpoint, "s3", "cp", "s3://contract/" + key, "-"],
                                env=dict(os.environ, **server.environment()), stdout=subprocess.PIPE, timeout=60).stdout
        self.test.check(listed == key.encode(), "%s: the AWS CLI reads %s" % (server.name, key))

    def leftovers(self, server, client):
        # Named like an object of a delivery stream: others are not ours to end.
        name = "lake-1-2026-01-02-03-04-05-11111111-2222-8333-8444-000000000002"
        client.create_multipart_upload(Bucket="contract", Key="left/over +1/" + name)
        uploads = client.list_multipart_uploads(Bucket="contract").get("Uploads", [])
        self.test.check(len(uploads) == 1, "%s has an upload that nobody ended" % server.name)
        code, output = self.run(server.endpoint, "contract", server.region, server.environment())
        told = [line for line in output.splitlines() if "no upload is left over" in line]
        left = client.list_multipart_uploads(Bucket="contract").get("Uploads", [])
        self.test.check(told and told[0].startswith("FAIL") and not left,
                        "%s: the leftover is found, counted and aborted %s" % (server.name, told))

    def refusals(self, server):
        wrong = dict(server.environment(), AWS_SECRET_ACCESS_KEY="not-the-secret-of-this-key")
        _, output = self.run(server.endpoint, "contract", server.region, wrong)
        self.test.check("permission: bucket contract" in output and "not-the-secret" not in output,
                        "%s: a wrong secret is a permission error without the secret" % server.name)
        _, output = self.run(server.endpoint, "no-such-bucket", server.region, server.environment())
        self.test.check("not_found: bucket no-such-bucket" in output, "%s: a missing bucket is named" % server.name)

    def kills(self, server):
        """Puts of one object after the other while the server dies and comes back: none is lost, doubled or torn."""
        stop = threading.Event()

        def killer():
            while not stop.wait(self.test.random.uniform(0.2, 0.7)):
                server.kill()
                time.sleep(0.05)
                server.start()

        starts = server.process.starts
        thread = threading.Thread(target=killer)
        thread.start()
        code, output = 1, ""
        for _ in range(60):
            code, output = self.run(server.endpoint, "killed", server.region, server.environment(), "puts", str(PUTS))
            if code == 0 and server.process.starts > starts + 1:
                break
        stop.set()
        thread.join()
        server.wait_until_ready()
        self.test.check(code == 0, "%s: %d puts get through while it is killed and restarted %d times%s" %
                        (server.name, PUTS, server.process.starts - starts, output[-300:]))
        client = server.client()
        found = list(client.get_paginator("list_objects_v2").paginate(Bucket="killed").search("Contents[]"))
        torn = []
        for item in found:
            answer = client.get_object(Bucket="killed", Key=item["Key"])
            if hashlib.sha256(answer["Body"].read()).hexdigest() != answer["Metadata"].get("forebay-sha256"):
                torn.append(item["Key"])
        self.test.check(len(found) == PUTS and not torn, "%s: %d whole objects are there (%d, torn %s)" %
                        (server.name, PUTS, len(found), torn))


def main():
    test = harness.Test(__doc__, mib=(0, 1024))
    tests = StoreTest(test)
    folder = test.path("buckets")
    os.makedirs(folder)
    tests.contract("a folder", "file://" + folder, "contract", "none", {})
    for kind in s3_servers.ALL:
        begin = time.monotonic()
        with kind(test) as server:
            test.note("%s is ready after %.1f s" % (server.name, time.monotonic() - begin))
            tests.server(server)
    with s3_servers.VersityHosts(test) as server:
        tests.hosts(server)
    test.finish()


if __name__ == "__main__":
    main()
