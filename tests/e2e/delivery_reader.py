"""Follows the manifests of delivery streams entry by entry, as docs/formats/manifest.md says, and compares every record
of every object with what the writers put. Nothing is kept but names of objects and the writers' ledgers."""

import collections
import concurrent.futures
import hashlib
import json
import struct
import subprocess
import threading

import snappy.hadoop_snappy

import delivered_buckets
from delivery_writers import Seen, names_of, payload

EXAMPLES = 5


class ParquetReader:
    """pyarrow lives in a Python of its own."""

    def __init__(self, python, program):
        self.child = subprocess.Popen([python, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def lines(self, body):
        self.child.stdin.write(struct.pack(">Q", len(body)) + body)
        self.child.stdin.flush()
        return self.child.stdout.read(struct.unpack(">Q", self.child.stdout.read(8))[0])

    def close(self):
        self.child.stdin.close()
        self.child.wait(30)


def with_program(*command):
    return lambda body: subprocess.run(command, input=body, stdout=subprocess.PIPE, check=True).stdout


class Problems:
    """Counts, and the first of each kind."""

    def __init__(self):
        self.counts, self.examples = collections.Counter(), collections.defaultdict(list)

    def add(self, kind, text):
        self.counts[kind] += 1
        if len(self.examples[kind]) < EXAMPLES:
            self.examples[kind].append(text)


class Lane:
    def __init__(self, folder):
        self.folder, self.delivery = folder, folder.split("/")[0]
        self.index, self.previous, self.records = 0, "", 0
        self.last = {}  # of each writer: its batch and attempt, which never go back


class Reader:
    """deliveries: name of a delivery stream -> its writers. With `replays` it follows replays, and nothing else."""

    def __init__(self, bucket, deliveries, parquet=None, replays=False):
        self.bucket, self.parquet, self.replays = bucket, parquet, replays
        self.batches = {w.name: w.batch for writers in deliveries.values() for w in writers}
        self.seen = {name: {w.name: Seen(w.ledger) for w in writers} for name, writers in deliveries.items()}
        self.lanes, self.listed, self.problems = {}, set(), Problems()
        self.largest = collections.Counter()
        self.lock = threading.Lock()
        self.decoders = {".gz": with_program("gzip", "-dc"), ".zst": with_program("zstd", "-dcq"),
                         ".snappy": lambda body: snappy.hadoop_snappy.StreamDecompressor().decompress(body)}

    def advance(self):
        """Takes what was listed since the last time."""
        for name in self.seen:
            for folder in self.folders(name):
                self.lanes.setdefault(folder, Lane(folder))
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for done in [pool.submit(self.follow, lane) for lane in self.lanes.values()]:
                done.result()

    def folders(self, delivery):
        level = [delivered_buckets.MANIFEST + delivery + "/"]
        for _ in range(3):  # stream, shard, timeline
            level = [folder for above in level for folder in self.bucket.folders(above)]
        if self.replays:
            level = [folder for above in level for folder in self.bucket.folders(above, ":")]  # behind the entries
        return [folder[len(delivered_buckets.MANIFEST):-1] for folder in level]

    def follow(self, lane):
        while True:
            text = self.bucket.load_if("%s%s/%012d.json" % (delivered_buckets.MANIFEST, lane.folder, lane.index))
            if text is None:
                return
            entry = json.loads(text)
            if entry["index"] != lane.index or entry["previous"] != lane.previous:
                self.problems.add("chain", "%s %d" % (lane.folder, lane.index))
            for one in entry["objects"]:
                self.take_object(lane, one)
            lane.index, lane.previous = lane.index + 1, hashlib.sha256(text).hexdigest()

    def take_object(self, lane, one):
        key, body = one["key"], self.bucket.load_if(one["key"])
        if body is None or len(body) != one["size"] or hashlib.sha256(body).hexdigest() != one["sha256"]:
            return self.problems.add("object", "%s is not what its entry says" % key)
        if one["error_type"]:
            return self.problems.add("object", "%s holds errors: %.200s" % (key, body))
        with self.lock:
            if key in self.listed:
                self.problems.add("object", "%s is listed twice" % key)
            self.listed.add(key)
            self.largest[lane.delivery] = max(self.largest[lane.delivery], len(body))
            lines = self.decoded(key, body).decode().split("\n")
            if lines.pop() != "" or len(lines) != one["records"]:
                self.problems.add("object", "%s has not the %d records of its entry" % (key, one["records"]))
            self.take_lines(lane, lines)

    def decoded(self, key, body):
        if key.endswith(".parquet"):
            return self.parquet.lines(body)
        return next((decode for end, decode in self.decoders.items() if key.endswith(end)), lambda plain: plain)(body)

    def take_lines(self, lane, lines):
        lane.records += len(lines)
        seen = self.seen[lane.delivery]
        for line in lines:
            try:
                writer, n, attempt = names_of(line)
                own = seen[writer]
                known = attempt < own.ledger.attempts[n] and payload(writer, n, attempt, own.ledger.pad) == line
            except (ValueError, KeyError, IndexError):
                known = False
            if not known:
                self.problems.add("unknown", line[:100])
                continue
            if not own.take(n, attempt):
                self.problems.add("repeated", line[:40])
            place = (n // self.batches[writer], attempt)
            if place < lane.last.get(writer, place):
                self.problems.add("order", "%s %s" % (lane.folder, line[:40]))
            lane.last[writer] = place

    def records(self, delivery=None):
        return sum(lane.records for lane in self.lanes.values() if delivery in (None, lane.delivery))

    def lost(self):
        """(delivery stream, writer, n) of acknowledged records that are not listed."""
        return [(name, writer, n) for name, writers in self.seen.items() for writer, own in writers.items()
                for n in own.lost()]

    def orphans(self):
        listed, manifest = self.listed, delivered_buckets.MANIFEST
        return [key for key in self.bucket.keys() if not key.startswith(manifest) and key not in listed]
