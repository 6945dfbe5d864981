"""Writers of the test of delivery, and what they remember of ten million records: some bytes each.

Every attempt to put a record has a payload of its own, so that a repeat by this client, whose answer a kill swallowed,
is not taken for a repeat by the gateway. A payload is made from its names, so that what was delivered is compared byte
for byte without being kept."""

import threading
import time

import boto3
import botocore.config
import botocore.exceptions

ATTEMPTS_MAX = 255
BITS = 8
PAD = "".join("%04x" % (n * 40503 & 0xffff) for n in range(60_000))


def payload(writer, n, attempt, pad):
    """One line, JSON, the same whenever it is made."""
    start = n * 131 % 4096
    return '{"t":"%s-%d-%d","pad":"%s"}' % (writer, n, attempt, PAD[start:start + pad])


def names_of(line):
    """(writer, n, attempt) of such a line; ValueError when it is none."""
    writer, n, attempt = line[6:line.index('"', 6)].split("-")
    return writer, int(n), int(attempt)


class Ledger:
    """What a writer did: attempts begun and the attempt that was acknowledged (plus one) of each record."""

    def __init__(self, writer, records, pad):
        self.writer, self.records, self.pad = writer, records, pad
        self.attempts, self.acknowledged = bytearray(records), bytearray(records)
        self.done = 0

    def begin(self, n, attempt):
        self.attempts[n] = max(self.attempts[n], attempt + 1)

    def acknowledge(self, n, attempt):
        self.acknowledged[n] = attempt + 1
        self.done += 1


class Seen:
    """Which attempts one delivery stream, or one replay, lists of a writer's records."""

    def __init__(self, ledger):
        self.ledger, self.bits, self.more = ledger, bytearray(ledger.records), set()
        self.count = 0

    def take(self, n, attempt):
        """False: it was there already."""
        self.count += 1
        if attempt >= BITS:
            new = (n, attempt) not in self.more
            self.more.add((n, attempt))
            return new
        new = not self.bits[n] >> attempt & 1
        self.bits[n] |= 1 << attempt
        return new

    def has(self, n, attempt):
        return (n, attempt) in self.more if attempt >= BITS else bool(self.bits[n] >> attempt & 1)

    def lost(self):
        """Acknowledged records that are not listed."""
        given = self.ledger.acknowledged
        return [n for n in range(self.ledger.records) if given[n] and not self.has(n, given[n] - 1)]


def firehose(gateway):
    key, secret = gateway.keys()
    return boto3.session.Session().client(
        "firehose", endpoint_url=gateway.url, region_name="us-east-1", aws_access_key_id=key,
        aws_secret_access_key=secret,
        # Debian's boto3 has an older model, which knows no interval below a minute.
        config=botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=20, connect_timeout=5,
                                      parameter_validation=False))


class Writer(threading.Thread):
    """Puts batches one after the other, spread over `seconds`; a batch whose answer did not come is put again under new
    payloads. Into the stream `stream`, or by direct put into the delivery stream `direct`. The last tenth waits for
    `gate`, so that there is something to deliver behind every change."""

    def __init__(self, gateway, gate, name, records, batch, seconds, stream=None, direct=None, pad=60):
        super().__init__(daemon=True)
        self.gate = gate
        self.gateway, self.name, self.batch, self.seconds = gateway, name, batch, seconds
        self.stream, self.direct, self.pad = stream, direct, pad
        self.ledger = Ledger(name, records, pad)
        self.failure = None

    def run(self):
        try:
            client = firehose(self.gateway) if self.direct else self.gateway.client(retries=1, timeout=20)
            begin, records = time.monotonic(), self.ledger.records
            for first in range(0, records, self.batch):
                if first >= records * 9 // 10:
                    self.gate.wait(300)
                self.put(client, range(first, min(first + self.batch, records)))
                due = begin + self.seconds * (first + self.batch) / records  # so that kills and changes fall between
                time.sleep(max(0, due - time.monotonic()))
        except Exception as error:  # shown by the test
            self.failure = repr(error)

    def put(self, client, numbers):
        left, attempt = list(numbers), 0
        while left:
            if attempt == ATTEMPTS_MAX:
                raise RuntimeError("record %d was put %d times" % (left[0], attempt))
            for n in left:
                self.ledger.begin(n, attempt)
            try:
                refused = self.send(client, [payload(self.name, n, attempt, self.pad) for n in left])
            except botocore.exceptions.EndpointConnectionError:  # nothing was sent
                time.sleep(0.2)
                continue
            except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
                refused = set(range(len(left)))
                time.sleep(0.2)
            for i, n in enumerate(left):
                if i not in refused:
                    self.ledger.acknowledge(n, attempt)
            left = [n for i, n in enumerate(left) if i in refused]
            attempt += 1

    def send(self, client, texts):
        if self.direct:
            answer = client.put_record_batch(DeliveryStreamName=self.direct, Records=[{"Data": t} for t in texts])
            # A kill may cut the answer behind its head: botocore takes that for an empty one.
            if "RequestResponses" not in answer:
                return set(range(len(texts)))
            return {i for i, one in enumerate(answer["RequestResponses"]) if "ErrorCode" in one}
        answer = client.put_records(StreamName=self.stream, Records=[
            {"Data": text, "PartitionKey": "%s-%d" % (self.name, i % 7)} for i, text in enumerate(texts)])
        return {i for i, one in enumerate(answer["Records"]) if "ErrorCode" in one}
