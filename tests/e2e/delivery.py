#!/usr/bin/python3
"""delivery.py BUILD [--store folder|versitygw|ceph]: records through delivery streams into a bucket while the gateway and
the store are killed at random, the source stream is resharded, one delivery stream is updated and one replayed. The
manifest lists each record exactly once.

Two delivery streams: one fed by a stream with several shards (uncompressed, updated midway to gzip and another prefix),
one by direct put (gzip). Every attempt to put a record has a payload of its own, so that a repeat by this client, whose
answer a kill swallowed, is not taken for a repeat by the gateway."""

import collections
import json
import os
import threading
import time

import botocore.config
import botocore.exceptions
import boto3

import delivered_buckets
import harness

STREAM = "source"
ACCOUNT = "000000000000"
WRITERS = 4
BATCH = 250
PUT_SECONDS = 12  # each writer takes at least so long
QUIET_SECONDS = 120


def firehose(gateway):
    key, secret = gateway.keys()
    return boto3.session.Session().client(
        "firehose", endpoint_url=gateway.url, region_name="us-east-1", aws_access_key_id=key,
        aws_secret_access_key=secret,
        # Debian's boto3 has an older model, which knows no interval below a minute.
        config=botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=20, connect_timeout=5,
                                      parameter_validation=False))


def destination(prefix, compression, interval=0):
    return {"RoleARN": "arn:aws:iam::%s:role/any" % ACCOUNT, "BucketARN": "arn:aws:s3:::lake", "Prefix": prefix,
            "ErrorOutputPrefix": "errors/!{firehose:error-output-type}/", "CompressionFormat": compression,
            "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": interval},
            "ProcessingConfiguration": {"Enabled": True, "Processors": [{"Type": "AppendDelimiterToRecord",
                                                                         "Parameters": []}]}}


class Writer(threading.Thread):
    """Puts batches one after the other; a batch whose answer did not come is put again under new payloads."""

    def __init__(self, gateway, number, records, direct):
        super().__init__(daemon=True)
        self.pause = PUT_SECONDS * BATCH / records  # so that kills and changes fall between puts
        self.gateway, self.number, self.records, self.direct = gateway, number, records, direct
        self.acknowledged, self.sent = [], []
        self.failure = None

    def run(self):
        try:
            client = firehose(self.gateway) if self.direct else self.gateway.client(retries=1, timeout=20)
            for first in range(0, self.records, BATCH):
                self.put(client, range(first, min(first + BATCH, self.records)))
                time.sleep(self.pause)
        except Exception as error:  # shown by the test
            self.failure = repr(error)

    def put(self, client, numbers):
        left, attempt = list(numbers), 0
        while left:
            texts = ["%s%d-%d-%d" % ("d" if self.direct else "w", self.number, n, attempt) for n in left]
            self.sent += texts
            try:
                refused = self.send(client, texts)
            except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
                refused = set(range(len(left)))
                time.sleep(0.2)
            self.acknowledged += [text for i, text in enumerate(texts) if i not in refused]
            left = [n for i, n in enumerate(left) if i in refused]
            attempt += 1

    def send(self, client, texts):
        if self.direct:
            answer = client.put_record_batch(DeliveryStreamName="direct", Records=[{"Data": t} for t in texts])
            return {i for i, one in enumerate(answer["RequestResponses"]) if "ErrorCode" in one}
        answer = client.put_records(StreamName=STREAM, Records=[
            {"Data": text, "PartitionKey": "%d-%d" % (self.number, i % 7)} for i, text in enumerate(texts)])
        return {i for i, one in enumerate(answer["Records"]) if "ErrorCode" in one}


def forebay(test, gateway, *words):
    key, secret = gateway.keys()
    command = harness.Process(test, "forebay-%d" % time.monotonic_ns(), [test.program("forebay")] + list(words), {
        "FOREBAY_ENDPOINT": gateway.url, "AWS_ENDPOINT_URL": gateway.url, "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": "us-east-1"}).start()
    code = command.wait_exit(60)
    test.check(code == 0, "forebay %s ends with 0 (%s) %s" % (" ".join(words), code, command.output()[-300:]))
    return command.output()


def statuses(test, gateway, name):
    return json.loads(forebay(test, gateway, "--json", "delivery", "status", name))


def create(client):
    client.create_delivery_stream(
        DeliveryStreamName="lake", DeliveryStreamType="KinesisStreamAsSource",
        KinesisStreamSourceConfiguration={
            "KinesisStreamARN": "arn:aws:kinesis:us-east-1:%s:stream/%s" % (ACCOUNT, STREAM),
            "RoleARN": "arn:aws:iam::%s:role/any" % ACCOUNT},
        ExtendedS3DestinationConfiguration=destination("first/", "UNCOMPRESSED"))
    client.create_delivery_stream(DeliveryStreamName="direct",
                                  ExtendedS3DestinationConfiguration=destination("direct/", "GZIP"))
    deadline = time.monotonic() + 20
    for name in ("lake", "direct"):
        while client.describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"][
                "DeliveryStreamStatus"] != "ACTIVE" and time.monotonic() < deadline:
            time.sleep(0.05)


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


def update(gateway, delivered):
    """Once something is delivered under the old definition."""
    client = firehose(gateway)
    deadline = time.monotonic() + 30
    while not any(entry["delivery"] == "lake" for _, entry, _ in delivered.entries()) and time.monotonic() < deadline:
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


