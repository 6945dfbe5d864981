#!/usr/bin/python3
"""SIGKILL of agent or gateway at random moments 0.5 to 200 ms after their start and at named failpoints, while files
grow with serial numbers. At the end boto3 reads everything: 0 lost, 0 repeated, order kept per file."""

import collections
import os
import time

import harness

# Where the programs end themselves when FOREBAY_FAILPOINT=name:count says so: at the count-th pass. The first list of
# each is passed all the time under this load and must be reached; the second only now and then.
AGENT_FAILPOINTS = ["chunk_queued", "before_append", "after_append", "batch_sealed", "batch_built", "request_encoded",
                    "before_send", "after_reply", "before_acknowledge", "after_acknowledge", "open_replied"]
GATEWAY_FAILPOINTS = ["submission_queued", "turn_taken", "lanes_checked", "offsets_assigned", "before_commit",
                      "after_commit", "shard_published", "before_acknowledge", "acknowledged", "recovery_truncated",
                      "recovery_replayed", "run_written", "rows_written", "checkpoint_started", "segments_synced",
                      "lanes_written", "lanes_renamed", "catalog_updated", "catalog_committed", "before_journal_free",
                      "journal_freed"]
GATEWAY_RARE = ["segment_created", "segment_rolled", "directories_synced", "before_file_removal", "files_removed"]
REACH_SECONDS = 3


class Killer:
    def __init__(self, test, gateway, agent):
        self.test, self.gateway, self.agent = test, gateway, agent
        self.counts = collections.Counter()

    def round(self):
        """Ends one of the two at a random moment and starts it again, sometimes with a failpoint set."""
        pick = self.test.random
        victim, names, rare = pick.choice([(self.agent, AGENT_FAILPOINTS, []),
                                           (self.gateway, GATEWAY_FAILPOINTS, GATEWAY_RARE)])
        chance = pick.random()
        if chance < 0.35:
            self._failpoint(victim, pick.choice(names), (1, 5))
        elif chance < 0.40 and rare:
            self._failpoint(victim, pick.choice(rare), (1, 1))
        else:
            self._random_moment(victim)

    def _restart(self, victim, extra_env=None):
        if victim is self.gateway:
            victim.start(extra_env, wait=False)
        else:
            victim.start(extra_env)

    def _random_moment(self, victim):
        # Moments close to the start hit recovery, later ones the steady flow; both matter.
        spans = [self.test.random.uniform(0.0005, 0.02), self.test.random.uniform(0.02, 0.2)]
        time.sleep(self.test.random.choice(spans))
        victim.kill()
        self.counts[victim.name + " at a random moment"] += 1
        self._restart(victim)

    def _failpoint(self, victim, name, counts):
        victim.kill()
        # Recovery and opening a session happen once per start.
        count = 1 if name.startswith(("recovery", "open", "checkpoint", "lanes_", "segments", "catalog", "journal",
                                      "before_journal")) else self.test.random.randint(*counts)
        self._restart(victim, {"FOREBAY_FAILPOINT": "%s:%d" % (name, count)})
        code = victim.wait_exit(REACH_SECONDS)
        victim.kill()
        self.counts["%s at %s%s" % (victim.name, name, "" if code is not None else " (not reached)")] += 1
        self._restart(victim)


def main():
    test = harness.Test(__doc__, rounds=(100, 500), files=(6, 12), rate=(1500, 3000))
    # Checkpoints every second, so that kills meet them too.
    gateway = harness.Gateway(test, arguments=["--set", "storage.checkpoint_interval=1 s"]).start()
    gateway.create_stream("load", shards=4)
    logs = test.path("logs")
    os.mkdir(logs)
    # Batches leave every 50 ms instead of every second, so that many requests meet the kills.
    agent = harness.Agent(test, gateway,
                          [{"type": "file", "paths": [logs + "/*.log"], "stream": "load", "key": "{file}"}],
                          upload={"batch_age": "50 ms"})
    agent.start()
    writer = harness.LineWriter(logs, test.files, test.rate, seed=test.seed)
    writer.start()
    killer = Killer(test, gateway, agent)
    for index in range(test.rounds):
        killer.round()
        if (index + 1) % 50 == 0:
            test.note("%d kills, %d lines written" % (index + 1, writer.total()))
    writer.stop()
    if not gateway.running():
        gateway.start()
    if not agent.running():
        agent.start()
    gateway.wait_output("listening on", 20)
    reader = harness.Reader(gateway, "load")
    total = writer.total()
    complete = reader.read_until(lambda records: len(records) >= total, 120)
    time.sleep(1)  # what is repeated arrives behind what is complete
    reader.read()

    for what, count in sorted(killer.counts.items()):
        test.note("%4d x %s" % (count, what))
    found = harness.Comparison(writer.written, harness.by_first_word(reader.records))
    gaps = [record for record in reader.records if record.is_gap]
    test.note("seed %d, %d kills, %d files, %d lines written, %d records read: %s" %
              (test.seed, test.rounds, test.files, total, len(reader.records), found))
    test.check(total > test.rounds * 10, "the load ran (%d lines)" % total)
    test.check(complete, "everything arrives within two minutes (%d of %d)" % (len(reader.records), total))
    test.check(not found.lost, "0 lost (%d)" % len(found.lost))
    test.check(not found.repeated, "0 repeated (%d)" % len(found.repeated))
    test.check(not found.reordered, "order is kept per file (%d reordered)" % len(found.reordered))
    test.check(not found.unknown and not gaps, "nothing invented, nothing declared lost (%d, %d)" %
               (len(found.unknown), len(gaps)))
    if not found.clean():
        test.note(found.examples())
    missed = [what for what in killer.counts if "not reached" in what]
    never = [name for name in AGENT_FAILPOINTS + GATEWAY_FAILPOINTS
             if any(what.endswith(name + " (not reached)") for what in missed)
             and not any(what.endswith(name) for what in killer.counts)]
    test.check(not never, "every failpoint tried was reached at least once: %s" % never)
    code = agent.stop()
    test.check(code == 0, "the agent stops cleanly on SIGTERM (%s)" % code)
    code = gateway.stop()
    test.check(code == 0, "the gateway stops cleanly on SIGTERM (%s)" % code)
    test.finish()


if __name__ == "__main__":
    main()
