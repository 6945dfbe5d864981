#!/usr/bin/env python3
"""Consumers and SubscribeToShard by stock boto3 (HTTP/1.1, chunked): every position, continuation, resharding, the rule
of one subscription per consumer and shard, and how a subscription ends.

Environment: see common/answers.py.
"""
import datetime
import os
import socket
import threading
import time

import botocore.exceptions

from common.answers import ACCOUNT, active, check, client, done, equal, fault, shard_id, stream_arn, unique

NAME = unique("fanout")
ARN = stream_arn(NAME)


class Subscription:
    """Events of one subscription, read on a thread of its own."""

    def __init__(self, kinesis, consumer, shard, **position):
        self.kinesis = kinesis
        self.stream = kinesis.subscribe_to_shard(ConsumerARN=consumer, ShardId=shard_id(shard),
                                                 StartingPosition=position)["EventStream"]
        self.events = []
        self.times = []
        self.error = None
        self.ended = False
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        try:
            for event in self.stream:
                with self.changed:
                    self.events.append(event["SubscribeToShardEvent"])
                    self.times.append(time.monotonic())
                    self.changed.notify_all()
        except botocore.exceptions.EventStreamError as error:
            self.error = error.response["Error"]
        except Exception as error:  # the test ends the connection from the other thread
            self.error = {"Code": type(error).__name__, "Message": str(error)}
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def wait(self, enough, what, seconds=12):
        with self.changed:
            check(self.changed.wait_for(lambda: enough(self), seconds), "%s; events %r, error %r" %
                  (what, self.events[-3:], self.error))

    def records(self):
        return [record for event in self.events for record in event["Records"]]

    def close(self):
        """Ends the connection at once: to close the stream would wait for the event that its thread is reading."""
        self.stream._raw_stream._connection.sock.shutdown(socket.SHUT_RDWR)
        self.wait(lambda subscription: subscription.ended, "the connection has ended", 4)


def consumers(kinesis):
    made = kinesis.register_stream_consumer(StreamARN=ARN, ConsumerName="one")["Consumer"]
    equal((made["ConsumerName"], made["ConsumerStatus"]), ("one", "CREATING"), "RegisterStreamConsumer")
    seconds = int(made["ConsumerCreationTimestamp"].timestamp())
    equal(made["ConsumerARN"], "%s/consumer/one:%d" % (ARN, seconds), "the ARN of a consumer")
    check(abs(seconds - time.time()) < 5, "created now")
    fault("ResourceInUseException", kinesis.register_stream_consumer, StreamARN=ARN, ConsumerName="one")
    described = kinesis.describe_stream_consumer(ConsumerARN=made["ConsumerARN"])["ConsumerDescription"]
    equal((described["ConsumerStatus"], described["StreamARN"]), ("ACTIVE", ARN), "DescribeStreamConsumer")
    arns = {"one": made["ConsumerARN"]}
    for name in ("two", "three", "four", "five", "six", "seven", "eight"):
        arns[name] = kinesis.register_stream_consumer(StreamARN=ARN, ConsumerName=name)["Consumer"]["ConsumerARN"]
    pages = kinesis.get_paginator("list_stream_consumers").paginate(StreamARN=ARN, PaginationConfig={"PageSize": 3})
    listed = [consumer for page in pages for consumer in page["Consumers"]]
    equal([consumer["ConsumerName"] for consumer in listed], sorted(arns), "ListStreamConsumers in pages")
    equal({consumer["ConsumerStatus"] for consumer in listed}, {"ACTIVE"}, "all are active")
    kinesis.deregister_stream_consumer(StreamARN=ARN, ConsumerName="eight")
    fault("ResourceNotFoundException", kinesis.describe_stream_consumer, ConsumerARN=arns["eight"],
          text="Consumer %s, account %s not found." % (arns["eight"], ACCOUNT))
    return arns


def put(kinesis, data, shard=0):
    key = "0" if shard == 0 else str(2 ** 127)
    return kinesis.put_record(StreamName=NAME, Data=data, PartitionKey="p", ExplicitHashKey=key)["SequenceNumber"]


