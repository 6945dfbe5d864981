#!/usr/bin/python3
"""reshard.py BUILD: eight writers and four readers, each a process of its own, while the stream's shards split and
merge all the time. No put fails, every reader gets each record once and in the order of its key, and puts stay fast.

With --night: five minutes, 60 splits and merges, and UpdateShardCount from 4 to 64 and back to 4."""

import json
import os
import re
import sys
import time
import urllib.request

import harness
from harness import quantile

STREAM = "reshard"
SHARDS = 4
WRITERS = 8
READERS = 4
SHARDS_MAX = 12  # while splitting and merging
HERE = os.path.dirname(os.path.abspath(__file__))


class Workers:
    """The processes of one role."""

    def __init__(self, test, gateway, role, count, extra=(), label=""):
        self.test, self.role = test, role
        self.stop_file = test.path("stop-" + role + label)
        key, secret = gateway.keys()
        env = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
        self.results, self.children = [], []
        for number in range(count):
            name = "%s%s-%d" % (role, label, number)
            self.results.append(test.path(name + ".json"))
            self.children.append(harness.Process(
                test, name, [sys.executable, os.path.join(HERE, "reshard_worker.py"), role, gateway.url, STREAM,
                             str(number), self.stop_file, self.results[-1]] + list(extra), env).start())

    def wait_ready(self, seconds):
        deadline = time.monotonic() + seconds
        while not all(os.path.exists(result + ".ready") for result in self.results):
            if time.monotonic() > deadline or not all(child.running() for child in self.children):
                self.test.check(False, "all %ss begin: %s" % (self.role, self.children[0].output()[-800:]))
                self.test.finish()
            time.sleep(0.1)

    def end(self, seconds):
        """Tells them to end and collects what they found."""
        with open(self.stop_file, "w"):
            pass
        reports = []
        for child, result in zip(self.children, self.results):
            if child.wait_exit(seconds) != 0 or not os.path.exists(result):
                self.test.check(False, "%s leaves a result: %s" % (child.name, child.output()[-800:]))
                self.test.finish()
            with open(result) as file:
                reports.append(json.load(file))
        return reports


class Resharder:
    """Splits and merges at random, never below two and never above SHARDS_MAX open shards."""

    def __init__(self, test, kinesis):
        self.test, self.kinesis = test, kinesis
        self.changes = 0
        self.slowest = 0.0

    def open_shards(self):
        pages = self.kinesis.get_paginator("list_shards").paginate(StreamName=STREAM, ShardFilter={"Type": "AT_LATEST"})
        shards = [(int(shard["HashKeyRange"]["StartingHashKey"]), int(shard["HashKeyRange"]["EndingHashKey"]),
                   shard["ShardId"]) for page in pages for shard in page["Shards"]]
        return sorted(shards)

    def once(self):
        shards = self.open_shards()
        whole = shards[0][0] == 0 and shards[-1][1] == 2 ** 128 - 1
        if not whole or any(a[1] + 1 != b[0] for a, b in zip(shards, shards[1:])):
            self.test.check(False, "open shards tile the hash space: %s" % shards)
        started = time.monotonic()
        if len(shards) <= 2 or (len(shards) < SHARDS_MAX and self.test.random.random() < 0.5):
            start, end, shard = self.test.random.choice(shards)
            key = self.test.random.randrange(start + 2, end)
            self.kinesis.split_shard(StreamName=STREAM, ShardToSplit=shard, NewStartingHashKey=str(key))
        else:
            lower = self.test.random.randrange(len(shards) - 1)
            self.kinesis.merge_shards(StreamName=STREAM, ShardToMerge=shards[lower][2],
                                      AdjacentShardToMerge=shards[lower + 1][2])
        self.slowest = max(self.slowest, time.monotonic() - started)
        self.changes += 1

    def scale(self, target):
        answer = self.kinesis.update_shard_count(StreamName=STREAM, TargetShardCount=target,
                                                 ScalingType="UNIFORM_SCALING")
        open_now = self.kinesis.describe_stream_summary(StreamName=STREAM)["StreamDescriptionSummary"]["OpenShardCount"]
        self.test.check(answer["TargetShardCount"] == target and open_now == target, "scaled to %d shards" % target)
        self.changes += 1


def hold(kinesis):
    """An iterator of a shard that has records, and the number of the first."""
    for shard in range(SHARDS):
        place = {"StreamName": STREAM, "ShardId": str(shard), "ShardIteratorType": "TRIM_HORIZON"}
        page = kinesis.get_records(ShardIterator=kinesis.get_shard_iterator(**place)["ShardIterator"], Limit=1)
        if page["Records"]:
            return kinesis.get_shard_iterator(**place)["ShardIterator"], page["Records"][0]["SequenceNumber"]
    return None


