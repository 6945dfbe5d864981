#!/usr/bin/env python3
"""Every Kinesis call of the gateway by stock boto3, checked answer by answer.

Environment: see common/answers.py.
"""
import datetime
import os
import time
import urllib.error
import urllib.request

import boto3

from common.answers import (ACCOUNT, ENDPOINT, active, check, client, done, equal, fault, gone, hash_of, shard_id,
                            stream_arn, unique)

NAME = unique("basic")


def read_all(kinesis, shard, **where):
    iterator = kinesis.get_shard_iterator(StreamName=NAME, ShardId=shard, **where)["ShardIterator"]
    records = []
    for _ in range(1000):
        answer = kinesis.get_records(ShardIterator=iterator)
        check(answer["NextShardIterator"] != iterator, "every iterator differs")
        iterator = answer["NextShardIterator"]
        records += answer["Records"]
        if answer["MillisBehindLatest"] == 0:
            return records
    check(False, "the end of %s is reached" % shard)


def streams(kinesis):
    equal(
        kinesis.create_stream(StreamName=NAME, ShardCount=3)["ResponseMetadata"]["HTTPStatusCode"], 200, "CreateStream")
    active(kinesis, NAME)
    fault("ResourceInUseException", kinesis.create_stream, StreamName=NAME, ShardCount=1,
          text="Stream %s under account %s already exists." % (NAME, ACCOUNT))
    fault("ValidationException", kinesis.create_stream, StreamName="not a name", ShardCount=1,
          text="1 validation error detected: Value 'not a name' at 'streamName' failed to satisfy constraint: "
               "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
    fault("ValidationException", kinesis.create_stream, StreamName=NAME, ShardCount=0,
          text="1 validation error detected: Value '0' at 'shardCount' failed to satisfy constraint: "
               "Member must have value greater than or equal to 1")
    description = kinesis.describe_stream(StreamName=NAME)["StreamDescription"]
    equal(description["StreamStatus"], "ACTIVE", "status")
    equal(description["StreamARN"], stream_arn(NAME), "ARN")
    equal([shard["ShardId"] for shard in description["Shards"]], [shard_id(i) for i in range(3)], "shards")
    equal(description["Shards"][0]["HashKeyRange"]["EndingHashKey"], "113427455640312821154458202477256070484",
          "range of shard 0")
    equal(description["Shards"][2]["HashKeyRange"]["EndingHashKey"], str(2 ** 128 - 1), "range of shard 2")
    equal(description["RetentionPeriodHours"], 24, "retention")
    equal(description["EnhancedMonitoring"], [{"ShardLevelMetrics": []}], "monitoring")
    page = kinesis.describe_stream(StreamName=NAME, Limit=2)["StreamDescription"]
    equal((len(page["Shards"]), page["HasMoreShards"]), (2, True), "first page of DescribeStream")
    page = kinesis.describe_stream(StreamName=NAME, ExclusiveStartShardId="shardId-000000000001")["StreamDescription"]
    equal((len(page["Shards"]), page["HasMoreShards"]), (1, False), "second page of DescribeStream")
    summary = kinesis.describe_stream_summary(StreamName=NAME)["StreamDescriptionSummary"]
    equal((summary["OpenShardCount"], summary["StreamStatus"]), (3, "ACTIVE"), "summary")
    check(abs((summary["StreamCreationTimestamp"] - datetime.datetime.now(datetime.timezone.utc)).total_seconds()) < 60,
          "creation time")
    fault("ResourceNotFoundException", kinesis.describe_stream_summary, StreamName="absent",
          text="Stream absent under account %s not found." % ACCOUNT)
    fault("InvalidArgumentException", kinesis.describe_stream_summary)
    names = []
    for answer in kinesis.get_paginator("list_streams").paginate(Limit=1):
        names += answer["StreamNames"]
    check(NAME in names and names == sorted(names) and len(names) == len(set(names)), "ListStreams pages")
    limits = kinesis.describe_limits()
    check(limits["OpenShardCount"] >= 3 and limits["ShardLimit"] >= limits["OpenShardCount"], "DescribeLimits")


def shards(kinesis):
    listed = kinesis.list_shards(StreamName=NAME)["Shards"]
    equal(len(listed), 3, "ListShards")
    page = kinesis.list_shards(StreamName=NAME, MaxResults=2)
    equal(len(page["Shards"]), 2, "page of ListShards")
    rest = kinesis.list_shards(NextToken=page["NextToken"])
    equal([shard["ShardId"] for shard in rest["Shards"]], ["shardId-000000000002"], "next page of ListShards")
    check("NextToken" not in rest, "last page has no token")
    now = datetime.datetime.now(datetime.timezone.utc)
    for filter_, count in (({"Type": "AT_LATEST"}, 3), ({"Type": "AT_TRIM_HORIZON"}, 3),
                           ({"Type": "FROM_TRIM_HORIZON"}, 3), ({"Type": "AFTER_SHARD_ID", "ShardId": shard_id(0)}, 2),
                           ({"Type": "AT_TIMESTAMP", "Timestamp": now}, 3),
                           ({"Type": "FROM_TIMESTAMP", "Timestamp": now}, 3)):
        equal(len(kinesis.list_shards(StreamName=NAME, ShardFilter=filter_)["Shards"]), count,
              "ListShards %r" % filter_)
    fault("InvalidArgumentException", kinesis.list_shards, text="Either NextToken or StreamName should be provided.")
    fault("InvalidArgumentException", kinesis.list_shards, StreamName=NAME, NextToken=page["NextToken"],
          text="NextToken and StreamName cannot be provided together.")
    fault("InvalidArgumentException", kinesis.list_shards, NextToken="invented")
    fault("InvalidArgumentException", kinesis.list_shards, StreamName=NAME, ShardFilter={"Type": "AFTER_SHARD_ID"})


def shard_of(key):
    return min(hash_of(key) * 3 >> 128, 2)


def puts(kinesis):
    written = {0: [], 1: [], 2: []}
    first = kinesis.put_record(StreamName=NAME, Data=b"\x00\xff first", PartitionKey="p")
    equal(first["ShardId"], shard_id(shard_of("p")), "shard of key p")
    check(first["SequenceNumber"].isdigit() and len(first["SequenceNumber"]) == 56, "form of the sequence number")
    written[shard_of("p")].append((b"\x00\xff first", "p", first["SequenceNumber"]))
    later = kinesis.put_record(StreamName=NAME, Data=b"later", PartitionKey="p",
                               SequenceNumberForOrdering=first["SequenceNumber"])
    check(int(later["SequenceNumber"]) > int(first["SequenceNumber"]), "order of two puts")
    written[shard_of("p")].append((b"later", "p", later["SequenceNumber"]))
    chosen = kinesis.put_record(StreamName=NAME, Data=b"", PartitionKey="p", ExplicitHashKey=str(2 ** 128 - 1))
    equal(chosen["ShardId"], "shardId-000000000002", "explicit hash key")
    written[2].append((b"", "p", chosen["SequenceNumber"]))
    batch = [{"Data": b"%d" % i * (1 + i % 300), "PartitionKey": "key-%d \u00e9" % (i % 37)} for i in range(500)]
    answer = kinesis.put_records(StreamName=NAME, Records=batch)
    equal((answer["FailedRecordCount"], len(answer["Records"])), (0, 500), "PutRecords")
    for entry, result in zip(batch, answer["Records"]):
        shard = shard_of(entry["PartitionKey"])
        equal(result["ShardId"], shard_id(shard), "shard of %s" % entry["PartitionKey"])
        written[shard].append((entry["Data"], entry["PartitionKey"], result["SequenceNumber"]))
    arn = stream_arn(NAME)
    if "StreamARN" in kinesis.meta.service_model.operation_model("PutRecord").input_shape.members:
        put = kinesis.put_record(StreamARN=arn, Data=b"by arn", PartitionKey="p")
        written[shard_of("p")].append((b"by arn", "p", put["SequenceNumber"]))
    fault("ResourceNotFoundException", kinesis.put_record, StreamName="absent", Data=b"x", PartitionKey="p",
          text="Stream absent under account %s not found." % ACCOUNT)
    fault(
        "InvalidArgumentException", kinesis.put_record, StreamName=NAME, Data=b"x", PartitionKey="p",
        ExplicitHashKey=str(2 ** 128),
        text="Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was %d"
        % 2 ** 128)
    fault(
        "InvalidArgumentException", kinesis.put_record, StreamName=NAME, Data=b"x", PartitionKey="p",
        SequenceNumberForOrdering="12",
        text="ExclusiveMinimumSequenceNumber 12 used in PutRecord on stream %s under account %s is invalid." %
        (NAME, ACCOUNT))
    fault("ValidationException", kinesis.put_record, StreamName=NAME, Data=b"x", PartitionKey="k" * 257)
    fault("ValidationException", kinesis.put_records, StreamName=NAME, Records=[])
    fault("ValidationException", kinesis.put_records, StreamName=NAME,
          Records=[{"Data": b"x", "PartitionKey": "p"}] * 501)
    fault("InvalidArgumentException", kinesis.put_record, StreamName=NAME, Data=b"x" * (1024 * 1024), PartitionKey="p")
    return written


def reads(kinesis, written):
    for shard, expected in written.items():
        shard_id = "shardId-%012d" % shard
        found = read_all(kinesis, shard_id, ShardIteratorType="TRIM_HORIZON")
        equal([(r["Data"], r["PartitionKey"], r["SequenceNumber"]) for r in found], expected,
              "records of %s" % shard_id)
        check(all("EncryptionType" not in record for record in found), "no encryption type")
        numbers = [int(record["SequenceNumber"]) for record in found]
        check(numbers == sorted(set(numbers)), "numbers rise")
        middle = expected[len(expected) // 2][2]
        equal(len(read_all(kinesis, shard_id, ShardIteratorType="AT_SEQUENCE_NUMBER", StartingSequenceNumber=middle)),
              len(expected) - len(expected) // 2, "AT_SEQUENCE_NUMBER")
        equal(
            len(read_all(kinesis, shard_id, ShardIteratorType="AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=middle)),
            len(expected) - len(expected) // 2 - 1, "AFTER_SEQUENCE_NUMBER")
        start = kinesis.describe_stream(StreamName=NAME)["StreamDescription"]["Shards"][shard]["SequenceNumberRange"]
        whole = read_all(kinesis, shard_id, ShardIteratorType="AFTER_SEQUENCE_NUMBER",
                         StartingSequenceNumber=start["StartingSequenceNumber"])
        equal(len(whole), len(expected), "after the starting number")
        equal(
            read_all(kinesis, shard_id, ShardIteratorType="AT_TIMESTAMP",
                     Timestamp=datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)), found,
            "AT_TIMESTAMP")
    shard_id = "shardId-000000000000"
    latest = kinesis.get_shard_iterator(StreamName=NAME, ShardId=shard_id, ShardIteratorType="LATEST")["ShardIterator"]
    put = kinesis.put_record(StreamName=NAME, Data=b"after", PartitionKey="x", ExplicitHashKey="0")
    tip = kinesis.get_records(ShardIterator=latest)
    equal([r["SequenceNumber"] for r in tip["Records"]], [put["SequenceNumber"]], "LATEST is frozen")
    equal(tip["MillisBehindLatest"], 0, "at the tip")
    iterator = kinesis.get_shard_iterator(StreamName=NAME, ShardId="0",
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    few = kinesis.get_records(ShardIterator=iterator, Limit=2)
    equal(len(few["Records"]), 2, "Limit")
    equal([
        r["SequenceNumber"] for r in kinesis.get_records(ShardIterator=few["NextShardIterator"], Limit=1)["Records"]
    ], [written[0][2][2]], "next after Limit")
    fault("InvalidArgumentException", kinesis.get_records, ShardIterator="invented", text="Invalid ShardIterator.")
    fault("ValidationException", kinesis.get_records, ShardIterator=iterator, Limit=10001)
    fault("ResourceNotFoundException", kinesis.get_shard_iterator, StreamName=NAME, ShardId="shardId-000000000009",
          ShardIteratorType="LATEST",
          text="Shard shardId-000000000009 in stream %s under account %s does not exist" % (NAME, ACCOUNT))
    fault("InvalidArgumentException", kinesis.get_shard_iterator, StreamName=NAME, ShardId=shard_id,
          ShardIteratorType="AT_SEQUENCE_NUMBER")
    fault("InvalidArgumentException", kinesis.get_shard_iterator, StreamName=NAME, ShardId=shard_id,
          ShardIteratorType="AT_SEQUENCE_NUMBER", StartingSequenceNumber=written[1][0][2])
    fault("InvalidArgumentException", kinesis.get_shard_iterator, StreamName=NAME, ShardId=shard_id,
          ShardIteratorType="AT_TIMESTAMP",
          Timestamp=datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1))
    fault(
        "ValidationException", kinesis.get_shard_iterator, StreamName=NAME, ShardId=shard_id, ShardIteratorType="WRONG",
        text="1 validation error detected: Value 'WRONG' at 'shardIteratorType' failed to satisfy constraint: Member "
        "must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]")


def retention(kinesis):
    kinesis.increase_stream_retention_period(StreamName=NAME, RetentionPeriodHours=48)
    equal(
        kinesis.describe_stream_summary(StreamName=NAME)["StreamDescriptionSummary"]["RetentionPeriodHours"], 48,
        "raised retention")
    fault(
        "InvalidArgumentException", kinesis.increase_stream_retention_period, StreamName=NAME, RetentionPeriodHours=47,
        text="Requested retention period (47 hours) for stream %s can not be shorter than existing retention period "
        "(48 hours). Use DecreaseRetentionPeriod API." % NAME)
    fault("InvalidArgumentException", kinesis.increase_stream_retention_period, StreamName=NAME,
          RetentionPeriodHours=8761)
    fault("InvalidArgumentException", kinesis.decrease_stream_retention_period, StreamName=NAME,
          RetentionPeriodHours=23,
          text="Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.")
    kinesis.decrease_stream_retention_period(StreamName=NAME, RetentionPeriodHours=24)
    equal(
        kinesis.describe_stream_summary(StreamName=NAME)["StreamDescriptionSummary"]["RetentionPeriodHours"], 24,
        "lowered retention")


def keys(kinesis):
    credentials = boto3.session.Session().get_credentials()
    fault(
        "InvalidSignatureException",
        client(aws_access_key_id=credentials.access_key, aws_secret_access_key="wrong" * 8).list_streams,
        text="The request signature we calculated does not match the signature you provided. Check your AWS Secret "
        "Access Key and signing method. Consult the service documentation for details.")
    fault("UnrecognizedClientException",
          client(aws_access_key_id="AKIAUNKNOWN", aws_secret_access_key="x" * 40).list_streams,
          text="The security token included in the request is invalid.")
    request = urllib.request.Request(ENDPOINT + "/", data=b"{}", method="POST", headers={
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "Kinesis_20131202.ListStreams"})
    try:
        urllib.request.urlopen(request)
        check(False, "an unsigned request was taken")
    except urllib.error.HTTPError as error:
        equal((error.code, b"MissingAuthenticationTokenException" in error.read()), (400, True), "unsigned request")


def delete(kinesis):
    first_number = kinesis.put_record(StreamName=NAME, Data=b"x", PartitionKey="x",
                                      ExplicitHashKey="0")["SequenceNumber"]
    iterator = kinesis.get_shard_iterator(StreamName=NAME, ShardId="0",
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    kinesis.delete_stream(StreamName=NAME)
    gone(kinesis, NAME)
    fault("ResourceNotFoundException", kinesis.get_records, ShardIterator=iterator)
    fault("ResourceNotFoundException", kinesis.delete_stream, StreamName=NAME)
    time.sleep(1.1)
    kinesis.create_stream(StreamName=NAME)
    summary = kinesis.describe_stream_summary(StreamName=NAME)["StreamDescriptionSummary"]
    equal((summary["StreamModeDetails"]["StreamMode"], summary["OpenShardCount"]), ("ON_DEMAND", 4),
          "stream without a count")
    fault(
        "InvalidArgumentException", kinesis.get_shard_iterator, StreamName=NAME, ShardId="shardId-000000000000",
        ShardIteratorType="AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=first_number,
        text="StartingSequenceNumber %s used in GetShardIterator on shard shardId-000000000000 in stream %s under "
        "account %s is invalid because it did not come from this stream." % (first_number, NAME, ACCOUNT))
    kinesis.delete_stream(StreamName=NAME)


def main():
    kinesis = client()
    streams(kinesis)
    shards(kinesis)
    written = puts(kinesis)
    reads(kinesis, written)
    retention(kinesis)
    if os.environ.get("FOREBAY_AUTH") != "off":
        keys(kinesis)
    delete(kinesis)
    done()


main()
