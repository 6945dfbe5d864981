"""Stores that the gateway delivers to while it is measured: s3_sink, which only reads and answers, and versitygw."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.request

import boto3
import botocore.config

from programs import Process, free_port

BUCKET = "lake"
ACCESS_KEY, SECRET_KEY, REGION = "forebaybench", "forebay+secret/of=benches", "us-east-1"
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
               "AWS_EC2_METADATA_DISABLED": "true"}


class Sink:
    """s3_sink, started afresh; with `trace`, trace() gives what was put and when."""
    name = "loopback sink"

    def __init__(self, bench, trace=False):
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.trace_path = os.path.join(tempfile.mkdtemp(dir=bench.work), "trace") if trace else None
        command = [bench.program("s3_sink"), str(self.port)] + ([self.trace_path] if trace else [])
        self.process = Process(command, self.port)

    def counts(self):
        with urllib.request.urlopen(self.endpoint + "/-/counts") as answer:
            return json.load(answer)

    def stored(self):
        """Bytes and number of objects, manifest entries left out."""
        counts = self.counts()
        return counts["bytes"], counts["objects"]

    def trace(self):
        """(nanoseconds, key, body) of each object; the body is empty when it was too large to keep."""
        with open(self.trace_path, "rb") as file:
            while line := file.readline():
                ns, _, key, kept = line.split()
                body = file.read(int(kept))
                file.read(1)
                yield int(ns), key.decode().removeprefix(f"/{BUCKET}/"), body

    def stop(self):
        self.process.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Versity:
    """versitygw over a folder of the disk that is measured, started afresh."""
    name = "versitygw"

    def __init__(self, bench):
        self.bench = bench
        self.folder = tempfile.mkdtemp(prefix="versitygw-", dir=bench.work)
        for name in ("buckets", "metadata"):
            os.mkdir(os.path.join(self.folder, name))
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.process = Process([
            self.program(bench), "--port", f"127.0.0.1:{self.port}", "--access", ACCESS_KEY, "--secret", SECRET_KEY,
            "--region", REGION, "--keep-alive", "--quiet", "posix", "--sidecar", self.folder + "/metadata",
            self.folder + "/buckets"
        ], self.port)
        config = botocore.config.Config(s3={"addressing_style": "path"})
        client = boto3.session.Session().client("s3", endpoint_url=self.endpoint, region_name=REGION, config=config,
                                                aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY)
        for bucket in (BUCKET, "plain"):
            client.create_bucket(Bucket=bucket)

    @staticmethod
    def program(bench):
        return os.path.join(bench.peers, "versitygw", "versitygw")

    @classmethod
    def is_installed(cls, bench):
        return os.access(cls.program(bench), os.X_OK)

    def stored(self):
        sizes = [os.path.getsize(os.path.join(path, name))
                 for path, _, names in os.walk(os.path.join(self.folder, "buckets", BUCKET))
                 if "_forebay" not in path for name in names]
        return sum(sizes), len(sizes)

    def plain_puts(self, megabytes, object_kib):
        """MB/s of stored bytes that the store takes from the gateway's own client, four at a time, with no delivery
        behind it."""
        run = subprocess.run([self.bench.program("s3_contract"), self.endpoint, "plain", REGION, str(max(1, megabytes)),
                              str(max(1, object_kib))], env=dict(os.environ, **ENVIRONMENT), capture_output=True,
                             text=True, check=True)
        return float(re.search(r": ([0-9.]+) MB/s", run.stdout).group(1))

    def stop(self):
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