def metric(gateway, name):
    with urllib.request.urlopen("http://127.0.0.1:%d/metrics" % gateway.admin_port, timeout=10) as answer:
        found = re.search(r"^%s (\S+)$" % name, answer.read().decode(), re.M)
    return float(found.group(1)) if found else 0.0


def reshard(test, resharder, seconds, interval):
    deadline = time.monotonic() + seconds
    due = time.monotonic()
    while time.monotonic() < deadline:
        resharder.once()
        due += interval
        time.sleep(max(0, min(due, deadline) - time.monotonic()))


def scale_there_and_back(resharder, pause):
    """To four shards whatever there is, then 4 to 64 to 4: at most double, at least half each time."""
    while len(resharder.open_shards()) > 4:
        shards = resharder.open_shards()
        resharder.kinesis.merge_shards(StreamName=STREAM, ShardToMerge=shards[0][2], AdjacentShardToMerge=shards[1][2])
    while len(resharder.open_shards()) < 4:
        start, end, shard = resharder.open_shards()[0]
        resharder.kinesis.split_shard(StreamName=STREAM, ShardToSplit=shard,
                                      NewStartingHashKey=str((start + end) // 2 + 1))
    for target in (8, 16, 32, 64, 32, 16, 8, 4):
        resharder.scale(target)
        time.sleep(pause)


def compare(test, written, readers, what):
    counts = {key: count for report in written for key, count in report["counts"].items()}
    failures = [failure for report in readers for failure in report["failures"]]
    test.check(not failures, "%s: %d records each once and in the order of its key%s"
               % (what, sum(counts.values()), ": " + "; ".join(failures[:3]) if failures else ""))
    missing = [(key, counts[key], report["counts"].get(key, 0)) for report in readers for key in counts
               if report["counts"].get(key, 0) != counts[key]]
    test.check(not missing, "%s: nothing is missing%s" % (what, ": " + str(missing[:3]) if missing else ""))


def latencies(test, written, changed_from):
    before = [took for report in written for when, took in report["calls"][5:] if when < changed_from]
    during = [took for report in written for when, took in report["calls"] if when >= changed_from]
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        test.note("%s of puts: %.1f ms before, %.1f ms while resharding (%.2f times)"
                  % (name, quantile(before, share), quantile(during, share),
                     quantile(during, share) / max(quantile(before, share), 0.001)))
    if test.night:
        test.check(
            quantile(during, 0.99) <= 2 * quantile(before, 0.99), "p99 while resharding is within twice of before")


def main():
    test = harness.Test(__doc__, before=(6.0, 60.0), seconds=(24.0, 300.0), interval=(0.4, 5.0), rate=(8.0, 8.0))
    gateway = harness.Gateway(test).start()
    kinesis = gateway.create_stream(STREAM, SHARDS)
    resharder = Resharder(test, kinesis)
    readers = Workers(test, gateway, "reader", READERS)
    writers = Workers(test, gateway, "writer", WRITERS, [str(test.rate)])
    writers.wait_ready(60)
    time.sleep(test.before)
    held = hold(kinesis)
    changed_from = time.time()
    reshard(test, resharder, test.seconds, test.interval)
    wanted = round(test.seconds / test.interval * (1 if test.night else 0.5))
    test.check(resharder.changes >= wanted, "%d splits and merges in %.0f s, at least %d" %
               (resharder.changes, test.seconds, wanted))
    if test.night:
        held = hold(kinesis)  # the first one lives 300 s
        scale_there_and_back(resharder, 2)
    written = writers.end(60)
    read = readers.end(120)

    failures = [failure for report in written for failure in report["failures"]]
    calls = sum(len(report["calls"]) for report in written)
    test.check(not failures, "no put of %d failed during %d changes of the shard map%s"
               % (calls, resharder.changes, ": " + "; ".join(failures[:3]) if failures else ""))
    compare(test, written, read, "readers beside the writers")
    latencies(test, written, changed_from)
    test.note("slowest split or merge %.1f ms; %d batches were routed again" %
              (resharder.slowest * 1000, metric(gateway, "forebay_log_rerouted_total")))

    test.check(gateway.stop() == 0, "the gateway stops cleanly")
    gateway.start()
    page = gateway.client().get_records(ShardIterator=held[0], Limit=5)
    test.check([record["SequenceNumber"] for record in page["Records"]][:1] == [held[1]],
               "an iterator from before the changes reads on after a restart")
    late = Workers(test, gateway, "reader", 1, label="-late").end(120)
    compare(test, written, late, "a reader after a restart")
    test.check(late[0]["shards"] == read[0]["shards"], "all %d shards are still there" % read[0]["shards"])
    test.check(gateway.stop() == 0, "the gateway stops cleanly again")
    test.finish()


if __name__ == "__main__":
    main()
