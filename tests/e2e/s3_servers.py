"""S3 servers nobody here wrote, as context managers: Ceph's radosgw from Debian over a memstore OSD, and versitygw
from the Go module proxy over a folder.

    with s3_servers.Ceph(test) as server:      # ready: endpoint, access_key, secret_key, region; no bucket yet
        server.client().create_bucket(Bucket="b")
        server.kill(); server.start()          # killed with -9 and back on the same port; Ceph's objects survive, its
                                               # memory belongs to the OSD, which goes on
Packages: group test of packaging/debian-packages.txt. versitygw is built once with `go install` into build/peers.
Run by itself this file starts every server, prints its address and keys, and waits for Ctrl-C.
"""

import glob
import os
import subprocess
import sys
import time
import uuid

import boto3
import botocore.config
import botocore.exceptions

import harness
from tls import make_certificate

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VERSITYGW = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"
ACCESS_KEY = "forebaytest"
SECRET_KEY = "forebay+secret/of=tests"


class Server:
    """endpoint, access_key, secret_key, region, name; started on entry, ended on exit."""

    region = "us-east-1"
    access_key = ACCESS_KEY
    secret_key = SECRET_KEY
    authority = None

    def __init__(self, test, name):
        self.test, self.name = test, name
        self.port = harness.free_port()
        self.endpoint = "http://127.0.0.1:%d" % self.port
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()

    def client(self):
        """boto3, without retries: a test wants to see the first answer."""
        config = botocore.config.Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0})
        return boto3.client("s3", endpoint_url=self.endpoint, region_name=self.region, config=config,
                            verify=self.authority, aws_access_key_id=self.access_key,
                            aws_secret_access_key=self.secret_key)

    def make_uploads_old(self, bucket, seconds):
        """Dates unfinished multipart uploads back; False: this server cannot."""
        return False

    def environment(self):
        """Of programs that take their keys from the environment."""
        return {"AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key,
                "AWS_DEFAULT_REGION": self.region, "AWS_EC2_METADATA_DISABLED": "true"}

    def wait_until_ready(self, seconds=60):
        end = time.monotonic() + seconds
        while True:
            try:
                return self.client().list_buckets()
            except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
                if time.monotonic() > end:
                    raise RuntimeError("%s is not ready after %d s: %s; see %s" %
                                       (self.name, seconds, error, self.process.log_path))
                time.sleep(0.1)


class Versity(Server):
    """versitygw over a folder, metadata in a second one; If-None-Match on put and complete."""

    def __init__(self, test, name="versitygw", region="us-east-1"):
        super().__init__(test, name)
        self.region = region
        self.data = test.path(name)

    @staticmethod
    def program():
        folder = os.path.join(ROOT, "build", "peers", "versitygw")
        path = os.path.join(folder, "versitygw")
        if not os.path.exists(path):
            os.makedirs(folder, exist_ok=True)
            install = "source packaging/toolchains.sh && need_go && exec go install " + VERSITYGW
            subprocess.run(["bash", "-c", install], check=True, cwd=ROOT, env=dict(os.environ, GOBIN=folder))
        return path

    def options(self):
        return []

    def make_uploads_old(self, bucket, seconds):
        then = time.time() - seconds
        for path in glob.glob(os.path.join(self.data, "buckets", bucket, ".sgwtmp", "multipart", "*", "*")):
            os.utime(path, (then, then))
        return True

    def start(self):
        for folder in ("buckets", "metadata"):
            os.makedirs(os.path.join(self.data, folder), exist_ok=True)
        if self.process is None:
            self.process = harness.Process(self.test, self.name, [
                self.program(), "--port", "127.0.0.1:%d" % self.port, "--access", self.access_key, "--secret",
                self.secret_key, "--region", self.region, "--keep-alive", "--quiet", *self.options(), "posix",
                "--sidecar", os.path.join(self.data, "metadata"), os.path.join(self.data, "buckets")])
        self.process.start()
        self.wait_until_ready()
        return self

    def kill(self):
        if self.process is not None:
            self.process.kill()


class VersityHosts(Versity):
    """versitygw over TLS, buckets as host names BUCKET.localhost, in another region; `authority` is what to trust."""

    def __init__(self, test, name="versitygw-hosts"):
        super().__init__(test, name, region="eu-west-1")
        self.endpoint = "https://localhost:%d" % self.port
        self.authority, authority_key = test.path(name + "-authority.pem"), test.path(name + "-authority.key")
        self.certificate, self.key = test.path(name + ".pem"), test.path(name + ".key")
        make_certificate(self.authority, authority_key, "forebay-test-authority")
        make_certificate(self.certificate, self.key, "forebay-test", "-CA", self.authority, "-CAkey", authority_key,
                         "-addext", "subjectAltName=DNS:localhost,DNS:contract.localhost", "-addext",
                         "basicConstraints=critical,CA:FALSE")

    def options(self):
        return ["--cert", self.certificate, "--key", self.key, "--virtual-domain", "localhost:%d" % self.port]


