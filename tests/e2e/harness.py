"""What every end-to-end test needs: real programs in a scratch folder, a boto3 reader, an oracle, PASS and FAIL lines.

Only the Python standard library and boto3. Processes are ended by their own id, never by name; ports are free ones;
folders are removed when a test passes and kept, with their path printed, when it fails.
"""

import argparse
import atexit
import collections
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.config
import botocore.credentials
import botocore.exceptions

READY_SECONDS = 20
SANITIZER_REPORT = re.compile(rb"(?:Address|Leak|Thread)Sanitizer:|: runtime error: ")


class Test:
    """One run: arguments, scratch folder, the verdicts and the exit code."""

    def __init__(self, description, **sizes):
        """sizes: name=(ci, night); each becomes an attribute and a --name option."""
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("build", help="build folder with the programs")
        parser.add_argument("--night", action="store_true", help="the long run")
        parser.add_argument("--seed", type=int, default=None, help="repeat the random choices of an earlier run")
        for name, (ci, night) in sizes.items():
            parser.add_argument("--" + name, type=type(ci), default=None, help="%s, with --night %s" % (ci, night))
        args = parser.parse_args()
        self.build = os.path.abspath(args.build)
        self.night = args.night
        self.seed = args.seed if args.seed is not None else random.SystemRandom().randrange(1 << 32)
        self.random = random.Random(self.seed)
        for name, (ci, night) in sizes.items():
            given = getattr(args, name)
            setattr(self, name, given if given is not None else (night if args.night else ci))
        self.name = os.path.splitext(os.path.basename(sys.argv[0]))[0]
        self.folder = tempfile.mkdtemp(prefix="forebay-%s-" % self.name)
        self.failures = 0
        self.processes = []
        self.start = time.monotonic()
        atexit.register(self._end_processes)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        print("%s: seed %d" % (self.name, self.seed), flush=True)

    def check(self, condition, what):
        print("%s %s: %s" % ("PASS" if condition else "FAIL", self.name, what), flush=True)
        if not condition:
            self.failures += 1
        return condition

    def check_memory(self, condition, what):
        """A bound of memory; a build with sanitizers only prints it, for it holds more of everything."""
        if self.sanitized():
            self.note(what + ": not judged in a build with sanitizers")
        else:
            self.check(condition, what)

    def sanitized(self):
        try:
            with open(os.path.join(self.build, "CMakeCache.txt")) as cache:
                return any(re.match(r"FOREBAY_SANITIZE:\w+=\S", line) for line in cache)
        except FileNotFoundError:
            return False  # programs of a package

    def note(self, text):
        print("     %s: %s" % (self.name, text), flush=True)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def program(self, name):
        """Path of a built program; the test fails at once when it is not there."""
        for candidate in (os.path.join(self.build, name), os.path.join(self.build, name.split("-")[-1], name),
                          os.path.join(self.build, "cli", name)):
            if os.access(candidate, os.X_OK) and not os.path.isdir(candidate):
                return candidate
        self.check(False, "program %s is missing in %s: build it first" % (name, self.build))
        self.finish()

    def finish(self):
        processes = self.processes
        self._end_processes()
        self._check_reports(processes)
        print("     %s: %.1f s" % (self.name, time.monotonic() - self.start))
        if self.failures == 0:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print("     %s: repeat with --seed %d; files are kept in %s" % (self.name, self.seed, self.folder))
        sys.exit(1 if self.failures else 0)

    def _check_reports(self, processes):
        """Programs of a sanitizer build that are killed take their exit code with them; what they printed stays."""
        for process in processes:
            if not os.path.exists(process.log_path):
                continue
            with open(process.log_path, "rb") as log:
                reports = [line.decode("utf-8", "replace").strip() for line in log if SANITIZER_REPORT.search(line)]
            if reports:
                self.check(False, "%s: sanitizer reports in %s: %s" % (process.name, process.log_path, reports[:3]))

    def _end_processes(self):
        for process in self.processes:
            process.kill()
        self.processes = []


