#!/usr/bin/python3
"""delivery.py BUILD [--store folder|versitygw|ceph] [--night]: records through delivery streams into a bucket while the
gateway and the store are killed at random, calls to the store fail in every way of T8 (s3_faults.py has the table), the
source stream is resharded, one delivery stream is updated and one replayed. The manifest lists each record exactly
once, and what it lists is read back with boto3, gzip, zstd, python3-snappy and pyarrow and compared byte for byte.

Six delivery streams: `lake`, fed by a stream with several shards, uncompressed and midway updated to gzip and another
prefix; `direct`, by direct put, gzip; `zstd`, `snappy` and `parquet` of a second stream; `large`, by direct put, whose
objects go up in parts. Without forebay-parquet.so in BUILD there is no `parquet`, and the refusal must name its
package.

At night ten million records in 15 minutes, 200 kills of the gateway and about 100 of the store; this test itself keeps
some bytes per record. Ceph's memstore (4 GiB) holds that: 1.5 GB are stored."""

import json
import os
import resource
import threading
import time
import urllib.request

import botocore.exceptions

import delivered_buckets
import harness
import lake
from delivery_reader import ParquetReader, Reader
from delivery_writers import Writer, firehose

HERE = os.path.dirname(os.path.abspath(__file__))
STREAM, SECOND = "source", "formats"
ACCOUNT = "000000000000"
WRITERS = 4
QUIET_SECONDS = 300  # a part of 16 MiB that hangs is given up after 95 s, twice
LARGE_PAD = 200_000
MEMORY_MB = 512
CONFIG = """[delivery]
endpoint = "%s"
%s
[[delivery_schema]]
name = "lines"
columns = ["t string", "pad string"]
"""


class Faults:
    """s3_faults.py in front of a store."""

    def __init__(self, test, bucket):
        self.port = harness.free_port()
        self.endpoint = "http://127.0.0.1:%d" % self.port
        late, hangs = (600, 10) if test.night else (10, 1)
        harness.Process(test, "s3_faults", [
            "/usr/bin/python3", os.path.join(HERE, "s3_faults.py"), str(self.port), str(bucket.server.port),
            str(test.seed), str(test.faults), str(late), str(hangs)]).start().wait_output("listening")

    def end(self, test):
        """No more of them, and what is late lands now."""
        with urllib.request.urlopen(urllib.request.Request(self.endpoint + "/-/calm", method="POST")) as answer:
            counts = json.load(answer)
        test.note("%d calls to the store, %d failed: %s" % (
            counts["requests"], sum(counts["faults"].values()),
            ", ".join("%d x %s" % (count, name) for name, count in sorted(counts["faults"].items()))))
        wanted = min(20, counts["requests"] // 100)
        test.check(len(counts["faults"]) >= wanted, "%d kinds of faults and more were met (%d)" % (
            wanted, len(counts["faults"])))


def destination(prefix, compression, interval, size=1):
    return {"RoleARN": "arn:aws:iam::%s:role/any" % ACCOUNT, "BucketARN": "arn:aws:s3:::lake", "Prefix": prefix,
            "ErrorOutputPrefix": "errors/!{firehose:error-output-type}/", "CompressionFormat": compression,
            "BufferingHints": {"SizeInMBs": size, "IntervalInSeconds": interval},
            "ProcessingConfiguration": {"Enabled": True, "Processors": [{"Type": "AppendDelimiterToRecord",
                                                                         "Parameters": []}]}}


def parquet_destination(interval):
    place = destination("parquet/", "UNCOMPRESSED", interval, size=64)
    place["ProcessingConfiguration"] = {"Enabled": False}
    place["DataFormatConversionConfiguration"] = {
        "Enabled": True, "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}},
        "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {}}},
        "SchemaConfiguration": {"RoleARN": "arn:aws:iam::%s:role/any" % ACCOUNT, "DatabaseName": "any",
                                "TableName": "lines", "Region": "us-east-1", "VersionId": "LATEST"}}
    return place


def create(client, name, place, stream=None):
    source = {}
    if stream:
        source = {"DeliveryStreamType": "KinesisStreamAsSource", "KinesisStreamSourceConfiguration": {
            "KinesisStreamARN": "arn:aws:kinesis:us-east-1:%s:stream/%s" % (ACCOUNT, stream),
            "RoleARN": "arn:aws:iam::%s:role/any" % ACCOUNT}}
    client.create_delivery_stream(DeliveryStreamName=name, ExtendedS3DestinationConfiguration=place, **source)
    deadline = time.monotonic() + 20
    while client.describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"][
            "DeliveryStreamStatus"] != "ACTIVE" and time.monotonic() < deadline:
        time.sleep(0.05)


