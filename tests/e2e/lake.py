#!/usr/bin/python3
"""lake.py BUILD [--store folder|versitygw|ceph]: a log of JSON lines that grows in bursts and is rotated by rename
while it is written, followed by forebay-agent, sent through the gateway and delivered twice: as Parquet with a declared
schema and as gzip JSON lines. lake_queries.py then asks the objects that the manifest lists, with pyarrow and DuckDB
from PyPI, what `wc -l` and `sort | uniq -c` say of the log. Every row is compared too.

Nobody helps: streams and delivery streams come from gateway.toml, the log ends when it ends. BUILD has the module
forebay-parquet.so (FOREBAY_PARQUET=ON). What lake_queries.py needs is installed into build/venv when it is missing."""

import collections
import gzip
import json
import os
import re
import subprocess
import sys
import threading
import time

import delivered_buckets
import harness

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
VENV = os.path.join(ROOT, "build", "venv")
SUFFIXES = {"parquet": "parquet", "json": "json.gz"}
DEVICES = ["pump-%d" % number for number in range(7)] + ["kessel-süd"]
LEVELS = ["info"] * 8 + ["warning", "error"]
BURSTS = 160
QUIET_SECONDS = 60
REFUSED = "a delivery stream cannot be made"  # says the gateway without the module

CONFIG = """auto_create_streams = true
[delivery]
endpoint = "{endpoint}"
{settings}
[[delivery_schema]]
name = "readings"
columns = ["device string", "level string", "n bigint", "value double"]
[[delivery_stream]]
name = "parquet"
stream = "readings"
from_start = true
bucket = "lake"
prefix = "parquet/"
schema = "readings"
buffer_interval = "1 s"
[[delivery_stream]]
name = "json"
stream = "readings"
from_start = true
bucket = "lake"
prefix = "json/"
compression = "gzip"
delimiter = "\\n"
buffer_interval = "1 s"
"""


