#!/usr/bin/env python3
"""The Firehose API by stock boto3: all twelve calls, every kind of destination, puts, and where FOREBAY_BUCKETS names the
folder of the gateway's buckets, the objects.

Environment: see common/answers.py. The gateway delivers to a folder (delivery.endpoint file://...).
"""
import glob
import gzip
import os
import time

from common.answers import ACCOUNT, REGION, active, check, client, done, equal, fault, gone, unique

NAME = unique("hose")
ROLE = "arn:aws:iam::%s:role/any" % ACCOUNT
BUCKETS = os.environ.get("FOREBAY_BUCKETS")
FIRST = "destinationId-000000000001"


def bucket(name, **more):
    return dict({"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::" + name}, **more)


def described(firehose, name):
    return firehose.describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"]


def create(firehose):
    answer = firehose.create_delivery_stream(
        DeliveryStreamName=NAME, DeliveryStreamType="DirectPut", Tags=[{"Key": "suite", "Value": "basic"}],
        ExtendedS3DestinationConfiguration=bucket(
            NAME, Prefix="data/", ErrorOutputPrefix="errors/", CompressionFormat="GZIP",
            BufferingHints={"SizeInMBs": 1, "IntervalInSeconds": 1},
            ProcessingConfiguration={"Enabled": True, "Processors": [{"Type": "AppendDelimiterToRecord"}]}))
    arn = "arn:aws:firehose:%s:%s:deliverystream/%s" % (REGION, ACCOUNT, NAME)
    equal(answer["DeliveryStreamARN"], arn, "ARN")
    stream = described(firehose, NAME)
    equal((stream["DeliveryStreamARN"], stream["DeliveryStreamStatus"], stream["DeliveryStreamType"], stream["VersionId"]),
          (arn, "ACTIVE", "DirectPut", "1"), "description")
    check(abs(stream["CreateTimestamp"].timestamp() - time.time()) < 60, "creation time")
    equal(stream["HasMoreDestinations"], False, "one destination")
    destination = stream["Destinations"][0]
    equal(destination["DestinationId"], FIRST, "its id")
    for form in ("S3DestinationDescription", "ExtendedS3DestinationDescription"):
        shown = destination[form]
        equal((shown["BucketARN"], shown["Prefix"], shown["CompressionFormat"], shown["BufferingHints"]),
              ("arn:aws:s3:::" + NAME, "data/", "GZIP", {"SizeInMBs": 1, "IntervalInSeconds": 1}), form)
    fault("ResourceInUseException", firehose.create_delivery_stream, DeliveryStreamName=NAME,
          S3DestinationConfiguration=bucket(NAME))
    fault("ResourceNotFoundException", firehose.describe_delivery_stream, DeliveryStreamName="absent",
          text="Firehose absent under account %s not found." % ACCOUNT)
    fault("ValidationException", firehose.describe_delivery_stream, DeliveryStreamName="not a name")
    names = firehose.list_delivery_streams(Limit=10000)["DeliveryStreamNames"]
    check(NAME in names and names == sorted(names), "the list has it and is sorted")


def puts(firehose):
    ids = set()
    first = firehose.put_record(DeliveryStreamName=NAME, Record={"Data": b"first \x00\xff"})
    equal(first["Encrypted"], False, "not encrypted")
    ids.add(first["RecordId"])
    batch = firehose.put_record_batch(DeliveryStreamName=NAME, Records=[{"Data": b"record %d" % i} for i in range(500)])
    equal((batch["FailedPutCount"], len(batch["RequestResponses"])), (0, 500), "batch")
    ids |= {entry["RecordId"] for entry in batch["RequestResponses"]}
    equal(len(ids), 501, "ids differ")
    fault("ValidationException", firehose.put_record_batch, DeliveryStreamName=NAME, Records=[])
    fault("ValidationException", firehose.put_record_batch, DeliveryStreamName=NAME, Records=[{"Data": b"x"}] * 501)
    fault("ValidationException", firehose.put_record, DeliveryStreamName=NAME, Record={"Data": b"x" * 1024001})
    fault("InvalidArgumentException", firehose.put_record_batch, DeliveryStreamName=NAME, Records=[{"Data": b"x" * 1024000}] * 5)
    fault("ResourceNotFoundException", firehose.put_record, DeliveryStreamName="absent", Record={"Data": b"x"})
    return sorted([b"first \x00\xff"] + [b"record %d" % i for i in range(500)])


def objects(name, prefix):
    found = []
    for path in sorted(glob.glob(os.path.join(BUCKETS, name, prefix, "**", "*.gz"), recursive=True)):
        with gzip.open(path) as file:
            found += file.read().split(b"\n")[:-1]
    return sorted(found)


def delivered(records):
    """Polls for what the manifest would list: exactly these records."""
    deadline = time.time() + 60
    while objects(NAME, "data") != records and time.time() < deadline:
        time.sleep(0.5)
    equal(objects(NAME, "data"), records, "objects")


