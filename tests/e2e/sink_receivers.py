"""Far ends of record sinks that misbehave on purpose: an HTTP server for Firehose's protocol, JSON lines and functions;
a program that is a function; kinesis-local; readers of mosquitto and Kafka. Each keeps what it was given, in order."""

import base64
import gzip
import http.server
import json
import os
import random
import signal
import subprocess
import threading
import time

import boto3
import botocore.config
import botocore.exceptions

import harness
import mosquitto

POISON = "poison"


class HttpReceiver:
    """One server for three paths; with faults on, it refuses, breaks off, loses answers after taking the records, and
    answers nonsense. Requests are recognised by their id: a repeat is not taken again, but must hold the same
    records."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.faults = False
        self.lock = threading.Lock()
        self.taken = {"firehose": [], "lines": [], "function": []}
        self.requests = {}
        self.wrong = []
        self.faults_done = 0
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.handle(self, body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                pass  # a gateway that was killed resets its connections

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = "127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def handle(self, request, body):
        with self.lock:
            fault = self.random.random() if self.faults else 1.0
            self.faults_done += fault < 0.4
        if fault < 0.08:
            return self.answer(request, 500, b"broken")
        if fault < 0.14:
            return self.answer(request, 503, b"busy", {"Retry-After": "1"})
        if fault < 0.2:
            request.close_connection = True
            return request.connection.close()
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        with self.lock:
            status, answer, headers = getattr(self, request.path.strip("/").split("?")[0])(request, body, fault)
        if 0.2 <= fault < 0.3:  # taken, and the answer is lost
            request.close_connection = True
            return request.connection.close()
        return self.answer(request, status, answer, headers)

    @staticmethod
    def answer(request, status, body, headers=None):
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    def once(self, kind, identity, records):
        if not identity or len(identity) != 36:
            self.wrong.append("%s: id %r is no GUID" % (kind, identity))
        known = self.requests.setdefault((kind, identity), records)
        if known is records:
            self.taken[kind] += records
        elif known != records:
            self.wrong.append("%s: id %s came with other records" % (kind, identity))

    def firehose(self, request, body, fault):
        document = json.loads(body)
        headers = request.headers
        attributes = json.loads(headers.get("X-Amz-Firehose-Common-Attributes", "{}"))
        if (headers.get("X-Amz-Firehose-Protocol-Version") != "1.0"
                or headers.get("X-Amz-Firehose-Access-Key") != "the-key"
                or headers.get("X-Amz-Firehose-Request-Id") != document["requestId"]
                or ":deliverystream/to-firehose" not in headers.get("X-Amz-Firehose-Source-Arn", "")
                or attributes != {"commonAttributes": {"site": "K\u00f6ln"}} or headers["Content-Encoding"] != "gzip"
                or headers["Content-Type"] != "application/json" or not isinstance(document["timestamp"], int)):
            self.wrong.append("firehose: headers %s" % dict(headers))
        records = [base64.b64decode(record["data"]).decode() for record in document["records"]]
        self.once("firehose", document["requestId"], records)
        identity = "another" if 0.3 <= fault < 0.4 else document["requestId"]
        answer = json.dumps({"requestId": identity, "timestamp": int(time.time() * 1000)}).encode()
        return 200, answer, {"Content-Type": "application/json"}

    def lines(self, request, body, fault):
        if request.headers["Content-Type"] != "application/x-ndjson":
            self.wrong.append("lines: Content-Type %s" % request.headers["Content-Type"])
        self.once("lines", request.headers["Idempotency-Key"], body.decode().splitlines())
        return (204, b"", {}) if not 0.3 <= fault < 0.4 else (429, b"slow down", {"Retry-After": "0"})

    def function(self, request, body, fault):
        """Takes records up to one that it reports: the poisoned one always, any other by chance."""
        failures = []
        for record in json.loads(body)["Records"]:
            text = base64.b64decode(record["kinesis"]["data"]).decode()
            if POISON in text or (0.3 <= fault < 0.4 and self.random.random() < 0.05):
                failures = [{"itemIdentifier": record["kinesis"]["sequenceNumber"]}]
                break
            if (record["eventID"].split(":")[1] != record["kinesis"]["sequenceNumber"]
                    or record["eventName"] != "aws:kinesis:record"):
                self.wrong.append("function: %s" % record)
            self.taken["function"].append(text)
        return 200, json.dumps({"batchItemFailures": failures}).encode(), {}


    @staticmethod
    def refuse(*_):
        return 413, b"no room for this", {}


PROGRAM = """#!/usr/bin/python3
# Appends the records of an event to a file, and fails now and then: before, or after it did.
import base64, fcntl, json, os, random, sys
records = json.load(sys.stdin)["Records"]
chance = random.random() if os.path.exists(sys.argv[2]) else 1
if chance < 0.1:
    sys.exit("no luck this time")