def positions(kinesis, arns):
    numbers = [put(kinesis, b"r%d" % i) for i in range(3)]
    wanted = {
        "one": ({"Type": "TRIM_HORIZON"}, [b"r0", b"r1", b"r2"]),
        "two": ({"Type": "AT_SEQUENCE_NUMBER", "SequenceNumber": numbers[1]}, [b"r1", b"r2"]),
        "three": ({"Type": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": numbers[1]}, [b"r2"]),
        "four": ({"Type": "LATEST"}, []),
        "five": ({
            "Type": "AT_TIMESTAMP",
            "Timestamp": datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
        }, [b"r0", b"r1", b"r2"]),
    }
    open_ones = {}
    for name, (position, records) in wanted.items():
        open_ones[name] = Subscription(kinesis, arns[name], 0, **position)
    for name, (position, records) in wanted.items():
        subscription = open_ones[name]
        subscription.wait(lambda s: s.events and len(s.records()) >= len(records),
                          "the first event of %s" % position["Type"])
        equal([record["Data"] for record in subscription.records()], records, position["Type"])
        equal(subscription.events[-1]["MillisBehindLatest"], 0, "at the tip")
        check("ChildShards" not in subscription.events[-1], "no child shards while the shard is open")
    number = put(kinesis, b"pushed")
    for subscription in open_ones.values():
        subscription.wait(lambda s: s.records() and s.records()[-1]["Data"] == b"pushed", "a record is pushed", 4)
        last = subscription.records()[-1]
        equal((last["SequenceNumber"], last["PartitionKey"]), (number, "p"), "the pushed record")
        equal(subscription.events[-1]["ContinuationSequenceNumber"], number, "the number to continue after")
    one = open_ones["one"]
    one.wait(lambda s: len(s.events) >= 2 and not s.events[-1]["Records"], "an event while nothing comes", 7)
    check(int(one.events[-1]["ContinuationSequenceNumber"]) > int(number), "the number to continue after rises")
    check(one.times[-1] - one.times[-2] < 5.5, "an event every five seconds: %.1f s" % (one.times[-1] - one.times[-2]))
    return open_ones


def continuation(kinesis, arns, open_ones):
    place = open_ones["one"].events[-1]["ContinuationSequenceNumber"]
    for subscription in open_ones.values():
        subscription.close()
    put(kinesis, b"between")
    fault("ResourceNotFoundException", kinesis.subscribe_to_shard, ConsumerARN=arns["one"], ShardId=shard_id(7),
          StartingPosition={"Type": "LATEST"})
    for name, kind in (("six", "AFTER_SEQUENCE_NUMBER"), ("seven", "AT_SEQUENCE_NUMBER")):
        again = Subscription(kinesis, arns[name], 0, Type=kind, SequenceNumber=place)
        again.wait(lambda s: s.records(), "continued %s" % kind, 4)
        equal([record["Data"] for record in again.records()], [b"between"], "continued %s" % kind)
        again.close()


def too_early(kinesis, arns, shard):
    """A subscription, and the refusal of another one of the same consumer; five seconds later it is not refused."""
    old = Subscription(kinesis, arns["one"], shard, Type="LATEST")
    begin = time.monotonic()
    fault("ResourceInUseException", kinesis.subscribe_to_shard, ConsumerARN=arns["one"], ShardId=shard_id(shard),
          StartingPosition={"Type": "LATEST"},
          text="Another active subscription exists for this consumer: %s:%s:%s:one" % (ACCOUNT, NAME, shard_id(shard)))
    return old, begin


def replacement(kinesis, arns, shard, old, begin):
    other = Subscription(kinesis, arns["two"], shard, Type="LATEST")
    time.sleep(max(0, begin + 5.1 - time.monotonic()))
    fresh = Subscription(kinesis, arns["one"], shard, Type="LATEST")
    old.wait(lambda s: s.ended, "the old subscription ends", 4)
    equal(old.error["Code"], "ResourceInUseException", "the old subscription is told")
    put(kinesis, b"for the new one", shard)
    for subscription in (fresh, other):
        subscription.wait(lambda s: s.records(), "the record reaches those who hold the shard", 4)
    equal(old.records(), [], "the old one gets nothing")
    return fresh, other


def ends(kinesis, arns, fresh, other):
    kinesis.split_shard(StreamName=NAME, ShardToSplit=shard_id(1), NewStartingHashKey=str(2 ** 127 + 2 ** 126))
    for subscription in (fresh, other):
        subscription.wait(lambda s: s.ended, "the end of a closed shard ends the subscription")
        equal(subscription.error, None, "it ends cleanly")
        last = subscription.events[-1]
        check("ContinuationSequenceNumber" not in last, "nothing to continue after")
        equal([(child["ShardId"], child["ParentShards"]) for child in last["ChildShards"]],
              [(shard_id(2), [shard_id(1)]), (shard_id(3), [shard_id(1)])], "the children")
    child = Subscription(kinesis, arns["one"], 2, Type="TRIM_HORIZON")
    put(kinesis, b"in the child", 1)
    child.wait(lambda s: s.records(), "the child is read", 4)
    kinesis.deregister_stream_consumer(ConsumerARN=arns["one"])
    child.wait(lambda s: s.ended, "a subscription ends with its consumer", 4)
    equal(child.error["Code"], "ResourceNotFoundException", "it is told that its consumer is gone")
    left = Subscription(kinesis, arns["two"], 2, Type="LATEST")
    left.wait(lambda s: s.events, "the first event")
    kinesis.delete_stream(StreamName=NAME, EnforceConsumerDeletion=True)
    left.wait(lambda s: s.ended, "a subscription ends with its stream", 4)
    equal(left.error,
          {"Code": "ResourceNotFoundException",
           "Message": "Stream %s under account %s not found." % (NAME, ACCOUNT)}, "it is told that the stream is gone")


def main():
    kinesis = client({"read_timeout": 15, "max_pool_connections": 50})
    kinesis.create_stream(StreamName=NAME, ShardCount=2)
    active(kinesis, NAME)
    arns = consumers(kinesis)
    shard = 1
    old, begin = too_early(kinesis, arns, shard)
    open_ones = positions(kinesis, arns)
    continuation(kinesis, arns, open_ones)
    fresh, other = replacement(kinesis, arns, shard, old, begin)
    ends(kinesis, arns, fresh, other)
    done()
    os._exit(0)  # whatever the threads still read


main()
