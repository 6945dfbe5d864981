#!/usr/bin/python3
"""s3_faults.py PORT STORE_PORT SEED PERCENT LATE_SECONDS HANGS: stands between a gateway and a real S3 server on
127.0.0.1 and lets PERCENT of 100 puts fail, and of other calls more or less, each kind of fault as often as the others.
Requests pass unchanged, so signatures hold. POST /-/calm ends the faults and lands what is late; GET /-/counts tells
what was done, as JSON.

The faults of T8, and where else each is tried: "store" is tests/unit/delivery/stores/s3_faults_test.cpp, where every
one of them meets every kind of call; "verdict" s3_verdict_test.cpp; "lane" object_lane_test.cpp in
tests/unit/delivery/engine.

  500, 502 from a proxy              internal_error, bad_gateway         store; verdict
  503 SlowDown with Retry-After      slow_down                           store; S3Store.RepeatsAreFewAndSpreadOut
  403 skew                           skew                                S3Store.ADifferentClockIsLearntOnce
  expired credentials                expired_key                         store; S3Store.AnExpiredKeyIsReplacedOnce...
  307                                redirect                            store; S3Store.ARedirectIsAnErrorThatTells...
  time-out before, after commit      hang_before, hang_after             store
  body cut at byte k                 cut_request                         store (broken_before)
  answer cut                         cut_answer                          store
  lost response after commit         lost_answer                         store; lane, FailuresAndLostReplies...
  200 with an error body (complete)  error_in_200, error_in_200_after    store; S3Store.AnErrorInsideA200IsNoSuccess
  200 that ends early (complete)     garbled_200                         store
  200 for nothing (complete)         empty_promise                       store; S3Store.ASuccessOfCompleteCounts...
  404 NoSuchUpload                   no_such_upload; after lost_answer   S3Store.ACompleteThatGotThroughUnheard...
                                     of a complete from the store itself
  409 on If-None-Match               conflict                            store
  412 on If-None-Match               not_absent (nothing there); after   S3Store.ANameThatIsTakenForNothing...;
                                     lost_answer from the store itself   lane, AnotherObjectOfTheName...
  wrong checksum                     damaged (the store finds it)        store (bad_digest)
  PUT that lands late                late                                store
  leftovers of multipart             lost parts and completes leave      S3Store.AbortsLeftoversThatAreOldEnough;
                                     them; delivery.py plants an old one lane, ObjectsOfACutThatWasGivenUp...
  store killed                       s3_servers.py, delivery.py          s3_store.py
"""

import asyncio
import collections
import email.utils
import json
import random
import socket
import struct
import sys
import time

HEAD_MAX = 64 << 10
ANSWERS = {  # status, S3's code, more headers
    "internal_error": (500, "InternalError", ""), "slow_down": (503, "SlowDown", "Retry-After: 1\r\n"),
    "bad_gateway": (502, None, ""), "expired_key": (400, "ExpiredToken", ""), "skew": (403, "RequestTimeTooSkewed", ""),
    "redirect": (307, "TemporaryRedirect", "Location: http://127.0.0.1:9/lake\r\n"),
    "conflict": (409, "ConditionalRequestConflict", ""), "not_absent": (412, "PreconditionFailed", ""),
    "request_timeout": (400, "RequestTimeout", ""), "no_such_upload": (404, "NoSuchUpload", ""),
    "error_in_200": (200, "InternalError", "")}
ALWAYS = ["internal_error", "slow_down", "bad_gateway", "expired_key", "skew", "redirect", "cut_request", "lost_answer",
          "cut_answer"]
BODIES = ["damaged", "request_timeout", "late", "hang_before", "hang_after"]
MORE = {"put": BODIES + ["conflict", "not_absent"], "part": BODIES,
        "complete": ["conflict", "no_such_upload", "error_in_200", "error_in_200_after", "garbled_200", "empty_promise",
                     "late"]}
WEIGHTS = {"put": 1, "create": 3, "part": 6, "complete": 6}  # large objects are few, reads are many
READ_WEIGHT = 0.2


class Request:
    def __init__(self, head, body):
        self.head, self.body = head, body
        self.method, self.target, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)

    @property
    def kind(self):
        query = self.target.partition("?")[2]
        if self.method == "PUT":
            return "part" if "partNumber=" in query else "put"
        if self.method == "POST":
            return "complete" if "uploadId=" in query else "create"
        return self.method.lower()

    def forwarded(self, body):
        """One request per connection, so that an answer ends where its connection does."""
        lines = [line for line in self.head.split(b"\r\n") if not line.lower().startswith((b"connection:", b"expect:"))]
        return b"\r\n".join(lines[:1] + [b"Connection: close"] + lines[1:]) + b"\r\n\r\n" + body


