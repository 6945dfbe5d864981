"""drive.py polling|fan-out: a KCL application of two workers reads a stream that is split, merged and loses a worker.

Starts DynamoDB Local (from Maven) for the leases and two workers; a writer puts numbered records of twelve keys all the
time. Every record must be seen, and each key's records first in their order. Repeats are allowed only behind the kill
and where a lease changed hands. Run from the folder where kcl.sh built everything.
"""
import collections
import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import boto3
from aws_kinesis_agg.aggregator import RecordAggregator

KEYS = ["key-%d" % index for index in range(12)]
SECONDS = 240
HALF, QUARTER = 1 << 127, 1 << 126


class Wrong(Exception):
    pass


def hash_of(key):
    return int.from_bytes(hashlib.md5(key.encode()).digest(), "big")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """A child of this run with its output in a file; ended by its own id."""

    def __init__(self, folder, name, command, **environment):
        self.name, self.log = name, os.path.join(folder, name + ".log")
        with open(self.log, "wb") as log:
            self.child = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT,
                                          env=dict(os.environ, **environment))

    def tail(self):
        with open(self.log, errors="replace") as log:
            return "".join("    %s" % line for line in log.readlines()[-25:])

    def end(self, how=signal.SIGTERM):
        if self.child.poll() is None:
            self.child.send_signal(how)
        try:
            self.child.wait(30)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


class Writer(threading.Thread):
    """Numbered records of every key in batches, so that a key's records are written in order; remembers what was
    acknowledged."""

    def __init__(self, kinesis, stream):
        super().__init__(daemon=True)
        self.kinesis, self.stream = kinesis, stream
        self.written = {key: [] for key in KEYS}
        self.stopping = threading.Event()
        self.failure = None

    def aggregates(self):
        """For each shard one aggregated record of all its keys."""
        for side in (0, 1):
            aggregator = RecordAggregator()
            keys = [key for key in KEYS if hash_of(key) >> 127 == side]
            for count in range(10):
                for key in keys:
                    aggregator.add_user_record(key, self._next(key))
            data = aggregator.clear_and_get().get_contents()[2]
            self.kinesis.put_record(StreamName=self.stream, Data=data, PartitionKey=keys[0])

    def _next(self, key):
        data = "%s/%06d" % (key, len(self.written[key]))
        self.written[key].append(data)
        return data.encode()

    def run(self):
        try:
            while not self.stopping.wait(0.2):
                answer = self.kinesis.put_records(
                    StreamName=self.stream, Records=[{"PartitionKey": key, "Data": self._next(key)} for key in KEYS])
                if answer["FailedRecordCount"]:
                    raise Wrong("a put failed: %r" % answer)
        except Exception as error:  # whatever it was, the run has failed
            self.failure = error

    def total(self):
        return sum(len(records) for records in self.written.values())


class Seen:
    """What the workers wrote down, in the order of its times."""

    def __init__(self, paths):
        self.paths = paths

    def lines(self):
        lines = []
        for path in self.paths:
            if os.path.exists(path):
                with open(path) as file:
                    lines += [line.split() for line in file.read().splitlines(True) if line.endswith("\n")]
        return sorted(lines, key=lambda line: (int(line[0]), int(line[2]), int(line[3])))

    def count(self):
        return len(self.data())

    def data(self):
        return {line[5] for line in self.lines()}

    def shards(self):
        return {line[1] for line in self.lines()}


