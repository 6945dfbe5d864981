package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

func (run *suite) create(name string, shards int32) error {
	_, err := run.client.CreateStream(background, &kinesis.CreateStreamInput{StreamName: &name, ShardCount: &shards})
	return err
}

func (run *suite) streams() {
	must(run.create(run.stream, 2), "CreateStream")
	waiter := kinesis.NewStreamExistsWaiter(run.client, func(options *kinesis.StreamExistsWaiterOptions) {
		options.MinDelay, options.MaxDelay = time.Second, time.Second
	})
	must(waiter.Wait(background, &kinesis.DescribeStreamInput{StreamName: &run.stream}, 20*time.Second), "the stream exists")
	refused(run.create(run.stream, 1), "ResourceInUseException", "a second create")
	refused(run.create("not a name", 1), "ValidationException", "a bad name")
	stream := got(run.client.DescribeStream(background, &kinesis.DescribeStreamInput{StreamName: &run.stream})).StreamDescription
	equal(*stream.StreamARN, run.arn, "ARN")
	equal([]any{stream.StreamStatus, *stream.RetentionPeriodHours, len(stream.Shards)}, []any{types.StreamStatusActive, int32(24), 2}, "description")
	top := power(128)
	for index, shard := range stream.Shards {
		equal(*shard.ShardId, shardID(index), "shard")
		equal(number(*shard.HashKeyRange.StartingHashKey).Cmp(power(127)), index-1, "start of a range")
	}
	equal(number(*stream.Shards[1].HashKeyRange.EndingHashKey).Cmp(top.Sub(top, number("1"))), 0, "end of the last range")
	check(time.Since(*stream.StreamCreationTimestamp).Abs() < time.Minute, "creation time %v", stream.StreamCreationTimestamp)
	run.lists()
	_, err := run.client.DescribeStreamSummary(background, &kinesis.DescribeStreamSummaryInput{StreamName: aws.String("absent")})
	refused(err, "ResourceNotFoundException", "an absent stream")
}

func (run *suite) lists() {
	var names []string
	pages := kinesis.NewListStreamsPaginator(run.client, &kinesis.ListStreamsInput{Limit: aws.Int32(1)})
	for pages.HasMorePages() {
		names = append(names, got(pages.NextPage(background)).StreamNames...)
	}
	check(slices.Contains(names, run.stream) && slices.IsSorted(names), "ListStreams: %v", names)
	summary := got(run.client.DescribeStreamSummary(background, &kinesis.DescribeStreamSummaryInput{StreamARN: &run.arn})).StreamDescriptionSummary
	equal([]any{*summary.StreamName, *summary.OpenShardCount}, []any{run.stream, int32(2)}, "summary by ARN")
	first := got(run.client.ListShards(background, &kinesis.ListShardsInput{StreamName: &run.stream, MaxResults: aws.Int32(1)}))
	second := got(run.client.ListShards(background, &kinesis.ListShardsInput{NextToken: first.NextToken}))
	equal([]string{*first.Shards[0].ShardId, *second.Shards[0].ShardId}, []string{shardID(0), shardID(1)}, "pages of ListShards")
	limits := got(run.client.DescribeLimits(background, &kinesis.DescribeLimitsInput{}))
	check(*limits.OpenShardCount >= 2 && *limits.ShardLimit >= *limits.OpenShardCount, "limits")
}

func (run *suite) note(key, data, shard, sequence string) {
	index := 0
	if hashOf(key).Cmp(power(127)) >= 0 {
		index = 1
	}
	equal(shard, shardID(index), "shard of "+key)
	run.written[index] = append(run.written[index], written{key, data, sequence})
}

func (run *suite) puts() {
	var bytes []byte
	for value := 0; value < 256; value++ {
		bytes = append(bytes, byte(value))
	}
	one := got(run.client.PutRecord(background, &kinesis.PutRecordInput{StreamARN: &run.arn, PartitionKey: aws.String("bytes"), Data: bytes}))
	run.note("bytes", string(bytes), *one.ShardId, *one.SequenceNumber)
	var entries []types.PutRecordsRequestEntry
	for index := 0; index < 100; index++ {
		entries = append(entries, types.PutRecordsRequestEntry{
			PartitionKey: aws.String(fmt.Sprintf("key-%d", index%7)), Data: []byte(fmt.Sprintf("record %d é", index))})
	}
	many := got(run.client.PutRecords(background, &kinesis.PutRecordsInput{StreamName: &run.stream, Records: entries}))
	equal([]int{int(*many.FailedRecordCount), len(many.Records)}, []int{0, 100}, "PutRecords")
	for index, result := range many.Records {
		run.note(*entries[index].PartitionKey, string(entries[index].Data), *result.ShardId, *result.SequenceNumber)
	}
	_, err := run.client.PutRecord(background, &kinesis.PutRecordInput{StreamName: aws.String("absent"), PartitionKey: aws.String("a"), Data: bytes})
	refused(err, "ResourceNotFoundException", "a put to an absent stream")
}

