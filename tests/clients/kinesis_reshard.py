#!/usr/bin/env python3
"""Resharding by stock boto3: SplitShard, MergeShards, UpdateShardCount, and what readers see of parents and children.

Environment: see common/answers.py.
"""
import datetime
import time

from common.answers import ACCOUNT, active, check, client, done, equal, fault, hash_of, shard_id, unique

NAME = unique("reshard")
TOP = 2 ** 128 - 1


def numbers(shards):
    return [int(shard["ShardId"][-12:]) for shard in shards]


def span(shard):
    return int(shard["HashKeyRange"]["StartingHashKey"]), int(shard["HashKeyRange"]["EndingHashKey"])


def listed(kinesis, **filters):
    if filters:
        return numbers(kinesis.list_shards(StreamName=NAME, ShardFilter=filters)["Shards"])
    return numbers(kinesis.list_shards(StreamName=NAME)["Shards"])


def shards_of(kinesis):
    return {int(shard["ShardId"][-12:]): shard for shard in kinesis.list_shards(StreamName=NAME)["Shards"]}


def iterator(kinesis, shard, kind="TRIM_HORIZON", **more):
    return kinesis.get_shard_iterator(StreamName=NAME, ShardId=shard_id(shard), ShardIteratorType=kind,
                                      **more)["ShardIterator"]


def read_to_end(kinesis, at):
    """Records up to the end of a closed shard (then the children), or up to the tip of an open one (then None)."""
    records = []
    for _ in range(100):
        answer = kinesis.get_records(ShardIterator=at)
        records += answer["Records"]
        if "NextShardIterator" not in answer:
            equal(answer["MillisBehindLatest"], 0, "at the end of a closed shard")
            return records, answer["ChildShards"]
        check("ChildShards" not in answer, "children are told at the end only")
        if not answer["Records"] and answer["MillisBehindLatest"] == 0:
            return records, None
        at = answer["NextShardIterator"]
    check(False, "the shard does not end")


def put(kinesis, texts):
    """Puts by partition keys k0, k1, ...; texts by shard number as the answers say."""
    records = [{"Data": text.encode(), "PartitionKey": "k%d" % (i % 20)} for i, text in enumerate(texts)]
    answer = kinesis.put_records(StreamName=NAME, Records=records)
    equal(answer["FailedRecordCount"], 0, "failed records")
    by_shard = {}
    for text, entry in zip(texts, answer["Records"]):
        by_shard.setdefault(int(entry["ShardId"][-12:]), []).append((text, entry["SequenceNumber"]))
    return by_shard


def found(records):
    return [(record["Data"].decode(), record["SequenceNumber"]) for record in records]


