#!/usr/bin/python3
"""The gateway is down while far more is produced than the spool holds. The process stays up, the size limit and the
policy hold, and when the gateway returns: produced = delivered + declared, the declaration being readable in the
stream. The same when the gateway had taken the first part before, and what is dropped begins behind it. And: lineages
of earlier runs are closed at the gateway once their data is gone; an older image of the machine, put back after that,
gets its new records through."""

import json
import os
import re
import shutil
import time
import urllib.request

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


def produce(test, path, megabytes, agent, serial=0):
    """Appends lines numbered from `serial`; the next number, the largest size of the spool seen meanwhile, and whether
    the agent stayed up."""
    largest, up, first = 0, True, serial
    with open(path, "ab", buffering=0) as file:
        while (serial - first) * LINE_BYTES < megabytes * MIB:
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


def one_policy(test, gateway, policy, before=0):
    """`before`: so many MiB are delivered and acknowledged before the gateway goes down."""
    name = policy.replace("_", "-") + ("-behind" if before else "")
    stream, device = "offline-" + name, "device-" + name
    gateway.start()
    gateway.create_stream(stream)
    logs = test.path("logs-" + name)
    os.mkdir(logs)
    agent = harness.Agent(test, gateway,
                          [{"type": "file", "paths": [logs + "/*.log"], "stream": stream, "key": "{device}"}],
                          name="agent-" + name, device=device,
                          spool={"max_size": "%d MiB" % test.spool, "when_full": policy})
    taken = 0
    if before:
        agent.start()
        taken, _, _ = produce(test, logs + "/a.log", before, agent)
        arrived = harness.Reader(gateway, stream)
        test.check(arrived.read_until(lambda records: len(records) >= taken, 60), "%s: %d lines arrive before" %
                   (name, taken))
    gateway.stop()
    if not before:
        agent.start()
    policy_name, policy = policy, name
    produced, largest, up = produce(test, logs + "/a.log", test.spool * test.times, agent, taken)
    largest = max(largest, settle(agent))
    test.check(up and agent.running(), "%s: the agent stays up with a full spool" % policy)
    test.check(largest <= test.spool * MIB + 256 * 1024, "%s: the spool keeps its limit (%.1f of %d MiB)" %
               (policy, largest / MIB, test.spool))
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
    check_gaps(test, policy, policy_name, device, gaps)
    check_policy(test, policy_name, serials, declared, produced)
    if before:
        test.check(serials[:taken] == list(range(taken)), "%s: what was acknowledged before is there, once" % policy)
        test.check(agent.starts == 1, "%s: the agent goes on by itself" % policy)
    test.check(agent.stop() == 0, "%s: the agent stops cleanly" % policy)
    gateway.stop()


def lost_ranges(gap):
    """Lost sequences of one run; none when the records were dropped before they got a number."""
    if gap["from"] == 0:
        return []
    return gap.get("ranges", [[gap["from"], gap["to"]]])


def check_gaps(test, policy, policy_name, device, gaps):
    wrong = [gap for gap in gaps if gap.get("_forebay") != "gap" or gap.get("device") != device or not gap.get("reason")
             or gap["count"] < 1 or gap["from"] > gap["to"]]
    test.check(not wrong, "%s: gap records name device, range, count and reason: %s" % (policy, wrong[:2]))
    # Every lost sequence is named, in the gap record of its file or in the one that took that record in.
    uneven = [
        gap for gap in gaps
        if lost_ranges(gap) and sum(to - first + 1 for first, to in lost_ranges(gap)) != gap["count"]
    ]
    test.check(not uneven, "%s: the ranges of a gap record hold as many sequences as it counts: %s" %
               (policy, uneven[:2]))
    wide = [
        gap for gap in gaps
        if lost_ranges(gap) and (gap["from"], gap["to"]) != (lost_ranges(gap)[0][0], lost_ranges(gap)[-1][1])
    ]
    test.check(not wide, "%s: from and to are the ends of the ranges: %s" % (policy, wide[:2]))
    if policy_name == "drop_oldest":
        nameless = [gap for gap in gaps if not gap["source"] or not gap.get("run")]
        test.check(not nameless, "%s: gap records name the source and the run: %s" % (policy, nameless[:2]))
    spans = sorted((gap.get("run", 0), first, to) for gap in gaps for first, to in lost_ranges(gap))
    overlap = [pair for pair in zip(spans, spans[1:]) if pair[0][0] == pair[1][0] and pair[0][2] >= pair[1][1]]
    test.check(not overlap, "%s: no loss is declared twice: %s" % (policy, overlap[:2]))


def check_policy(test, policy, serials, declared, produced):
    if policy == "block":
        test.check(declared == 0 and serials == list(range(produced)),
                   "block: nothing is lost, all of it arrives later")
    elif policy == "drop_oldest":
        test.check(declared > 0 and bool(serials) and serials[-1] == produced - 1,
                   "drop_oldest: the newest line is kept")
    else:
        test.check(declared > 0 and bool(serials) and serials[0] == 0, "drop_newest: the oldest line is kept")


def closes(gateway):
    """How often agents closed lineages at this start of the gateway."""
    with urllib.request.urlopen("http://127.0.0.1:%d/metrics" % gateway.admin_port) as page:
        found = re.search(r'^forebay_upload_requests_total\{[^}]*"close"[^}]*\} (\d+)$', page.read().decode(), re.M)
    return int(found.group(1)) if found else 0


