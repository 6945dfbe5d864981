"""lake_queries.py FOLDER ROWS: what an analyst asks of FOLDER/parquet/*.parquet and FOLDER/json/*.json.gz, with
pyarrow and with DuckDB. Prints a JSON list of {engine, format, count, groups: [[device, level, count], ...]}, and
writes the rows of the Parquet files by n as JSON lines to the file ROWS. Run by lake.py with a Python that has both
packages."""

import glob
import json
import os
import sys

import duckdb
import pyarrow
import pyarrow.json
import pyarrow.parquet

TYPES = {"device": "string", "level": "string", "n": "int64", "value": "double"}


def with_pyarrow(name, table):
    groups = table.group_by(["device", "level"]).aggregate([([], "count_all")])
    rows = [[row["device"], row["level"], row["count_all"]] for row in groups.to_pylist()]
    return {"engine": "pyarrow " + pyarrow.__version__, "format": name, "count": table.num_rows, "groups": rows}


def with_duckdb(name, source):
    count = duckdb.sql("SELECT count(*) FROM " + source).fetchall()[0][0]
    groups = duckdb.sql("SELECT device, level, count(*) FROM %s GROUP BY device, level" % source).fetchall()
    return {"engine": "DuckDB " + duckdb.__version__, "format": name, "count": count,
            "groups": [list(row) for row in groups]}


def main():
    folder, rows = sys.argv[1:]
    parquet = sorted(glob.glob(os.path.join(folder, "parquet", "*.parquet")))
    lines = sorted(glob.glob(os.path.join(folder, "json", "*.json.gz")))
    table = pyarrow.concat_tables(pyarrow.parquet.read_table(path) for path in parquet)
    found = {field.name: str(field.type) for field in table.schema}
    if found != TYPES:
        sys.exit("the columns of the Parquet files are %s, declared were %s" % (found, TYPES))
    json_table = pyarrow.concat_tables(pyarrow.json.read_json(path) for path in lines)
    print(json.dumps([
        with_pyarrow("Parquet", table), with_pyarrow("JSON lines", json_table),
        with_duckdb("Parquet", "read_parquet('%s/parquet/*.parquet')" % folder),
        with_duckdb("JSON lines", "read_json('%s/json/*.json.gz', format = 'newline_delimited')" % folder)]))
    with open(rows, "w", encoding="utf-8") as file:
        for batch in table.sort_by("n").to_batches():
            for row in batch.to_pylist():
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
