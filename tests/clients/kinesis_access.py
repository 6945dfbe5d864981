"""Access keys and policies, as operators and their tenants use them: the forebay command makes keys while the gateway
runs, boto3 finds out what each may do. Needs FOREBAY_ENDPOINT and admin credentials in the environment, and the
forebay command (FOREBAY_COMMAND, set by the runner)."""

import json
import os
import subprocess
import tempfile

from common.answers import ENDPOINT, check, client, done, error_of

COMMAND = os.environ["FOREBAY_COMMAND"]


def forebay(*arguments, fails=None):
    done = subprocess.run([COMMAND, "--endpoint", ENDPOINT, "--json", *arguments], capture_output=True, text=True)
    if fails is not None:
        check(done.returncode != 0 and fails in done.stderr, "%s is refused with %s: %s" %
              (arguments, fails, done.stderr))
        return None
    check(done.returncode == 0, "%s: %s" % (arguments, done.stderr))
    return json.loads(done.stdout) if done.stdout.strip() else None


def client_of(key):
    return client(aws_access_key_id=key["access_key_id"], aws_secret_access_key=key["secret_access_key"])


def code(call, **arguments):
    refused = error_of(call, **arguments)
    return refused["Error"]["Code"] if refused else "success"


def policy_file(*statements):
    handle = tempfile.NamedTemporaryFile("w", suffix=".json", delete=False)
    json.dump({"Version": "2012-10-17", "Statement": list(statements)}, handle)
    handle.close()
    return handle.name


def allow(actions, resources):
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def deny(actions, resources):
    return {"Effect": "Deny", "Action": actions, "Resource": resources}


def policies(admin):
    for name in ("web-a", "web-b", "core"):
        admin.create_stream(StreamName=name, ShardCount=1)
    reader_policy = policy_file(allow(["kinesis:Get*", "kinesis:Describe*", "kinesis:ListShards"],
                                      "arn:aws:kinesis:*:*:stream/web-*"),
                                deny("kinesis:*", "arn:aws:kinesis:*:*:stream/web-b"))
    reader = forebay("key", "create", "--role", "user", "--policy", reader_policy, "--note", "dashboards")
    kinesis = client_of(reader)
    check(code(kinesis.describe_stream_summary, StreamName="web-a") == "success", "a reader reads what it may")
    iterator = kinesis.get_shard_iterator(StreamName="web-a", ShardId="shardId-0", ShardIteratorType="LATEST")
    check(code(kinesis.get_records, ShardIterator=iterator["ShardIterator"]) == "success", "and gets records")
    for call, arguments in ((kinesis.describe_stream_summary, {"StreamName": "web-b"}),
                            (kinesis.describe_stream_summary, {"StreamName": "core"}),
                            (kinesis.describe_stream_summary, {"StreamName": "not-there"}),
                            (kinesis.list_shards, {"StreamName": "core"}),
                            (kinesis.list_streams, {}),
                            (kinesis.describe_limits, {}),
                            (kinesis.put_record, {"StreamName": "web-a", "Data": b"x", "PartitionKey": "k"}),
                            (kinesis.put_records, {"StreamName": "web-a",
                                                   "Records": [{"Data": b"x", "PartitionKey": "k"}]}),
                            (kinesis.create_stream, {"StreamName": "web-c", "ShardCount": 1}),
                            (kinesis.delete_stream, {"StreamName": "web-a"})):
        got = code(call, **arguments)
        check(got == "AccessDeniedException", "%s is denied to a reader: %s" % (arguments, got))
    # An iterator made by one who may does not open the stream to one who may not.
    foreign = admin.get_shard_iterator(StreamName="core", ShardId="shardId-0", ShardIteratorType="LATEST")
    check(code(kinesis.get_records, ShardIterator=foreign["ShardIterator"]) == "AccessDeniedException",
          "a borrowed iterator is denied")

    # A policy is changed while the gateway runs, and holds for the next call.
    forebay("key", "policy", reader["access_key_id"], "--set",
            policy_file(allow("kinesis:PutRecord", "arn:aws:kinesis:us-east-1:*:stream/core")))
    check(
        code(kinesis.describe_stream_summary, StreamName="web-a") == "AccessDeniedException", "the old policy is gone")
    check(code(kinesis.put_record, StreamName="core", Data=b"x", PartitionKey="k") == "success", "the new one holds")
    shown = forebay("key", "policy", reader["access_key_id"])
    check(shown["Statement"][0]["Action"] == "kinesis:PutRecord", "the policy is shown")
    forebay("key", "policy", reader["access_key_id"], "--clear", fails="needs a policy")
    forebay("key", "policy", reader["access_key_id"], "--set",
            policy_file({"Effect": "Allow", "Action": "kinesis:*", "Resource": "*", "Condition": {}}),
            fails="Condition is not supported")
    forebay("key", "revoke", reader["access_key_id"])
    check(code(kinesis.put_record, StreamName="core", Data=b"x", PartitionKey="k") == "UnrecognizedClientException",
          "a revoked key is unknown at once")
    forebay("key", "revoke", reader["access_key_id"], fails="there is no access key")


