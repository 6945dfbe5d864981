#!/usr/bin/python3
"""mosquitto at QoS 1: the agent is killed with SIGKILL between receiving and committing and at random moments, the
broker is stopped by SIGTERM and started again. Every message acknowledged to the publisher is read by boto3; the same
payload again is a resend of the broker (MQTT allows it) and counted apart.

With --night the broker is also killed with SIGKILL: what it loses itself is counted beside a stock mosquitto_sub."""

import collections
import subprocess
import threading
import time

import harness
import mosquitto
import mqtt_publisher

TOPIC = "plant/press-07/vibration"


class Load(threading.Thread):
    """Publishes numbered messages at QoS 1 and keeps those the broker acknowledged."""

    def __init__(self, broker, prefix, window=20, pause=0.005):
        super().__init__(daemon=True)
        self.publisher = mqtt_publisher.Publisher(broker.port, "load-" + prefix)
        self.prefix, self.window, self.pause = prefix, window, pause
        self.acknowledged, self.unknown = [], []
        self.stopping = threading.Event()

    def run(self):
        serial, connected = 0, False
        while not self.stopping.is_set():
            if not connected:
                try:
                    self.publisher.connect()
                    connected = True
                except OSError:
                    self.stopping.wait(0.05)
                    continue
            payloads = [("%s %09d" % (self.prefix, serial + index)).encode() for index in range(self.window)]
            serial += self.window
            acknowledged, error = self.publisher.publish_window(TOPIC, payloads)
            self.acknowledged += acknowledged
            if error is not None:
                self.unknown += sorted(set(payloads) - set(acknowledged))
                connected = False
            self.stopping.wait(self.pause)
        self.publisher.close()

    def stop(self):
        self.stopping.set()
        self.join()


def source(broker, stream):
    return {"type": "mqtt", "url": "mqtt://127.0.0.1:%d" % broker.port, "topics": ["plant/#"], "qos": 1,
            "client_id": "forebay-test", "stream": stream, "key": "{topic}"}


def wait_subscribed(test, broker, gateway, stream, message=b"first"):
    """Publishes a message again and again until one is read: then the agent's session exists at the broker."""
    publisher = mqtt_publisher.Publisher(broker.port, "first")
    publisher.connect()
    reader = harness.Reader(gateway, stream)

    def arrived(records):
        publisher.publish_window("plant/first", [message])
        return any(record.data == message for record in records)
    ready = reader.read_until(arrived, 20)
    publisher.close()
    if not test.check(ready, "the agent subscribes and a message arrives"):
        test.finish()


def judge(test, what, load, gateway, stream):
    wanted = set(load.acknowledged)
    reader = harness.Reader(gateway, stream)
    complete = reader.read_until(lambda records: wanted <= {record.data for record in records}, 60)
    counts = collections.Counter(record.data for record in reader.records
                                 if record.data != b"first" and not record.is_gap)
    missing = sorted(wanted - set(counts))
    resent = sum(count - 1 for count in counts.values() if count > 1)
    strange = sorted(set(counts) - wanted - set(load.unknown))
    test.note("%s: %d acknowledged to the publisher, %d in doubt, %d records read, %d of them resends of the broker" %
              (what, len(wanted), len(load.unknown), sum(counts.values()), resent))
    test.check(len(wanted) > 200, "%s: the load ran (%d)" % (what, len(wanted)))
    test.check(complete and not missing, "%s: every acknowledged message is read (%d missing): %s" %
               (what, len(missing), missing[:3]))
    test.check(not strange, "%s: nothing is invented: %s" % (what, strange[:3]))
    return reader