def create_all(test, client):
    """True when Parquet is there too. At night, and in Ceph, objects are fewer: each costs milliseconds."""
    interval = 1 if test.night or test.store == "ceph" else 0
    create(client, "lake", destination("first/", "UNCOMPRESSED", interval), STREAM)
    create(client, "direct", destination("direct/", "GZIP", interval))
    create(client, "large", destination("large/", "UNCOMPRESSED", 20, size=24))
    create(client, "zstd", destination("zstd/", "ZSTD", interval), SECOND)
    create(client, "snappy", destination("snappy/", "HADOOP_SNAPPY", interval), SECOND)
    if os.path.exists(os.path.join(test.build, "gateway", "forebay-parquet.so")):
        create(client, "parquet", parquet_destination(interval), SECOND)
        return True
    try:
        create(client, "parquet", parquet_destination(interval), SECOND)
        told = "nothing"
    except botocore.exceptions.ClientError as error:
        told = str(error)
    test.check("forebay-parquet" in told, "without the module the refusal names its package (%s)" % told[:200])
    return False


def make_writers(test, gateway, gate):
    """By delivery stream. A sixth of the records goes to each writer but the one of large records."""
    def writer(name, records, batch, **more):
        return Writer(gateway, gate, name, records, batch, test.seconds, **more)

    share, batch = test.records // (WRITERS + 2), 500 if test.night else 250
    formats = [writer("f", share, batch, stream=SECOND)]
    return {"lake": [writer("w%d" % number, share, batch, stream=STREAM) for number in range(WRITERS)],
            "zstd": formats, "snappy": formats, "parquet": formats,
            "direct": [writer("d", share, batch, direct="direct")],
            "large": [writer("l", test.large, 10, direct="large", pad=LARGE_PAD)]}


def forebay(test, gateway, *words):
    key, secret = gateway.keys()
    command = harness.Process(test, "forebay-%d" % time.monotonic_ns(), [test.program("forebay")] + list(words), {
        "FOREBAY_ENDPOINT": gateway.url, "AWS_ENDPOINT_URL": gateway.url, "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": "us-east-1"}).start()
    code = command.wait_exit(60)
    if code != 0:
        test.check(False, "forebay %s ends with 0 (%s) %s" % (" ".join(words), code, command.output()[-300:]))
    return command.output()


