"""One writer or reader of reshard.py: a process of its own with stock boto3, no retries.

    reshard_worker.py writer URL STREAM NUMBER STOP_FILE RESULT_FILE CALLS_PER_SECOND
    reshard_worker.py reader URL STREAM NUMBER STOP_FILE RESULT_FILE

Keys come from the environment. A writer numbers the records of each of its keys; a reader goes from parents to children
by what GetRecords tells, and holds every record against the next number of its key. Both end some time after STOP_FILE
exists and leave one JSON object. A writer makes RESULT_FILE.ready after its first call.
"""

import json
import os
import sys
import time

import boto3
import botocore.config

KEYS = 8
RECORDS_PER_CALL = 20


def client(url):
    config = botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=20, parameter_validation=False)
    return boto3.session.Session().client("kinesis", endpoint_url=url, region_name="us-east-1", config=config)


class Writer:
    def __init__(self, kinesis, stream, number):
        self.kinesis, self.stream, self.number = kinesis, stream, number
        self.counts = [0] * KEYS
        self.calls = []  # [wall clock, milliseconds]
        self.failures = []
        self.last = {}

    def record(self, key):
        text = "%d/%d/%d" % (self.number, key, self.counts[key])
        self.counts[key] += 1
        return {"Data": text.encode(), "PartitionKey": "w%d-k%d" % (self.number, key)}

    def call(self, turn):
        if turn % 4 == 3:
            record = self.record(turn // 4 % KEYS)
            ordering = {}
            if record["PartitionKey"] in self.last:
                ordering["SequenceNumberForOrdering"] = self.last[record["PartitionKey"]]
            answer = self.kinesis.put_record(StreamName=self.stream, **record, **ordering)
            self.last[record["PartitionKey"]] = answer["SequenceNumber"]
            return
        records = [self.record((turn + i) % KEYS) for i in range(RECORDS_PER_CALL)]
        answer = self.kinesis.put_records(StreamName=self.stream, Records=records)
        if answer["FailedRecordCount"]:
            self.failures.append(str([entry for entry in answer["Records"] if "ErrorCode" in entry][:2]))

    def run(self, stop, ready, calls_per_second):
        turn = 0
        due = time.monotonic()
        while not os.path.exists(stop) and len(self.failures) < 10:
            wall, started = time.time(), time.monotonic()
            try:
                self.call(turn)
            except Exception as error:  # of any kind: a put must not fail
                self.failures.append("%s: %s" % (type(error).__name__, error))
            self.calls.append([wall, (time.monotonic() - started) * 1000])
            if turn == 0:
                with open(ready, "w"):
                    pass
            turn += 1
            due = max(due + 1.0 / calls_per_second, time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))
        return {"counts": {"w%d-k%d" % (self.number, key): count for key, count in enumerate(self.counts)},
                "calls": self.calls, "failures": self.failures}


class Reader:
    def __init__(self, kinesis, stream):
        self.kinesis, self.stream = kinesis, stream
        self.next = {}  # of a key
        self.failures = []
        self.known, self.done, self.waiting, self.active = set(), set(), {}, {}
        for page in kinesis.get_paginator("list_shards").paginate(StreamName=stream):
            for shard in page["Shards"]:
                if "ParentShardId" not in shard:
                    self.meet(shard["ShardId"], [])

    def meet(self, shard, parents):
        if shard not in self.known:
            self.known.add(shard)
            self.waiting[shard] = parents

    def start_ready(self):
        """A child begins when all its parents are read to their end."""
        for shard, parents in list(self.waiting.items()):
            if set(parents) <= self.done:
                del self.waiting[shard]
                self.active[shard] = self.kinesis.get_shard_iterator(
                    StreamName=self.stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]

    def take(self, shard, record):
        writer, key, number = (int(part) for part in record["Data"].split(b"/"))
        name = record["PartitionKey"]
        if name != "w%d-k%d" % (writer, key):
            self.failures.append("%s: record %s under key %s" % (shard, record["Data"], name))
        wanted = self.next.get(name, 0)
        if number != wanted:
            self.failures.append("%s: key %s came with number %d, the next one is %d" % (shard, name, number, wanted))
        self.next[name] = number + 1

    def step(self):
        """One GetRecords of every active shard. True: something came or a shard ended."""
        self.start_ready()
        moved = False
        for shard, iterator in list(self.active.items()):
            answer = self.kinesis.get_records(ShardIterator=iterator)
            for record in answer["Records"]:
                self.take(shard, record)
            moved = moved or bool(answer["Records"])
            if answer.get("NextShardIterator"):
                self.active[shard] = answer["NextShardIterator"]
                continue
            moved = True
            del self.active[shard]
            self.done.add(shard)
            if not answer.get("ChildShards"):
                self.failures.append("%s ended without children" % shard)
            for child in answer.get("ChildShards", []):
                if shard not in child["ParentShards"]:
                    self.failures.append("%s is no parent of its child %s" % (shard, child))
                self.meet(child["ShardId"], child["ParentShards"])
        return moved

    def run(self, stop):
        idle = 0
        while idle < 3 and len(self.failures) < 10:
            stopping = os.path.exists(stop)
            try:
                moved = self.step()
            except Exception as error:  # of any kind: reading must not fail
                self.failures.append("%s: %s" % (type(error).__name__, error))
                break
            idle = idle + 1 if stopping and not moved and not self.waiting else 0
            time.sleep(0.2)
        return {"counts": self.next, "failures": self.failures, "shards": len(self.known), "ended": len(self.done)}


def main():
    role, url, stream, number, stop, result = sys.argv[1:7]
    if role == "writer":
        report = Writer(client(url), stream, int(number)).run(stop, result + ".ready", float(sys.argv[7]))
    else:
        report = Reader(client(url), stream).run(stop)
    with open(result + ".part", "w") as file:
        json.dump(report, file)
    os.rename(result + ".part", result)


if __name__ == "__main__":
    main()