func (run *suite) read(shard int, where kinesis.GetShardIteratorInput) []written {
	where.StreamName, where.ShardId = &run.stream, aws.String(shardID(shard))
	iterator := got(run.client.GetShardIterator(background, &where)).ShardIterator
	records := []written{}
	for {
		page := got(run.client.GetRecords(background, &kinesis.GetRecordsInput{ShardIterator: iterator, Limit: aws.Int32(40)}))
		for _, record := range page.Records {
			check(time.Since(*record.ApproximateArrivalTimestamp).Abs() < time.Minute, "arrival time")
			records = append(records, written{*record.PartitionKey, string(record.Data), *record.SequenceNumber})
		}
		check(page.NextShardIterator != nil, "an open shard goes on")
		if iterator = page.NextShardIterator; *page.MillisBehindLatest == 0 {
			return records
		}
	}
}

func (run *suite) reads() {
	for shard, all := range run.written {
		at := &all[2].sequence
		equal(run.read(shard, kinesis.GetShardIteratorInput{ShardIteratorType: "TRIM_HORIZON"}), all, "all of a shard")
		equal(run.read(shard, kinesis.GetShardIteratorInput{ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber: at}), all[2:], "at")
		equal(run.read(shard, kinesis.GetShardIteratorInput{ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber: at}), all[3:], "after")
		hourAgo := aws.Time(time.Now().Add(-time.Hour))
		equal(run.read(shard, kinesis.GetShardIteratorInput{ShardIteratorType: "AT_TIMESTAMP", Timestamp: hourAgo}), all, "by time")
		equal(run.read(shard, kinesis.GetShardIteratorInput{ShardIteratorType: "LATEST"}), []written{}, "latest")
	}
	_, err := run.client.GetRecords(background, &kinesis.GetRecordsInput{ShardIterator: aws.String("invented")})
	refused(err, "InvalidArgumentException", "an invented iterator")
}

func (run *suite) tags() map[string]string {
	found := map[string]string{}
	for _, tag := range got(run.client.ListTagsForStream(background, &kinesis.ListTagsForStreamInput{StreamName: &run.stream})).Tags {
		found[*tag.Key] = *tag.Value
	}
	return found
}

func (run *suite) settings() {
	hours := func() int32 {
		answer := got(run.client.DescribeStreamSummary(background, &kinesis.DescribeStreamSummaryInput{StreamName: &run.stream}))
		return *answer.StreamDescriptionSummary.RetentionPeriodHours
	}
	_, err := run.client.IncreaseStreamRetentionPeriod(background,
		&kinesis.IncreaseStreamRetentionPeriodInput{StreamName: &run.stream, RetentionPeriodHours: aws.Int32(48)})
	must(err, "longer retention")
	equal(hours(), int32(48), "longer retention")
	_, err = run.client.DecreaseStreamRetentionPeriod(background,
		&kinesis.DecreaseStreamRetentionPeriodInput{StreamName: &run.stream, RetentionPeriodHours: aws.Int32(24)})
	must(err, "shorter retention")
	equal(hours(), int32(24), "shorter retention")
	_, err = run.client.AddTagsToStream(background,
		&kinesis.AddTagsToStreamInput{StreamName: &run.stream, Tags: map[string]string{"team": "edge", "tier": "é 2"}})
	must(err, "tags")
	equal(run.tags(), map[string]string{"team": "edge", "tier": "é 2"}, "tags")
	_, err = run.client.RemoveTagsFromStream(background, &kinesis.RemoveTagsFromStreamInput{StreamName: &run.stream, TagKeys: []string{"team"}})
	must(err, "fewer tags")
	equal(run.tags(), map[string]string{"tier": "é 2"}, "tags left")
}

func (run *suite) end() {
	_, err := run.client.DeleteStream(background, &kinesis.DeleteStreamInput{StreamName: &run.stream})
	must(err, "DeleteStream")
	waiter := kinesis.NewStreamNotExistsWaiter(run.client, func(options *kinesis.StreamNotExistsWaiterOptions) {
		options.MinDelay, options.MaxDelay = time.Second, time.Second
	})
	must(waiter.Wait(background, &kinesis.DescribeStreamInput{StreamName: &run.stream}, 20*time.Second), "the stream is gone")
}
