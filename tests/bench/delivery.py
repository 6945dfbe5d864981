"""Delivery to S3: speed and CPU by format, memory with 1,000 open partitions, what writers feel of it, and how long
after its acknowledgement a record can be read in the store (sections `delivery*`).

  gateway/delivery/parquet/parquet-sdk.sh; cmake ... -DFOREBAY_BENCH=ON -DFOREBAY_PARQUET=ON -DFOREBAY_TESTS=ON
  tests/e2e/s3_servers.py builds versitygw into build/peers

What is not there is named and left out."""
import json
import os
import re
import shutil
import statistics
import tempfile
import time
import urllib.request

import boto3
import botocore.config

from delivery_stores import ENVIRONMENT, Sink, Versity
from programs import Gateway

PAYLOAD = 200  # bytes of a record: a JSON object
SHARDS = 8
FORMATS = ("none", "gzip", "zstd", "parquet")
OPEN_RATE = 100_000  # records of 100 B per second of a writer that does not depend on the answers
CONFIG = """auto_create_streams = true
[delivery]
endpoint = "%s"
region = "us-east-1"
%s
[[delivery_schema]]
name = "bench"
columns = ["id string", "customer string", "n bigint", "value double", "note string"]
"""
DELIVERY = """[[delivery_stream]]
name = "%s"
stream = "%s"
from_start = true
bucket = "lake"
%s
"""


def median(values):
    return statistics.median(values)


def format_settings(name):
    if name == "parquet":
        return 'schema = "bench"\nbuffer_size = "64 MiB"\n'
    return f'compression = "{name}"\ndelimiter = "\\n"\nbuffer_size = "5 MiB"\n'


def write_config(bench, store, deliveries, settings=""):
    """deliveries: (name, stream, lines of settings)."""
    path = os.path.join(tempfile.mkdtemp(dir=bench.work), "gateway.toml")
    with open(path, "w") as file:
        file.write(CONFIG % (store.endpoint, settings))
        for delivery in deliveries:
            file.write(DELIVERY % delivery)
    return path


def formats_of(bench):
    if os.path.exists(os.path.join(bench.build, "gateway", "forebay-parquet.so")):
        return FORMATS
    print("     forebay-parquet.so is not built: no figures of Parquet (-DFOREBAY_PARQUET=ON)")
    return FORMATS[:-1]


class Metrics:
    """Counters and gauges of a running gateway."""

    def __init__(self, gateway):
        with urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/metrics", timeout=60) as answer:
            self.text = answer.read().decode()

    def value(self, name):
        found = re.findall(r"^forebay_delivery_%s(?:\{[^}]*\})? ([0-9.e+]+)$" % name, self.text, re.M)
        return sum(float(one) for one in found)


class Source:
    """A data folder whose streams are filled once and delivered by one gateway after the other."""

    def __init__(self, bench):
        self.bench = bench
        self.data = tempfile.mkdtemp(prefix="source-", dir=bench.work)

    def gateway(self, config=None):
        return Gateway(self.bench, extra=["--config", config] if config else [], data=self.data)

    def create(self, *streams, shards=SHARDS):
        with self.gateway() as gateway:
            for stream in streams:
                self.bench.create(gateway.port, stream, shards, keys=gateway)

    def fill(self, stream, megabytes, shards=SHARDS):
        """The number of records written."""
        with self.gateway() as gateway:
            self.bench.create(gateway.port, stream, shards, keys=gateway)
            out = self.bench.kload(gateway.port, "put", "--stream", stream, "--records", 500, "--payload", PAYLOAD,
                                   "--json", "--conns", 16, "--warmup", 0, "--count", int(megabytes * 1e6 / PAYLOAD),
                                   keys=gateway)
            return int(self.bench.number(out, "acked"))

    def remove(self):
        shutil.rmtree(self.data, ignore_errors=True)


