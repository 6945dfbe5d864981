#!/usr/bin/python3
"""The network goes and comes back while the agent waits for its next try: it must not wait for the rest of its
back-off. Runs in a network namespace of its own, where the link is the address of the loopback interface: without it
every try fails at once. Needs the right to make a namespace."""

import os
import re
import subprocess
import sys
import time

import harness

INSIDE = "FOREBAY_LINK_NAMESPACE"
FAILURES = 8  # the window of the back-off is 32 seconds and more then
PROMPT_SECONDS = 3


def address(change):
    """"add" or "del"."""
    subprocess.run(["ip", "address", change, "127.0.0.1/8", "dev", "lo"], check=True)


def append(path, line):
    with open(path, "ab") as file:
        file.write(line.encode() + b"\n")


def wait_for_failures(test, agent, count, seconds=120):
    """Until the agent has failed so often in this run; the log folds repeats and counts them."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        status = subprocess.run([test.program("forebay-agent"), "status", "--json", "--spool", agent.spool_path],
                                capture_output=True, text=True, env=agent.env).stdout
        found = re.search(r"forebay_agent_request_failures_total (\d+)", status)
        if found and int(found.group(1)) >= count:
            return True
        time.sleep(0.1)
    return False


def main():
    test = harness.Test(__doc__, rounds=(1, 5))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    gateway = harness.Gateway(test).start()
    gateway.create_stream("link")
    logs = test.path("logs")
    os.mkdir(logs)
    agent = harness.Agent(test, gateway,
                          [{"type": "file", "paths": [logs + "/*.log"], "stream": "link", "key": "{device}"}],
                          upload={"batch_age": "50 ms"})
    agent.start()
    reader = harness.Reader(gateway, "link")
    append(logs + "/a.log", "first")
    test.check(reader.read_until(lambda records: len(records) == 1, 20), "a first line arrives")
    waits = []
    for index in range(test.rounds):
        address("del")
        append(logs + "/a.log", "line %d" % index)
        failed = wait_for_failures(test, agent, FAILURES * (index + 1))
        test.check(failed, "uploads fail while the link is down")
        address("add")
        start = time.monotonic()
        test.check(reader.read_until(lambda records: len(records) == index + 2, 90, interval=0.05), "the line arrives")
        waits.append(time.monotonic() - start)
    test.note("arrived %s s after the link came back" % ", ".join("%.2f" % wait for wait in waits))
    test.check(max(waits) < PROMPT_SECONDS, "the link's return ends the waiting")
    test.check(agent.stop() == 0, "the agent stops cleanly")
    gateway.stop()
    test.finish()


if __name__ == "__main__":
    if os.environ.get(INSIDE) is None:
        names = ["unshare", "--net"] + ([] if os.geteuid() == 0 else ["--user", "--map-root-user"])
        os.execvpe("unshare", names + [sys.executable] + sys.argv, dict(os.environ, **{INSIDE: "1"}))
    main()
