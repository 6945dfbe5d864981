#!/usr/bin/env python3
"""Reads the files of test_delivery_parquet with pyarrow and compares every value.

    FOREBAY_PARQUET_KEEP=FOLDER build/release/tests/test_delivery_parquet
    python3 tests/unit/delivery/parquet/read_back.py FOLDER
"""
import datetime
import decimal
import sys

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 5000
SCHEMA = pa.schema(
    [
        ("s", pa.string()), ("b", pa.binary()), ("t", pa.int8()), ("h", pa.int16()), ("i", pa.int32()), ("l", pa.int64()),
        ("f", pa.float32()), ("d", pa.float64()), ("o", pa.bool_()), ("at", pa.timestamp("us", tz="UTC")), ("day", pa.date32()),
        ("m", pa.decimal128(20, 3)),
    ]
)
MOMENT = datetime.datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=datetime.timezone.utc)


def row(i):
    if i % 10 == 9:
        return dict.fromkeys(SCHEMA.names)
    return {
        "s": f"text é {i}", "b": b"\0\1\2", "t": i % 128, "h": -i, "i": i, "l": i * 10**12, "f": 0.5, "d": i + 0.25,
        "o": i % 2 == 0, "at": MOMENT, "day": MOMENT.date(), "m": decimal.Decimal(f"-{i}.125"),
    }


def main(folder):
    expected = [row(i) for i in range(ROWS)]
    for compression in ("SNAPPY", "GZIP", "ZSTD", "UNCOMPRESSED"):
        path = f"{folder}/{compression}.parquet"
        table = pq.read_table(path)
        assert table.schema.equals(SCHEMA), table.schema
        assert table.to_pylist() == expected, path
        metadata = pq.read_metadata(path)
        used = {metadata.row_group(0).column(i).compression for i in range(metadata.num_columns)}
        assert used == {compression}, used
        print(f"{path}: {table.num_rows} rows equal")


main(sys.argv[1])
