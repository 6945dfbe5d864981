"""Buckets that delivery streams write to, read as docs/formats/manifest.md says: nothing but what the manifest lists."""

import collections
import concurrent.futures
import datetime
import gzip
import hashlib
import json
import os

import s3_servers

NAME = "lake"
DAY = 86400
MANIFEST = "_forebay/manifest/"
PARTIAL = ".forebay-partial"  # what a kill left of an object in a folder; the gateway removes it after a day


class Folder:
    """A folder of buckets."""

    def __init__(self, test):
        self.folder = test.path("buckets", NAME)
        os.makedirs(self.folder)
        self.endpoint, self.environment, self.settings = "file://" + os.path.dirname(self.folder), {}, ""

    def keys(self, prefix=""):
        for path, _, files in os.walk(self.folder):
            for name in files:
                key = os.path.relpath(os.path.join(path, name), self.folder)
                if key.startswith(prefix) and not key.startswith(PARTIAL):
                    yield key

    def load(self, key):
        with open(os.path.join(self.folder, key), "rb") as file:
            return file.read()

    def load_if(self, key):
        """None: it is not there."""
        try:
            return self.load(key)
        except FileNotFoundError:
            return None

    def folders(self, prefix, after=""):
        """What continues `prefix`, which ends with a slash, up to the next slash; names behind `after`."""
        path = os.path.join(self.folder, prefix)
        names = [one.name for one in os.scandir(path) if one.is_dir()] if os.path.isdir(path) else []
        return [prefix + name + "/" for name in sorted(names) if name > after]

    def cpu_seconds(self):
        return 0.0

    def plant_old_upload(self, key):
        """A folder has no uploads."""

    def old_uploads(self):
        return []

    def disturb(self, random):
        """A folder has no server to kill."""

    def close(self):
        pass


class S3:
    """A bucket of a real S3 server, which disturb() kills, at most so often."""

    def __init__(self, test, kind):
        self.kills_left = 200 if test.night else 5
        self.server = kind(test)
        self.server.start()
        self.client = self.server.client()
        self.client.create_bucket(Bucket=NAME)
        self.endpoint, self.environment = self.server.endpoint, self.server.environment()
        self.settings = 'region = "%s"\n' % self.server.region

    def keys(self, prefix=""):
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=NAME, Prefix=prefix):
            for item in page.get("Contents", ()):
                yield item["Key"]

    def load(self, key):
        return self.client.get_object(Bucket=NAME, Key=key)["Body"].read()

    def load_if(self, key):
        """None: it is not there."""
        try:
            return self.load(key)
        except self.client.exceptions.NoSuchKey:
            return None

    def folders(self, prefix, after=""):
        """What continues `prefix`, which ends with a slash, up to the next slash; names behind `after`."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=NAME, Prefix=prefix, Delimiter="/",
                                                                      StartAfter=prefix + after)
        return [one["Prefix"] for page in pages for one in page.get("CommonPrefixes", ())]

    def cpu_seconds(self):
        """Of the server since its last start."""
        return self.server.process.cpu_seconds()

    def plant_old_upload(self, key):
        """A multipart upload that nobody ended two days ago, where the server keeps the age in the file system."""
        self.client.create_multipart_upload(Bucket=NAME, Key=key)
        self.server.make_uploads_old(NAME, 2 * DAY)

    def old_uploads(self):
        """Keys of multipart uploads that began more than a day ago."""
        before = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=DAY)
        found = self.client.list_multipart_uploads(Bucket=NAME).get("Uploads", ())
        return [one["Key"] for one in found if one["Initiated"] < before]

    def disturb(self, random):
        if self.kills_left > 0 and random.random() < 0.5:
            self.kills_left -= 1
            self.server.kill()
            self.server.start()

    def close(self):
        self.server.__exit__(None, None, None)


def open_bucket(test, kind):
    """kind: folder, versitygw or ceph."""
    servers = {"versitygw": s3_servers.Versity, "ceph": s3_servers.Ceph}
    return Folder(test) if kind == "folder" else S3(test, servers[kind])


class Delivered:
    """What readers find in a bucket."""

    def __init__(self, bucket):
        self.bucket = bucket
        self.listed = set()
        self.loaded = {}  # entries and objects: they never change

    def load(self, key):
        if key not in self.loaded:
            self.loaded[key] = self.bucket.load(key)
        return self.loaded[key]

    def load_all(self, keys):
        """Several at a time: a store takes some milliseconds for each."""
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            collections.deque(pool.map(self.load, keys), maxlen=0)

    def entries(self):
        """(lane, entry, its text) in the order of each lane; lanes that are replays have more parts."""
        keys = sorted(key for key in self.bucket.keys(MANIFEST) if key.endswith(".json"))
        self.load_all(keys)
        for key in keys:
            text = self.load(key)
            yield os.path.dirname(key[len(MANIFEST):]), json.loads(text), text

    def records(self, part=""):
        """Of the lanes with `part` in their names."""
        return sum(one["records"] for lane, entry, _ in self.entries() if part in lane for one in entry["objects"])

    def read(self, test=None):
        """Lines by lane; problems of the chains are failures of the test, if one is given."""
        lines, previous, problems = collections.defaultdict(list), {}, []
        self.listed = set()
        entries = list(self.entries())
        self.load_all(one["key"] for _, entry, _ in entries for one in entry["objects"])
        for lane, entry, text in entries:
            if entry["previous"] != previous.get(lane, ""):
                problems.append("%s %s does not continue its chain" % (lane, entry["index"]))
            previous[lane] = hashlib.sha256(text).hexdigest()
            for one in entry["objects"]:
                body = self.load(one["key"])
                if hashlib.sha256(body).hexdigest() != one["sha256"] or one["key"] in self.listed:
                    problems.append("%s is not what its entry says, or is listed twice" % one["key"])
                self.listed.add(one["key"])
                if one["error_type"]:
                    problems.append("%s holds errors" % one["key"])
                    continue
                lines[lane] += (gzip.decompress(body) if one["key"].endswith(".gz") else body).decode().splitlines()
        if test is not None:
            test.check(not problems, "every chain and object is whole %s" % problems[:3])
        return lines

    def orphans(self):
        return {key for key in self.bucket.keys() if not key.startswith(MANIFEST)} - self.listed
