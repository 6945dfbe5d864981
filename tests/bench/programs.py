"""Programs under measurement: how they are started, watched and stopped."""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_port(port, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    sys.exit(f"nothing listens on port {port}")


class Process:
    """A program that runs until stop()."""

    def __init__(self, command, port=None, env=None, log=None, cwd=None, seconds=20):
        self.log = open(log, "w") if log else subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT, env=env, cwd=cwd)
        self.pid = self.process.pid
        if port:
            wait_port(port, seconds)

    def cpu_seconds(self):
        fields = open(f"/proc/{self.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def status(self, field):
        for line in open(f"/proc/{self.pid}/status"):
            if line.startswith(field + ":"):
                return int(line.split()[1])
        return 0

    def rss_mb(self):
        return self.status("VmRSS") / 1024

    def peak_mb(self):
        return self.status("VmHWM") / 1024

    def wakeups(self):
        total = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            for line in open(f"/proc/{self.pid}/task/{task}/status"):
                if line.startswith("voluntary_ctxt_switches:"):
                    total += int(line.split()[1])
        return total

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.log is not subprocess.DEVNULL:
            self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Gateway(Process):
    """forebay-gateway on a data folder of its own, or on `data`, which stays. `preload` is a library put before the
    system's, for benches only."""

    def __init__(self, bench, extra=(), tls=None, preload=None, data=None):
        self.keep = data is not None
        self.data = data or tempfile.mkdtemp(prefix="gateway-", dir=bench.work)
        self.port = free_port()
        self.admin_port = free_port()
        command = [bench.program("forebay-gateway"), "--data", self.data, "--listen", f"127.0.0.1:{self.port}",
                   "--admin", f"127.0.0.1:{self.admin_port}", *extra]
        if tls:
            command += ["--tls-cert", tls + ".crt", "--tls-key", tls + ".key"]
        env = dict(os.environ, LD_PRELOAD=preload) if preload else None
        super().__init__(command, self.port, env=env, log=self.data + ".log")
        self.key_file = self.data + "/admin.key"
        text = open(self.key_file).read()
        self.access = re.search(r'access_key_id\s*=\s*"([^"]+)"', text).group(1)
        self.secret = re.search(r'secret_access_key\s*=\s*"([^"]+)"', text).group(1)

    def stop(self):
        super().stop()
        if not self.keep:
            shutil.rmtree(self.data, ignore_errors=True)


class Bench:
    """Options of this run, and the tools every section uses."""

    def __init__(self, options, report):
        self.build = options.build
        self.seconds = options.seconds
        self.rounds = options.rounds
        self.peers = options.peers
        self.report = report
        self.work = tempfile.mkdtemp(prefix="forebay-bench-", dir=options.work)

    def program(self, name):
        for folder in ("agent", "gateway", "cli", "tests/bench", "tests"):
            path = os.path.join(self.build, folder, name)
            if os.access(path, os.X_OK):
                return path
        sys.exit(f"{name} is not built in {self.build}: "
                 f"cmake --preset release -DFOREBAY_BENCH=ON && cmake --build {self.build}")

    def kload_command(self, port, action, *arguments, keys=None):
        command = [self.program("kload"), action, "--port", str(port), *map(str, arguments)]
        if keys:
            command += ["--access-key", keys.access, "--secret-key", keys.secret]
        return command

    def kload(self, port, action, *arguments, keys=None):
        command = self.kload_command(port, action, *arguments, keys=keys)
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0:
            print(run.stdout, run.stderr)
            sys.exit("kload failed: " + " ".join(command))
        return run.stdout

    @staticmethod
    def number(text, name):
        found = re.search(rf'"{name}":\s*([0-9.]+)', text)
        if not found:
            sys.exit(f"no {name} in: {text}")
        return float(found.group(1))

    @classmethod
    def rate(cls, text):
        return cls.number(text, "records_per_s")

    def create(self, port, stream, shards, keys=None):
        self.kload(port, "create", "--stream", stream, "--shards", shards, keys=keys)

    def put(self, port, records, conns, pid, *more, stream="bench", keys=None):
        """One run of put; its line of JSON."""
        return self.kload(port, "put", "--stream", stream, "--records", records, "--conns", conns, "--seconds",
                          self.seconds, "--pid", pid, *more, keys=keys)

    def gateway_put(self, records, conns, shards, **options):
        """One run of put into a fresh gateway; its line of JSON."""
        with Gateway(self, **options) as gateway:
            self.create(gateway.port, "bench", shards, keys=gateway)
            return self.put(gateway.port, records, conns, gateway.pid, keys=gateway)

    def ceiling_put(self, records, conns):
        """Rate of the throw-away gateway, which also syncs before it answers."""
        port = free_port()
        journal = os.path.join(self.work, "ceiling.journal")
        with Process([self.program("gateway_ceiling"), str(port), journal, "sync"], port) as ceiling:
            return self.rate(self.put(port, records, conns, ceiling.pid))