def wait_until(gateway, done, seconds=300):
    """Polls the gateway's metrics until done(metrics); the time is over: ends the program."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        metrics = Metrics(gateway)
        if done(metrics):
            return metrics
        time.sleep(0.02)
    raise SystemExit(f"delivery is not done after {seconds} s; see {gateway.data}.log")


def deliver(bench, source, store, name, number, records):
    """One gateway delivers everything that is there; its figures."""
    settings = format_settings(name) + 'buffer_interval = "0 s"'
    config = write_config(bench, store, [(f"{name}-{number}", "bench", settings)])
    with source.gateway(config) as gateway:
        cpu, store_cpu, begin = gateway.cpu_seconds(), store.process.cpu_seconds(), time.monotonic()
        wait_until(gateway, lambda metrics: metrics.value("records_total") >= records)
        took = time.monotonic() - begin
        stored, objects = store.stored()
        gigabytes = records * PAYLOAD / 1e9
        return {"rate": gigabytes * 1000 / took, "cpu": (gateway.cpu_seconds() - cpu) / gigabytes,
                "store_cpu": (store.process.cpu_seconds() - store_cpu) / gigabytes, "peak": gateway.peak_mb(),
                "stored_rate": stored / 1e6 / took, "stored": stored, "kib": int(stored / max(1, objects) / 1024)}


def throughput(bench):
    """MB/s of payload and CPU of the gateway, by format, to both stores in turns."""
    os.environ.update(ENVIRONMENT)
    megabytes = 25 * bench.seconds
    source, number = Source(bench), 0
    try:
        records = source.fill("bench", megabytes)
        formats, with_versity = formats_of(bench), Versity.is_installed(bench)
        if not with_versity:
            print("     versitygw is not installed (tests/e2e/s3_servers.py builds it)")
        figures = {(store, name): [] for store in ("sink", "versity") for name in formats}
        for number in range(bench.rounds):
            for name in formats:
                with Sink(bench) as sink:
                    figures["sink", name].append(deliver(bench, source, sink, name, number * 2, records))
                if not with_versity:
                    continue
                with Versity(bench) as versity:
                    one = deliver(bench, source, versity, name, number * 2 + 1, records)
                    one["plain"] = versity.plain_puts(max(16, one["stored"] >> 20), one["kib"])
                figures["versity", name].append(one)
        for name in formats:
            report_sink(bench, name, figures["sink", name])
        for name in formats if with_versity else ():
            report_versity(bench, name, figures["versity", name])
    finally:
        source.remove()


def report_sink(bench, name, runs):
    figure = lambda what: median([run[what] for run in runs])
    rate = figure("rate")
    bench.report(f"delivery to a loopback S3, {name}", f"{rate:.0f} MB/s", ">= 100 MB/s", rate >= 100,
                 f"aim 200; {figure('cpu'):.2f} CPU-s/GB; objects of {figure('kib'):.0f} KiB, "
                 f"{figure('stored_rate'):.0f} MB/s of them; peak RSS {max(run['peak'] for run in runs):.0f} MB")


def report_versity(bench, name, runs):
    figure = lambda what: median([run[what] for run in runs])
    share = median([run["stored_rate"] / run["plain"] for run in runs])
    rate = figure("rate")
    bench.report(f"delivery to versitygw, {name}", f"{rate:.0f} MB/s = {share:.2f}", ">= 100 MB/s or 0.8 of it",
                 rate >= 100 or share >= 0.8,
                 f"{figure('cpu'):.2f} CPU-s/GB, the store {figure('store_cpu'):.2f}; it takes plain puts of "
                 f"{figure('kib'):.0f} KiB at {figure('plain'):.0f} MB/s, of delivery {figure('stored_rate'):.0f} MB/s")


def memory(bench):
    """Peak memory with 1,000 partitions open, which together want several times the memory that is configured."""
    os.environ.update(ENVIRONMENT)
    limit = 64
    source = Source(bench)
    try:
        records = source.fill("bench", 4 * limit, shards=1)
        with source.gateway() as gateway:
            idle = gateway.peak_mb()
        for name in (name for name in formats_of(bench) if name in ("gzip", "parquet")):
            peaks = []
            for number in range(min(3, bench.rounds)):
                settings = re.sub(r'buffer_size = "\d+', 'buffer_size = "64', format_settings(name)) + (
                    'buffer_interval = "900 s"\npartition_query = "{customer: .customer}"\npartitions_max = 1000\n'
                    'prefix = "c=!{partitionKeyFromQuery:customer}/"\nerror_prefix = "errors/"\n')
                with Sink(bench) as sink:
                    config = write_config(bench, sink, [(f"{name}-{number}", "bench", settings)],
                                          f'memory = "{limit} MiB"')
                    with source.gateway(config) as gateway:
                        wait_until(gateway, lambda metrics: metrics.value("records_total") >= records * 0.5)
                        peaks.append(gateway.peak_mb())
                    objects = sink.counts()["objects"]
            goal = limit + 150
            bench.report(f"1,000 open partitions, memory = {limit} MiB, {name}", f"peak RSS {max(peaks):.0f} MB",
                         f"<= {goal} MB", max(peaks) <= goal and objects >= 1000,
                         f"{idle:.0f} MB without delivery; {objects} objects put of {records * PAYLOAD / 1e6:.0f} MB")
    finally:
        source.remove()


def put_run(bench, gateway, seconds, *more):
    """One run of W1; its line of JSON."""
    return bench.kload(gateway.port, "put", "--stream", "bench", "--records", 500, "--conns", 16, "--seconds", seconds,
                       *more, keys=gateway)


def beside(bench):
    """W1 with and without delivery (gzip) of what it writes, alternating, as fast as it goes and at a steady rate."""
    os.environ.update(ENVIRONMENT)
    seconds = bench.seconds / 2
    kinds = {"closed": (), "open": ("--rate", OPEN_RATE)}
    runs = {(kind, delivers): [] for kind in kinds for delivers in (False, True)}
    behind = {kind: [] for kind in kinds}
    for number in range(bench.rounds):
        for kind, arguments in kinds.items():
            for delivers in ((False, True), (True, False))[number % 2]:
                source = Source(bench)
                source.create("bench")
                with Sink(bench) as sink:
                    config = write_config(bench, sink, [("gzip", "bench", format_settings("gzip") +
                                                         'buffer_interval = "1 s"')]) if delivers else None
                    with source.gateway(config) as gateway:
                        runs[kind, delivers].append(put_run(bench, gateway, seconds, *arguments))
                        if delivers:
                            behind[kind].append(Metrics(gateway).value("behind_records"))
                source.remove()
    report_beside(bench, runs, behind)


def report_beside(bench, runs, behind):
    def ratio(kind, name):
        pairs = zip(runs[kind, True], runs[kind, False])
        return median([bench.number(a, name) / bench.number(b, name) for a, b in pairs])

    def figure(kind, delivers, name):
        return median([bench.number(run, name) for run in runs[kind, delivers]])

    rate = "records_per_s"
    closed, steady = ratio("closed", rate), ratio("open", rate)
    bench.report("W1 beside delivery (gzip) / without, closed loop", f"{closed:.2f}", ">= 0.9", closed >= 0.9,
                 f"{figure('closed', True, rate):,.0f}/s and {figure('closed', False, rate):,.0f}/s on the "
                 f"{os.cpu_count()} cores of load and store; {median(behind['closed']):,.0f} records behind at the end")
    bench.report(f"W1 at {OPEN_RATE:,}/s beside delivery / without, rate", f"{steady:.2f}", ">= 0.9", steady >= 0.9,
                 f"{median(behind['open']):,.0f} records behind at the end")
    bench.report("  p50 of its latency", f"{ratio('open', 'p50_ms'):.2f}", "<= 1.1", ratio("open", "p50_ms") <= 1.1,
                 f"{figure('open', True, 'p50_ms'):.2f} and {figure('open', False, 'p50_ms'):.2f} ms; p99 "
                 f"{figure('open', True, 'p99_ms'):.1f} and {figure('open', False, 'p99_ms'):.1f} ms")


def latency(bench):
    """From the answer to PutRecord until the object with the record is in the store, at intervals of 0 and 1 s."""
    os.environ.update(ENVIRONMENT)
    source, intervals = Source(bench), (0, 1)
    streams = {interval: f"interval-{interval}" for interval in intervals}
    source.create(*streams.values(), shards=1)
    visible, listed = {interval: [] for interval in intervals}, {interval: [] for interval in intervals}
    try:
        for number in range(bench.rounds):
            with Sink(bench, trace=True) as sink:
                config = write_config(bench, sink, [
                    (f"{stream}-{number}", stream,
                     format_settings("none") + f'prefix = "{interval}/"\nbuffer_interval = "{interval} s"')
                    for interval, stream in streams.items()])
                with source.gateway(config) as gateway:
                    acknowledged = put_singly(gateway, streams, number, bench.seconds / 2)
                    wait_until(gateway, lambda metrics: metrics.value("behind_records") == 0)
                    time.sleep(0.1)
                for interval in intervals:
                    found = latencies(sink, interval, acknowledged)
                    visible[interval].append(found[0])
                    listed[interval].append(found[1])
    finally:
        source.remove()
    for interval in intervals:
        report_latency(bench, interval, visible[interval], listed[interval])


def put_singly(gateway, streams, number, seconds):
    """Record after record into every stream, in turns; when each was acknowledged."""
    client = boto3.session.Session().client("kinesis", endpoint_url=f"http://127.0.0.1:{gateway.port}",
                                            region_name="us-east-1", aws_access_key_id=gateway.access,
                                            aws_secret_access_key=gateway.secret,
                                            config=botocore.config.Config(parameter_validation=False))
    acknowledged, end, n = {}, time.monotonic() + seconds, 0
    while time.monotonic() < end:
        for interval, stream in streams.items():
            name = f"{number}-{interval}-{n}"
            client.put_record(StreamName=stream, PartitionKey="k", Data=name)
            acknowledged[name] = time.monotonic_ns()
        n += 1
        time.sleep(0.013)
    return acknowledged


def latencies(sink, interval, acknowledged):
    """Seconds until the object was there, and until the manifest listed it, of every record of this interval."""
    records, stored, listed = {}, {}, {}
    for ns, key, body in sink.trace():
        if key.startswith("_forebay/"):
            for one in json.loads(body)["objects"]:
                listed[one["key"]] = ns
        elif key.startswith(f"{interval}/"):
            stored[key] = ns
            for line in body.decode().splitlines():
                records[line] = key
    wanted = [name for name in acknowledged if name.split("-")[1] == str(interval)]
    missing = [name for name in wanted if name not in records or records[name] not in listed]
    if missing:
        raise SystemExit(f"{len(missing)} of {len(wanted)} acknowledged records are not listed: {missing[:3]}")
    seconds = lambda times: [max(0, times[records[name]] - acknowledged[name]) / 1e9 for name in wanted]
    return seconds(stored), seconds(listed)


def quantile(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def report_latency(bench, interval, visible, listed):
    figure = lambda runs, part: median([quantile(run, part) for run in runs])
    p50, p99 = figure(visible, 0.5), figure(visible, 0.99)
    bench.report(f"put answered to object in the store, {interval} s", f"p50 {p50:.3f} p99 {p99:.3f} s",
                 f"<= {interval + 2} s", p99 <= interval + 2,
                 f"aim {interval + 1} s; listed in the manifest p50 {figure(listed, 0.5):.3f} "
                 f"p99 {figure(listed, 0.99):.3f} s")


SECTIONS = {"delivery": throughput, "delivery-memory": memory, "delivery-beside": beside, "delivery-latency": latency}
