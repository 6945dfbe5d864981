#!/usr/bin/env python3
"""Encryption of a stream by stock boto3: started, seen in every answer that tells of it, with another name of the key,
with a key that does not exist, and stopped. What lies on the disk meanwhile is the matter of tests/e2e/encryption.py.

Environment: see common/answers.py; the gateway has encryption.key_file.
"""
import time

from common.answers import active, check, client, done, equal, fault, gone, unique

NAME = unique("encryption")
KEY = {"StreamName": NAME, "EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"}
ARN = "arn:aws:kms:us-east-1:000000000000:alias/aws/kinesis"


class Encryption:
    def __init__(self):
        self.kinesis = client()

    def described(self):
        """Type and key as both descriptions say."""
        summary = self.kinesis.describe_stream_summary(StreamName=NAME)["StreamDescriptionSummary"]
        description = self.kinesis.describe_stream(StreamName=NAME)["StreamDescription"]
        found = (summary["EncryptionType"], summary.get("KeyId"))
        equal((description["EncryptionType"], description.get("KeyId")), found, "both descriptions agree")
        return found

    def put(self, data, encrypted):
        kind = "KMS" if encrypted else None
        one = self.kinesis.put_record(StreamName=NAME, PartitionKey="k", Data=data)
        equal(one.get("EncryptionType"), kind, "PutRecord of %r" % data)
        many = self.kinesis.put_records(StreamName=NAME, Records=[{"PartitionKey": "k", "Data": data}] * 2)
        equal(many.get("EncryptionType"), kind, "PutRecords of %r" % data)
        equal(many["FailedRecordCount"], 0, "all of them are taken")

    def check_records(self, records, by):
        wanted = [b"before"] * 3 + [b"after"] * 3 + [b"renamed"] * 3 + [b"stopped"] * 3
        equal([record["Data"] for record in records], wanted, "data by " + by)
        for record in records:
            kind = "KMS" if record["Data"] in (b"after", b"renamed") else None
            equal(record.get("EncryptionType"), kind, "%r by %s" % (record["Data"], by))

    def subscribed(self):
        k = self.kinesis
        arn = k.describe_stream_summary(StreamName=NAME)["StreamDescriptionSummary"]["StreamARN"]
        consumer = k.register_stream_consumer(StreamARN=arn, ConsumerName="c")["Consumer"]["ConsumerARN"]
        for _ in range(100):
            status = k.describe_stream_consumer(ConsumerARN=consumer)["ConsumerDescription"]["ConsumerStatus"]
            if status == "ACTIVE":
                break
            time.sleep(0.1)
        events = k.subscribe_to_shard(ConsumerARN=consumer, ShardId="shardId-000000000000",
                                      StartingPosition={"Type": "TRIM_HORIZON"})["EventStream"]
        records = []
        for event in events:
            records += event["SubscribeToShardEvent"]["Records"]
            if len(records) >= 12:
                break
        events.close()
        return records

    def run(self):
        k = self.kinesis
        k.create_stream(StreamName=NAME, ShardCount=1)
        active(k, NAME)
        equal(self.described(), ("NONE", None), "a new stream")
        self.put(b"before", False)
        fault("KMSNotFoundException", k.start_stream_encryption, **dict(KEY, KeyId="alias/no-such-key"))
        fault("InvalidArgumentException", k.start_stream_encryption, **dict(KEY, KeyId="no key"))
        fault("ResourceNotFoundException", k.start_stream_encryption, **dict(KEY, StreamName=NAME + "-none"))
        equal(self.described(), ("NONE", None), "a refused start changes nothing")
        k.start_stream_encryption(**KEY)
        active(k, NAME)
        equal(self.described(), ("KMS", "alias/aws/kinesis"), "started")
        self.put(b"after", True)
        k.start_stream_encryption(**dict(KEY, KeyId=ARN))
        equal(self.described(), ("KMS", ARN), "the same key by its ARN")
        self.put(b"renamed", True)
        k.stop_stream_encryption(**KEY)
        active(k, NAME)
        equal(self.described(), ("NONE", None), "stopped")
        self.put(b"stopped", False)
        iterator = k.get_shard_iterator(StreamName=NAME, ShardId="shardId-000000000000",
                                        ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        self.check_records(k.get_records(ShardIterator=iterator)["Records"], "GetRecords")
        self.check_records(self.subscribed(), "SubscribeToShard")
        k.delete_stream(StreamName=NAME, EnforceConsumerDeletion=True)
        gone(k, NAME)
        check(True, "the stream is deleted")
        done()


if __name__ == "__main__":
    Encryption().run()
