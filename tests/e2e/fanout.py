#!/usr/bin/env python3
"""fanout.py BUILD: many SubscribeToShard consumers on the same shards, one of which never reads its sockets.

Writers put records at a steady pace, first without any reader, then beside all of them. The others must get every
record once, in order and while they are at the tip; the gateway's memory stays bounded; the writers keep their pace.
The time from a put's answer to its event at each consumer is printed. ci is a short run with few consumers, --night the
full one.
"""
import base64
import multiprocessing
import re
import selectors
import socket
import threading
import time

import harness
from harness import quantile

RECORD_BYTES = 1024
BATCHES_PER_SECOND = 10
PROBES_PER_SECOND = 20
RECORD_MARK = b'{"SequenceNumber":"'
PROBE_KEY = b'","PartitionKey":"probe"'
DATA = b'"Data":"'
NUMBER = re.compile(rb'\{"SequenceNumber":"(\d+)"')
BEHIND = re.compile(rb'"MillisBehindLatest":(\d+)')
PROCESSES = multiprocessing.get_context("fork")


def subscribe(gateway, consumer, shard, receive_bytes=None):
    """A connection on which the answer to SubscribeToShard comes."""
    connection = socket.socket()
    if receive_bytes:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    connection.connect(("127.0.0.1", gateway.port))
    connection.sendall(gateway.signed_request("SubscribeToShard", {
        "ConsumerARN": consumer, "ShardId": shard, "StartingPosition": {"Type": "LATEST"}}))
    return connection


class Subscription:
    """Bytes of one answer: chunks of HTTP/1.1, each of which is one frame."""

    def __init__(self, connection, consumer, shard, checks_order):
        self.connection, self.consumer, self.shard, self.checks_order = connection, consumer, shard, checks_order
        self.buffer = bytearray()
        self.head = None
        self.events = self.records = 0
        self.behind = []
        self.last = b""
        self.problem = None

    def take(self, data, now, probes):
        if not data:
            self.problem = self.problem or "the answer ended: %r" % bytes(self.head or self.buffer)[:300]
            return False
        self.buffer += data
        if self.head is None:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return True
            self.head = bytes(self.buffer[:end])
            del self.buffer[:end + 4]
            if not self.head.startswith(b"HTTP/1.1 200"):
                self.problem = "refused: %r %r" % (self.head[:100], bytes(self.buffer[:300]))
        while self._chunk(now, probes):
            pass
        return True

    def _chunk(self, now, probes):
        line = self.buffer.find(b"\r\n", 0, 20)
        if line < 0:
            return False
        size = int(self.buffer[:line], 16)
        if len(self.buffer) < line + 2 + size + 2:
            return False
        frame = bytes(self.buffer[line + 2:line + 2 + size])
        del self.buffer[:line + 2 + size + 2]
        if size:
            self._frame(frame, now, probes)
        return True

    def _frame(self, frame, now, probes):
        if int.from_bytes(frame[:4], "big") != len(frame):
            self.problem = "a frame of %d bytes says %d" % (len(frame), int.from_bytes(frame[:4], "big"))
        if b"initial-response" in frame[:120]:
            return
        if b":exception-type" in frame[:120]:
            self.problem = "exception: %r" % frame
        self.events += 1
        self.records += frame.count(RECORD_MARK)
        self.behind.append(int(BEHIND.search(frame, max(0, len(frame) - 300)).group(1)))
        end = frame.find(PROBE_KEY)
        while end >= 0:
            data = frame[frame.rindex(DATA, 0, end) + len(DATA):end]
            probes.append((self.consumer, base64.b64decode(data).decode(), now))
            end = frame.find(PROBE_KEY, end + 1)
        if self.checks_order:
            for number in NUMBER.findall(frame):
                if number <= self.last:
                    self.problem = "number %r comes after %r" % (number, self.last)
                self.last = number


