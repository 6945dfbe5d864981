#!/usr/bin/python3
"""Writes sigv4/botocore.json: requests signed by botocore, which our verifier must accept.

    /usr/bin/python3 tests/golden/make_sigv4_vectors.py
"""
import datetime
import json
import pathlib
import urllib.parse

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5)
KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
URL = "http://gw.example:4567"


class FixedDatetime(datetime.datetime):
    @classmethod
    def utcnow(cls):
        return NOW

    @classmethod
    def now(cls, tz=None):
        return NOW.replace(tzinfo=tz)


botocore.auth.datetime.datetime = FixedDatetime
if hasattr(botocore.auth, "get_current_datetime"):
    botocore.auth.get_current_datetime = lambda *a, **k: NOW


def vector(name, method="POST", url=URL + "/", headers=(), body=b"", token=None, service="kinesis", region="us-east-1",
           expires=None):
    request = AWSRequest(method=method, url=url, data=body)
    for key, value in headers:
        request.headers.add_header(key, value)
    credentials = Credentials(KEY, SECRET, token)
    if expires is None:
        botocore.auth.SigV4Auth(credentials, service, region).add_auth(request)
    else:
        botocore.auth.SigV4QueryAuth(credentials, service, region, expires=expires).add_auth(request)
    parts = urllib.parse.urlsplit(request.url)
    sent = [[k.lower(), v] for k, v in request.headers.items()]
    return {"name": name, "method": method, "path": parts.path or "/", "query": parts.query,
            "headers": [["host", parts.netloc]] + sent, "body": body.decode(), "token": token or "",
            "region": region, "service": service, "expires": expires or 0}


JSON = ("Content-Type", "application/x-amz-json-1.1")
PUT = ("X-Amz-Target", "Kinesis_20131202.PutRecord")
BODY = b'{"StreamName":"s1","PartitionKey":"p","Data":"aGk="}'
VECTORS = [
    vector("put_record", headers=[JSON, PUT], body=BODY),
    vector("session_token", headers=[JSON, PUT], body=BODY, token="IQoJb3JpZ2lu//token=="),
    vector("other_region", headers=[JSON, PUT], body=BODY, region="eu-central-1"),
    vector("path", method="POST", url=URL + "/upload/v1/open", headers=[JSON], body=b"x", service="forebay"),
    vector("path_encoded", method="GET", url=URL + "/a%20b/c~d/e%2Ff/", service="forebay"),
    vector("query", method="GET", url=URL + "/list?b=2&a=1&a=0&empty=&sp=x%20y&plus=1%2B1&u=%C3%A9", service="forebay"),
    vector("duplicate_headers", headers=[JSON, ("X-Amz-Meta-Two", "b"), ("X-Amz-Meta-Two", "a")], body=b"{}"),
    vector("blanks_in_headers", headers=[JSON, ("X-Amz-Meta-Blanks", "  a   b  \t c ")], body=b"{}"),
    vector("presigned", method="GET", url=URL + "/?Action=x&Z=%2F", expires=900),
    vector("presigned_token", method="GET", url=URL + "/", expires=60, token="tok/en+="),
]

target = pathlib.Path(__file__).parent / "sigv4" / "botocore.json"
target.parent.mkdir(exist_ok=True)
target.write_text(json.dumps({"botocore": __import__("botocore").__version__, "time_ms": 1767323045000,
                              "access_key_id": KEY, "secret": SECRET, "vectors": VECTORS}, indent=1) + "\n")
print(f"{len(VECTORS)} vectors in {target}")
