#!/usr/bin/python3
"""Record sinks of delivery streams, made by boto3: Firehose's HTTP protocol, JSON lines, functions over HTTP and by
exec, MQTT, another Kinesis stream; with --night also kinesis-local and a real Kafka broker. Receivers refuse, break
off, lose answers and go away, the gateway is killed with SIGKILL: every record arrives, in order per key (repeats
apart), and what a sink of any kind does not take becomes dead letters that say why."""

import base64
import collections
import glob
import json
import os
import threading
import time

import boto3
import botocore.config
import botocore.exceptions

import harness
import sink_receivers

KEYS = 12
ROLE = "arn:aws:iam::123456789012:role/any"
NOT_JSON = "not JSON at all"


class Sinks:
    def __init__(self, test):
        self.test = test
        self.http = sink_receivers.HttpReceiver(test.seed)
        self.program = sink_receivers.ProgramFunction(test)
        self.mosquitto = sink_receivers.Mosquitto(test).start()
        self.mosquitto.subscribe()
        self.other = harness.Gateway(test, "other").start()
        self.other.create_stream("copy", 2)
        self.kafka = sink_receivers.Kafka(test).start() if test.night else None
        self.local = sink_receivers.KinesisLocal(test).start() if test.night else None
        if self.local:
            self.local.create_stream("copy", 2)
        config = test.path("gateway.toml")
        with open(config, "w") as file:
            file.write('[delivery]\nendpoint = "file://%s"\nallow_networks = ["127.0.0.0/8"]\nfunctions = "%s"\n' %
                       (test.path("buckets"), self.program.folder))
        os.makedirs(test.path("buckets", "dead"))
        key, secret = self.other.keys()
        self.gateway = harness.Gateway(test, arguments=["--config", config],
                                       env={"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}).start()
        self.gateway.create_stream("source", 2)
        self.deliveries = {}

    def firehose(self):
        key, secret = self.gateway.keys()
        # Debian's boto3 still knows the service's former minimum of 60 s for intervals.
        return boto3.session.Session().client(
            "firehose", endpoint_url=self.gateway.url, region_name="us-east-1", aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=botocore.config.Config(retries={"total_max_attempts": 5}, parameter_validation=False))

    def create(self, name, url, retry=7200, **http):
        """http: members of EndpointConfiguration and RequestConfiguration."""
        endpoint = {"Url": url, "Name": name}
        if "access_key" in http:
            endpoint["AccessKey"] = http.pop("access_key")
        bucket = {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::dead", "Prefix": name + "/",
                  "ErrorOutputPrefix": name + "/", "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 0}}
        self.firehose().create_delivery_stream(
            DeliveryStreamName=name, DeliveryStreamType="KinesisStreamAsSource",
            KinesisStreamSourceConfiguration={
                "KinesisStreamARN": "arn:aws:kinesis:us-east-1:000000000000:stream/source", "RoleARN": ROLE},
            HttpEndpointDestinationConfiguration={
                "EndpointConfiguration": endpoint, "RequestConfiguration": http,
                "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 0},
                "RetryOptions": {"DurationInSeconds": retry}, "S3BackupMode": "FailedDataOnly",
                "S3Configuration": bucket})
        deadline = time.monotonic() + 20
        while self.describe(name)["DeliveryStreamStatus"] != "ACTIVE" and time.monotonic() < deadline:
            time.sleep(0.05)

    def describe(self, name):
        return self.firehose().describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"]

    def create_all(self):
        self.create("to-firehose", "http://%s/firehose" % self.http.url, access_key="the-key", ContentEncoding="GZIP",
                    CommonAttributes=[{"AttributeName": "site", "AttributeValue": "K\u00f6ln"}])
        self.create("to-lines", "jsonl+http://%s/lines" % self.http.url)
        self.create("to-function", "function+http://%s/function?batch_size=40&report_item_failures=true&bisect=true"
                    "&attempts=4&parallel=3" % self.http.url)
        self.create("to-program", "exec:%s?arg=%s&arg=%s&batch_size=200&parallel=2" %
                    (self.program.program, self.program.file, self.program.switch))
        self.create("to-mqtt", "mqtt://127.0.0.1:%d/out/{key}" % self.mosquitto.port)
        self.create("to-kinesis", "kinesis+http://127.0.0.1:%d/copy" % self.other.port)
        if self.local:
            self.create("to-local", "kinesis+http://127.0.0.1:%d/copy?region=us-east-1" % self.local.port)
        if self.kafka:
            self.kafka.wait()
            self.create("to-kafka", "kafka://127.0.0.1:%d/out?message.timeout.ms=5000" % self.kafka.port)

    def put(self, numbers):
        """Records of a thousand at a time; what the stream then holds is read back and is what must arrive."""
        entries = []
        for number in numbers:
            text = json.dumps({"key": "key/%d" % (number % KEYS), "n": number})
            entries.append({"Data": text.encode(), "PartitionKey": "key/%d" % (number % KEYS)})
        self.put_entries(entries)

    def put_entries(self, entries):
        client = self.gateway.client(retries=1)
        for at in range(0, len(entries), 400):
            left = entries[at:at + 400]
            deadline = time.monotonic() + 60
            while left and time.monotonic() < deadline:
                try:
                    answer = client.put_records(StreamName="source", Records=left)
                    left = [entry for entry, result in zip(left, answer["Records"]) if "ErrorCode" in result]
                except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
                    time.sleep(0.2)
                if left:
                    time.sleep(0.05)
            if left:
                self.test.check(False, "the gateway takes records")
                self.test.finish()

    def stored(self):
        """Texts in the source stream per key, in order, repeats of an uncertain put left out."""
        reader = harness.Reader(self.gateway, "source")
        reader.read()
        return by_key((record.key, record.text) for record in reader.records)

    def receivers(self):
        """Name of the delivery stream -> function that gives (key, text) as received so far."""
        def own_key(texts):
            return [(json.loads(text)["key"] if text.startswith("{") else "key/0", text) for text in texts]

        out = {
            "to-firehose": lambda: own_key(list(self.http.taken["firehose"])),
            "to-lines": lambda: own_key(list(self.http.taken["lines"])),
            "to-function": lambda: own_key(list(self.http.taken["function"])),
            "to-program": lambda: own_key(self.program.taken()),
            "to-kinesis": lambda: self.read_copy(self.other),
        }
        if self.local:
            out["to-local"] = lambda: self.read_copy(self.local)
        if self.kafka:
            out["to-kafka"] = lambda: self.kafka.read("out")
        return out

    @staticmethod
    def read_copy(service):
        reader = harness.Reader(service, "copy")
        reader.read()
        return [(record.key, record.text) for record in reader.records]


def by_key(pairs):
    """The first of each text, in order, per key."""
    out = collections.defaultdict(dict)
    for key, text in pairs:
        out[key].setdefault(text)
    return {key: list(texts) for key, texts in out.items()}


def count(texts):
    return sum(len(lines) for lines in texts.values())


def without(texts, unwanted):
    return {key: [text for text in lines if not unwanted(text)] for key, lines in texts.items()}


def faults(sinks, stop):
    """Whoever can go away does, again and again."""
    test = sinks.test
    victims = [sinks.gateway, sinks.other, sinks.mosquitto]
    victims += [sinks.kafka, sinks.local] if test.night else []
    kills = collections.Counter()
    for turn in range(test.kills * len(victims)):
        if stop.wait(test.random.uniform(0.3, 1.2)):
            break
        victim = victims[turn % len(victims)]
        kills[victim.name] += 1
        if victim is sinks.local:
            victim.stand_still(test.random.uniform(0.1, 0.5))
            continue
        if victim is sinks.mosquitto:
            victim.stop()
        else:
            victim.kill()
        time.sleep(test.random.uniform(0.1, 0.5))
        victim.start()
    if sinks.kafka:
        sinks.kafka.wait()
    test.note("went away: %s" % dict(kills))


def wait_until_delivered(sinks, expected):
    """Until every receiver has all, or nothing more comes for a minute."""
    left = dict(sinks.receivers())
    last, deadline = {}, time.monotonic() + 60
    while left and time.monotonic() < deadline:
        for name, read in list(left.items()):
            have = count(by_key(read()))
            if have >= count(expected[name]):
                del left[name]
            if have != last.get(name):
                last[name], deadline = have, time.monotonic() + 60
        time.sleep(0.3)


def dead_letters(test, name):
    """(code, data) of each."""
    return [(line["errorCode"], base64.b64decode(line["rawData"]).decode()) for line in dead_letter_lines(test, name)]


def dead_letter_lines(test, name):
    out = []
    for path in glob.glob(test.path("buckets", "dead", name, "**"), recursive=True):
        if os.path.isfile(path):
            with open(path) as file:
                out += map(json.loads, file)
    return out


def compare(sinks, name, received, expected):
    comparison = harness.Comparison(expected, by_key(received))
    sinks.test.check(comparison.clean(), "%s: %d records, order per key kept: %s %s" %
                     (name, count(expected), comparison, comparison.examples()))
    repeats = len(received) - len(set(received))
    if repeats:
        sinks.test.note("%s: %d repeats" % (name, repeats))


def main():
    test = harness.Test(__doc__, records=(6000, 100000), kills=(1, 10))
    sinks = Sinks(test)
    sinks.create_all()
    test.check(len(sinks.firehose().list_delivery_streams()["DeliveryStreamNames"]) == (8 if test.night else 6),
               "boto3 makes a delivery stream of every kind of sink")
    sinks.http.faults = True
    sinks.program.set_faults(True)
    stop = threading.Event()
    away = threading.Thread(target=faults, args=(sinks, stop))
    away.start()
    half = test.records // 2
    for at in range(0, half, 500):
        sinks.put(range(at, min(at + 500, half)))
    poison = json.dumps({"key": "key/0", "n": -1, "what": sink_receivers.POISON})
    sinks.put_entries([{"Data": poison.encode(), "PartitionKey": "key/0"},
                       {"Data": NOT_JSON.encode(), "PartitionKey": "key/0"}])
    for at in range(half, test.records, 500):
        sinks.put(range(at, min(at + 500, test.records)))
    away.join()
    sinks.http.faults = False
    sinks.program.set_faults(False)
    stored = sinks.stored()
    test.check(count(stored) == test.records + 2,
               "the source stream holds every record that was put (%d)" % count(stored))
    expected = collections.defaultdict(lambda: stored)
    expected["to-lines"] = without(stored, lambda text: text == NOT_JSON)
    expected["to-function"] = without(stored, lambda text: sink_receivers.POISON in text)
    wait_until_delivered(sinks, expected)
    for name, read in sinks.receivers().items():
        compare(sinks, name, read(), expected[name])
    compare_mqtt(sinks, stored)
    test.check(not sinks.http.wrong,
               "requests are as the protocols say, and equal ids hold equal records: %s" % sinks.http.wrong[:3])
    test.note("%d faults of the HTTP receivers" % sinks.http.faults_done)
    check_dead_letters(test)
    check_dead_ends(sinks)
    test.finish()


def compare_mqtt(sinks, stored):
    deadline = time.monotonic() + 60
    received = sinks.mosquitto.read(5)
    while len(set(received)) < count(stored) and time.monotonic() < deadline:
        received += sinks.mosquitto.read(5)
    keys = {"out/key%%2F%d" % number: "key/%d" % number for number in range(KEYS)}
    sinks.test.check(set(topic for topic, _ in received) == set(keys), "to-mqtt: each key has its topic")
    compare(sinks, "to-mqtt", [(keys.get(topic, topic), text) for topic, text in received], stored)


def check_dead_letters(test):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (dead_letters(test, "to-function") and dead_letters(test, "to-lines")):
        time.sleep(0.3)
    function = dead_letters(test, "to-function")
    right = [code == "RetryAttemptsExhausted" and sink_receivers.POISON in text for code, text in function]
    test.check(right and all(right),
               "to-function: the poisoned record alone is a dead letter with its reason %s" % function[:3])
    lines = dead_letters(test, "to-lines")
    test.check(lines and all(letter == ("InvalidJson", NOT_JSON) for letter in lines),
               "to-lines: what is no JSON is a dead letter with its reason %s" % lines[:3])
    for name in ("to-firehose", "to-program", "to-mqtt", "to-kinesis", "to-local", "to-kafka"):
        letters = dead_letters(test, name)
        test.check(not letters, "%s has no dead letters %s" % (name, letters[:3]))


def check_dead_ends(sinks):
    """A far end of every kind that takes nothing: its records are dead letters, each once, with the reason."""
    test = sinks.test
    closed = harness.free_port()
    ends = [
        ("no-firehose", "http://%s/refuse" % sinks.http.url, 7200, "Refused", "413: no room for this"),
        ("no-lines", "jsonl+http://%s/refuse" % sinks.http.url, 7200, "Refused", "413: no room for this"),
        ("no-function", "function+http://%s/refuse?attempts=1" % sinks.http.url, 7200, "RetryAttemptsExhausted",
         "413: no room for this"),
        ("no-program", "exec:%s?attempts=1" % sinks.program.refuser, 7200, "RetryAttemptsExhausted",
         "exit code 3: there is no such plant"),
        ("no-mqtt", "mqtt://127.0.0.1:%d/out" % closed, 1, "RetryDurationExceeded", "tcp://127.0.0.1:%d" % closed),
        ("no-kinesis", "kinesis+http://127.0.0.1:%d/absent" % sinks.other.port, 1, "RetryDurationExceeded",
         "ResourceNotFoundException"),
        ("no-kafka", "kafka://127.0.0.1:%d/out?message.timeout.ms=1000" % closed, 1, "RetryDurationExceeded",
         "_MSG_TIMED_OUT"),
    ]
    for name, url, retry, _, _ in ends:
        sinks.create(name, url, retry)
    texts = [json.dumps({"key": "key/%d" % (i % 2), "n": i, "dead": True}) for i in range(10)]
    sinks.put_entries([{"Data": text.encode(), "PartitionKey": json.loads(text)["key"]} for text in texts])
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and any(len(dead_letters(test, end[0])) < len(texts) for end in ends):
        time.sleep(0.3)
    for name, _, _, code, reason in ends:
        lines = dead_letter_lines(test, name)
        test.check(sorted(text for _, text in dead_letters(test, name)) == sorted(texts),
                   "%s: every record is a dead letter, once (%d)" % (name, len(lines)))
        wrong = [line for line in lines if line["errorCode"] != code or reason not in line["errorMessage"]]
        test.check(not wrong, "%s: dead letters say %s, %s %s" % (name, code, reason, wrong[:1]))


if __name__ == "__main__":
    main()
