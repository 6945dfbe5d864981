#!/usr/bin/python3
"""connections.py BUILD: many idle connections and many active ones, without TLS and with it: what an idle one costs the
gateway in memory, that none is dropped or refused, and how much slower others' puts become.

An idle connection has made one call before. An active one puts a record from time to time, as a device does. The
others put at a steady pace on connections of their own, first alone, then beside all of those.
With --night: 10,000 idle ones, 1,000 active ones, and puts may take twice as long as alone at most (p99)."""

import heapq
import multiprocessing
import selectors
import socket
import ssl
import time

import harness
import tls
from harness import quantile

PROCESSES = multiprocessing.get_context("fork")
OTHERS, OTHERS_INTERVAL = 8, 0.08  # seconds between two puts of one connection
IDLE_KIB = {"plain": 16, "TLS": 48}
PATIENCE = 20  # seconds for one answer


def answer_of(data):
    """The first whole answer at the beginning of the bytes; None: more is to come."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    length = data.lower().find(b"content-length:", 0, end)
    size = int(data[length + 15:data.find(b"\r\n", length)])
    return bytes(data[:end + 4 + size]) if len(data) >= end + 4 + size else None


class Connection:
    """One HTTP/1.1 connection with at most one call under way."""

    def __init__(self, gateway, context, request):
        self.socket = socket.create_connection(("127.0.0.1", gateway.port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context:
            self.socket = context.wrap_socket(self.socket, server_hostname="127.0.0.1")
        self.request = request
        self.data = bytearray()
        self.sent = None

    def call(self):
        """Waits for the answer."""
        self.send()
        while True:
            got = self.socket.recv(65536)
            self.data += got
            answer = answer_of(self.data)
            if answer is not None or not got:
                self.sent = None
                self.data.clear()
                return answer

    def send(self):
        self.sent = time.monotonic()
        self.socket.sendall(self.request)

    def receive(self):
        """What came of the answer: None when it is not whole yet. Needs a socket that does not block."""
        try:
            got = self.socket.recv(65536)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        self.data += got
        answer = answer_of(self.data)
        if answer is None:
            return None if got else b""
        self.data.clear()
        return answer

    def is_open(self):
        self.socket.setblocking(False)
        try:
            return self.socket.recv(1) != b""
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False


class Load:
    """Connections that put at a steady pace, each on its own, until told to stop."""

    def __init__(self, gateway, context, requests, count, interval):
        self.connections = [Connection(gateway, context, requests[i % len(requests)]) for i in range(count)]
        self.failures = [answer for answer in (one.call() for one in self.connections) if not accepted(answer)]
        self.interval, self.times = interval, []
        self.selector = selectors.DefaultSelector()
        for connection in self.connections:
            connection.socket.setblocking(False)
            self.selector.register(connection.socket, selectors.EVENT_READ, connection)

    def run(self, ended):
        start = time.monotonic()
        due = [(start + self.interval * i / len(self.connections), i) for i in range(len(self.connections))]
        while not ended():
            while due[0][0] <= time.monotonic():
                when, index = due[0]
                self._send(self.connections[index])
                heapq.heapreplace(due, (when + self.interval, index))
            for key, _ in self.selector.select(min(0.1, max(0, due[0][0] - time.monotonic()))):
                self._receive(key.data)

    def _send(self, connection):
        if connection.sent is None:
            connection.send()
        elif time.monotonic() - connection.sent > PATIENCE:
            self.failures.append("no answer within %d s" % PATIENCE)

    def _receive(self, connection):
        answer = connection.receive()
        if answer is None:
            return
        if connection.sent is not None and accepted(answer):
            self.times.append(time.monotonic() - connection.sent)
        else:
            self.failures.append(answer)
        connection.sent = None
        if not answer:
            self.selector.unregister(connection.socket)


def accepted(answer):
    return bool(answer) and answer.startswith(b"HTTP/1.1 200")


def put_steadily(pipe, gateway, context, requests, count, interval):
    """A process: says when all its connections are there, and at the end what its puts took and what failed."""
    try:
        load = Load(gateway, context, requests, count, interval)
        pipe.send("ready")
        load.run(pipe.poll)
        pipe.recv()
        pipe.send((load.times, load.failures))
    except Exception as problem:  # of any kind: the test has to hear of it
        pipe.send(([], [repr(problem)]))


class Putters:
    """put_steadily() in a process of its own."""

    def __init__(self, *arguments):
        self.pipe, theirs = PROCESSES.Pipe()
        self.process = PROCESSES.Process(target=put_steadily, args=(theirs,) + arguments, daemon=True)
        self.process.start()
        self.ready = self.pipe.poll(120) and self.pipe.recv()

    def end(self):
        """Times of puts in seconds, and failures."""
        self.pipe.send("stop")
        times, failures = self.pipe.recv() if self.ready == "ready" else self.ready or ([], ["nothing came"])
        self.process.join()
        return times, failures


class Round:
    """Everything about one gateway."""

    def __init__(self, test, name, gateway, context):
        self.test, self.name, self.gateway, self.context = test, name, gateway, context
        gateway.create_stream("devices", shards=4)
        self.puts = [gateway.signed_request("PutRecord", {"StreamName": "devices", "PartitionKey": "device-%d" % i,
                                                          "Data": "cHJlc3MtMDcgMjEuNQ=="}) for i in range(16)]
        self.listing = gateway.signed_request("ListStreams", {})

    def check(self, condition, what):
        return self.test.check(condition, "%s: %s" % (self.name, what))

    def others(self, seconds):
        putters = Putters(self.gateway, self.context, self.puts, OTHERS, OTHERS_INTERVAL)
        time.sleep(seconds)
        return putters.end()

    def open_idle(self):
        """Connections that have made one call and rest; prints and checks their cost."""
        before = self.gateway.resident_kib()
        started = time.monotonic()
        idle = [Connection(self.gateway, self.context, self.listing) for _ in range(self.test.idle)]
        answered = sum(accepted(connection.call()) for connection in idle)
        self.check(answered == len(idle), "all of %d connections are answered (%d)" % (len(idle), answered))
        each = (self.gateway.resident_kib() - before) / len(idle)
        self.test.note("%s: an idle connection holds %.1f KiB (%d, opened in %.1f s; the gateway holds %.0f MiB)" % (
            self.name, each, len(idle), time.monotonic() - started, self.gateway.resident_kib() / 1024))
        self.check(each <= IDLE_KIB[self.name], "an idle connection holds %d KiB at most" % IDLE_KIB[self.name])
        return idle

    def run(self):
        self.others(0.5)  # the first puts of a gateway are slow
        alone, failures = self.others(self.test.seconds)
        idle = self.open_idle()
        before = self.gateway.resident_kib()
        active = Putters(self.gateway, self.context, self.puts, self.test.active, self.test.interval)
        beside, more = self.others(self.test.seconds)
        each = (self.gateway.resident_kib() - before) / self.test.active
        times, failed = active.end()
        self.check(not failures and not more and not failed, "no put failed: %s" % (failures + more + failed)[:3])
        wanted = 0.5 * self.test.active * self.test.seconds / self.test.interval
        self.check(len(times) >= wanted, "%d puts of the active ones, at least %d" % (len(times), wanted))
        self.test.note("%s: an active connection holds %.1f KiB; its puts take %.1f ms (p50), %.1f ms (p99)" % (
            self.name, each, 1000 * quantile(times, 0.5), 1000 * quantile(times, 0.99)))
        self.judge(alone, beside)
        kept = sum(connection.is_open() for connection in idle)
        self.check(kept == len(idle), "all idle connections are still there (%d)" % kept)
        for connection in idle:
            connection.socket.close()

    def judge(self, alone, beside):
        for part, name in ((0.5, "p50"), (0.99, "p99")):
            self.test.note("%s: others' puts %s %.1f ms alone, %.1f ms beside %d idle and %d active connections" % (
                self.name, name, 1000 * quantile(alone, part), 1000 * quantile(beside, part), self.test.idle,
                self.test.active))
        if self.test.night:
            self.check(quantile(beside, 0.99) <= 2 * quantile(alone, 0.99), "others' p99 is within twice of alone")


def patient(gateway, test):
    """Opening ten thousand connections takes its time; none may be too old by then."""
    path = test.path(gateway.name + ".toml")
    with open(path, "w") as file:
        file.write('[limits]\nidle_timeout = "1 h"\n')
    gateway.command += ["--config", path]
    return gateway.start()


def main():
    test = harness.Test(__doc__, idle=(500, 10000), active=(50, 1000), seconds=(1.5, 15.0), interval=(0.25, 2.0))
    harness.allow_open_files(test.idle + test.active + 1024)
    plain = patient(harness.Gateway(test, name="plain"), test)
    Round(test, "plain", plain, None).run()
    test.check(plain.stop() == 0, "the gateway stops cleanly")
    secured = patient(tls.TlsGateway(test, name="tls"), test)
    Round(test, "TLS", secured, ssl.create_default_context(cafile=secured.certificate)).run()
    test.check(secured.stop() == 0, "the gateway stops cleanly")
    test.finish()


if __name__ == "__main__":
    main()