with open(sys.argv[1], "a") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    for record in records:
        file.write(base64.b64decode(record["kinesis"]["data"]).decode() + "\\n")
if chance < 0.2:
    os.kill(os.getpid(), 9)
"""


REFUSER = """#!/bin/sh
cat >/dev/null
echo 'there is no such plant' >&2
exit 3
"""


class ProgramFunction:
    def __init__(self, test):
        self.folder = test.path("functions")
        os.makedirs(self.folder)
        self.program, self.refuser = (os.path.join(self.folder, name) for name in ("append", "refuse"))
        self.file, self.switch = test.path("program.out"), test.path("program.faults")
        open(self.file, "w").close()
        for path, text in ((self.program, PROGRAM), (self.refuser, REFUSER)):
            with open(path, "w") as file:
                file.write(text)
            os.chmod(path, 0o755)

    def set_faults(self, on):
        if on:
            open(self.switch, "w").close()
        elif os.path.exists(self.switch):
            os.remove(self.switch)

    def taken(self):
        with open(self.file) as file:
            return file.read().splitlines()


class Mosquitto(mosquitto.Broker):
    """Keeps a session of a reader; stopped by SIGTERM it saves it, as a broker that loses what it acknowledged proves
    nothing about its clients."""

    def _reader(self, *more):
        return ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.port), "-i", "reader", "-c", "-q", "1",
                "-t", "out/#"] + list(more)

    def subscribe(self):
        subprocess.run(self._reader("-E"), check=True, timeout=30)

    def read(self, seconds):
        """(topic, payload) of everything that waits for the reader."""
        done = subprocess.run(self._reader("-W", str(seconds), "-F", "%t\t%p"), stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=seconds + 30)
        return [tuple(line.split("\t", 1)) for line in done.stdout.decode().splitlines()]


class KinesisLocal(harness.Process):
    """kinesis-local of npm: a Kinesis that nobody here wrote. It keeps records in memory, so it is not killed but
    stands still now and then."""

    def __init__(self, test):
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        peers = os.path.join(root, "build", "peers")
        folder = os.path.join(peers, "node_modules", "kinesis-local")
        if not os.path.exists(os.path.join(folder, "main.js")):
            subprocess.run(["npm", "install", "--silent", "--prefix", peers, "kinesis-local@0.6.2"], check=True)
        self.port = harness.free_port()
        # It reads files beside its program from the folder it is started in.
        super().__init__(test, "kinesis-local", ["sh", "-c", "cd '%s' && exec node main.js" % folder], env={
            "KINESIS_MOCK_PLAIN_PORT": str(self.port), "KINESIS_MOCK_TLS_PORT": str(harness.free_port()),
            "LOG_LEVEL": "ERROR", "CREATE_STREAM_DURATION": "10ms"})

    def client(self):
        return boto3.session.Session().client(
            "kinesis", endpoint_url="http://127.0.0.1:%d" % self.port, region_name="us-east-1",
            aws_access_key_id="any", aws_secret_access_key="any",
            config=botocore.config.Config(retries={"total_max_attempts": 8}, read_timeout=30))

    def create_stream(self, name, shards):
        """Waits for the service as well."""
        deadline = time.monotonic() + 240
        while True:
            try:
                self.client().create_stream(StreamName=name, ShardCount=shards)
                return self.client().get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
            except botocore.exceptions.BotoCoreError:
                if time.monotonic() > deadline:
                    self.test.check(False, "kinesis-local answers: %s" % self.output()[-1000:])
                    self.test.finish()
                time.sleep(0.5)

    def stand_still(self, seconds):
        self.child.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.child.send_signal(signal.SIGCONT)


class Kafka(harness.Process):
    """A real broker, from its published jars (kafka_broker.sh); kill and start as any process."""

    def __init__(self, test):
        self.port, self.controller_port = harness.free_port(), harness.free_port()
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kafka_broker.sh")
        super().__init__(test, "kafka", [script, test.path("kafka"), str(self.port), str(self.controller_port)])

    def wait(self, seconds=240):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if subprocess.run(["kcat", "-b", "127.0.0.1:%d" % self.port, "-L", "-m", "5"], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0:
                return
            time.sleep(0.5)
        self.test.check(False, "kafka answers: %s" % self.output()[-1000:])
        self.test.finish()

    def read(self, topic):
        """(key, payload), each partition in its order."""
        done = subprocess.run(["kcat", "-b", "127.0.0.1:%d" % self.port, "-C", "-t", topic, "-e", "-q",
                               "-f", "%k\t%s\n"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=300)
        return [tuple(line.split("\t", 1)) for line in done.stdout.decode().splitlines()]
