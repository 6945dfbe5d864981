#!/usr/bin/python3
"""nginx's access log under wrk with a serial number in every URL, rotated by the real logrotate while it is written and
while the agent is down. The oracle is what stands in the live and rotated files at the end.

Rename and create: every line arrives, once, in order. Copytruncate: every line found in a file arrives once; lines in
no file were lost by logrotate between its copy and its truncation, and are printed as that."""

import collections
import glob
import os
import signal
import subprocess
import time

import harness

NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  log_format serial '$request_uri "$http_user_agent" $status $msec';
  server {{
    listen 127.0.0.1:{port};
    access_log {logs}/access.log serial;
    location / {{ return 200 "ok"; }}
  }}
}}
"""

# One thread of wrk has one Lua state: the counter makes every URL of a run unique.
WRK = """
local serial = 0
request = function()
  serial = serial + 1
  return wrk.format("GET", "/%s/" .. serial)
end
delay = function() return 1 end
"""

LOGROTATE = """
{logs}/access.log {{
  rotate 1000
  nocompress
  missingok
  notifempty
  {mode}
}}
"""


class WebServer:
    def __init__(self, test, logs):
        self.test, self.logs, self.port = test, logs, harness.free_port()
        config = test.path("nginx.conf")
        with open(config, "w") as file:
            file.write(NGINX.format(folder=test.folder, logs=logs, port=self.port))
        self.process = harness.Process(test, "nginx", ["/usr/sbin/nginx", "-c", config, "-p", test.folder])
        self.process.start()
        self.run = 0

    def load(self, seconds):
        """Starts wrk, some thousand requests a second; every run has its own prefix in the URLs."""
        self.run += 1
        script = self.test.path("serial-%d.lua" % self.run)
        with open(script, "w") as file:
            file.write(WRK % ("run%d" % self.run))
        command = ["wrk", "-t1", "-c8", "-d%ds" % seconds, "-s", script, "http://127.0.0.1:%d" % self.port]
        return harness.Process(self.test, "wrk-%d" % self.run, command).start()

    def reopen(self):
        """What logrotate's postrotate script does: nginx opens its log by name again."""
        os.kill(self.process.child.pid, signal.SIGUSR1)


class Rotator:
    def __init__(self, test, logs, mode):
        self.state = test.path("logrotate.state")
        self.config = test.path("logrotate-%s.conf" % mode)
        self.test = test
        with open(self.config, "w") as file:
            file.write(LOGROTATE.format(logs=logs, mode=mode))
        os.chmod(self.config, 0o644)

    def rotate(self):
        done = subprocess.run(["/usr/sbin/logrotate", "-f", "-s", self.state, self.config], capture_output=True,
                              text=True)
        if done.returncode != 0:
            self.test.check(False, "logrotate runs: %s" % done.stderr)


def lines_in_files(logs):
    """All lines of the rotated files, oldest first, then of the live one."""
    def age(path):
        tail = path.rsplit(".", 1)[1]
        return -int(tail) if tail.isdigit() else 1
    out = []
    for path in sorted(glob.glob(logs + "/access.log*"), key=age):
        with open(path, "rb") as file:
            out += file.read().decode("utf-8", "replace").split("\n")[:-1]
    return out


def one_mode(test, gateway, mode):
    logs = test.path("logs-" + mode)
    os.mkdir(logs, 0o755)
    stream = "web-" + mode
    gateway.create_stream(stream)
    web = WebServer(test, logs)
    rotator = Rotator(test, logs, "create 0644" if mode == "create" else "copytruncate")
    agent = harness.Agent(test, gateway, [{"type": "file", "paths": [logs + "/access.log"], "stream": stream,
                                           "key": "{device}"}], name="agent-" + mode)

    def rotate():
        rotator.rotate()
        if mode == "create":
            web.reopen()

    def line_count():
        return len(lines_in_files(logs))

    time.sleep(0.3)
    agent.start()
    rotations = 0
    while line_count() < test.lines:
        wrk = web.load(2)
        while wrk.running():
            time.sleep(test.random.uniform(0.2, 0.7))
            if rotations % 4 == 3:  # the agent is down over this rotation, now and then over several
                agent.kill() if test.random.random() < 0.5 else agent.stop()
                for _ in range(test.random.randint(1, 3)):
                    rotate()
                    time.sleep(0.1)
                agent.start()
            else:
                rotate()
            rotations += 1
        wrk.wait_exit(10)
    time.sleep(0.5)
    web.process.stop()

    expected = lines_in_files(logs)
    wanted = set(expected)
    reader = harness.Reader(gateway, stream)
    complete = reader.read_until(lambda records: wanted <= {record.text for record in records}, 120, interval=1)
    time.sleep(1)
    reader.read()
    delivered = [record.text for record in reader.records if not record.is_gap]
    counts = collections.Counter(delivered)
    missing = [line for line in expected if line not in counts]
    repeated = [line for line, count in counts.items() if count > 1]
    outside = [line for line in counts if line not in wanted]
    test.note("%s: %d rotations, %d lines in files, %d delivered, %d delivered that no file holds" %
              (mode, rotations, len(expected), len(delivered), len(outside)))
    test.check(len(wanted) == len(expected), "%s: the lines of the oracle are distinct" % mode)
    test.check(complete and not missing, "%s: every line found in a file arrives (%d missing): %s" %
               (mode, len(missing), missing[:3]))
    test.check(not repeated, "%s: no line arrives twice (%d): %s" % (mode, len(repeated), repeated[:3]))
    if mode == "create":
        test.check(not outside, "create: nothing else arrives (%d): %s" % (len(outside), outside[:3]))
        test.check(delivered == expected, "create: the order is that of the files")
    else:
        report_logrotate_losses(test, web, wanted | set(counts))
    agent.stop()


def report_logrotate_losses(test, web, known):
    """Serial numbers that wrk used and no file and no record has: written between logrotate's copy and truncation."""
    highest = collections.defaultdict(int)
    seen = collections.defaultdict(int)
    for line in known:
        run, serial = line.split(" ", 1)[0].strip("/").split("/")
        highest[run] = max(highest[run], int(serial))
        seen[run] += 1
    # wrk takes number 1 of each run to learn what a request looks like and does not send it.
    lost = sum(max(0, highest[run] - 1 - seen[run]) for run in highest)
    test.note("copytruncate: %d lines lost by logrotate itself (in no file; not counted against the agent)" % lost)


def main():
    test = harness.Test(__doc__, lines=(60000, 500000))
    gateway = harness.Gateway(test).start()
    for mode in ("create", "copytruncate"):
        one_mode(test, gateway, mode)
    test.finish()


if __name__ == "__main__":
    main()