CEPH_CONF = """[global]
fsid = {fsid}
mon host = v1:127.0.0.1:{mon_port}
ms bind msgr2 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = {folder}/$name.keyring
log file = {folder}/$name.log
admin socket = {folder}/$name.asok
pid file =
run dir = {folder}
crash dir = {folder}/crash
mon data = {folder}/mon
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = {bytes}
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd max object name len = 2048
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
osd memory target = 939524096
rgw thread pool size = 64
rgw relaxed s3 bucket names = true
"""


class Ceph(Server):
    """radosgw over one monitor and one OSD that keeps everything in memory. kill() and start() concern radosgw only."""

    def __init__(self, test, name="ceph", memory_bytes=4 << 30):
        super().__init__(test, name)
        self.folder = test.path(name)
        self.memory_bytes = memory_bytes
        self.cluster = []

    def start(self):
        if self.process is None:
            self._make_cluster()
            self.process = self._daemon("radosgw", "-n", "client.rgw", "--rgw-frontends",
                                        "beast endpoint=127.0.0.1:%d" % self.port)
        self.process.start()
        self.wait_until_ready()
        return self

    def kill(self):
        """Of radosgw; the cluster ends with the context or the test."""
        if self.process is not None:
            self.process.kill()

    def __exit__(self, *_):
        self.kill()
        for process in self.cluster:
            process.kill()

    def _make_cluster(self):
        for folder in ("", "mon", "osd", "crash"):
            os.makedirs(os.path.join(self.folder, folder), exist_ok=True)
        self.conf = os.path.join(self.folder, "ceph.conf")
        fsid, mon_port = str(uuid.uuid4()), harness.free_port()
        with open(self.conf, "w") as conf:
            conf.write(CEPH_CONF.format(fsid=fsid, mon_port=mon_port, folder=self.folder, bytes=self.memory_bytes))
        self._make_keys()
        monmap = os.path.join(self.folder, "monmap")
        self._run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", "[v1:127.0.0.1:%d]" % mon_port, monmap)
        self._run("ceph-mon", "-c", self.conf, "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", self._key("mon."))
        self._start_daemon("ceph-mon", "-i", "a")
        osd = str(uuid.uuid4())
        self._ceph("osd", "new", osd)
        self._ceph("auth", "get-or-create", "osd.0", "mon", "allow profile osd", "osd", "allow *", "-o",
                   self._key("osd.0"))
        self._run("ceph-osd", "-c", self.conf, "-i", "0", "--mkfs", "--osd-uuid", osd)
        self._start_daemon("ceph-osd", "-i", "0")
        self._run("radosgw-admin", "-c", self.conf, "-n", "client.rgw", "user", "create", "--uid", "tests",
                  "--display-name", "tests", "--access-key", self.access_key, "--secret-key", self.secret_key)

    def _make_keys(self):
        allow = ["--cap", "mon", "allow *", "--cap", "osd", "allow *"]
        for name in ("mon.", "client.admin", "client.rgw"):
            self._run("ceph-authtool", "--create-keyring", self._key(name), "--gen-key", "-n", name, *allow)
        for name in ("client.admin", "client.rgw"):
            self._run("ceph-authtool", self._key("mon."), "--import-keyring", self._key(name))

    def _key(self, name):
        return os.path.join(self.folder, name + ".keyring")

    def _ceph(self, *arguments):
        return self._run("ceph", "-c", self.conf, "--connect-timeout", "30", *arguments)

    def _daemon(self, program, *arguments):
        return harness.Process(self.test, "%s-%s" % (self.name, program), [program, "-c", self.conf, *arguments, "-f"])

    def _start_daemon(self, program, *arguments):
        process = self._daemon(program, *arguments)
        process.start()
        self.cluster.append(process)

    def _run(self, *command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError("%s: exit code %d: %s" % (" ".join(command), done.returncode, done.stdout[-2000:]))
        return done.stdout


ALL = (Ceph, Versity)


def main():
    sys.argv[1:] = [ROOT]
    test = harness.Test(__doc__)
    servers = []
    for kind in ALL:
        begin = time.monotonic()
        server = kind(test).__enter__()
        servers.append(server)
        print("%s: %s, key %s, secret %s, region %s, ready after %.1f s" %
              (server.name, server.endpoint, server.access_key, server.secret_key, server.region,
               time.monotonic() - begin), flush=True)
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        test.finish()


if __name__ == "__main__":
    main()
