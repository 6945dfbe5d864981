#!/usr/bin/python3
"""Wrong signatures, too large bodies, unknown members, malformed JSON, a thousand slow connections: each gets the
documented answer, and a good client's puts go on all the time."""

import http.client
import json
import socket
import threading
import time

import botocore.exceptions

import harness

TARGET = "Kinesis_20131202."
TYPE = "application/x-amz-json-1.1"


class GoodClient(threading.Thread):
    """Puts without pause; its failures and its slowest put are the measure."""

    def __init__(self, gateway):
        super().__init__(daemon=True)
        self.client = gateway.client(retries=1, timeout=10)
        self.stored, self.errors, self.slowest = 0, [], 0.0
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.is_set():
            start = time.monotonic()
            try:
                self.client.put_record(StreamName="good", Data=b"%d" % self.stored, PartitionKey="k")
                self.stored += 1
            except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
                self.errors.append(str(error))
            self.slowest = max(self.slowest, time.monotonic() - start)
            self.stopping.wait(0.01)


class Abuser:
    def __init__(self, test, gateway):
        self.test, self.gateway = test, gateway
        self.key, self.secret = gateway.keys()

    def signed_headers(self, operation, body, key=None, secret=None):
        return self.gateway.signed_headers(operation, body, (key or self.key, secret or self.secret))

    def post(self, body, headers, method="POST"):
        """Status, decoded document (None when it is not JSON) and body text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=30)
        try:
            connection.request(method, "/", body=body, headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            try:
                return answer.status, json.loads(text), text
            except ValueError:
                return answer.status, None, text
        finally:
            connection.close()

    def call(self, operation, document, **keys):
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return self.post(body, self.signed_headers(operation, body, **keys))

    def expect(self, answer, status, error_type, what):
        got = (answer[1] or {}).get("__type", "") if isinstance(answer[1], dict) else ""
        self.test.check(answer[0] == status and got == error_type,
                        "%s: %d %s (got %d %.200s)" % (what, status, error_type, answer[0], answer[2]))


def check_signatures(abuser):
    listing = {}
    abuser.expect(abuser.call("ListStreams", listing, secret="wrong" * 8), 400, "InvalidSignatureException",
                  "a wrong secret")
    abuser.expect(abuser.call("ListStreams", listing, key="FBAKNOBODY0000000000"), 400, "UnrecognizedClientException",
                  "an unknown key")
    body = b"{}"
    headers = {"X-Amz-Target": TARGET + "ListStreams", "Content-Type": TYPE}
    abuser.expect(abuser.post(body, headers), 400, "MissingAuthenticationTokenException", "no signature")
    signed = abuser.signed_headers("ListStreams", body)
    abuser.expect(abuser.post(b'{"Limit": 1}', signed), 400, "InvalidSignatureException",
                  "a body other than the signed one")
    broken = dict(signed, Authorization=signed["Authorization"].split(", Signature=")[0])
    abuser.expect(abuser.post(body, broken), 400, "IncompleteSignatureException", "a header without its signature")
    old = dict(signed)
    old["X-Amz-Date"] = "20200101T000000Z"
    abuser.expect(abuser.post(body, old), 400, "InvalidSignatureException", "a date of years ago")


def check_shapes(abuser):
    abuser.expect(abuser.call("PutRecord", b'{"StreamName": "good", '), 400, "SerializationException", "malformed JSON")
    abuser.expect(abuser.call("PutRecord", b"[]"), 400, "SerializationException", "a list for an object")
    abuser.expect(abuser.call("PutRecord", {"StreamName": "good", "Data": 5, "PartitionKey": "k"}), 400,
                  "SerializationException", "a number for a blob")
    abuser.expect(abuser.call("PutRecord", {"StreamName": "good", "Data": "a", "PartitionKey": "k"}), 400,
                  "SerializationException", "bad base64")
    abuser.expect(abuser.call("PutRecord", {"StreamName": "good", "Data": "YQ==", "PartitionKey": "k" * 257}), 400,
                  "ValidationException", "a key of 257 characters")
    abuser.expect(abuser.call("PutRecord", {"StreamName": "none", "Data": "YQ==", "PartitionKey": "k"}), 400,
                  "ResourceNotFoundException", "an unknown stream")
    abuser.expect(abuser.call("NoSuchThing", {}), 400, "UnknownOperationException", "an unknown operation")
    deep = b'{"StreamName": "good", "X": ' + b"[" * 100000 + b"]" * 100000 + b"}"
    answer = abuser.call("PutRecord", deep)
    abuser.test.check(answer[0] == 400, "100,000 nested lists are refused (%d)" % answer[0])
    answer = abuser.call("PutRecord", {
        "StreamName": "good", "Data": "YQ==", "PartitionKey": "k", "Unknown": {"a": [1, None]}, "DryRunn": True
    })
    abuser.test.check(answer[0] == 200, "unknown members are ignored (%d %.100s)" % (answer[0], answer[2]))
    records = [{"Data": "YQ==", "PartitionKey": "k"}] * 501
    abuser.expect(abuser.call("PutRecords", {"StreamName": "good", "Records": records}), 400, "ValidationException",
                  "501 records")
    answer = abuser.call("PutRecord", {"StreamName": "good", "Data": "QUFB" * (1 << 19), "PartitionKey": "k"})
    abuser.test.check(answer[0] == 400, "a record over the stream's limit is refused (%d)" % answer[0])


def check_large_bodies(abuser):
    """The status must come without the whole body having been taken."""
    headers = abuser.signed_headers("PutRecord", b"{}")
    head = "POST / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: %d\r\n" % (abuser.gateway.port, 1 << 40)
    head += "".join("%s: %s\r\n" % (name, value) for name, value in headers.items()) + "\r\n"
    with socket.create_connection(("127.0.0.1", abuser.gateway.port), 30) as connection:
        connection.sendall(head.encode())
        answer = connection.recv(4096).decode("latin-1")
    abuser.test.check(" 413 " in answer.split("\r\n")[0] + " ",
                      "a body of 1 TiB is refused at its header (%.60r)" % answer)
    with socket.create_connection(("127.0.0.1", abuser.gateway.port), 30) as connection:
        try:
            connection.sendall(b"GET / HTTP/1.1\r\n" + b"X-Filler: " + b"a" * (1 << 20) + b"\r\n\r\n")
            answer = connection.recv(4096).decode("latin-1")
        except OSError:
            answer = ""
    abuser.test.check(answer == "" or answer.split(" ")[1][0] == "4", "a header of 1 MiB is refused (%.60r)" % answer)
    with socket.create_connection(("127.0.0.1", abuser.gateway.port), 30) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) + b"\r\n\r\n")
        connection.settimeout(30)
        try:
            answer = connection.recv(4096)
        except OSError:
            answer = b""
    abuser.test.check(answer == b"" or answer.startswith(b"HTTP/1.1 4"),
                      "bytes that are no HTTP are refused (%.40r)" % answer)


def check_slow_connections(test, gateway, abuser, good):
    """Connections that send a byte now and then, some in the header, some in a body."""
    harness.allow_open_files(test.connections + 512)
    signed = abuser.signed_headers("PutRecord", b"{}")
    head = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n"
    head = (head + "".join("%s: %s\r\n" % pair for pair in signed.items()) + "\r\n").encode()
    before, slow = good.stored, []
    for index in range(test.connections):
        connection = socket.create_connection(("127.0.0.1", gateway.port), 10)
        connection.sendall(head if index % 2 else b"POST / HT")
        slow.append(connection)
    deadline = time.monotonic() + test.seconds
    while time.monotonic() < deadline:
        for connection in slow:
            try:
                connection.send(b"x")
            except OSError:
                pass  # the gateway may have shown it the door
        time.sleep(0.5)
    stored = good.stored - before
    test.note("%d puts while %d connections crawled for %d s" % (stored, len(slow), test.seconds))
    test.check(stored > 10 * test.seconds, "a good client's puts go on beside %d slow connections (%d)" %
               (len(slow), stored))
    for connection in slow:
        connection.close()


def main():
    test = harness.Test(__doc__, connections=(1000, 1000), seconds=(10, 70))
    gateway = harness.Gateway(test).start()
    gateway.create_stream("good")
    abuser = Abuser(test, gateway)
    good = GoodClient(gateway)
    good.start()
    check_signatures(abuser)
    check_shapes(abuser)
    check_large_bodies(abuser)
    check_slow_connections(test, gateway, abuser, good)
    time.sleep(0.5)
    good.stopping.set()
    good.join()
    test.note("good client: %d puts, slowest %.0f ms" % (good.stored, good.slowest * 1000))
    test.check(not good.errors, "no put of the good client failed (%d): %s" % (len(good.errors), good.errors[:3]))
    test.check(good.slowest < 5, "no put of the good client took five seconds (%.1f s)" % good.slowest)
    test.check(gateway.running(), "the gateway is still up")
    stored = harness.Reader(gateway, "good").read()
    test.check(
        len(stored) >= good.stored, "the good client's records are read back (%d of %d)" % (len(stored), good.stored))
    test.check(gateway.stop() == 0, "the gateway stops cleanly")
    test.finish()


if __name__ == "__main__":
    main()
