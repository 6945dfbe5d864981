"""parquet_lines.py: reads Parquet files with pyarrow, each on standard input behind its length (8 bytes, big endian),
and answers with the lines {"t":...,"pad":...} of its rows, framed alike. Run by delivery_reader.py with a Python that
has pyarrow."""

import io
import struct
import sys

import pyarrow.parquet


def main():
    while size := sys.stdin.buffer.read(8):
        table = pyarrow.parquet.read_table(io.BytesIO(sys.stdin.buffer.read(struct.unpack(">Q", size)[0])))
        rows = zip(table["t"].to_pylist(), table["pad"].to_pylist())
        lines = "".join('{"t":"%s","pad":"%s"}\n' % row for row in rows).encode()
        sys.stdout.buffer.write(struct.pack(">Q", len(lines)) + lines)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