class Process:
    """A child with its output in a file. It can be started again after it ended."""

    def __init__(self, test, name, command, env=None):
        self.test, self.name, self.command = test, name, command
        self.env = dict(os.environ, **(env or {}))
        self.log_path = test.path(name + ".log")
        self.child = None
        self.starts = 0
        test.processes.append(self)

    def start(self, extra_env=None):
        self.starts += 1
        self.log_start = os.path.getsize(self.log_path) if os.path.exists(self.log_path) else 0
        with open(self.log_path, "ab") as log:
            self.child = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                          env=dict(self.env, **(extra_env or {})))
        return self

    def output(self):
        """What the present run has printed."""
        with open(self.log_path, "rb") as log:
            log.seek(self.log_start)
            return log.read().decode("utf-8", "replace")

    def cpu_seconds(self):
        """Of the present run."""
        with open("/proc/%d/stat" % self.child.pid) as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def running(self):
        return self.child is not None and self.child.poll() is None

    def kill(self):
        if self.running():
            self.child.kill()
        if self.child is not None:
            self.child.wait()

    def stop(self, seconds=30):
        """SIGTERM and its exit code; None when it had to be killed."""
        if self.running():
            self.child.terminate()
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                return None
        return self.child.returncode if self.child is not None else 0

    def wait_exit(self, seconds):
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def wait_output(self, pattern, seconds=READY_SECONDS):
        """The first match in the present run's output; None when the program ended or the time is over."""
        deadline = time.monotonic() + seconds
        while True:
            ended = not self.running()
            found = re.search(pattern, self.output())
            if found or ended or time.monotonic() > deadline:
                return found
            time.sleep(0.01)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def allow_open_files(count):
    """For this process and those it starts; as far as the machine lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, count)), hard))


def quantile(values, part):
    """The smallest value that `part` of them do not exceed."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))] if values else float("nan")