class Log(threading.Thread):
    """Writes lines for about `seconds`; a burst may end in the middle of a line. In the middle of it all the file gets
    another name, takes one more burst under it, and a new file is begun."""

    def __init__(self, test, lines, seconds):
        super().__init__(daemon=True)
        self.random, self.lines, self.pause = test.random, lines, seconds / BURSTS
        self.folder = test.path("logs")
        self.path, self.rotated = os.path.join(self.folder, "readings.log"), os.path.join(self.folder, "readings.log.1")
        os.mkdir(self.folder)
        self.number = 0

    def line(self):
        text = json.dumps({"device": self.random.choice(DEVICES), "level": self.random.choice(LEVELS),
                           "n": self.number, "value": self.random.uniform(-50, 150)}, ensure_ascii=False)
        self.number += 1
        return (text + "\n").encode()

    def burst(self, file, end):
        count = min(self.random.randint(1, max(2, 2 * self.lines // BURSTS)), end - self.number)
        block = b"".join(self.line() for _ in range(count))
        cut = len(block) - self.random.choice([0, 0, 1, 20])
        os.write(file, block[:cut])
        time.sleep(self.random.uniform(0, 2 * self.pause))
        os.write(file, block[cut:])

    def write(self, end, rename=False):
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        while self.number < end:
            self.burst(file, end)
        if rename:
            os.rename(self.path, self.rotated)
            self.burst(file, self.lines)
        os.close(file)

    def run(self):
        self.write(self.lines // 2, rename=True)
        self.write(self.lines)

    def shell(self, command):
        """Output of a pipe that begins with the whole log."""
        begin = "LC_ALL=C; export LC_ALL; cat %s %s | " % (self.rotated, self.path)
        return subprocess.run(begin + command, shell=True, check=True, stdout=subprocess.PIPE).stdout.decode()

    def count(self):
        return int(self.shell("wc -l"))

    def groups(self):
        """Lines by (device, level)."""
        fields = r"""sed -E 's/^\{"device": "([^"]*)", "level": "([^"]*)".*/\1 \2/'"""
        rows = [row.split() for row in self.shell(fields + " | sort | uniq -c").splitlines()]
        return {(device, level): int(count) for count, device, level in rows}


def analysts_python(test):
    """A Python with what lake_queries.py needs."""
    python = os.path.join(VENV, "bin", "python")
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    for package, name in (("pyarrow==26.0.1", "pyarrow"), ("duckdb", "duckdb")):
        if subprocess.run([python, "-c", "import " + name], stderr=subprocess.DEVNULL).returncode == 0:
            continue
        pip = subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if not test.check(pip.returncode == 0, "%s is installed into build/venv %s" % (package, pip.stdout[-500:])):
            test.finish()
    return python


def wait_until_listed(test, gateway, delivered, wanted):
    """Until the manifest lists every line twice, or nothing has come for long."""
    deadline, count = time.monotonic() + QUIET_SECONDS, -1
    while time.monotonic() < deadline and REFUSED not in gateway.output():
        records = delivered.records()
        if records != count:
            count, deadline = records, time.monotonic() + QUIET_SECONDS
        if records >= wanted:
            time.sleep(1)  # what is too much comes too
            return
        time.sleep(0.3)
    warnings = [line for line in gateway.output().splitlines() if " warning " in line or " error " in line]
    test.check(False, "the manifest lists %d of %d records; the gateway says %s" % (count, wanted, warnings[:3]))
    test.finish()


def documented_reader():
    """entries and objects of docs/formats/manifest.md, as they stand there."""
    with open(os.path.join(ROOT, "docs", "formats", "manifest.md")) as file:
        code = re.search(r"```python\n(.*?)```", file.read(), re.DOTALL).group(1)
    names = {}
    exec(compile(code, "docs/formats/manifest.md", "exec"), names)
    return names["entries"], names["objects"]


def listed_objects(bucket, name):
    """(lane, what its entry says of the object, the object) of a delivery stream."""
    entries, objects = documented_reader()
    keys = set(bucket.keys())
    prefix = delivered_buckets.MANIFEST + name + "/"

    def get(key):
        return bucket.load(key) if key in keys else None
    for lane in sorted({os.path.dirname(key) + "/" for key in keys if key.startswith(prefix)}):
        for entry, _, _ in entries(get, lane):
            for listed, body in objects(get, entry):
                yield lane, listed, body


def fetch(test, bucket, name):
    """Writes the listed objects of a delivery stream as files into lake/NAME; gives the objects by lane."""
    os.makedirs(test.path("lake", name))
    lanes, count = collections.defaultdict(list), 0
    for lane, listed, body in listed_objects(bucket, name):
        if listed["error_type"] or listed["size"] != len(body):
            test.check(False, "%s has %d bytes of records (%s)" % (listed["key"], len(body), listed["error_type"]))
        with open(test.path("lake", name, "%06d.%s" % (count, SUFFIXES[name])), "wb") as file:
            file.write(body)
        lanes[lane].append(body)
        count += 1
    test.check(count > 0, "%s: %d objects of %d shards are as the manifest says" % (name, count, len(lanes)))
    return lanes


def check_lines(test, log, lanes):
    """JSON lines byte by byte, and each device in the order of the log."""
    lines = {lane: b"".join(map(gzip.decompress, bodies)).splitlines() for lane, bodies in lanes.items()}
    with open(log.rotated, "rb") as old, open(log.path, "rb") as new:
        source = old.read().splitlines() + new.read().splitlines()
    test.check(sorted(source) == sorted(line for own in lines.values() for line in own),
               "json: the lines are those of the log, each once")
    wrong = []
    for lane, own in lines.items():
        last = {}
        for row in map(json.loads, own):
            if row["n"] <= last.get(row["device"], -1):
                wrong.append((lane, row))
            last[row["device"]] = row["n"]
    test.check(not wrong, "json: every device is in the order of the log %s" % wrong[:3])


def check_queries(test, log, python):
    rows = test.path("rows")
    done = subprocess.run([python, os.path.join(HERE, "lake_queries.py"), test.path("lake"), rows],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if not test.check(done.returncode == 0, "the queries run %s" % done.stderr[-2000:]):
        return
    count, groups = log.count(), log.groups()
    test.note("wc -l: %d; sort | uniq -c: %d groups, the first %s" % (count, len(groups), sorted(groups.items())[0]))
    for answer in json.loads(done.stdout):
        found = {(device, level): number for device, level, number in answer["groups"]}
        what = "%s asks %s: " % (answer["engine"], answer["format"])
        test.check(answer["count"] == count == log.lines, what + "count is that of wc -l (%d)" % answer["count"])
        test.check(found == groups, what + "count by device and level is that of sort | uniq -c %s" % (
            "" if found == groups else sorted(found.items())))
    same = subprocess.run("cat %s %s | cmp - %s" % (log.rotated, log.path, rows), shell=True).returncode == 0
    test.check(same, "parquet: its rows by n, written as lines again, are the bytes of the log")


def main():
    test = harness.Test(__doc__, lines=(20_000, 1_000_000), seconds=(10, 60), store=("folder", "folder"))
    python = analysts_python(test)
    bucket = delivered_buckets.open_bucket(test, test.store)
    delivered = delivered_buckets.Delivered(bucket)
    config = test.path("gateway.toml")
    with open(config, "w") as file:
        file.write(CONFIG.format(endpoint=bucket.endpoint, settings=bucket.settings))
    os.environ.update(bucket.environment)
    gateway = harness.Gateway(test, arguments=["--config", config]).start()
    log = Log(test, test.lines, test.seconds)
    agent = harness.Agent(test, gateway, [{"type": "file", "paths": [log.path], "stream": "readings",
                                           "key": "{json:device}"}])
    log.start()
    agent.start()
    log.join()
    test.note("the log has %d lines" % log.number)
    wait_until_listed(test, gateway, delivered, 2 * test.lines)
    test.check(agent.stop() == 0, "the agent stops cleanly")
    test.check(gateway.stop() == 0, "the gateway stops cleanly")
    fetch(test, bucket, "parquet")
    check_lines(test, log, fetch(test, bucket, "json"))
    check_queries(test, log, python)
    bucket.close()
    test.finish()


if __name__ == "__main__":
    main()