def attempt(test, what, call):
    """A change beside the kills: again until one attempt gets its answer."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return call()
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
            if time.monotonic() > deadline:
                test.check(False, "%s: %s" % (what, error))
                return None
            time.sleep(0.2)


def update(gateway, bucket):
    """Once something is delivered under the old definition."""
    client = firehose(gateway)
    deadline = time.monotonic() + 30
    while not bucket.folders(delivered_buckets.MANIFEST + "lake/") and time.monotonic() < deadline:
        time.sleep(0.2)
    now = client.describe_delivery_stream(DeliveryStreamName="lake")["DeliveryStreamDescription"]
    if now["VersionId"] != "1":
        return
    client.update_destination(
        DeliveryStreamName="lake", CurrentDeliveryStreamVersionId="1",
        DestinationId=now["Destinations"][0]["DestinationId"],
        ExtendedS3DestinationUpdate={"Prefix": "second/", "CompressionFormat": "GZIP"})


def split(gateway):
    client = gateway.client(retries=1)
    shards = [s for s in client.list_shards(StreamName=STREAM)["Shards"]
              if "EndingSequenceNumber" not in s["SequenceNumberRange"]]
    ranges = [(int(s["HashKeyRange"]["StartingHashKey"]), int(s["HashKeyRange"]["EndingHashKey"]), s["ShardId"])
              for s in shards]
    low, high, shard = max(ranges, key=lambda one: one[1] - one[0])
    client.split_shard(StreamName=STREAM, ShardToSplit=shard, NewStartingHashKey=str((low + high) // 2))


def kill_while_writing(test, gateway, bucket, gate, writers, meter):
    """Kills until the writers are done; a reshard or the update between, after which the gate opens."""
    changes = [lambda: split(gateway), lambda: update(gateway, bucket), lambda: split(gateway)]
    kills, pause = 0, max(1.0, 1.5 * test.seconds / test.kills)
    while any(writer.is_alive() for writer in writers) or kills < test.kills or changes:
        time.sleep(test.random.uniform(0.05, pause))
        meter.gateway_ends()
        gateway.kill()
        kills += 1
        bucket.disturb(test.random)
        gateway.start()
        if changes:
            attempt(test, "a change beside kills", changes.pop(0))
        if not changes:
            gate.set()
    return kills


def wait_until_delivered(test, gateway, reader):
    """Until no delivery stream is behind; what came is read meanwhile. False: nothing has moved for long."""
    deadline, before = time.monotonic() + QUIET_SECONDS, None
    while time.monotonic() < deadline:
        listed = json.loads(forebay(test, gateway, "--json", "delivery", "list"))
        behind = {one["name"]: one["status"]["records_behind"] for one in listed}
        reader.advance()
        if sum(behind.values()) == 0:
            return True
        if behind != before:
            before, deadline = behind, time.monotonic() + QUIET_SECONDS
        time.sleep(0.5)
    return test.check(False, "every record is delivered; behind are %s" % before)


def check_records(test, reader, writers):
    told = {"chain": "every entry follows the one before", "object": "every object is what its entry says",
            "repeated": "no record is listed twice", "unknown": "every record is one that was put, byte for byte",
            "order": "the order of each writer is kept"}
    for kind, what in told.items():
        found = reader.problems.counts[kind]
        test.check(not found, "%s (%d are wrong) %s" % (what, found, reader.problems.examples[kind]))
    lost = reader.lost()
    count = sum(writer.ledger.done for writer in writers)
    test.check(not lost, "every acknowledged record of %d is listed (%d are not) %s" % (count, len(lost), lost[:3]))
    return count


def check_bucket(test, bucket, reader):
    prefixes = {key.split("/")[0] for key in reader.listed}
    wanted = {"first", "second", "direct", "large", "zstd", "snappy"}
    test.check(wanted <= prefixes, "objects before and after the update, and of every format %s" % sorted(prefixes))
    test.check(reader.largest["large"] > 16 << 20, "objects went up in parts (%d bytes)" % reader.largest["large"])
    old = bucket.old_uploads()
    test.check(not old, "no multipart upload is older than a day %s" % old[:3])


def replay(test, gateway, bucket, writers, wanted, meter):
    """Everything once more, the gateway killed in the middle; in lanes of its own."""
    forebay(test, gateway, "delivery", "replay", "lake", "--from", "10h", "--detach")
    meter.gateway_ends()
    gateway.kill()
    gateway.start()
    reader = Reader(bucket, {"lake": writers}, replays=True)
    deadline, seen = time.monotonic() + QUIET_SECONDS, -1
    while seen < wanted and time.monotonic() < deadline:
        reader.advance()
        if reader.records() != seen:
            seen, deadline = reader.records(), time.monotonic() + QUIET_SECONDS
        time.sleep(0.5)
    test.check(seen == wanted and not reader.problems.counts,
               "the replay delivers %d records once (%d) %s" % (wanted, seen, dict(reader.problems.examples)))


class Meter:
    """Tells how long each phase took and who spent how much CPU time in it."""

    def __init__(self, test, gateway, bucket):
        self.test, self.gateway, self.bucket = test, gateway, bucket
        self.ended = 0.0  # of gateways that were killed
        self.since, self.before = time.monotonic(), self.spent()

    def gateway_ends(self):
        self.ended += self.gateway.cpu_seconds()

    def spent(self):
        own = os.times()
        return {"this test": own.user + own.system, "the gateway": self.ended + self.gateway.cpu_seconds(),
                "the store since it was started last": self.bucket.cpu_seconds()}

    def phase(self, name):
        now, spent = time.monotonic(), self.spent()
        parts = ["%s %.1f" % (who, max(0, spent[who] - self.before[who])) for who in spent]
        self.test.note("%s: %.0f s; CPU seconds of %s" % (name, now - self.since, ", ".join(parts)))
        self.since, self.before = now, spent


def main():
    test = harness.Test(__doc__, records=(100_000, 10_000_000), kills=(8, 200), seconds=(12, 900), large=(250, 2000),
                        faults=(6, 2), store=("folder", "folder"))
    bucket = delivered_buckets.open_bucket(test, test.store)
    faults = Faults(test, bucket) if test.store != "folder" else None
    config = test.path("gateway.toml")
    with open(config, "w") as file:
        file.write(CONFIG % (faults.endpoint if faults else bucket.endpoint, bucket.settings))
    os.environ.update(bucket.environment)
    gateway = harness.Gateway(test, arguments=["--config", config]).start()
    gateway.create_stream(STREAM, 4)
    gateway.create_stream(SECOND, 2)
    gate = threading.Event()
    by_delivery = make_writers(test, gateway, gate)
    parquet = None
    if create_all(test, firehose(gateway)):
        parquet = ParquetReader(lake.analysts_python(test), os.path.join(HERE, "parquet_lines.py"))
    else:
        del by_delivery["parquet"]
    # What an earlier process left, in the form of its objects' names.
    bucket.plant_old_upload("first/lake-1-2026-01-02-03-04-05-11111111-2222-8333-8444-000000000001")
    meter = Meter(test, gateway, bucket)
    writers = sorted({one for several in by_delivery.values() for one in several}, key=lambda one: one.name)
    for writer in writers:
        writer.start()
    kills = kill_while_writing(test, gateway, bucket, gate, writers, meter)
    for writer in writers:
        writer.join(600)
        test.check(writer.failure is None, "writer %s has put everything %s" % (writer.name, writer.failure or ""))
    meter.phase("putting")
    reader = Reader(bucket, by_delivery, parquet)
    wait_until_delivered(test, gateway, reader)
    if faults:
        faults.end(test)
        reader.advance()  # what was late has come after everything else
    meter.phase("delivering the rest, reading back")
    count = check_records(test, reader, writers)
    check_bucket(test, bucket, reader)
    test.note("%d records acknowledged, %d listed, %d kills, %d objects, %d orphans" % (
        count, reader.records(), kills, len(reader.listed), len(reader.orphans())))
    replay(test, gateway, bucket, by_delivery["lake"], reader.records("lake"), meter)
    meter.phase("replay")
    test.check(gateway.stop() == 0, "the gateway stops cleanly")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    test.check(peak <= MEMORY_MB, "this test needed %d MiB of memory, at most %d" % (peak, MEMORY_MB))
    if parquet:
        parquet.close()
    bucket.close()
    test.finish()


if __name__ == "__main__":
    main()
