"""Other servers of the same kind, measured in the same run (sections `peers`).

  apt-get install redis-server libhiredis-dev
  npm install --prefix build/peers kinesalite@3.3.3 kinesis-local@0.6.2
  cargo install --root build/peers ferrokinesis

Those that are not there are named and left out.
"""
import os
import re
import shutil
import statistics
import subprocess
import tempfile

from programs import Process, free_port

SHARDS = 8


class Peer:
    """A server started afresh for each reading."""
    name = ""
    durability = ""

    def __init__(self, bench):
        self.bench = bench

    def available(self):
        raise NotImplementedError

    def start(self, folder):
        """Returns the process and its port."""
        raise NotImplementedError

    def rate(self, records, conns):
        folder = tempfile.mkdtemp(dir=self.bench.work)
        process, port = self.start(folder)
        try:
            return self.measure(port, records, conns, process.pid)
        finally:
            process.stop()
            shutil.rmtree(folder, ignore_errors=True)

    def measure(self, port, records, conns, pid):
        self.bench.create(port, "bench", SHARDS)
        return self.bench.rate(self.bench.put(port, records, conns, pid))


class Redis(Peer):
    name = "Redis streams"
    durability = "appendfsync always"

    def available(self):
        return bool(shutil.which("redis-server")) and os.access(
            os.path.join(self.bench.build, "tests/bench/redis_load"), os.X_OK)

    def start(self, folder):
        port = free_port()
        return Process(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "",
                        "--appendonly", "yes", "--appendfsync", "always"], port), port

    def measure(self, port, records, conns, pid):
        out = subprocess.run([
            self.bench.program("redis_load"), str(port), str(conns), str(records), str(self.bench.seconds), "100",
            str(SHARDS)
        ], check=True, capture_output=True, text=True).stdout
        return float(re.search(r"([0-9.]+)/s", out).group(1))


class Kinesalite(Peer):
    name = "kinesalite"
    durability = "LevelDB, no sync"

    def program(self):
        return os.path.join(self.bench.peers, "node_modules/.bin/kinesalite")

    def available(self):
        return os.path.exists(self.program())

    def start(self, folder):
        port = free_port()
        return Process([self.program(), "--port", str(port), "--path", folder + "/db", "--createStreamMs", "10",
                        "--shardLimit", "1000"], port), port


class KinesisLocal(Peer):
    name = "kinesis-local"
    durability = "memory"

    def program(self):
        return os.path.join(os.path.abspath(self.bench.peers), "node_modules/kinesis-local/main.js")

    def available(self):
        return os.path.exists(self.program())

    def start(self, folder):
        port = free_port()
        env = dict(os.environ, KINESIS_MOCK_PLAIN_PORT=str(port), KINESIS_MOCK_TLS_PORT=str(free_port()),
                   LOG_LEVEL="ERROR", SHARD_LIMIT="1000", CREATE_STREAM_DURATION="10ms")
        # It reads files beside its program from the folder it is started in.
        return Process(["node", self.program()], port, env=env, cwd=os.path.dirname(self.program()), seconds=60), port


class Ferrokinesis(Peer):
    name = "ferrokinesis"
    durability = "memory"

    def program(self):
        return os.path.join(self.bench.peers, "bin/ferrokinesis")

    def available(self):
        return os.access(self.program(), os.X_OK)

    def start(self, folder):
        port = free_port()
        return Process([self.program(), "--port", str(port)], port), port


def compare(bench):
    """W1 and W2 of this gateway beside every peer that is installed, in turns."""
    peers = [kind(bench) for kind in (Redis, Kinesalite, KinesisLocal, Ferrokinesis)]
    for peer in peers:
        if not peer.available():
            print(f"     {peer.name} is not installed (see tests/bench/peers.py)")
    peers = [peer for peer in peers if peer.available()]
    for name, records, conns in (("W1", 500, 16), ("W2", 1, 64)):
        ours, theirs = [], {peer: [] for peer in peers}
        for _ in range(bench.rounds):
            ours.append(bench.rate(bench.gateway_put(records, conns, SHARDS)))
            for peer in peers:
                theirs[peer].append(peer.rate(records, conns))
        for peer in peers:
            ratio = statistics.median([a / b for a, b in zip(ours, theirs[peer])])
            goal = 1.0 if name == "W2" else 1.5 if isinstance(peer, Redis) else 10
            bench.report(f"{name} beside {peer.name} ({peer.durability})", f"{ratio:.1f} x", f">= {goal} x",
                         ratio >= goal,
                         f"{statistics.median(ours):,.0f}/s and {statistics.median(theirs[peer]):,.0f}/s")