def lanes_kept(gateway, agent):
    """Lanes of the agent's spool in the newest lane snapshot: each begins with the root that its identity file names;
    one more root stands beside what was forgotten."""
    with open(os.path.join(agent.spool_path, "identity"), "rb") as file:
        root = file.read()[16:32]
    paths = [os.path.join(gateway.data, name) for name in ("lanes.0", "lanes.1")]
    newest = max((path for path in paths if os.path.exists(path)), key=os.path.getmtime)
    with open(newest, "rb") as file:
        return file.read().count(root) - 1


class Image:
    """The agent's folders as they are now, to be put back later."""

    def __init__(self, test, agent):
        self.folder, self.kept = os.path.dirname(agent.spool_path), test.path("image")
        names = [name for name in os.listdir(self.folder) if name.startswith(os.path.basename(agent.spool_path))]
        os.mkdir(self.kept)
        for name in names:
            path = os.path.join(self.folder, name)
            (shutil.copytree if os.path.isdir(path) else shutil.copy2)(path, os.path.join(self.kept, name))

    def put_back(self, agent):
        for name in os.listdir(self.folder):
            if name.startswith(os.path.basename(agent.spool_path)):
                path = os.path.join(self.folder, name)
                shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
        shutil.copytree(self.kept, self.folder, dirs_exist_ok=True)


def older_image(test, agent, image, reader, logs, produced):
    """The gateway has closed the ordinals that an older image counts on from: it takes a later one and goes on."""
    os.remove(logs + "/a.log")
    image.put_back(agent)
    with open(logs + "/b.log", "w") as file:
        file.writelines("%012d later\n" % (produced + index) for index in range(100))
    ends = 0
    deadline = time.monotonic() + 60
    while len(reader.records) < produced + 100 and time.monotonic() < deadline:
        agent.start()
        while agent.running() and not reader.read_until(lambda records: len(records) >= produced + 100, 1):
            if time.monotonic() > deadline:
                break
        ends += not agent.running()
    test.check(len(reader.records) == produced + 100, "closed: records of an older image arrive")
    test.check(ends == 1, "closed: it started again once, under a later ordinal (%d)" % ends)
    test.check(agent.stop() == 0, "closed: the older image stops cleanly")


def closed_lineages(test, gateway, runs=12):
    """Each run is a lineage of its own. With a small spool old data goes early, and the gateway is told to forget."""
    gateway.start()
    gateway.create_stream("offline-closed")
    logs = test.path("logs-closed")
    os.mkdir(logs)
    agent = harness.Agent(test, gateway,
                          [{"type": "file", "paths": [logs + "/*.log"], "stream": "offline-closed", "key": "{device}"}],
                          name="agent-closed", spool={"max_size": "8 MiB", "when_full": "block"})
    reader = harness.Reader(gateway, "offline-closed")
    produced, image = 0, None
    for _ in range(runs):
        image = image or (Image(test, agent) if produced else None)
        agent.start()
        produced, _, _ = produce(test, logs + "/a.log", 1, agent, produced)
        complete = reader.read_until(lambda records: len(records) >= produced, 60)
        test.check(agent.stop() == 0 and complete, "closed: a run of its own arrives (%d lines)" % produced)
    agent.start()
    deadline = time.monotonic() + 20
    while closes(gateway) == 0 and time.monotonic() < deadline:
        time.sleep(0.2)
    count = closes(gateway)
    agent.stop()
    older_image(test, agent, image, reader, logs, produced)
    gateway.stop()
    kept = lanes_kept(gateway, agent)
    test.note("closed: %d runs, %d times closed, %d lanes kept" % (runs, count, kept))
    test.check(count > 0, "closed: the gateway is told to forget old lineages")
    test.check(0 < kept <= runs // 2, "closed: the gateway keeps few lanes (%d of %d)" % (kept, runs))
    serials = [int(record.text[:12]) for record in reader.records if not record.is_gap]
    test.check(serials == list(range(produced + 100)), "closed: every line arrived once, in order")


def once_has_an_end(test, gateway):
    """The spool is full and waits, the files are read to their ends, and no gateway comes."""
    logs = test.path("logs-once")
    os.mkdir(logs)
    agent = harness.Agent(test, gateway,
                          [{"type": "file", "paths": [logs + "/*.log"], "stream": "offline-once", "key": "{device}"}],
                          name="agent-once", spool={"max_size": "8 MiB", "when_full": "block"})
    with open(logs + "/a.log", "w") as file:
        for serial in range(6 * MIB // LINE_BYTES):  # a little more than the spool takes: the intake holds the rest
            file.write(("%012d " % serial).ljust(LINE_BYTES - 1, "y") + "\n")
    code = agent.once(seconds=30, timeout="3 s")
    test.check(code == 75, "once: a full spool does not outlast --timeout (exit code %s)" % code)


def main():
    test = harness.Test(__doc__, spool=(64, 64), times=(3, 20))
    gateway = harness.Gateway(test, arguments=["--set", "storage.checkpoint_interval=1 s"])
    for policy in ("drop_oldest", "drop_newest", "block"):
        one_policy(test, gateway, policy)
    one_policy(test, gateway, "drop_oldest", before=5)
    closed_lineages(test, gateway)
    once_has_an_end(test, gateway)
    test.finish()


if __name__ == "__main__":
    main()
