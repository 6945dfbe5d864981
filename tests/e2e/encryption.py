#!/usr/bin/python3
"""Encryption at rest with real programs: after StartStreamEncryption nothing of what is put or uploaded stands anywhere
in the data folder, also after SIGKILL and a restart, and all of it reads back. A missing or exchanged key refuses its
stream by name and changes nothing; other streams go on. A new key, and the stop, hold for what comes after."""

import hashlib
import os
import re
import signal
import urllib.request

import botocore.exceptions

import harness

OPEN, SECRET, LATE, LINE = b"open-canary-", b"secret-canary-", b"late-canary-", b"agent-canary-"
CONFIG = """
[encryption]
key_file = "{folder}/main.key"
"""
PLANT = """
[[encryption_key]]
name = "alias/plant"
key_file = "{folder}/plant.key"
"""


def write_key(path, mode=0o600):
    with open(path, "w") as file:
        file.write(os.urandom(32).hex() + "\n")
    os.chmod(path, mode)


def files_of(folder):
    for root, _, names in os.walk(folder):
        for name in sorted(names):
            yield os.path.join(root, name)


def holders(folder, text):
    """Files that hold the text."""
    found = []
    for path in files_of(folder):
        with open(path, "rb") as file:
            if text in file.read():
                found.append(os.path.relpath(path, folder))
    return found


def digest(folder):
    """Of all segments and rows."""
    total = hashlib.sha256()
    for path in sorted(files_of(os.path.join(folder, "streams"))):
        with open(path, "rb") as file:
            total.update(path.encode() + file.read())
    return total.hexdigest()


