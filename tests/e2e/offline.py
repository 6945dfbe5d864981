#!/usr/bin/python3
"""The gateway is down while far more is produced than the spool holds. The process stays up, the size limit and the
policy hold, and when the gateway returns: produced = delivered + declared, the declaration being readable in the stream."""

import json
import os
import time

import harness

LINE_BYTES = 400
MIB = 1 << 20


def spool_bytes(agent):
    total = 0
    for folder, _, names in os.walk(agent.spool_path):
        for name in names:
            try:
                total += os.stat(os.path.join(folder, name)).st_blocks * 512
            except FileNotFoundError:
                pass
    return total


def produce(test, path, megabytes, agent):
    """Appends numbered lines; the largest size of the spool seen meanwhile, and whether the agent stayed up."""
    largest, serial, up = 0, 0, True
    with open(path, "ab", buffering=0) as file:
        while serial * LINE_BYTES < megabytes * MIB:
            lines = [("%012d " % (serial + index)).ljust(LINE_BYTES - 1, "y") + "\n" for index in range(5000)]
            file.write("".join(lines).encode())
            serial += len(lines)
            largest = max(largest, spool_bytes(agent))
            up = up and agent.running()
            time.sleep(0.05)
    return serial, largest, up


def settle(agent, seconds=30):
    """Waits until the spool has not changed for two seconds; its largest size seen."""
    largest, last, since = 0, None, time.monotonic()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and time.monotonic() - since < 2:
        state = sorted((name, os.stat(os.path.join(agent.spool_path, name)).st_mtime_ns)
                       for name in os.listdir(agent.spool_path) if os.path.exists(os.path.join(agent.spool_path, name)))
        if state != last:
            last, since = state, time.monotonic()
        largest = max(largest, spool_bytes(agent))
        time.sleep(0.1)
    return largest


def one_policy(test, gateway, policy):
    stream, device = "offline-" + policy.replace("_", "-"), "device-" + policy.replace("_", "-")
    gateway.start()
    gateway.create_stream(stream)
    gateway.stop()
    logs = test.path("logs-" + policy)
    os.mkdir(logs)
    agent = harness.Agent(test, gateway, [{"type": "file", "paths": [logs + "/*.log"], "stream": stream, "key": "{device}"}],
                          name="agent-" + policy, device=device,
                          spool={"max_size": "%d MiB" % test.spool, "when_full": policy})
    agent.start()
    produced, largest, up = produce(test, logs + "/a.log", test.spool * test.times, agent)
    largest = max(largest, settle(agent))
    test.check(up and agent.running(), "%s: the agent stays up with a full spool" % policy)
    test.check(largest <= test.spool * MIB + 256 * 1024, "%s: the spool keeps its limit (%.1f of %d MiB)" % (policy, largest / MIB, test.spool))
    gateway.start()
    reader = harness.Reader(gateway, stream)

    def counted(records):
        gaps = [json.loads(record.data) for record in records if record.is_gap]
        return len(records) - len(gaps), sum(gap["count"] for gap in gaps), gaps
    complete = reader.read_until(lambda records: sum(counted(records)[:2]) >= produced, 180, interval=1)
    time.sleep(1)
    reader.read()
    delivered, declared, gaps = counted(reader.records)
    serials = [int(record.text[:12]) for record in reader.records if not record.is_gap]
    test.note("%s: %d produced = %d delivered + %d declared in %d gap records (limit %d MiB, %d MiB produced)" %
              (policy, produced, delivered, declared, len(gaps), test.spool, test.spool * test.times))
    test.check(complete and delivered + declared == produced, "%s: produced = delivered + declared" % policy)
    test.check(len(set(serials)) == len(serials), "%s: nothing arrives twice" % policy)
    test.check(serials == sorted(serials), "%s: order is kept" % policy)
    check_gaps(test, policy, device, gaps)
    check_policy(test, policy, serials, declared, produced)
    test.check(agent.stop() == 0, "%s: the agent stops cleanly" % policy)
    gateway.stop()


def check_gaps(test, policy, device, gaps):
    wrong = [gap for gap in gaps if gap.get("_forebay") != "gap" or gap.get("device") != device or not gap.get("reason")
             or gap["count"] < 1 or gap["from"] > gap["to"]]
    test.check(not wrong, "%s: gap records name device, range, count and reason: %s" % (policy, wrong[:2]))
    # 0: records that were dropped before they got a number.
    spans = sorted((gap["from"], gap["to"]) for gap in gaps if gap["from"] > 0)
    overlap = [pair for pair in zip(spans, spans[1:]) if pair[0][1] >= pair[1][0]]
    test.check(not overlap, "%s: no loss is declared twice: %s" % (policy, overlap[:2]))


def check_policy(test, policy, serials, declared, produced):
    if policy == "block":
        test.check(declared == 0 and serials == list(range(produced)), "block: nothing is lost, all of it arrives later")
    elif policy == "drop_oldest":
        test.check(declared > 0 and bool(serials) and serials[-1] == produced - 1, "drop_oldest: the newest line is kept")
    else:
        test.check(declared > 0 and bool(serials) and serials[0] == 0, "drop_newest: the oldest line is kept")


def main():
    test = harness.Test(__doc__, spool=(64, 64), times=(3, 20))
    gateway = harness.Gateway(test)
    for policy in ("drop_oldest", "drop_newest", "block"):
        one_policy(test, gateway, policy)
    test.finish()


if __name__ == "__main__":
    main()
