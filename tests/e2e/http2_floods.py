#!/usr/bin/python3
"""Floods of HTTP/2 frames that carry nothing, header bombs, windows that stay shut: each ends or stalls its own
connection, costs the gateway little, and a good client's puts go on all the time. Prints the memory of an idle
HTTP/2 connection."""

import os
import struct
import time

import abuse
import harness
import http2_frames as h2

FLOOD_BYTES_MAX = 64 << 20


def cpu_seconds(gateway):
    with open("/proc/%d/stat" % gateway.child.pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rapid_resets(index):
    request = h2.frame(h2.HEADERS, h2.END_STREAM | h2.END_HEADERS, 2 * index + 1, h2.head())
    return request + h2.frame(h2.RESET, 0, 2 * index + 1, struct.pack(">I", 8))


FLOODS = {
    "pings": (b"", lambda index: h2.frame(h2.PING, 0, 0, b"12345678")),
    "settings": (b"", lambda index: h2.frame(h2.SETTINGS, 0, 0)),
    "priorities": (b"", lambda index: h2.frame(h2.PRIORITY, 0, 2 * index + 1, struct.pack(">IB", 0, 16))),
    "window updates": (b"", lambda index: h2.frame(h2.WINDOW_UPDATE, 0, 0, struct.pack(">I", 1))),
    "unknown frames": (b"", lambda index: h2.frame(200, 0, 0, b"x")),
    "rapid resets": (b"", rapid_resets),
    "continuations": (h2.frame(h2.HEADERS, 0, 1, h2.head()),
                      lambda index: h2.frame(h2.CONTINUATION, 0, 1, h2.field("x-%d" % index, "v" * 1000))),
    "empty continuations": (h2.frame(h2.HEADERS, 0, 1, h2.head()), lambda index: h2.frame(h2.CONTINUATION, 0, 1)),
}


def check_flood(test, gateway, name, first, make):
    connection = h2.Connection(gateway.port)
    connection.send(first)
    sent, index, before, start = 0, 0, cpu_seconds(gateway), time.monotonic()
    while sent < FLOOD_BYTES_MAX:
        block = b"".join(make(index + i) for i in range(200))
        index += 200
        if not connection.send(block):
            break
        sent += len(block)
    goaway = connection.read_until(h2.GOAWAY, 5)
    code = struct.unpack(">I", goaway[4:8])[0] if goaway else None
    connection.close()
    test.note("%s: %d frames, %.1f MB taken in %.1f s, GOAWAY code %s, %.2f s of processor time" % (
        name, index, sent / 1e6, time.monotonic() - start, code, cpu_seconds(gateway) - before))
    test.check(sent < FLOOD_BYTES_MAX, "a flood of %s ends its connection" % name)


def check_empty_data(test, gateway, abuser):
    """Needs a request that was admitted: one with a signature."""
    signed = [pair for pair in abuser.signed_headers("ListStreams", b"{}").items()]
    request = h2.head("POST", authority="127.0.0.1:%d" % gateway.port, headers=signed)
    check_flood(test, gateway, "empty DATA frames", h2.frame(h2.HEADERS, h2.END_HEADERS, 1, request),
                lambda index: h2.frame(h2.DATA, 0, 1))


def check_header_bomb(test, gateway):
    """One long field in the compression table, then a byte for each of its thousands of copies."""
    before = gateway.resident_kib()
    connections = []
    for _ in range(20):
        connection = h2.Connection(gateway.port)
        block = h2.head() + b"\x40\x01y" + h2.length(4000) + b"b" * 4000
        block += b"\xbe" * (16000 - len(block))
        connection.send(h2.frame(h2.HEADERS, h2.END_STREAM | h2.END_HEADERS, 1, block))
        connections.append(connection)
    answers = [
        connection.read_until(h2.HEADERS, 10) or connection.read_until(h2.GOAWAY, 1) for connection in connections
    ]
    test.check(all(answers), "every header bomb of 50 MB is answered or ended")
    grown = gateway.resident_kib() - before
    test.check(grown < 64 << 10, "header bombs take no memory (%d KiB more)" % grown)
    for connection in connections:
        connection.close()


def check_shut_windows(test, gateway, abuser):
    """Hundreds of answers that their client never lets go."""
    connection = h2.Connection(gateway.port, [(h2.INITIAL_WINDOW_SIZE, 0)])
    signed = [pair for pair in abuser.signed_headers("ListStreams", b"{}").items()]
    request = h2.head("POST", authority="127.0.0.1:%d" % gateway.port, headers=signed)
    for index in range(500):
        connection.send(h2.frame(h2.HEADERS, h2.END_HEADERS, 2 * index + 1, request) +
                        h2.frame(h2.DATA, h2.END_STREAM, 2 * index + 1, b"{}"))
    statuses, data, deadline = 0, 0, time.monotonic() + 20
    while statuses < 500 and time.monotonic() < deadline:
        got = connection.read()
        if got is None:
            break
        statuses += got[0] == h2.HEADERS
        data += len(got[3]) if got[0] == h2.DATA else 0
    test.check(statuses == 500 and data == 0, "shut windows: %d heads, %d bytes of bodies" % (statuses, data))
    connection.send(h2.frame(h2.PING, 0, 0, b"12345678"))
    test.check(connection.read_until(h2.PING, 10) == b"12345678", "a PING is answered beside stalled answers")
    connection.close()


def measure_idle(test, gateway):
    before, connections = gateway.resident_kib(), []
    for _ in range(test.connections):
        connection = h2.Connection(gateway.port)
        connection.send(h2.frame(h2.HEADERS, h2.END_STREAM | h2.END_HEADERS, 1, h2.head()))
        connections.append(connection)
    answered = sum(connection.read_until(h2.HEADERS) is not None for connection in connections)
    test.check(answered == len(connections), "all of %d HTTP/2 connections are answered (%d)" %
               (len(connections), answered))
    each = (gateway.resident_kib() - before) * 1024 / len(connections)
    test.note("an idle HTTP/2 connection holds %.0f bytes (of %d)" % (each, len(connections)))
    test.check_memory(each < 48 << 10, "an idle HTTP/2 connection holds less than 48 KiB (%.0f)" % each)
    for connection in connections:
        connection.close()


def main():
    test = harness.Test(__doc__, connections=(1000, 10000))
    harness.allow_open_files(test.connections + 512)
    gateway = harness.Gateway(test).start()
    gateway.create_stream("good")
    abuser = abuse.Abuser(test, gateway)
    measure_idle(test, gateway)
    good = abuse.GoodClient(gateway)
    good.start()
    for name, (first, make) in FLOODS.items():
        check_flood(test, gateway, name, first, make)
    check_empty_data(test, gateway, abuser)
    check_header_bomb(test, gateway)
    check_shut_windows(test, gateway, abuser)
    good.stopping.set()
    good.join()
    test.note("good client: %d puts, slowest %.0f ms" % (good.stored, good.slowest * 1000))
    test.check(good.stored > 0 and not good.errors, "no put of the good client failed (%d): %s" %
               (len(good.errors), good.errors[:3]))
    test.check(good.slowest < 5, "no put of the good client took five seconds (%.1f s)" % good.slowest)
    test.check(gateway.running(), "the gateway is still up")
    test.check(gateway.stop() == 0, "the gateway stops cleanly")
    test.finish()


if __name__ == "__main__":
    main()