class Encryption:
    def __init__(self):
        self.test = harness.Test(__doc__, records=(400, 20000))
        write_key(self.test.path("main.key"))
        config = self.test.path("gateway.toml")
        with open(config, "w") as file:
            file.write(CONFIG.format(folder=self.test.folder))
        self.gateway = harness.Gateway(self.test, arguments=["--config", config])
        self.expected = {}  # data -> encrypted at rest

    def run(self):
        self.refused_key_file()
        self.credential()
        self.gateway.start()
        self.client = self.gateway.create_stream("s", 2)
        self.gateway.create_stream("other", 1)
        self.put(OPEN, 20, encrypted=False)
        self.test.check(holders(self.gateway.data, OPEN), "what is put before the start lies open on the disk")
        self.start_encryption("alias/aws/kinesis")
        self.put(SECRET, self.test.records)
        self.upload()
        self.nowhere("while it runs")
        self.gateway.kill()
        self.nowhere("after SIGKILL")
        self.restart()
        self.read_back("after SIGKILL and a restart")
        self.test.check(self.gateway.stop() == 0, "the gateway stops cleanly")
        self.nowhere("after a clean stop")
        self.exchanged_key()
        self.rotation()
        self.test.check(self.gateway.stop() == 0, "the gateway stops cleanly at the end")
        self.test.finish()

    def restart(self):
        self.gateway.start()
        self.client = self.gateway.client(retries=1)

    def refused_key_file(self):
        os.chmod(self.test.path("main.key"), 0o644)
        self.gateway.start(wait=False)
        code = self.gateway.wait_exit(harness.READY_SECONDS)
        said = self.gateway.output()
        self.test.check(code not in (0, None) and "open to group or others" in said and "main.key" in said,
                        "a key file that others can read is refused by name (exit code %s)" % code)
        os.chmod(self.test.path("main.key"), 0o600)

    def credential(self):
        """systemd passes the key in a folder of the process's own; the mode of the file is systemd's affair."""
        folder = self.test.path("credentials")
        os.mkdir(folder)
        write_key(os.path.join(folder, "forebay-encryption-key"), 0o440)
        gateway = harness.Gateway(self.test, name="credential", env={"CREDENTIALS_DIRECTORY": folder}).start()
        client = gateway.create_stream("c")
        client.start_stream_encryption(StreamName="c", EncryptionType="KMS", KeyId="alias/aws/kinesis")
        client.put_record(StreamName="c", Data=b"credential-canary", PartitionKey="k")
        self.test.check(gateway.stop() == 0 and not holders(gateway.data, b"credential-canary"),
                        "systemd's credential is the key of alias/aws/kinesis")

    def start_encryption(self, key):
        self.client.start_stream_encryption(StreamName="s", EncryptionType="KMS", KeyId=key)
        summary = self.client.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]
        self.test.check((summary["EncryptionType"], summary.get("KeyId")) == ("KMS", key), "the summary says %s" % key)

    def put(self, prefix, count, encrypted=True):
        data = [prefix + b"%d-" % i + b"x" * self.test.random.randrange(60) for i in range(count)]
        for first in range(0, count, 100):
            answer = self.client.put_records(StreamName="s", Records=[
                {"Data": one, "PartitionKey": "key-" + one.decode()} for one in data[first:first + 100]])
            if answer["FailedRecordCount"] or answer.get("EncryptionType", "NONE") != ("KMS" if encrypted else "NONE"):
                self.test.check(False, "PutRecords answers %r" % answer)
        self.expected.update({one: encrypted for one in data})
        one = prefix + b"single"
        answer = self.client.put_record(StreamName="s", Data=one, PartitionKey="single")
        self.test.check(answer.get("EncryptionType") == ("KMS" if encrypted else None), "PutRecord says how it is stored")
        self.expected[one] = encrypted

    def upload(self):
        """An agent's records come another way, as batches it made itself."""
        path = self.test.path("input.log")
        lines = [LINE + b"%d" % i for i in range(200)]
        with open(path, "wb") as file:
            file.write(b"".join(line + b"\n" for line in lines))
        agent = harness.Agent(self.test, self.gateway, [{"type": "file", "paths": [path], "stream": "s"}])
        self.test.check(agent.once() == 0, "the agent uploads its file")
        self.expected.update({line: True for line in lines})

    def nowhere(self, when):
        for text in (SECRET, LINE):
            found = holders(self.gateway.data, text)
            self.test.check(not found, "%s stands nowhere in the data folder %s %s" % (text.decode(), when, found))

    def records(self):
        found = []
        for shard in self.client.list_shards(StreamName="s")["Shards"]:
            iterator = self.client.get_shard_iterator(StreamName="s", ShardId=shard["ShardId"],
                                                      ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
            while True:
                answer = self.client.get_records(ShardIterator=iterator)
                found += answer["Records"]
                if not answer["Records"] and answer["MillisBehindLatest"] == 0:
                    break
                iterator = answer["NextShardIterator"]
        return found

    def read_back(self, when):
        found = self.records()
        # The first shard is read first.
        self.first_encrypted = next((r["SequenceNumber"] for r in found if "EncryptionType" in r), None)
        kinds = {record["Data"]: record.get("EncryptionType") == "KMS" for record in found}
        self.test.check(len(found) == len(self.expected) and kinds == self.expected,
                        "all %d records read back once, each with its kind, %s" % (len(self.expected), when))

    def refused(self, what, call, **arguments):
        try:
            answer = call(**arguments)
        except botocore.exceptions.ClientError as error:
            message = error.response["Error"]["Message"]
            self.test.check(error.response["Error"]["Code"] == "KMSNotFoundException" and "stream s " in message,
                            "%s names the stream and its key: %s" % (what, message))
            return
        self.test.check(False, "%s is refused without the key: %r" % (what, answer))

    def exchanged_key(self):
        main, kept = self.test.path("main.key"), self.test.path("kept.key")
        os.rename(main, kept)
        write_key(main)
        before = digest(self.gateway.data)
        self.restart()
        said = self.gateway.wait_output(r"stream's key is missing")
        self.test.check(said and "stream s is encrypted with key" in self.gateway.output(), "the start says what is missing")
        self.refused("PutRecord", self.client.put_record, StreamName="s", Data=b"no", PartitionKey="k")
        iterator = self.client.get_shard_iterator(StreamName="s", ShardId="shardId-000000000000",
                                                  ShardIteratorType="LATEST")["ShardIterator"]
        self.test.check(self.client.get_records(ShardIterator=iterator)["Records"] == [], "the tip is empty")
        iterator = self.client.get_shard_iterator(StreamName="s", ShardId="shardId-000000000000",
                                                  ShardIteratorType="AT_SEQUENCE_NUMBER",
                                                  StartingSequenceNumber=self.first_encrypted)["ShardIterator"]
        self.refused("GetRecords", self.client.get_records, ShardIterator=iterator)
        self.client.put_record(StreamName="other", Data=b"goes on", PartitionKey="k")
        self.test.check(self.locked_streams() == "1", "the metric counts the stream whose key is missing")
        self.test.check(self.gateway.stop() == 0, "the gateway stops cleanly without the key")
        other = os.path.join("streams", "2")
        self.test.check(before == self.digest_without(other), "nothing of the stream was touched")
        self.restart()
        os.rename(kept, main)
        self.reload()
        self.test.check(self.locked_streams() == "0", "with the key back no stream is locked")
        self.read_back("with the key back, without a restart")

    def reload(self):
        """SIGHUP: the gateway reads its keys again, and which there are."""
        before = self.gateway.output().count("encryption at rest read again")
        self.gateway.child.send_signal(signal.SIGHUP)
        pattern = r"(?s)(encryption at rest read again.*){%d}" % (before + 1)
        self.test.check(self.gateway.wait_output(pattern), "SIGHUP reads the keys again")

    def locked_streams(self):
        with urllib.request.urlopen("http://127.0.0.1:%d/metrics" % self.gateway.admin_port, timeout=10) as answer:
            text = answer.read().decode()
        return re.search(r"^forebay_log_locked_streams (\d+)$", text, re.MULTILINE).group(1)

    def digest_without(self, folder):
        """As before the other stream got its record."""
        kept = self.test.path("kept-stream")
        inside = os.path.join(self.gateway.data, folder)
        if not os.path.isdir(inside):
            return digest(self.gateway.data)
        os.rename(inside, kept)
        found = digest(self.gateway.data)
        os.rename(kept, inside)
        return found

    def rotation(self):
        write_key(self.test.path("plant.key"))
        with open(self.test.path("gateway.toml"), "a") as file:
            file.write(PLANT.format(folder=self.test.folder))
        self.reload()
        self.start_encryption("arn:aws:kms:us-east-1:000000000000:alias/plant")
        self.put(LATE, 50)
        self.gateway.kill()
        self.test.check(not holders(self.gateway.data, LATE), "the new key encrypts as well")
        self.restart()
        self.read_back("under two keys")
        self.client.stop_stream_encryption(StreamName="s", EncryptionType="KMS", KeyId="alias/plant")
        self.put(b"plain-again-", 20, encrypted=False)
        self.read_back("after the stop")
        self.test.check(holders(self.gateway.data, b"plain-again-"), "after the stop records lie open again")


if __name__ == "__main__":
    Encryption().run()