def agent_kills(test, gateway, broker):
    gateway.create_stream("mqtt")
    agent = harness.Agent(test, gateway, [source(broker, "mqtt")])
    agent.start()
    wait_subscribed(test, broker, gateway, "mqtt")
    load = Load(broker, "a")
    load.start()
    for index in range(test.kills):
        time.sleep(test.random.uniform(0.1, 0.4))
        agent.kill()
        if index % 2 == 0:  # between receiving and committing: before the spool writes
            agent.start({"FOREBAY_FAILPOINT": "before_append:%d" % test.random.randint(1, 20)})
            agent.wait_exit(3)
            agent.kill()
        agent.start()
    for _ in range(max(2, test.kills // 3)):
        time.sleep(test.random.uniform(0.2, 0.6))
        broker.stop()
        broker.start()
    time.sleep(0.5)
    load.stop()
    judge(test, "agent SIGKILL %dx, broker SIGTERM %dx" % (test.kills, max(2, test.kills // 3)), load, gateway, "mqtt")
    test.check(agent.stop() == 0, "the agent stops cleanly")


def throughput(test, gateway, broker):
    gateway.create_stream("fast")
    agent = harness.Agent(test, gateway, [dict(source(broker, "fast"), client_id="forebay-fast")], name="agent-fast")
    agent.start()
    wait_subscribed(test, broker, gateway, "fast")
    load = Load(broker, "f", window=100, pause=0)
    start = time.monotonic()
    load.start()
    time.sleep(test.seconds)
    load.stop()
    wanted = set(load.acknowledged)
    reader = harness.Reader(gateway, "fast")
    complete = reader.read_until(lambda records: wanted <= {record.data for record in records}, 60)
    seconds = time.monotonic() - start
    test.note("%d messages from publisher to reader in %.1f s: %.0f messages/s at QoS 1" %
              (len(wanted), seconds, len(wanted) / seconds))
    test.check(complete and len(wanted) > 100, "all of the fast load arrives (%d)" % len(wanted))
    agent.stop()


def dry_run(test, gateway, broker):
    """Beside a running agent with the same client_id: the files are shown, the session is left to the agent."""
    gateway.create_stream("dry")
    subscription = dict(source(broker, "dry"), client_id="forebay-dry")
    agent = harness.Agent(test, gateway, [subscription], name="agent-dry")
    agent.start()
    wait_subscribed(test, broker, gateway, "dry")
    with open(test.path("a.log"), "w") as file:
        file.write("a line\n")
    file_source = {"type": "file", "paths": [test.path("a.log")], "stream": "files"}
    for name, sources, code in (("both", [subscription, file_source], 0), ("alone", [subscription], 78)):
        config = harness.Agent(test, gateway, sources, name="dry-" + name)
        shown = subprocess.run([test.program("forebay-agent"), "--config", config.config_path, "--dry-run"],
                               capture_output=True, text=True, timeout=60)
        test.check(shown.returncode == code, "--dry-run with MQTT %s ends with %d (%d)" %
                   (name, code, shown.returncode))
        test.check("source 1 (mqtt): not tried" in shown.stdout,
                   "it says why MQTT is not tried: %s" % shown.stdout[:100])
        if name == "both":
            test.check("a line" in shown.stdout, "and shows the file's records")
        else:
            test.check("there is no such source" in shown.stderr,
                       "and that nothing else is there: %s" % shown.stderr[:100])
    test.check(agent.output().count("MQTT connected") == 1, "the running agent keeps its session")
    agent.stop()


def broker_kills(test, gateway, broker):
    """A broker killed with SIGKILL loses its sessions, and with them what it acknowledged before its clients were back:
    counted here and at mosquitto_sub, neither can get it. What is acknowledged once the agent is back must arrive."""
    gateway.create_stream("killed")
    agent = harness.Agent(test, gateway, [dict(source(broker, "killed"), client_id="forebay-killed")],
                          name="agent-killed")
    agent.start()
    wait_subscribed(test, broker, gateway, "killed")
    beside = harness.Process(test, "mosquitto_sub", [
        "mosquitto_sub", "-p", str(broker.port), "-t", "plant/#", "-q", "1", "-c", "-i", "beside"
    ]).start()
    time.sleep(0.5)
    load = Load(broker, "k")
    load.start()
    for _ in range(20):
        time.sleep(test.random.uniform(0.2, 0.6))
        broker.kill()
        broker.start()
    time.sleep(1)
    load.stop()
    time.sleep(3)
    reader = harness.Reader(gateway, "killed")
    reader.read()
    wanted = set(load.acknowledged)
    ours = wanted & {record.data for record in reader.records}
    theirs = wanted & set(line.encode() for line in beside.output().splitlines())
    test.note("broker SIGKILL 20x: %d acknowledged, %d missing here, %d missing at mosquitto_sub" %
              (len(wanted), len(wanted - ours), len(wanted - theirs)))
    test.check(len(ours) > 0, "messages between the kills arrive (%d)" % len(ours))
    beside.kill()
    wait_subscribed(test, broker, gateway, "killed", b"again")
    after = Load(broker, "r")
    after.start()
    time.sleep(1)
    after.stop()
    complete = reader.read_until(
        lambda records: set(after.acknowledged) <= {record.data for record in records}, 30)
    test.check(complete and after.acknowledged, "after the kills everything arrives (%d)" % len(after.acknowledged))
    agent.stop()


def main():
    test = harness.Test(__doc__, kills=(5, 100), seconds=(5, 20))
    gateway = harness.Gateway(test).start()
    broker = mosquitto.Broker(test).start()
    agent_kills(test, gateway, broker)
    throughput(test, gateway, broker)
    dry_run(test, gateway, broker)
    if test.night:
        broker_kills(test, gateway, broker)
    test.finish()


if __name__ == "__main__":
    main()
