#!/usr/bin/python3
"""Puts with boto3 while the gateway is killed with SIGKILL again and again: every acknowledged record is read back
once, in order per key. A put whose answer was lost may be there once or not at all; nothing else may be there."""

import collections
import threading
import time

import botocore.exceptions

import harness


# Places on the way of a put where the gateway ends itself when FOREBAY_FAILPOINT=name:count says so.
FAILPOINTS = ["put_parsed", "put_encoded", "submission_queued", "turn_taken", "offsets_assigned", "before_commit",
              "after_commit", "shard_published", "before_acknowledge", "acknowledged", "recovery_replayed"]


def end_gateway(test, gateway):
    """Ends the gateway at a random moment or at a failpoint; what was done, for the count."""
    time.sleep(test.random.uniform(0.05, 0.4))
    gateway.kill()
    if test.random.random() < 0.5:
        gateway.start()
        return "random moment"
    name = test.random.choice(FAILPOINTS)
    count = 1 if name.startswith("recovery") else test.random.randint(1, 8)  # recovery runs once per start
    gateway.start({"FOREBAY_FAILPOINT": "%s:%d" % (name, count)}, wait=False)
    reached = gateway.wait_exit(5) is not None
    gateway.kill()
    gateway.start()
    return name if reached else name + " (not reached)"


class Putter(threading.Thread):
    """One key, one put at a time: serial numbers rise in the order in which they may be stored."""

    def __init__(self, gateway, key, stopping, batch):
        super().__init__(daemon=True)
        # One attempt per call: a retry inside boto3 could store a record twice, and would hide which answer was lost.
        self.client = gateway.client(retries=1, timeout=5)
        self.key, self.stopping, self.batch = key, stopping, batch
        self.acknowledged, self.unknown, self.sent = [], [], []

    def run(self):
        serial = 0
        while not self.stopping.is_set():
            lines = ["%s %09d" % (self.key, serial + index) for index in range(self.batch)]
            serial += self.batch
            self.sent += lines
            try:
                stored = self._put(lines)
                self.acknowledged += stored
                self.unknown += [line for line in lines if line not in stored]
            except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
                self.unknown += lines
                self.stopping.wait(0.02)

    def _put(self, lines):
        if self.batch == 1:
            self.client.put_record(StreamName="round", Data=lines[0].encode(), PartitionKey=self.key)
            return lines
        answer = self.client.put_records(StreamName="round", Records=[
            {"Data": line.encode(), "PartitionKey": self.key} for line in lines])
        return [line for line, result in zip(lines, answer["Records"]) if "ErrorCode" not in result]


def main():
    test = harness.Test(__doc__, kills=(15, 200), keys=(4, 8))
    gateway = harness.Gateway(test).start()
    gateway.create_stream("round", shards=4)
    stopping = threading.Event()
    putters = [Putter(gateway, "key-%d" % index, stopping, 1 if index % 2 == 0 else 20) for index in range(test.keys)]
    for putter in putters:
        putter.start()
    kills = collections.Counter(end_gateway(test, gateway) for _ in range(test.kills))
    time.sleep(0.5)
    stopping.set()
    for putter in putters:
        putter.join()
    gateway.kill()
    gateway.start()
    reader = harness.Reader(gateway, "round")
    reader.read()
    delivered = harness.by_first_word(reader.records)

    acknowledged = sum(len(putter.acknowledged) for putter in putters)
    unknown = sum(len(putter.unknown) for putter in putters)
    for what, count in sorted(kills.items()):
        test.note("%4d x SIGKILL at %s" % (count, what))
    test.note("%d kills, %d acknowledged, %d without answer, %d read" %
              (test.kills, acknowledged, unknown, len(reader.records)))
    found = harness.Comparison({putter.key: putter.sent for putter in putters}, delivered)
    missing = set(line for _, line in found.lost)
    lost = [line for putter in putters for line in putter.acknowledged if line in missing]
    test.check(acknowledged > 50 * test.keys, "enough was acknowledged between the kills (%d)" % acknowledged)
    test.check(not any("not reached" in what for what in kills), "every failpoint was reached")
    test.check(not lost, "no acknowledged record is lost (%d): %s" % (len(lost), lost[:3]))
    test.check(not found.repeated, "no record is repeated (%d): %s" % (len(found.repeated), found.repeated[:3]))
    test.check(not found.reordered, "order is kept per key (%d reordered): %s" %
               (len(found.reordered), found.reordered[:3]))
    test.check(not found.unknown, "nothing is invented (%d): %s" % (len(found.unknown), found.unknown[:3]))
    sequences = [(record.shard, record.sequence) for record in reader.records]
    test.check(len(set(sequences)) == len(sequences), "sequence numbers are unique")
    test.finish()


if __name__ == "__main__":
    main()
