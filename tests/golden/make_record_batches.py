#!/usr/bin/env python3
"""Writes record_batch/*.bin with kafka-python's own builder: the bytes wire/kafka/record_batch must read.

    python3 -m venv build/golden-venv
    build/golden-venv/bin/pip install kafka-python lz4
    build/golden-venv/bin/python tests/golden/make_record_batches.py
"""
import pathlib

from kafka.record.default_records import DefaultRecordBatchBuilder as Builder

FOLDER = pathlib.Path(__file__).parent / "record_batch"
BASE_MS = 1_700_000_000_123
HASH_KEY = bytes(range(16))


def build(compression, records):
    builder = Builder(magic=2, compression_type=compression, is_transactional=False, producer_id=-1, producer_epoch=-1,
                      base_sequence=-1, batch_size=1 << 30)
    for index, (key, value, timestamp, headers) in enumerate(records):
        assert builder.append(index, timestamp, key, value, headers) is not None
    return bytes(builder.build())


def plain(count):
    return [(b"device-%03d" % (i % 7), b"%d: temperature 21.5, load 0.%d" % (i, i % 10), BASE_MS + 250 * i - 3 *
             (i % 2), []) for i in range(count)]


CASES = {
    "none_1": build(0, plain(1)),
    "none_100": build(0, plain(100)),
    "lz4_1000": build(3, plain(1000)),
    "lz4_large": build(3, [(b"k", bytes((i * j) % 251 for j in range(50_000)), BASE_MS, []) for i in range(1, 9)]),
    "headers": build(0, [
        (b"a", b"first", BASE_MS, [("trace", b"1"), ("empty", b""), ("null", None)]),
        (b"b", b"second", BASE_MS + 1, [("forebay-hash-key", HASH_KEY)]),
        (b"c", b"third", BASE_MS + 2, [("x", b"y"), ("forebay-hash-key", HASH_KEY[::-1]), ("x", b"z")]),
    ]),
    "empty_fields": build(0, [(b"", b"", BASE_MS, []), (b"k", b"", BASE_MS, []), (b"", b"v", BASE_MS, [])]),
    "null_value": build(0, [(b"k", None, BASE_MS, [])]),
    "null_key": build(0, [(b"k", b"v", BASE_MS, []), (None, b"v", BASE_MS, [])]),
    "hash_key_short": build(0, [(b"k", b"v", BASE_MS, [("forebay-hash-key", HASH_KEY[:15])])]),
    "gzip": build(1, plain(20)),
}

FOLDER.mkdir(exist_ok=True)
for name, content in CASES.items():
    (FOLDER / (name + ".bin")).write_bytes(content)
    print(f"{name}.bin {len(content)} bytes")
