#!/usr/bin/python3
"""What quickstart.sh --once calls with its scratch folder: reads both streams back with boto3 and compares. Of each log
the records must be its lines, all that stood in it before the agent's last run, none that did not stand in it after,
in order. Of each sensor there is at least one sample, with rising times and no repetition. The delivered objects hold
each record of the logs once."""

import collections
import glob
import gzip
import json
import os
import sys
import time

import boto3


def read_stream(client, stream):
    """(key, data) of every record, in order within each shard."""
    out = []
    for page in client.get_paginator("list_shards").paginate(StreamName=stream):
        for shard in page["Shards"]:
            iterator = client.get_shard_iterator(StreamName=stream, ShardId=shard["ShardId"],
                                                 ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
            while iterator:
                answer = client.get_records(ShardIterator=iterator)
                out += [(record["PartitionKey"], record["Data"]) for record in answer["Records"]]
                iterator = answer.get("NextShardIterator")
                if answer["MillisBehindLatest"] == 0:
                    break
    return out


def lines_of(path):
    with open(path, "rb") as file:
        return file.read().split(b"\n")


def check_log(name, records, before, after):
    """Empty, or what is wrong."""
    must = before[:-1]
    if records[:len(must)] != must:
        wrong = next((i for i, line in enumerate(must) if i >= len(records) or records[i] != line), 0)
        return "%s: line %d differs from the record: %r" % (name, wrong + 1, must[wrong][:80])
    # A last line without its newline may have been collected as it stood.
    if records != after[:len(records)] and records[:-1] != after[:len(records) - 1]:
        return "%s: records that are no lines of the file" % name
    return ""


def check_sensors(records, names):
    samples = collections.defaultdict(list)
    for _, data in records:
        sample = json.loads(data)
        if not isinstance(sample["value"], (int, float)):
            return ["a sensor record without number: %r" % data], samples
        samples[sample["path"]].append(sample["time"])
    wrong = ["sensor %s has no sample" % name for name in names if not any(path.startswith(name) for path in samples)]
    for path, times in samples.items():
        if times != sorted(times) or len(set(times)) != len(times):
            wrong.append("times of sensor %s do not rise: %s" % (path, times[:5]))
    return wrong, samples


def delivered_lines(bucket):
    """Lines of the objects that the manifest lists, with how often each is there; and how many objects."""
    lines, objects = collections.Counter(), 0
    for entry in glob.glob(bucket + "/_forebay/manifest/**/*.json", recursive=True):
        with open(entry) as file:
            listed = json.load(file)["objects"]
        for item in listed:
            objects += 1
            if item.get("error_type"):
                lines["an object of errors: " + item["key"]] += 1
                continue
            with gzip.open(os.path.join(bucket, item["key"])) as file:
                lines.update(file.read().split(b"\n")[:-1])
    return lines, objects


def check_delivered(bucket, records, seconds=30):
    """Waits until as many lines are delivered as there are records; what is wrong then."""
    wanted = collections.Counter(record for _, record in records)
    deadline = time.monotonic() + seconds
    while True:
        lines, objects = delivered_lines(bucket)
        if sum(lines.values()) >= sum(wanted.values()) or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    print("%8d lines in %d delivered objects" % (sum(lines.values()), objects))
    return [] if lines == wanted else ["delivered objects do not hold each record once: %r too few, %r too many" % (
        list((wanted - lines).items())[:2], list((lines - wanted).items())[:2])]


def main():
    work = sys.argv[1]
    client = boto3.client("kinesis", endpoint_url=os.environ["FOREBAY_ENDPOINT"])
    with open(work + "/logs.list") as file:
        logs = file.read().splitlines()
    with open(work + "/sensors.list") as file:
        sensors = file.read().splitlines()
    by_key = collections.defaultdict(list)
    log_records = read_stream(client, "logs")
    for key, data in log_records:
        by_key[key].append(data)
    wrong = ["gap declared: %s" % key for key in by_key if key.startswith("forebay.gap/")]
    for index, name in enumerate(logs):
        before, after = lines_of("%s/before/%d" % (work, index)), lines_of("%s/after/%d" % (work, index))
        problem = check_log(name, by_key[name], before, after)
        wrong += [problem] if problem else []
        print("%8d records = lines of %s" % (len(by_key[name]), name))
    wrong += ["records under a key that is no log: %s" % key for key in set(by_key) - set(logs)]
    wrong += check_delivered(work + "/objects/logs", log_records)
    more, samples = check_sensors(read_stream(client, "sensors"), sensors)
    wrong += more
    print("%8d samples of %d sensors" % (sum(map(len, samples.values())), len(samples)))
    for problem in wrong:
        print("WRONG  " + problem)
    print("read back is what was collected" if not wrong else "%d differences" % len(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
