#!/usr/bin/env python3
"""Reads batches built by this project with kafka-python's reader and compares every record. Run by hand:

    FOREBAY_BATCHES_OUT=/tmp/batches build/release/tests/test_wire \\
        --gtest_filter='RecordBatch.WritesSamplesForOtherReaders'
    build/golden-venv/bin/python tests/golden/read_record_batches.py /tmp/batches
"""
import pathlib
import sys

from kafka.record.memory_records import MemoryRecords

BASE_MS = 1_700_000_000_123


def read(path):
    records = []
    for batch in iter(MemoryRecords(path.read_bytes()).next_batch, None):
        assert batch.validate_crc(), path
        assert batch.magic == 2 and batch.producer_id == -1 and not batch.is_control_batch
        records += list(batch)
    return records


def main(folder):
    for name, count in (("none", 50), ("lz4", 5000)):
        records = read(folder / f"{name}.bin")
        assert len(records) == count, (name, len(records))
        for i, record in enumerate(records):
            assert record.offset == 1000 + i, (name, i, record.offset)
            assert record.key == b"device-%d" % (i % 5), (name, i, record.key)
            assert record.value == b"value %d of a line that repeats and repeats" % i, (name, i, record.value)
            assert record.timestamp == BASE_MS + 10 * (i ^ 1), (name, i, record.timestamp)
            expected = [("forebay-hash-key", bytes(8) + i.to_bytes(8, "big"))] if i % 10 == 3 else []
            assert list(record.headers) == expected, (name, i, record.headers)
        print(f"{name}: {count} records read and equal")


main(pathlib.Path(sys.argv[1]))