class Faults:
    """Which call fails how. Of each kind of call every fault comes once before one comes again."""

    def __init__(self, seed, percent, hangs):
        self.random, self.percent, self.hangs = random.Random(seed), percent, hangs
        self.decks = collections.defaultdict(list)
        self.counts = collections.Counter()

    def next(self, kind):
        if self.random.random() * 100 >= self.percent * WEIGHTS.get(kind, READ_WEIGHT):
            return None
        deck = self.decks[kind]
        if not deck:
            deck += ALWAYS + MORE.get(kind, [])
            self.random.shuffle(deck)
        fault = deck.pop()
        if fault.startswith("hang"):
            if self.hangs[fault] == 0:
                return None
            self.hangs[fault] -= 1
        self.counts["%s of %s" % (fault, kind)] += 1
        return fault


class Proxy:
    def __init__(self, store_port, faults, late_seconds):
        self.store_port, self.faults, self.late_seconds = store_port, faults, late_seconds
        self.calm = asyncio.Event()
        self.late = set()
        self.requests = 0

    async def store(self, data, read=True):
        """The whole answer; empty when the store is not there or ended early."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.store_port)
        except OSError:
            return b""
        try:
            writer.write(data)
            await writer.drain()
            return await reader.read(-1) if read else b""
        except OSError:
            return b""
        finally:
            if read:
                writer.close()
            else:
                reset(writer)

    async def serve(self, reader, writer):
        try:
            head = (await reader.readuntil(b"\r\n\r\n"))[:-4]
            length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                           if line.lower().startswith(b"content-length:")), 0)
            if b"\r\nexpect:" in head.lower():
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request = Request(head, await reader.readexactly(length))
            answer = await self.answer(request, reader)
            if answer is None:
                return reset(writer)
            writer.write(answer)
            await writer.drain()
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            reset(writer)

    async def answer(self, request, reader):
        """None: the connection is cut."""
        if request.target.startswith("/-/"):
            return await self.control(request)
        self.requests += 1
        fault = None if self.calm.is_set() else self.faults.next(request.kind)
        if fault in ANSWERS:
            return told(fault, request)
        if fault == "empty_promise":
            result = b"<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>"
            return answer_of(200, "", result)
        if fault == "hang_before":
            return await silence(reader)
        if fault == "cut_request":
            whole = request.forwarded(request.body)
            await self.store(whole[:self.faults.random.randrange(len(whole))], read=False)
            return None
        if fault == "late":
            task = asyncio.create_task(self.land_late(request))
            self.late.add(task)
            task.add_done_callback(self.late.discard)
            return None
        body = request.body
        if fault == "damaged" and body:
            at = self.faults.random.randrange(len(body))
            body = body[:at] + bytes([body[at] ^ 1]) + body[at + 1:]
        answer = await self.store(request.forwarded(body))
        if not answer or fault == "lost_answer":
            return None
        if fault == "hang_after":
            return await silence(reader)
        if fault == "error_in_200_after":
            return told("error_in_200", request)
        if fault == "garbled_200":
            return answer_of(200, "", b"<CompleteMultipartUploadRes")
        if fault == "cut_answer":
            return answer[:self.faults.random.randrange(len(answer))]
        return answer

    async def land_late(self, request):
        try:
            await asyncio.wait_for(self.calm.wait(), self.faults.random.uniform(0, self.late_seconds))
        except asyncio.TimeoutError:
            pass
        await self.store(request.forwarded(request.body))

    async def control(self, request):
        if request.target == "/-/calm":
            self.calm.set()
            while self.late:
                await asyncio.wait(self.late)
        counts = {"requests": self.requests, "faults": self.faults.counts}
        return answer_of(200, "Content-Type: application/json\r\n", json.dumps(counts).encode())


def answer_of(status, headers, body):
    head = "HTTP/1.1 %d X\r\n%sConnection: close\r\nContent-Length: %d\r\n\r\n" % (status, headers, len(body))
    return head.encode() + body


def told(fault, request):
    status, code, headers = ANSWERS[fault]
    body = b"<html>Bad gateway</html>"
    if code:
        body = ("<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>as told</Message></Error>" % code).encode()
    date = time.time() + (3600 if fault == "skew" else 0)
    headers += "Date: %s\r\n" % email.utils.formatdate(date, usegmt=True)
    answer = answer_of(status, headers, body)
    return answer[:-len(body)] if request.method == "HEAD" else answer


async def silence(reader):
    """Until the client has enough."""
    try:
        await reader.read(1)
    except OSError:
        pass


def reset(writer):
    """Ends a connection as a crash does."""
    connection = writer.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def main():
    port, store_port, seed, percent, late_seconds, hangs = (float(word) for word in sys.argv[1:])
    faults = Faults(int(seed), percent, {"hang_before": int(hangs), "hang_after": int(hangs)})
    proxy = Proxy(int(store_port), faults, late_seconds)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", int(port), limit=HEAD_MAX, backlog=512)
    print("listening", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