def splits(kinesis):
    kinesis.create_stream(StreamName=NAME, ShardCount=2)
    active(kinesis, NAME)
    middle = (TOP + 1) // 2
    in_stream = "in stream %s under account %s" % (NAME, ACCOUNT)
    fault("ResourceNotFoundException", kinesis.split_shard, StreamName="no-such", ShardToSplit="0",
          NewStartingHashKey="5", text="Stream no-such under account %s not found." % ACCOUNT)
    fault("ResourceNotFoundException", kinesis.split_shard, StreamName=NAME, ShardToSplit="shardId-5",
          NewStartingHashKey="5", text="Could not find shard %s %s." % (shard_id(5), in_stream))
    fault("ResourceNotFoundException", kinesis.split_shard, StreamName=NAME, ShardToSplit="ham", NewStartingHashKey="5",
          text="Could not find shard ham %s." % in_stream)
    for key in ("0", "1", str(middle - 1), str(middle), str(TOP)):
        fault(
            "InvalidArgumentException", kinesis.split_shard, StreamName=NAME, ShardToSplit=shard_id(0),
            NewStartingHashKey=key,
            text="NewStartingHashKey %s used in SplitShard() on shard %s %s is not both greater than one plus the "
            "shard's StartingHashKey 0 and less than the shard's EndingHashKey %d." %
            (key, shard_id(0), in_stream, middle - 1))
    fault("ValidationException", kinesis.split_shard, StreamName=NAME, ShardToSplit=shard_id(0),
          NewStartingHashKey="007")
    fault("ValidationException", kinesis.split_shard, StreamName=NAME, ShardToSplit=shard_id(0))

    before = put(kinesis, ["before %d" % i for i in range(100)])
    tip = iterator(kinesis, 0, "LATEST")
    old_tail = iterator(kinesis, 0)
    started = datetime.datetime.now(datetime.timezone.utc)
    key = middle // 2
    kinesis.split_shard(StreamName=NAME, ShardToSplit=shard_id(0), NewStartingHashKey=str(key))
    active(kinesis, NAME)
    fault(
        "InvalidArgumentException", kinesis.split_shard, StreamName=NAME, ShardToSplit=shard_id(0),
        NewStartingHashKey="500",
        text="Shard %s %s has already been merged or split, and thus is not eligible for merging or splitting." %
        (shard_id(0), in_stream))
    shards = shards_of(kinesis)
    equal(sorted(shards), [0, 1, 2, 3], "shards after a split")
    equal((span(shards[2]), span(shards[3])), ((0, key - 1), (key, middle - 1)), "ranges of the children")
    for child in (2, 3):
        equal(shards[child]["ParentShardId"], shard_id(0), "parent")
        check("AdjacentParentShardId" not in shards[child], "one parent only")
        check("EndingSequenceNumber" not in shards[child]["SequenceNumberRange"], "a child is open")
    ending = shards[0]["SequenceNumberRange"]["EndingSequenceNumber"]
    check(int(ending) > int(before[0][-1][1]), "the end lies behind the last record")
    check(
        int(shards[2]["SequenceNumberRange"]["StartingSequenceNumber"]) > int(ending),
        "children start behind their parent's end")
    equal(
        kinesis.describe_stream_summary(StreamName=NAME)["StreamDescriptionSummary"]["OpenShardCount"], 3,
        "open shards")

    after = put(kinesis, ["after %d" % i for i in range(100)])
    check(0 not in after and {1, 2, 3} >= set(after), "nothing goes to a closed shard")
    children = [{"ShardId": shard_id(n), "ParentShards": [shard_id(0)], "HashKeyRange": shards[n]["HashKeyRange"]}
                for n in (2, 3)]
    for at in (old_tail, iterator(kinesis, 0),
               iterator(kinesis, 0, "AT_TIMESTAMP", Timestamp=started - datetime.timedelta(hours=1))):
        records, told = read_to_end(kinesis, at)
        equal(found(records), before[0], "records of the parent")
        equal(told, children, "children of the split")
    for at in (tip, iterator(kinesis, 0, "LATEST"),
               iterator(kinesis, 0, "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=before[0][-1][1]),
               iterator(kinesis, 0, "AT_SEQUENCE_NUMBER", StartingSequenceNumber=ending)):
        equal(read_to_end(kinesis, at), ([], children), "the end of the parent")
    for shard in (2, 3):
        equal(found(read_to_end(kinesis, iterator(kinesis, shard))[0]), after.get(shard, []), "records of a child")
    return before, after


def merges(kinesis):
    in_stream = "in stream %s under account %s" % (NAME, ACCOUNT)
    not_adjacent = "Shards %s and %s " + in_stream + " are not an adjacent pair of shards eligible for merging"
    for first, second in ((3, 2), (2, 1), (1, 1)):
        fault("InvalidArgumentException", kinesis.merge_shards, StreamName=NAME, ShardToMerge=shard_id(first),
              AdjacentShardToMerge=shard_id(second), text=not_adjacent % (shard_id(first), shard_id(second)))
    fault(
        "InvalidArgumentException", kinesis.merge_shards, StreamName=NAME, ShardToMerge=shard_id(0),
        AdjacentShardToMerge=shard_id(1),
        text="Shard %s %s has already been merged or split, and thus is not eligible for merging or splitting." %
        (shard_id(0), in_stream))
    fault("ResourceNotFoundException", kinesis.merge_shards, StreamName=NAME, ShardToMerge=shard_id(3),
          AdjacentShardToMerge="77", text="Could not find shard %s %s." % (shard_id(77), in_stream))
    kinesis.merge_shards(StreamName=NAME, ShardToMerge=shard_id(3), AdjacentShardToMerge=shard_id(1))
    shards = shards_of(kinesis)
    equal(sorted(shards), [0, 1, 2, 3, 4], "shards after a merge")
    equal((shards[4]["ParentShardId"], shards[4]["AdjacentParentShardId"]), (shard_id(3), shard_id(1)),
          "parents of the merge")
    equal(span(shards[4]), (span(shards[3])[0], TOP), "range of the merged shard")
    child = [{
        "ShardId": shard_id(4), "ParentShards": [shard_id(3), shard_id(1)], "HashKeyRange": shards[4]["HashKeyRange"]
    }]
    for parent in (3, 1):
        equal(read_to_end(kinesis, iterator(kinesis, parent))[1], child, "each parent names the merged shard")


def filters(kinesis):
    time.sleep(1.1)  # boto3 sends whole seconds
    now = datetime.datetime.now(datetime.timezone.utc)
    equal(listed(kinesis), [0, 1, 2, 3, 4], "no filter")
    equal(listed(kinesis, Type="FROM_TRIM_HORIZON"), [0, 1, 2, 3, 4], "FROM_TRIM_HORIZON")
    equal(listed(kinesis, Type="AT_TRIM_HORIZON"), [0, 1], "AT_TRIM_HORIZON")
    equal(listed(kinesis, Type="AT_LATEST"), [2, 4], "AT_LATEST")
    equal(listed(kinesis, Type="AFTER_SHARD_ID", ShardId=shard_id(2)), [3, 4], "AFTER_SHARD_ID")
    equal(listed(kinesis, Type="FROM_TIMESTAMP", Timestamp=now), [2, 4], "FROM_TIMESTAMP now")
    equal(listed(kinesis, Type="AT_TIMESTAMP", Timestamp=now), [2, 4], "AT_TIMESTAMP now")
    equal(listed(kinesis, Type="AT_TIMESTAMP", Timestamp=now - datetime.timedelta(days=1)), [0, 1],
          "AT_TIMESTAMP before everything")
    equal(numbers(kinesis.list_shards(StreamName=NAME, ExclusiveStartShardId=shard_id(3))["Shards"]), [4],
          "ExclusiveStartShardId")
    pages, token = [], None
    while True:
        place = {"NextToken": token} if token else {"StreamName": NAME}
        answer = kinesis.list_shards(MaxResults=2, **place)
        pages.append(numbers(answer["Shards"]))
        token = answer.get("NextToken")
        if not token:
            break
    equal(pages, [[0, 1], [2, 3], [4]], "pages of ListShards")
    first = kinesis.describe_stream(StreamName=NAME, Limit=2)["StreamDescription"]
    equal((numbers(first["Shards"]), first["HasMoreShards"]), ([0, 1], True), "first page of DescribeStream")
    rest = kinesis.describe_stream(StreamName=NAME, ExclusiveStartShardId=shard_id(1))["StreamDescription"]
    equal((numbers(rest["Shards"]), rest["HasMoreShards"]), ([2, 3, 4], False), "second page of DescribeStream")
    equal([("EndingSequenceNumber" in shard["SequenceNumberRange"]) for shard in first["Shards"] + rest["Shards"]],
          [True, True, False, True, False], "ends of the closed shards")


def counts(kinesis):
    fault(
        "LimitExceededException", kinesis.update_shard_count, StreamName=NAME, TargetShardCount=5,
        ScalingType="UNIFORM_SCALING",
        text="UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 2 "
        "Target shard count: 5")
    fault("ValidationException", kinesis.update_shard_count, StreamName=NAME, TargetShardCount=0,
          ScalingType="UNIFORM_SCALING")
    fault("ValidationException", kinesis.update_shard_count, StreamName=NAME, TargetShardCount=3, ScalingType="UNEVEN")
    open_count = 2
    for target in (4, 7, 14, 8, 4, 2, 3, 5, 4, 2):
        answer = kinesis.update_shard_count(StreamName=NAME, TargetShardCount=target, ScalingType="UNIFORM_SCALING")
        equal((answer["StreamName"], answer["CurrentShardCount"], answer["TargetShardCount"]),
              (NAME, open_count, target), "counts")
        active(kinesis, NAME)
        open_count = target
        shards = shards_of(kinesis)
        ranges = sorted(span(s) for s in shards.values() if "EndingSequenceNumber" not in s["SequenceNumberRange"])
        width = 2 ** 128 // target
        equal(ranges, [(i * width, TOP if i + 1 == target else (i + 1) * width - 1) for i in range(target)],
              "equal shards")
        put(kinesis, ["count %d %d" % (target, i) for i in range(50)])
    fault(
        "LimitExceededException", kinesis.update_shard_count, StreamName=NAME, TargetShardCount=3,
        ScalingType="UNIFORM_SCALING",
        text="UpdateShardCount was called 10 times in the last 24 hours on stream %s under account %s, which is the "
        "limit. SplitShard and MergeShards have none." % (NAME, ACCOUNT))


def families(kinesis, wanted):
    """Reads every shard to its end, parents first, by what the answers say: each record once, in order per key."""
    shards = shards_of(kinesis)
    roots = [n for n, shard in shards.items() if "ParentShardId" not in shard]
    done, queue, order = set(), list(roots), {}
    total = 0
    while queue:
        shard = queue.pop(0)
        parents = [
            int(shards[shard][name][-12:]) for name in ("ParentShardId", "AdjacentParentShardId")
            if name in shards[shard]
        ]
        if shard in done or not set(parents) <= done:
            continue
        done.add(shard)
        records, children = read_to_end(kinesis, iterator(kinesis, shard))
        total += len(records)
        for record in records:
            key = hash_of(record["PartitionKey"])
            check(span(shards[shard])[0] <= key <= span(shards[shard])[1], "a record lies in the shard of its key")
            order.setdefault(record["PartitionKey"], []).append(int(record["SequenceNumber"]))
        queue += [int(child["ShardId"][-12:]) for child in children or []]
    equal(len(done), len(shards), "every shard is reached through the children")
    equal(total, wanted, "records in all shards")
    check(all(numbers == sorted(numbers) for numbers in order.values()), "numbers of a key rise over generations")


def on_demand(kinesis):
    name = NAME + "-demand"
    kinesis.create_stream(StreamName=name, StreamModeDetails={"StreamMode": "ON_DEMAND"})
    text = "Request is invalid. Stream %s under account %s is in On-Demand mode." % (name, ACCOUNT)
    fault("ValidationException", kinesis.split_shard, StreamName=name, ShardToSplit="0", NewStartingHashKey="500",
          text=text)
    fault("ValidationException", kinesis.merge_shards, StreamName=name, ShardToMerge="0", AdjacentShardToMerge="1",
          text=text)
    fault("ValidationException", kinesis.update_shard_count, StreamName=name, TargetShardCount=5,
          ScalingType="UNIFORM_SCALING", text=text)
    kinesis.delete_stream(StreamName=name)


def main():
    kinesis = client()
    splits(kinesis)
    merges(kinesis)
    filters(kinesis)
    counts(kinesis)
    families(kinesis, 200 + 10 * 50)
    on_demand(kinesis)
    kinesis.delete_stream(StreamName=NAME)
    done()


main()