class Gateway(Process):
    """forebay-gateway on a data folder; keeps its port over restarts, so that agents and clients find it again."""

    def __init__(self, test, name="gateway", arguments=(), env=None):
        self.data = test.path(name + "-data")
        self.port = free_port()
        self.admin_port = free_port()
        super().__init__(test, name, [test.program("forebay-gateway"), "--data", self.data,
                                      "--listen", "127.0.0.1:%d" % self.port,
                                      "--admin", "127.0.0.1:%d" % self.admin_port] + list(arguments), env)

    def start(self, extra_env=None, wait=True):
        super().start(extra_env)
        if wait and not self.wait_output(r"listening on 127\.0\.0\.1:%d" % self.port):
            self.test.check(False, "the gateway does not listen; its output: %s" % self.output()[-2000:])
            self.test.finish()
        return self

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    @property
    def key_file(self):
        return os.path.join(self.data, "admin.key")

    def keys(self):
        with open(self.key_file) as file:
            found = dict(re.findall(r'^(\w+)\s*=\s*"([^"]*)"', file.read(), re.M))
        return found["access_key_id"], found["secret_access_key"]

    def resident_kib(self):
        with open("/proc/%d/status" % self.child.pid) as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))

    def signed_headers(self, operation, body, keys=None):
        """Headers of a call of the Kinesis API; keys: other than the gateway's own."""
        request = botocore.awsrequest.AWSRequest("POST", self.url + "/", data=body, headers={
            "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "Kinesis_20131202." + operation})
        signer = botocore.credentials.Credentials(*(keys or self.keys()))
        botocore.auth.SigV4Auth(signer, "kinesis", "us-east-1").add_auth(request)
        return dict(request.headers)

    def signed_request(self, operation, document):
        """The whole call as bytes, for HTTP/1.1."""
        body = json.dumps(document).encode()
        lines = ["POST / HTTP/1.1", "Host: 127.0.0.1:%d" % self.port, "Content-Length: %d" % len(body)]
        lines += ["%s: %s" % item for item in self.signed_headers(operation, body).items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body

    def client(self, retries=8, timeout=30, connections=10):
        key, secret = self.keys()
        return boto3.session.Session().client(
            "kinesis", endpoint_url=self.url, region_name="us-east-1", aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=botocore.config.Config(retries={"total_max_attempts": retries, "mode": "standard"},
                                          read_timeout=timeout, connect_timeout=timeout,
                                          max_pool_connections=connections))

    def create_stream(self, name, shards=1):
        client = self.client()
        client.create_stream(StreamName=name, ShardCount=shards)
        deadline = time.monotonic() + READY_SECONDS
        while client.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamStatus"] != "ACTIVE":
            if time.monotonic() > deadline:
                self.test.check(False, "stream %s becomes ACTIVE" % name)
                self.test.finish()
            time.sleep(0.05)
        return client


class Agent(Process):
    """forebay-agent with a configuration written here."""

    def __init__(self, test, gateway, sources, name="agent", device="device-1", spool=None, upload=None,
                 gateway_options=None, env=None):
        """sources: list of dicts, each a [[source]]; spool, upload, gateway_options: further lines of those
        tables."""
        self.device = device
        self.config_path = test.path(name + ".toml")
        self.spool_path = test.path(name + "-spool")
        settings = {"path": self.spool_path, "max_size": "1 GiB"}
        settings.update(spool or {})
        lines = ["device = %s" % toml(device), "[gateway]", "url = %s" % toml(gateway.url),
                 "key_file = %s" % toml(gateway.key_file)]
        lines += ["%s = %s" % (key, toml(value)) for key, value in (gateway_options or {}).items()]
        lines += ["[spool]"]
        lines += ["%s = %s" % (key, toml(value)) for key, value in settings.items()]
        lines += ["[upload]"] + ["%s = %s" % (key, toml(value)) for key, value in (upload or {}).items()]
        for source in sources:
            lines += ["[[source]]"] + ["%s = %s" % (key, toml(value)) for key, value in source.items()]
        with open(self.config_path, "w") as file:
            file.write("\n".join(lines) + "\n")
        run = dict(env or {})
        run.setdefault("RUNTIME_DIRECTORY", test.folder)
        super().__init__(test, name, [test.program("forebay-agent"), "--config", self.config_path], run)

    def once(self, seconds=300, timeout=None):
        """Runs the agent with --once in the foreground; its exit code, None when the time is over."""
        self.command = self.command[:3] + ["--once"] + (["--timeout", timeout] if timeout else [])
        self.start()
        code = self.wait_exit(seconds)
        if code is None:
            self.kill()
        self.command = self.command[:3]
        return code


def toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Record(collections.namedtuple("Record", "shard sequence key data arrival")):
    __slots__ = ()

    @property
    def text(self):
        return self.data.decode("utf-8", "replace")

    @property
    def is_gap(self):
        return self.key.startswith("forebay.gap/")


class Reader:
    """Reads a stream with boto3, shard by shard, each from where the last call ended."""

    def __init__(self, gateway, stream):
        self.gateway, self.stream = gateway, stream
        self.client = gateway.client()
        self.last = {}
        self.records = []

    def shards(self):
        pages = self.client.get_paginator("list_shards").paginate(StreamName=self.stream)
        return [shard["ShardId"] for page in pages for shard in page["Shards"]]

    def read(self):
        """Reads every shard to its present end; the new records, in order within each shard."""
        new = []
        for shard in self.shards():
            new += self._read_shard(shard)
        self.records += new
        return new

    def _iterator(self, shard):
        place = {"ShardIteratorType": "TRIM_HORIZON"}
        if shard in self.last:
            place = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": self.last[shard]}
        return self.client.get_shard_iterator(StreamName=self.stream, ShardId=shard, **place)["ShardIterator"]

    def _read_shard(self, shard):
        new = []
        iterator = self._iterator(shard)
        while iterator:
            try:
                page = self.client.get_records(ShardIterator=iterator, Limit=10000)
            except self.client.exceptions.ProvisionedThroughputExceededException:
                time.sleep(0.2)
                continue
            for raw in page["Records"]:
                new.append(Record(shard, int(raw["SequenceNumber"]), raw["PartitionKey"], raw["Data"],
                                  raw["ApproximateArrivalTimestamp"]))
                self.last[shard] = raw["SequenceNumber"]
            iterator = page.get("NextShardIterator")
            if page["MillisBehindLatest"] == 0:
                break
        return new

    def read_until(self, enough, seconds, interval=0.25):
        """Reads again and again until enough(records), or until so long nothing new has come. True: enough."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if self.read():
                    deadline = time.monotonic() + seconds
            except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
                if time.monotonic() > deadline:
                    self.gateway.test.note("reading failed: %s" % error)
            if enough(self.records):
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(interval)


class Comparison:
    """Produced against read, per file (or key): lost, repeated, reordered, unknown; plus what was declared lost."""

    def __init__(self, produced, delivered):
        """Both: dict of name -> list of lines in order. Lines are distinct within a name."""
        self.lost, self.repeated, self.reordered, self.unknown = [], [], [], []
        for name in set(produced) | set(delivered):
            self._one(name, produced.get(name, []), delivered.get(name, []))

    def _one(self, name, produced, delivered):
        place = {line: index for index, line in enumerate(produced)}
        counts = collections.Counter(delivered)
        self.lost += [(name, line) for line in produced if line not in counts]
        self.repeated += [(name, line) for line, count in counts.items() if count > 1]
        self.unknown += [(name, line) for line in counts if line not in place]
        last = -1
        for line in delivered:
            if line not in place:
                continue
            if place[line] < last:
                self.reordered.append((name, line))
            last = max(last, place[line])

    def __str__(self):
        return "%d lost, %d repeated, %d reordered, %d unknown" % (
            len(self.lost), len(self.repeated), len(self.reordered), len(self.unknown))

    def examples(self):
        out = []
        for what in ("lost", "repeated", "reordered", "unknown"):
            out += ["%s %s: %.100s" % (what, name, line) for name, line in getattr(self, what)[:3]]
        return "; ".join(out)

    def clean(self):
        return not (self.lost or self.repeated or self.reordered or self.unknown)


class LineWriter(threading.Thread):
    """Appends lines with serial numbers to several files: the oracle outside both programs."""

    def __init__(self, folder, files, lines_per_second, width=80, seed=0):
        super().__init__(daemon=True)
        self.folder, self.rate, self.width = folder, lines_per_second, width
        self.random = random.Random(seed)
        self.paths = [os.path.join(folder, "load-%02d.log" % index) for index in range(files)]
        self.written = {os.path.basename(path): [] for path in self.paths}
        self.stopping = threading.Event()

    def run(self):
        handles = [open(path, "ab", buffering=0) for path in self.paths]
        serial = 0
        start = time.monotonic()
        while not self.stopping.is_set():
            due = int((time.monotonic() - start) * self.rate) - serial
            for _ in range(max(0, min(due, 2000))):
                self._write(handles[serial % len(handles)], serial)
                serial += 1
            self.stopping.wait(0.005)
        for handle in handles:
            handle.close()

    def _write(self, handle, serial):
        name = os.path.basename(handle.name)
        line = ("%s %09d " % (name, serial)).ljust(self.width, "x")
        data = (line + "\n").encode()
        # Now and then a line arrives in two pieces, as from a program that buffers by bytes.
        if self.random.random() < 0.01:
            cut = self.random.randrange(1, len(data))
            handle.write(data[:cut])
            data = data[cut:]
        handle.write(data)
        self.written[name].append(line)

    def stop(self):
        self.stopping.set()
        self.join()

    def total(self):
        return sum(len(lines) for lines in self.written.values())


def by_first_word(records):
    """Delivered lines grouped by their first word, in reading order within each shard."""
    out = collections.defaultdict(list)
    for record in records:
        if not record.is_gap:
            out[record.text.split(" ", 1)[0]].append(record.text)
    return out