class Run:
    def __init__(self, mode):
        self.mode = mode
        self.folder = tempfile.mkdtemp(prefix="forebay-kcl-")
        self.stream = "kcl-%s-%d" % (mode, os.getpid())
        self.kinesis = boto3.client("kinesis", endpoint_url=os.environ["FOREBAY_ENDPOINT"], region_name="us-east-1")
        self.programs = []
        self.deadline = time.monotonic() + SECONDS

    def say(self, text):
        print("%s %5.1f s: %s" % (self.mode, SECONDS - (self.deadline - time.monotonic()), text), flush=True)

    def start(self, name, command, **environment):
        self.programs.append(Program(self.folder, name, command, **environment))
        return self.programs[-1]

    def until(self, done, what, writer=None):
        while not done():
            if writer is not None and writer.failure is not None:
                raise Wrong("the writer failed: %s" % writer.failure)
            ended = [program.name for program in self.programs if program.child.poll() is not None]
            if ended:
                raise Wrong("%s ended before its time" % ended)
            if time.monotonic() > self.deadline:
                raise Wrong("not in time: %s" % what)
            time.sleep(0.25)
        self.say(what)

    def dynamodb(self):
        port = free_port()
        with open("dynamodb/classpath") as file:
            classpath = file.read().strip()
        natives = os.path.dirname(next(path for path in classpath.split(":") if "libsqlite4java-linux-amd64" in path))
        self.start("dynamodb", [
            "java", "-Xmx256m", "-Djava.library.path=" + natives, "-Dsqlite4java.library.path=" + natives, "-cp",
            classpath, "com.amazonaws.services.dynamodbv2.local.main.ServerRunner", "-inMemory", "-port", str(port),
            "-disableTelemetry"
        ])
        def listens():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0
        self.until(listens, "DynamoDB Local listens")
        self.tables = "http://127.0.0.1:%d" % port

    def worker(self, name):
        with open("classpath") as file:
            classpath = "classes:" + file.read().strip()
        path = os.path.join(self.folder, name + ".seen")
        program = self.start(name, [
            "java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp",
            classpath, "forebay.Worker", self.stream, "forebay-" + self.stream, name, self.mode, path
        ], DYNAMODB_ENDPOINT=self.tables)
        return program, path

    def open_shards(self):
        now = self.kinesis.describe_stream_summary(StreamName=self.stream)["StreamDescriptionSummary"]
        return now["OpenShardCount"] if now["StreamStatus"] == "ACTIVE" else 0

    def story(self):
        self.dynamodb()
        self.kinesis.create_stream(StreamName=self.stream, ShardCount=2)
        self.until(lambda: self.open_shards() == 2, "the stream is there")
        writer = Writer(self.kinesis, self.stream)
        writer.aggregates()
        first, first_seen = self.worker("first")
        seen = Seen([first_seen])
        writer.start()
        self.until(lambda: seen.count() >= 300, "300 user records seen, aggregated ones among them", writer)
        second, second_seen = self.worker("second")
        seen.paths.append(second_seen)
        self.kinesis.split_shard(StreamName=self.stream, ShardToSplit="shardId-000000000000",
                                 NewStartingHashKey=str(QUARTER))
        children = {"shardId-000000000002", "shardId-000000000003"}
        self.until(lambda: self.open_shards() == 3 and children <= seen.shards(), "records of both children of a split",
                   writer)
        self.kinesis.merge_shards(StreamName=self.stream, ShardToMerge="shardId-000000000002",
                                  AdjacentShardToMerge="shardId-000000000003")
        self.until(lambda: "shardId-000000000004" in seen.shards(), "records of the merged shard", writer)
        self.until(lambda: Seen([second_seen]).count() > 0, "the second worker has taken a lease", writer)
        self.programs.remove(first)
        first.end(signal.SIGKILL)
        self.say("the first worker is killed")
        before = {data for records in list(writer.written.values()) for data in list(records)}
        self.until(lambda: before <= seen.data(), "what was written before the kill is seen", writer)
        writer.stopping.set()
        writer.join()
        self.until(lambda: seen.count() >= writer.total(), "every one of %d user records seen" % writer.total(), writer)
        self.judge(writer, seen)
        self.programs.remove(second)
        second.end()

    def judge(self, writer, seen):
        found = collections.defaultdict(list)
        repeats = 0
        for _, shard, sequence, subsequence, key, data in seen.lines():
            if data.split("/")[0] != key:
                raise Wrong("%s came under key %s" % (data, key))
            if data in found[key]:
                repeats += 1
            else:
                found[key].append(data)
        for key in KEYS:
            if found[key] != writer.written[key]:
                differences = [pair for pair in zip(found[key], writer.written[key]) if pair[0] != pair[1]][:3]
                raise Wrong("records of %s: %d seen, %d written, first differences %s" %
                            (key, len(found[key]), len(writer.written[key]), differences))
        self.say("%d records of %d keys in order, %d repeats" % (writer.total(), len(KEYS), repeats))

    def go(self):
        try:
            self.story()
        except Wrong as error:
            print("WRONG: %s: %s (files in %s)" % (self.mode, error, self.folder))
            for program in self.programs:
                print("  %s:\n%s" % (program.name, program.tail()))
            return 1
        finally:
            for program in self.programs:
                program.end(signal.SIGKILL)
        print("KCL 3 by %s: survived a split, a merge and a killed worker" % self.mode)
        return 0


if __name__ == "__main__":
    sys.exit(Run(sys.argv[1]).go())