def read_all(gateway, plan, pipe):
    """Process that reads every subscription of the plan until it is told to stop; then tells what it saw."""
    selector = selectors.DefaultSelector()
    subscriptions, probes = [], []
    for consumer, arn, shard in plan:
        connection = subscribe(gateway, arn, shard)
        connection.setblocking(False)
        subscriptions.append(Subscription(connection, consumer, shard, consumer == 0))
        selector.register(connection, selectors.EVENT_READ, subscriptions[-1])
    selector.register(pipe, selectors.EVENT_READ, None)
    told = False
    while True:
        for key, _ in selector.select(1):
            if key.data is None:
                question = pipe.recv()
                if question == "stop":
                    pipe.send([(s.consumer, s.shard, s.events, s.records, s.behind, s.problem) for s in subscriptions])
                    pipe.send(probes)
                    return
                pipe.send({(s.consumer, s.shard): s.records for s in subscriptions})
                continue
            try:
                if not key.data.take(key.fileobj.recv(1 << 20), time.monotonic(), probes):
                    selector.unregister(key.fileobj)
            except OSError as error:
                key.data.problem = str(error)
                selector.unregister(key.fileobj)
        if not told and all(s.events or s.problem for s in subscriptions):
            told = True
            pipe.send("ready")


def write_paced(gateway, stream, hash_keys, rate, seconds, pipe):
    """Process that puts `rate` bytes a second to each of its shards; tells how many records were stored, and how long
    each put took."""
    client = gateway.client()
    count = max(1, rate // RECORD_BYTES // BATCHES_PER_SECOND)
    body = bytes(RECORD_BYTES - 16)
    stored, times = {key: 0 for key in hash_keys}, []
    begin = time.monotonic()
    for turn in range(seconds * BATCHES_PER_SECOND):
        for key in hash_keys:
            records = [{"Data": body, "PartitionKey": "w%d" % i, "ExplicitHashKey": key} for i in range(count)]
            sent = time.monotonic()
            answer = client.put_records(StreamName=stream, Records=records)
            times.append(time.monotonic() - sent)
            stored[key] += count - answer["FailedRecordCount"]
        time.sleep(max(0, begin + (turn + 1) / BATCHES_PER_SECOND - time.monotonic()))
    pipe.send((stored, times, time.monotonic() - begin))


class Prober(threading.Thread):
    """Puts single records and notes when each was answered."""

    def __init__(self, gateway, stream, hash_keys, seconds):
        super().__init__(daemon=True)
        self.client, self.stream, self.hash_keys, self.seconds = gateway.client(), stream, hash_keys, seconds
        self.answered = {}
        self.stored = {key: 0 for key in hash_keys}

    def run(self):
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            key = self.hash_keys[len(self.answered) % len(self.hash_keys)]
            name = "probe-%d" % len(self.answered)
            self.client.put_record(StreamName=self.stream, Data=name.encode(), PartitionKey="probe",
                                   ExplicitHashKey=key)
            self.answered[name] = time.monotonic()
            self.stored[key] += 1
            time.sleep(1 / PROBES_PER_SECOND)


class MemoryWatch(threading.Thread):
    """The largest resident size of a gateway while this runs, in MiB."""

    def __init__(self, gateway):
        super().__init__(daemon=True)
        self.gateway, self.peak, self.stopped = gateway, 0.0, threading.Event()

    def run(self):
        while not self.stopped.wait(0.1):
            self.peak = max(self.peak, self.gateway.resident_kib() / 1024)

    def stop(self):
        self.stopped.set()
        self.join()
        return self.peak


class Run:
    def __init__(self, test):
        self.test = test
        self.gateway = harness.Gateway(test).start()
        self.client = self.gateway.create_stream("s", test.shards)
        shards = self.client.list_shards(StreamName="s")["Shards"]
        self.hash_keys = {shard["ShardId"]: shard["HashKeyRange"]["StartingHashKey"] for shard in shards}
        self.arns = [self._register("c%02d" % i) for i in range(test.consumers)]

    def _register(self, name):
        arn = self.client.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["StreamARN"]
        return self.client.register_stream_consumer(StreamARN=arn, ConsumerName=name)["Consumer"]["ConsumerARN"]

    def write(self):
        """One round of writing. Result: stored records per shard, put times, records per second."""
        keys = list(self.hash_keys.values())
        writers = []
        for part in range(min(2, len(keys))):
            ours, theirs = PROCESSES.Pipe()
            writer = PROCESSES.Process(
                target=write_paced,
                args=(self.gateway, "s", keys[part::2], self.test.rate * 1024, self.test.seconds, theirs))
            writer.start()
            writers.append((writer, ours))
        stored, times, seconds = {}, [], 0
        for writer, pipe in writers:
            counts, took, lasted = pipe.recv()
            stored.update(counts)
            times += took
            seconds = max(seconds, lasted)
            writer.join()
        return stored, times, sum(stored.values()) / seconds

    def subscribe(self):
        """All consumers but the last are read; the last one's sockets are never read."""
        plan = [(i, arn, shard) for i, arn in enumerate(self.arns[:-1]) for shard in self.hash_keys]
        self.pipe, theirs = PROCESSES.Pipe()
        self.reader = PROCESSES.Process(target=read_all, args=(self.gateway, plan, theirs), daemon=True)
        self.reader.start()
        self.stalled = [subscribe(self.gateway, self.arns[-1], shard, 4096) for shard in self.hash_keys]
        ready = self.pipe.poll(30) and self.pipe.recv() == "ready"
        return self.test.check(
            ready, "%d subscriptions are open, %d of them stalled" % (len(plan) + len(self.stalled), len(self.stalled)))

    def wait_for_records(self, wanted, seconds=15):
        """True when every reader has all records of every shard."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.pipe.send("count")
            counts = self.pipe.recv()
            if all(count >= wanted[shard] for (_, shard), count in counts.items()):
                return True
            time.sleep(0.2)
        return False

    def results(self):
        self.pipe.send("stop")
        subscriptions, probes = self.pipe.recv(), self.pipe.recv()
        self.reader.join()
        for connection in self.stalled:
            connection.close()
        return subscriptions, probes


def main():
    test = harness.Test(__doc__, consumers=(5, 20), shards=(2, 8), seconds=(6, 60), rate=(200, 400))
    run = Run(test)
    _, alone_times, alone_rate = run.write()
    pace = test.rate * test.shards
    test.check(alone_rate >= 0.95 * pace, "writers alone keep their pace: %.0f of %d records/s" % (alone_rate, pace))
    before = run.gateway.resident_kib() / 1024
    if not run.subscribe():
        test.finish()
    watch = MemoryWatch(run.gateway)
    watch.start()
    prober = Prober(run.gateway, "s", list(run.hash_keys.values()), test.seconds)
    prober.start()
    stored, beside_times, beside_rate = run.write()
    prober.join()
    wanted = {shard: stored[key] + prober.stored[key] for shard, key in run.hash_keys.items()}
    test.check(run.wait_for_records(wanted), "every consumer that reads has all %d records" % sum(wanted.values()))
    peak = watch.stop()
    subscriptions, probes = run.results()
    problems = [entry[5] for entry in subscriptions if entry[5]]
    test.check(not problems, "no subscription ended or broke: %s" % problems[:3])
    wrong = [(c, shard, records, wanted[shard]) for c, shard, _, records, _, _ in subscriptions
             if records != wanted[shard]]
    test.check(not wrong, "each record once: %s" % wrong[:3])
    behind = [value for entry in subscriptions for value in entry[4]]
    test.check(
        quantile(behind, 0.99) <= 1000, "the readers stay at the tip: MillisBehindLatest p99 %d, most %d" %
        (quantile(behind, 0.99), max(behind)))
    bound = 64 + 0.75 * len(run.arns) * test.shards
    test.check_memory(peak - before <= bound, "memory grows by %.0f MiB at most, bound %.0f (from %.0f)" %
                      (peak - before, bound, before))
    test.check(beside_rate >= 0.9 * alone_rate, "writers beside the readers: %.0f records/s, alone %.0f" %
               (beside_rate, alone_rate))
    for part, name in ((0.5, "p50"), (0.99, "p99")):
        test.note("put %s %.1f ms alone, %.1f ms beside" %
                  (name, 1000 * quantile(alone_times, part), 1000 * quantile(beside_times, part)))
    delays = [1000 * (now - prober.answered[name]) for _, name, now in probes if name in prober.answered]
    test.check(
        len(delays) == len(prober.answered) * (test.consumers - 1),
        "every probe reached every reader: %d" % len(delays))
    test.note("W4, put answered to event at the consumer: p50 %.2f ms, p99 %.2f ms" %
              (quantile(delays, 0.5), quantile(delays, 0.99)))
    test.check(quantile(delays, 0.5) <= 1000, "events come while they are new")
    test.check(run.gateway.stop() == 0, "the gateway stops cleanly")
    test.finish()


if __name__ == "__main__":
    main()