def update(firehose):
    firehose.update_destination(DeliveryStreamName=NAME, CurrentDeliveryStreamVersionId="1", DestinationId=FIRST,
                                ExtendedS3DestinationUpdate={"Prefix": "later/"})
    stream = described(firehose, NAME)
    equal(stream["VersionId"], "2", "a new version")
    shown = stream["Destinations"][0]["ExtendedS3DestinationDescription"]
    equal((shown["Prefix"], shown["CompressionFormat"]), ("later/", "GZIP"), "members merge")
    firehose.update_destination(DeliveryStreamName=NAME, CurrentDeliveryStreamVersionId="2", DestinationId=FIRST,
                                S3DestinationUpdate={"Prefix": "later/"})
    equal(described(firehose, NAME)["VersionId"], "2", "nothing changed")
    fault("ConcurrentModificationException", firehose.update_destination, DeliveryStreamName=NAME,
          CurrentDeliveryStreamVersionId="1", DestinationId=FIRST, ExtendedS3DestinationUpdate={"Prefix": "x/"})
    fault("InvalidArgumentException", firehose.update_destination, DeliveryStreamName=NAME,
          CurrentDeliveryStreamVersionId="2", DestinationId=FIRST)


def tags(firehose):
    firehose.tag_delivery_stream(DeliveryStreamName=NAME, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b"}])
    page = firehose.list_tags_for_delivery_stream(DeliveryStreamName=NAME, Limit=2)
    equal(([tag["Key"] for tag in page["Tags"]], page["HasMoreTags"]), (["a", "b"], True), "first page of tags")
    firehose.untag_delivery_stream(DeliveryStreamName=NAME, TagKeys=["a", "b"])
    equal(firehose.list_tags_for_delivery_stream(DeliveryStreamName=NAME)["Tags"], [{"Key": "suite", "Value": "basic"}], "tags")
    fault("ValidationException", firehose.tag_delivery_stream, DeliveryStreamName=NAME, Tags=[{"Key": "aws:x"}])


def encryption(firehose):
    firehose.stop_delivery_stream_encryption(DeliveryStreamName=NAME)
    equal(described(firehose, NAME)["DeliveryStreamEncryptionConfiguration"]["Status"], "DISABLED", "encryption")
    fault("InvalidKMSResourceException", firehose.start_delivery_stream_encryption, DeliveryStreamName=NAME,
          DeliveryStreamEncryptionConfigurationInput={"KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN":
                                                      "arn:aws:kms:%s:%s:key/absent" % (REGION, ACCOUNT)})


def destinations(firehose):
    """Every kind that is served can be made and is shown; every other is refused by name."""
    kinesis = client()
    kinesis.create_stream(StreamName=NAME, ShardCount=1)
    active(kinesis, NAME)
    urls = ("https://in.invalid/in", "jsonl+https://in.invalid/in", "function+https://in.invalid/f", "mqtt://in.invalid/t/{key}",
            "kinesis+https://in.invalid/s?region=eu-west-1")
    source = {"KinesisStreamARN": "arn:aws:kinesis:%s:%s:stream/%s" % (REGION, ACCOUNT, NAME), "RoleARN": ROLE}
    for number, url in enumerate(urls):
        name = "%s-%d" % (NAME, number)
        firehose.create_delivery_stream(
            DeliveryStreamName=name, DeliveryStreamType="KinesisStreamAsSource", KinesisStreamSourceConfiguration=source,
            HttpEndpointDestinationConfiguration={"EndpointConfiguration": {"Url": url}, "S3Configuration": bucket(NAME)})
        stream = described(firehose, name)
        equal(stream["Source"]["KinesisStreamSourceDescription"]["KinesisStreamARN"], source["KinesisStreamARN"], "source")
        shown = stream["Destinations"][0]["HttpEndpointDestinationDescription"]
        equal((shown["EndpointConfiguration"]["Url"], shown["S3BackupMode"]), (url, "FailedDataOnly"), "destination")
        fault("InvalidArgumentException", firehose.put_record, DeliveryStreamName=name, Record={"Data": b"x"})
        firehose.delete_delivery_stream(DeliveryStreamName=name)
    known = firehose.meta.service_model.operation_model("CreateDeliveryStream").input_shape.members
    for kind in ("Redshift", "Elasticsearch", "Amazonopensearchservice", "AmazonOpenSearchServerless", "Splunk", "Snowflake",
                 "Iceberg"):
        if kind + "DestinationConfiguration" not in known:
            continue  # older than this boto3
        fault("InvalidArgumentException", firehose.create_delivery_stream, DeliveryStreamName=NAME + "-x",
              **{kind + "DestinationConfiguration": {}})
    kinesis.delete_stream(StreamName=NAME)
    gone(kinesis, NAME)


def main():
    firehose = client(service="firehose")
    create(firehose)
    records = puts(firehose)
    if BUCKETS:
        delivered(records)
    update(firehose)
    tags(firehose)
    encryption(firehose)
    destinations(firehose)
    firehose.delete_delivery_stream(DeliveryStreamName=NAME)
    fault("ResourceNotFoundException", firehose.delete_delivery_stream, DeliveryStreamName=NAME)
    done("" if BUCKETS else "; no folder of buckets to look into")


main()
