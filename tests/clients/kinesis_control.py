#!/usr/bin/env python3
"""The control plane of the Kinesis API by stock boto3: tags, policies, account settings, monitoring, mode, warm
throughput, record size, encryption, and what the describing calls say of them.

Environment: see common/answers.py. Calls that the installed boto3 does not know are left out; the last line names them.
"""
import json

from common.answers import active, client, done, equal, error_of, fault, gone, unique

NAME = unique("control")
METRICS = ["IncomingBytes", "IncomingRecords", "OutgoingBytes", "OutgoingRecords", "WriteProvisionedThroughputExceeded",
           "ReadProvisionedThroughputExceeded", "IteratorAgeMilliseconds"]


class Control:
    def __init__(self):
        self.kinesis = client()
        self.done = []
        self.skipped = []

    def knows(self, call, *members):
        """Whether this boto3 has the call and all of these members of its request."""
        name = self.kinesis.meta.method_to_api_mapping.get(call)
        if name is None:
            return False
        shape = self.kinesis.meta.service_model.operation_model(name).input_shape
        return all(member in shape.members for member in members)

    def part(self, title, *needs):
        """needs: names of calls, or (call, member, ...)."""
        known = all(self.knows(*((need,) if isinstance(need, str) else need)) for need in needs)
        (self.done if known else self.skipped).append(title)
        return known

    def summary(self, name=NAME):
        return self.kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]

    def run(self):
        kinesis = self.kinesis
        kinesis.create_stream(StreamName=NAME, ShardCount=2)
        active(kinesis, NAME)
        self.arn = self.summary()["StreamARN"]
        self.tags()
        self.monitoring()
        self.encryption()
        self.resource_tags()
        self.policies()
        self.mode()
        self.warm_throughput()
        self.record_size()
        self.account()
        self.created_whole()
        self.deletion()

    def tags(self):
        if not self.part("tags", "add_tags_to_stream", "remove_tags_from_stream", "list_tags_for_stream"):
            return
        k = self.kinesis
        k.add_tags_to_stream(StreamName=NAME, Tags={"b": "2", "a": "1", "Größe": "4 m"})
        listed = k.list_tags_for_stream(StreamName=NAME)
        equal([(t["Key"], t["Value"]) for t in listed["Tags"]], [("Größe", "4 m"), ("a", "1"), ("b", "2")], "tags")
        equal(listed["HasMoreTags"], False, "all tags in one page")
        page = k.list_tags_for_stream(StreamName=NAME, ExclusiveStartTagKey="Größe", Limit=1)
        equal(([t["Key"] for t in page["Tags"]], page["HasMoreTags"]), (["a"], True), "a page of tags")
        k.remove_tags_from_stream(StreamName=NAME, TagKeys=["Größe", "a"])
        equal([t["Key"] for t in k.list_tags_for_stream(StreamName=NAME)["Tags"]], ["b"], "tags after removal")
        for start in range(0, 49, 10):
            k.add_tags_to_stream(StreamName=NAME, Tags={"t%02d" % i: "" for i in range(start, min(start + 10, 49))})
        fault("InvalidArgumentException", k.add_tags_to_stream, StreamName=NAME, Tags={"one more": ""})
        fault("InvalidArgumentException", k.add_tags_to_stream, StreamName=NAME, Tags={"b": "x;y"})
        fault("ResourceNotFoundException", k.add_tags_to_stream, StreamName="none", Tags={"b": ""})
        if self.part("tags by ARN", ("list_tags_for_stream", "StreamARN")):
            equal(len(k.list_tags_for_stream(StreamARN=self.arn)["Tags"]), 50, "tags by ARN")

    def monitoring(self):
        if not self.part("monitoring", "enable_enhanced_monitoring", "disable_enhanced_monitoring"):
            return
        k = self.kinesis
        answer = k.enable_enhanced_monitoring(StreamName=NAME, ShardLevelMetrics=["ALL"])
        equal(answer["CurrentShardLevelMetrics"], [], "metrics before")
        equal(answer["DesiredShardLevelMetrics"], METRICS, "metrics after")
        answer = k.disable_enhanced_monitoring(StreamName=NAME, ShardLevelMetrics=METRICS[1:])
        equal(answer["DesiredShardLevelMetrics"], METRICS[:1], "metrics left")
        equal(self.summary()["EnhancedMonitoring"], [{"ShardLevelMetrics": METRICS[:1]}], "metrics in the summary")
        description = k.describe_stream(StreamName=NAME)["StreamDescription"]
        equal(description["EnhancedMonitoring"], [{"ShardLevelMetrics": METRICS[:1]}], "metrics in the description")

    def encryption(self):
        if not self.part("encryption", "start_stream_encryption", "stop_stream_encryption"):
            return
        k = self.kinesis
        key = {"StreamName": NAME, "EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"}
        refused = error_of(k.start_stream_encryption, **key)
        if refused:  # the gateway has no key: it says so and encrypts nothing
            equal(refused["Error"]["Code"], "KMSNotFoundException", "a gateway without a key")
            equal(self.summary()["EncryptionType"], "NONE", "the stream is not encrypted")
        else:
            equal((self.summary()["EncryptionType"], self.summary()["KeyId"]), ("KMS", "alias/aws/kinesis"),
                  "encrypted")
            put = k.put_record(StreamName=NAME, PartitionKey="p", Data=b"x")
            equal(put.get("EncryptionType"), "KMS", "a put into an encrypted stream")
        k.stop_stream_encryption(**key)
        equal(self.summary()["EncryptionType"], "NONE", "encryption stopped")
        fault("InvalidArgumentException", k.start_stream_encryption, **dict(key, KeyId="no key"))

    def resource_tags(self):
        if not self.part("tags of resources", "tag_resource", "untag_resource", "list_tags_for_resource"):
            return
        k = self.kinesis
        k.remove_tags_from_stream(StreamName=NAME, TagKeys=["t00", "t01"])
        k.tag_resource(ResourceARN=self.arn, Tags={"z": "26"})
        equal({"Key": "z", "Value": "26"} in k.list_tags_for_resource(ResourceARN=self.arn)["Tags"], True, "a new tag")
        k.untag_resource(ResourceARN=self.arn, TagKeys=["z"])
        equal(len(k.list_tags_for_resource(ResourceARN=self.arn)["Tags"]), 48, "tags left")
        if not self.part("tags of consumers", "register_stream_consumer", "deregister_stream_consumer"):
            return
        consumer = k.register_stream_consumer(StreamARN=self.arn, ConsumerName="c")["Consumer"]["ConsumerARN"]
        k.tag_resource(ResourceARN=consumer, Tags={"who": "reader"})
        equal(k.list_tags_for_resource(ResourceARN=consumer)["Tags"], [{"Key": "who", "Value": "reader"}], "its tags")
        equal(self.summary()["ConsumerCount"], 1, "consumers")
        k.deregister_stream_consumer(ConsumerARN=consumer)
        equal(self.summary()["ConsumerCount"], 0, "consumers left")
        fault("ResourceNotFoundException", k.list_tags_for_resource, ResourceARN=consumer)

    def policies(self):
        if not self.part("policies", "put_resource_policy", "get_resource_policy", "delete_resource_policy"):
            return
        k = self.kinesis
        equal(k.get_resource_policy(ResourceARN=self.arn)["Policy"], "{}", "no policy")
        fault("ResourceNotFoundException", k.delete_resource_policy, ResourceARN=self.arn)
        policy = json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "kinesis:PutRecord", "Resource": self.arn}]})
        k.put_resource_policy(ResourceARN=self.arn, Policy=policy)
        equal(k.get_resource_policy(ResourceARN=self.arn)["Policy"], policy, "the policy")
        fault("InvalidArgumentException", k.put_resource_policy, ResourceARN=self.arn, Policy="no policy")
        k.delete_resource_policy(ResourceARN=self.arn)
        equal(k.get_resource_policy(ResourceARN=self.arn)["Policy"], "{}", "the policy is gone")

    def mode(self):
        if not self.part("mode", "update_stream_mode"):
            return
        k = self.kinesis
        for mode in ("ON_DEMAND", "PROVISIONED"):
            k.update_stream_mode(StreamARN=self.arn, StreamModeDetails={"StreamMode": mode})
            equal(self.summary()["StreamModeDetails"]["StreamMode"], mode, "mode")
        fault("ValidationException", k.update_stream_mode, StreamARN=self.arn,
              StreamModeDetails={"StreamMode": "PROVISIONED"})
        fault("LimitExceededException", k.update_stream_mode, StreamARN=self.arn,
              StreamModeDetails={"StreamMode": "ON_DEMAND"})

    def warm_throughput(self):
        if not self.part("warm throughput", "update_stream_warm_throughput"):
            return
        k = self.kinesis
        fault("ValidationException", k.update_stream_warm_throughput, StreamName=NAME, WarmThroughputMiBps=3)
        k.create_stream(StreamName=NAME + "-w", StreamModeDetails={"StreamMode": "ON_DEMAND"})
        answer = k.update_stream_warm_throughput(StreamName=NAME + "-w", WarmThroughputMiBps=6)
        equal(answer["WarmThroughput"], {"TargetMiBps": 6, "CurrentMiBps": 6}, "warm throughput")
        equal(self.summary(NAME + "-w")["OpenShardCount"], 6, "shards of it")
        k.delete_stream(StreamName=NAME + "-w")

    def record_size(self):
        if not self.part("record size", "update_max_record_size"):
            return
        k = self.kinesis
        large = b"x" * (2 << 20)
        fault("InvalidArgumentException", k.put_record, StreamName=NAME, PartitionKey="p", Data=large)
        k.update_max_record_size(StreamARN=self.arn, MaxRecordSizeInKiB=4096)
        equal(self.summary()["MaxRecordSizeInKiB"], 4096, "largest record")
        k.put_record(StreamName=NAME, PartitionKey="p", Data=large)
        fault("ValidationException", k.update_max_record_size, StreamARN=self.arn, MaxRecordSizeInKiB=10241)

    def account(self):
        if not self.part("account settings", "describe_account_settings", "update_account_settings"):
            return
        k = self.kinesis
        answer = k.update_account_settings(MinimumThroughputBillingCommitment={"Status": "ENABLED"})
        equal(answer["MinimumThroughputBillingCommitment"]["Status"], "ENABLED", "commitment")
        answer = k.update_account_settings(MinimumThroughputBillingCommitment={"Status": "DISABLED"})
        status = answer["MinimumThroughputBillingCommitment"]["Status"]
        equal(status, "ENABLED_UNTIL_EARLIEST_ALLOWED_END", "a commitment lasts a day")
        equal(k.describe_account_settings()["MinimumThroughputBillingCommitment"]["Status"], status, "described")

    def created_whole(self):
        if not self.part("tags of a new stream", ("create_stream", "Tags")):
            return
        k = self.kinesis
        k.create_stream(StreamName=NAME + "-t", ShardCount=1, Tags={"a": "1"})
        equal(k.list_tags_for_stream(StreamName=NAME + "-t")["Tags"], [{"Key": "a", "Value": "1"}], "its tags")
        k.delete_stream(StreamName=NAME + "-t")

    def deletion(self):
        k = self.kinesis
        if self.part("deletion with consumers", "register_stream_consumer"):
            k.register_stream_consumer(StreamARN=self.arn, ConsumerName="last")
            fault("ResourceInUseException", k.delete_stream, StreamName=NAME)
        k.delete_stream(StreamName=NAME, EnforceConsumerDeletion=True)
        gone(k, NAME)
        limits = k.describe_limits()
        equal(limits["OpenShardCount"] <= limits["ShardLimit"], True, "limits")


control = Control()
control.run()
done("; parts run %d (%s); left out, unknown to this boto3: %d (%s)" % (
    len(control.done), ", ".join(control.done), len(control.skipped), ", ".join(control.skipped) or "none"))
