"""Streams shared with another tenant by their own policy (PutResourcePolicy), and what stays closed. Needs the forebay
command (FOREBAY_COMMAND, set by the runner) to make keys."""

import json
import os
import subprocess

from common.answers import ENDPOINT, REGION, active, check, client, done, equal, fault, unique

OWNER, GUEST = "333333333333", "444444444444"
NAME = unique("shared")
ARN = "arn:aws:kinesis:%s:%s:stream/%s" % (REGION, OWNER, NAME)
READ = ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:DescribeStreamSummary"]


def tenant(account):
    made = subprocess.run([os.environ["FOREBAY_COMMAND"], "--endpoint", ENDPOINT, "--json", "key", "create", "--account",
                           account], check=True, capture_output=True, text=True)
    key = json.loads(made.stdout)
    return client(aws_access_key_id=key["access_key_id"], aws_secret_access_key=key["secret_access_key"])


def policy(effect, actions, resource=ARN, principal="arn:aws:iam::%s:root" % GUEST):
    return {"Effect": effect, "Principal": {"AWS": principal}, "Action": actions, "Resource": resource}


def set_policy(owner, resource, *statements):
    owner.put_resource_policy(ResourceARN=resource,
                              Policy=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def closed(guest):
    """An ARN of another tenant is not there, even when the guest has a stream of that name."""
    for call, arguments in ((guest.put_record, {"Data": b"x", "PartitionKey": "k"}),
                            (guest.put_records, {"Records": [{"Data": b"x", "PartitionKey": "k"}]}),
                            (guest.list_shards, {}), (guest.describe_stream_summary, {})):
        fault("ResourceNotFoundException", call, StreamARN=ARN, **arguments)


def read_all(guest, shards):
    """All records by ARN, following list pages and iterators."""
    listed, page = [], guest.list_shards(StreamARN=ARN, MaxResults=1)
    while True:
        listed += page["Shards"]
        if "NextToken" not in page:
            break
        page = guest.list_shards(NextToken=page["NextToken"], MaxResults=1)
    equal(len(listed), shards, "every shard is listed, page by page")
    texts = []
    for shard in listed:
        place = guest.get_shard_iterator(StreamARN=ARN, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
        first = guest.get_records(ShardIterator=place["ShardIterator"], Limit=1)
        then = guest.get_records(ShardIterator=first["NextShardIterator"])
        texts += [record["Data"] for record in first["Records"] + then["Records"]]
    return sorted(texts)


def sharing(owner, guest):
    set_policy(owner, ARN, policy("Allow", READ))
    summary = guest.describe_stream_summary(StreamARN=ARN)["StreamDescriptionSummary"]
    equal(summary["StreamARN"], ARN, "the ARN of a shared stream is the owner's")
    equal(read_all(guest, 2), [b"%d" % i for i in range(9)], "the guest reads what the owner put")
    fault("ResourceNotFoundException", guest.put_record, StreamARN=ARN, Data=b"x", PartitionKey="k")
    fault("ResourceNotFoundException", guest.delete_stream, StreamARN=ARN)
    check(NAME not in guest.list_streams()["StreamNames"] or NAME in owner.list_streams()["StreamNames"], "not listed")

    set_policy(owner, ARN, policy("Allow", READ + ["kinesis:PutRecord"]))
    guest.put_record(StreamARN=ARN, Data=b"9", PartitionKey="k")
    equal(read_all(owner, 2), [b"%d" % i for i in range(10)], "what the guest puts is the owner's")

    set_policy(owner, ARN, policy("Allow", READ), policy("Deny", "kinesis:GetRecords", principal="*"))
    place = owner.get_shard_iterator(StreamARN=ARN, ShardId="shardId-0", ShardIteratorType="TRIM_HORIZON")
    fault("AccessDeniedException", owner.get_records, ShardIterator=place["ShardIterator"])
    guest_place = guest.get_shard_iterator(StreamARN=ARN, ShardId="shardId-0", ShardIteratorType="TRIM_HORIZON")
    fault("ResourceNotFoundException", guest.get_records, ShardIterator=guest_place["ShardIterator"])

    limited = policy("Allow", READ)
    limited["Condition"] = {"IpAddress": {"aws:SourceIp": "127.0.0.1"}}
    set_policy(owner, ARN, limited)
    fault("ResourceNotFoundException", guest.list_shards, StreamARN=ARN)
    owner.delete_resource_policy(ResourceARN=ARN)
    closed(guest)


def consumers(owner, guest):
    consumer = owner.register_stream_consumer(StreamARN=ARN, ConsumerName="guests")["Consumer"]["ConsumerARN"]
    fault("ResourceNotFoundException", guest.describe_stream_consumer, ConsumerARN=consumer)
    set_policy(owner, consumer, policy("Allow", ["kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"], consumer))
    while guest.describe_stream_consumer(ConsumerARN=consumer)["ConsumerDescription"]["ConsumerStatus"] != "ACTIVE":
        pass
    events = guest.subscribe_to_shard(ConsumerARN=consumer, ShardId="shardId-0",
                                      StartingPosition={"Type": "TRIM_HORIZON"})["EventStream"]
    for event in events:
        records = event["SubscribeToShardEvent"]["Records"]
        if records:
            check(records[0]["Data"].isdigit(), "the guest is sent the owner's records")
            break
    events.close()


def main():
    owner, guest = tenant(OWNER), tenant(GUEST)
    owner.create_stream(StreamName=NAME, ShardCount=2)
    guest.create_stream(StreamName=NAME, ShardCount=1)
    active(owner, NAME)
    owner.put_records(StreamName=NAME, Records=[{"Data": b"%d" % i, "PartitionKey": "key-%d" % i} for i in range(9)])
    # Debian's boto3 is older than streams by ARN and policies of resources: it sees only that names are apart.
    if "StreamARN" in owner.meta.service_model.operation_model("PutRecord").input_shape.members:
        closed(guest)
        sharing(owner, guest)
        consumers(owner, guest)
    equal(guest.describe_stream_summary(StreamName=NAME)["StreamDescriptionSummary"]["OpenShardCount"], 1,
          "the guest's own stream is another one")
    done()


main()
