"""Aggregated records go through the gateway byte by byte and come apart into the user records that went in."""
import base64
import hashlib

from aws_kinesis_agg.aggregator import RecordAggregator
from aws_kinesis_agg.deaggregator import iter_deaggregate_records

from common.answers import active, check, client, done, equal, hash_of, shard_id, unique

MAGIC = b"\xf3\x89\x9a\xc2"
NAME = unique("kpl")


def side_of(key):
    """0 or 1: the half of the hash range a key falls into."""
    return hash_of(key) >> 127


def user_records(side):
    """Keys of one shard, of every length up to some, with data of every byte and none."""
    keys = [key for key in ("key-%d%s" % (index, "k" * (index % 60)) for index in range(400))
            if side_of(key) == side][:120]
    return [(key, bytes(range(index % 256)) if index % 5 else b"") for index, key in enumerate(keys)]


def aggregated(records, explicit):
    aggregator = RecordAggregator()
    for key, data in records:
        check(aggregator.add_user_record(key, data, explicit) is None, "one aggregate holds all")
    return aggregator.clear_and_get()


def put_aggregates(kinesis, written):
    """One aggregate per shard and one with explicit hash keys, then a plain record; their order per shard is kept."""
    for side in (0, 1):
        hash_key = str((side << 127) + 5)
        for explicit in (None, hash_key):
            records = user_records(side)
            _, _, data = aggregated(records, explicit).get_contents()
            check(data.startswith(MAGIC) and data[-16:] == hashlib.md5(data[4:-16]).digest(), "form of an aggregate")
            answer = kinesis.put_record(StreamName=NAME, Data=data, PartitionKey=records[0][0],
                                        ExplicitHashKey=hash_key)
            equal(answer["ShardId"], shard_id(side), "shard of an aggregate")
            written[side].append((answer["SequenceNumber"], bytes(data), records))
        answer = kinesis.put_record(StreamName=NAME, Data=b"plain", PartitionKey="plain", ExplicitHashKey=hash_key)
        written[side].append((answer["SequenceNumber"], b"plain", [("plain", b"plain")]))


def read_shard(kinesis, side):
    iterator = kinesis.get_shard_iterator(StreamName=NAME, ShardId=shard_id(side),
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    records, behind = [], 1
    while behind:
        answer = kinesis.get_records(ShardIterator=iterator)
        records += answer["Records"]
        iterator, behind = answer["NextShardIterator"], answer["MillisBehindLatest"]
    return records


def user_record(record):
    """The package gives data taken out of an aggregate in base64, other data as it is."""
    data = base64.b64decode(record["data"]) if record.get("aggregated") else record["data"]
    return record["sequenceNumber"], record["partitionKey"], data


def main():
    kinesis = client()
    kinesis.create_stream(StreamName=NAME, ShardCount=2)
    active(kinesis, NAME)
    written = {0: [], 1: []}
    put_aggregates(kinesis, written)
    for side in (0, 1):
        outer = read_shard(kinesis, side)
        equal([(each["SequenceNumber"], each["Data"]) for each in outer], [each[:2] for each in written[side]],
              "aggregates as they were put")
        inner = [user_record(each["kinesis"]) for each in iter_deaggregate_records(outer, data_format="Boto3")]
        equal(inner, [(sequence, key, data) for sequence, _, records in written[side] for key, data in records],
              "user records")
    kinesis.delete_stream(StreamName=NAME)
    done(", %d user records of aws_kinesis_agg" % sum(len(each[2]) for side in written.values() for each in side))


if __name__ == "__main__":
    main()
