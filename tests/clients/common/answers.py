"""What the suites of boto3 share: the client, a name of their own, and checks that count and end the run at the first
wrong answer.

Starts nothing: endpoint and key come from FOREBAY_ENDPOINT (or AWS_ENDPOINT_URL), AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY. Works with botocore 1.29 and newer.
"""
import hashlib
import os
import time

import boto3
import botocore.config
import botocore.exceptions

ENDPOINT = os.environ.get("FOREBAY_ENDPOINT") or os.environ["AWS_ENDPOINT_URL"]
REGION = os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
ACCOUNT = "000000000000"
counted = {"answers": 0}


def unique(suite):
    """A stream name that no other run uses."""
    return "%s-%d-%d" % (suite, os.getpid(), int(time.time() * 1000) % 1000000)


def check(condition, what):
    counted["answers"] += 1
    if not condition:
        print("WRONG: %s" % what, flush=True)
        os._exit(1)  # from any thread


def equal(found, wanted, what):
    check(found == wanted, "%s: found %r, wanted %r" % (what, found, wanted))


def done(more=""):
    """The last line of a suite: what passed, by which boto3."""
    print("boto3 %s: %d answers are right%s" % (boto3.__version__, counted["answers"], more), flush=True)


def client(config=None, service="kinesis", **more):
    """Never repeats a call and checks no parameter, so that the gateway does. config, more: see boto3."""
    settings = dict({"retries": {"total_max_attempts": 1}, "parameter_validation": False}, **(config or {}))
    return boto3.session.Session().client(service, endpoint_url=ENDPOINT, region_name=REGION,
                                          config=botocore.config.Config(**settings), **more)


def error_of(call, **arguments):
    """The error the call is refused with: its whole answer; None when it succeeds."""
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        return error.response
    return None


def fault(name, call, *, text=None, **arguments):
    """The call must be refused with this error type and, if given, this text."""
    refused = error_of(call, **arguments)
    check(refused is not None, "%s %r was not refused with %s" % (call.__name__, arguments, name))
    equal(refused["Error"]["Code"], name, "%s %r" % (call.__name__, arguments))
    if text is not None:
        equal(refused["Error"]["Message"], text, "text of %s %r" % (name, arguments))
    check("RequestId" in refused["ResponseMetadata"], "an error has a request id")


def active(kinesis, name):
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 20})


def gone(kinesis, name):
    kinesis.get_waiter("stream_not_exists").wait(StreamName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 20})


def shard_id(number):
    return "shardId-%012d" % number


def stream_arn(name):
    return "arn:aws:kinesis:%s:%s:stream/%s" % (REGION, ACCOUNT, name)


def hash_of(key):
    """The place of a partition key in the range of hashes."""
    return int.from_bytes(hashlib.md5(key.encode()).digest(), "big")