def tenants(admin):
    one = forebay("key", "create", "--account", "111111111111")
    two = forebay("key", "create", "--account", "222222222222")
    first, second = client_of(one), client_of(two)
    first.create_stream(StreamName="orders", ShardCount=2)
    arn = first.describe_stream_summary(StreamName="orders")["StreamDescriptionSummary"]["StreamARN"]
    check(":111111111111:" in arn, "the ARN carries the tenant's account")
    check(
        code(second.describe_stream_summary, StreamName="orders") == "ResourceNotFoundException", "not seen by another")
    check(second.list_streams()["StreamNames"] == [], "nor listed")
    check("orders" not in admin.list_streams()["StreamNames"], "nor listed in the gateway's own account")
    second.create_stream(StreamName="orders", ShardCount=1)
    put = first.put_record(StreamName="orders", Data=b"canary-of-one", PartitionKey="k")
    theirs = second.get_shard_iterator(StreamName="orders", ShardId="shardId-0", ShardIteratorType="TRIM_HORIZON")
    check(second.get_records(ShardIterator=theirs["ShardIterator"])["Records"] == [], "records stay with their tenant")
    mine = first.get_shard_iterator(StreamName="orders", ShardId=put["ShardId"], ShardIteratorType="TRIM_HORIZON")
    check(
        first.get_records(ShardIterator=mine["ShardIterator"])["Records"][0]["Data"] == b"canary-of-one",
        "and are read")
    stolen = code(second.get_records, ShardIterator=mine["ShardIterator"])
    check(stolen != "success", "an iterator of another tenant opens nothing: " + stolen)
    if "StreamARN" in first.meta.service_model.operation_model("DescribeStreamSummary").input_shape.members:
        check(code(second.describe_stream_summary, StreamARN=arn) == "ResourceNotFoundException", "nor does its ARN")
    listed = {key["access_key_id"]: key for key in forebay("key", "list")}
    check(listed[one["access_key_id"]]["account"] == "111111111111", "keys are listed with their account")
    check("secret_access_key" not in json.dumps(list(listed.values())), "and without secrets")
    tenant_environment = dict(os.environ, AWS_ACCESS_KEY_ID=one["access_key_id"],
                              AWS_SECRET_ACCESS_KEY=one["secret_access_key"])
    seen = json.loads(subprocess.run([COMMAND, "--endpoint", ENDPOINT, "--json", "key", "list"], check=True,
                                     capture_output=True, text=True, env=tenant_environment).stdout)
    check([key["access_key_id"] for key in seen] == [one["access_key_id"]], "a tenant's admin sees its own keys")
    other = subprocess.run([COMMAND, "--endpoint", ENDPOINT, "key", "revoke", two["access_key_id"]],
                           capture_output=True, text=True, env=tenant_environment)
    check(other.returncode != 0 and "there is no access key" in other.stderr, "and revokes no other's")
    wide = subprocess.run([COMMAND, "--endpoint", ENDPOINT, "key", "create", "--account", "222222222222"],
                          capture_output=True, text=True, env=tenant_environment)
    check(wide.returncode != 0 and "account 111111111111 only" in wide.stderr, "nor makes one for another account")


def devices():
    device = forebay("key", "create", "--role", "device", "--device", "press-*")
    check(code(client_of(device).list_streams) == "AccessDeniedException", "a device key does not read")
    refused = subprocess.run([COMMAND, "--endpoint", ENDPOINT, "key", "list"], capture_output=True, text=True,
                             env=dict(os.environ, AWS_ACCESS_KEY_ID=device["access_key_id"],
                                      AWS_SECRET_ACCESS_KEY=device["secret_access_key"]))
    check(refused.returncode == 77 and "AccessDeniedException" in refused.stderr, "nor manages keys")


def main():
    admin = client()
    policies(admin)
    tenants(admin)
    devices()
    done()


main()