def kill_while_writing(test, gateway, delivered, writers):
    """Kills until the writers are done; a reshard or the update between."""
    changes = [lambda: split(gateway), lambda: update(gateway, delivered), lambda: split(gateway)]
    kills = 0
    while any(writer.is_alive() for writer in writers) or kills < test.kills:
        time.sleep(test.random.uniform(0.05, 1.0))
        gateway.kill()
        kills += 1
        delivered.bucket.disturb(test.random)
        gateway.start()
        if changes:
            attempt(test, "a change beside kills", changes.pop(0))
    for change in changes:
        attempt(test, "a change after the kills", change)
    return kills


def wait_until_quiet(test, delivered, wanted):
    """Until the manifest lists every acknowledged record, or nothing has come for long."""
    deadline, count = time.monotonic() + QUIET_SECONDS, -1
    while time.monotonic() < deadline:
        records = delivered.records()
        if records != count:
            count, deadline = records, time.monotonic() + QUIET_SECONDS
        if records >= wanted:
            time.sleep(2)  # what is stored although nobody heard of it comes too
            return True
        time.sleep(0.5)
    return test.check(False, "the manifest lists %d of %d records" % (count, wanted))


def compare(test, lines, writers):
    sent = {text for writer in writers for text in writer.sent}
    acknowledged = [text for writer in writers for text in writer.acknowledged]
    counts = collections.Counter(text for own in lines.values() for text in own)
    repeated = [text for text, count in counts.items() if count > 1]
    lost = [text for text in acknowledged if text not in counts]
    unknown = [text for text in counts if text not in sent]
    test.check(not repeated, "no record is listed twice (%d) %s" % (len(repeated), repeated[:3]))
    test.check(not lost, "every acknowledged record is listed (%d of %d are not) %s" % (
        len(lost), len(acknowledged), lost[:3]))
    test.check(not unknown, "nothing else is listed (%d) %s" % (len(unknown), unknown[:3]))
    return len(acknowledged)


def check_order(test, lines):
    """Per writer and shard chain, numbers rise: a batch is put again behind what was put before it."""
    wrong = []
    for lane, own in lines.items():
        last = {}
        for text in own:
            writer, number, attempt_number = text.split("-")
            batch = (int(number) // BATCH, int(attempt_number))
            if batch < last.get(writer, batch):
                wrong.append((lane, text))
            last[writer] = batch
    test.check(not wrong, "the order of each writer is kept %s" % wrong[:3])


def replay(test, gateway, delivered, wanted):
    """Everything once more, the gateway killed in the middle; in lanes of its own."""
    forebay(test, gateway, "delivery", "replay", "lake", "--from", "2h", "--detach")
    gateway.kill()
    gateway.start()
    deadline, seen = time.monotonic() + QUIET_SECONDS, -1
    while seen < wanted and time.monotonic() < deadline:
        count = delivered.records("replay-")
        if count != seen:
            seen, deadline = count, time.monotonic() + QUIET_SECONDS
        time.sleep(0.5)
    lanes = {lane: own for lane, own in delivered.read().items() if "replay-" in lane}
    seen = sum(len(own) for own in lanes.values())
    counts = collections.Counter(text for own in lanes.values() for text in own)
    test.check(seen == wanted and max(counts.values(), default=0) == 1,
               "the replay delivers %d records once (%d)" % (wanted, seen))


def main():
    test = harness.Test(__doc__, records=(100_000, 10_000_000), kills=(8, 200), store=("folder", "folder"))
    bucket = delivered_buckets.open_bucket(test, test.store)
    delivered = delivered_buckets.Delivered(bucket)
    config = test.path("gateway.toml")
    with open(config, "w") as file:
        file.write('[delivery]\nendpoint = "%s"\n%s' % (bucket.endpoint, bucket.settings))
    os.environ.update(bucket.environment)
    gateway = harness.Gateway(test, arguments=["--config", config]).start()
    gateway.create_stream(STREAM, 4)
    create(firehose(gateway))
    share = test.records // (WRITERS + 1)
    writers = [Writer(gateway, number, share, False) for number in range(WRITERS)]
    writers.append(Writer(gateway, WRITERS, share, True))
    for writer in writers:
        writer.start()
    kills = kill_while_writing(test, gateway, delivered, writers)
    for writer in writers:
        writer.join(600)
        test.check(writer.failure is None, "writer %d has put everything %s" % (writer.number, writer.failure or ""))
    wait_until_quiet(test, delivered, sum(len(writer.acknowledged) for writer in writers))
    lines = delivered.read(test)
    count = compare(test, lines, writers)
    check_order(test, lines)
    prefixes = {key.split("/")[0] for key in delivered.listed}
    test.check({"first", "second", "direct"} <= prefixes,
               "objects before and after the update and of direct puts %s" % sorted(prefixes))
    test.note("%d records acknowledged, %d listed, %d kills, %d orphans" % (
        count, sum(len(own) for own in lines.values()), kills, len(delivered.orphans())))
    status = statuses(test, gateway, "lake")
    test.note("status of lake: %s" % json.dumps(status)[:400])
    replay(test, gateway, delivered, sum(len(own) for lane, own in lines.items() if lane.startswith("lake")))
    test.check(gateway.stop() == 0, "the gateway stops cleanly")
    bucket.close()
    test.finish()


if __name__ == "__main__":
    main()
