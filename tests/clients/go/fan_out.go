package main

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

// subscription waits for one that is granted: the gateway may see the end of the last one a moment later. On a machine that is
// busy enough, net/http may give up a connection whose answer begins early (see README.md); it is asked for again, as every
// consumer does.
func (run *suite) subscription(consumer, shard string, from types.StartingPosition) *kinesis.SubscribeToShardEventStream {
	var answer *kinesis.SubscribeToShardOutput
	until("a subscription of "+shard, func() bool {
		var err error
		answer, err = run.client.SubscribeToShard(background,
			&kinesis.SubscribeToShardInput{ConsumerARN: &consumer, ShardId: &shard, StartingPosition: &from})
		if err != nil && !errors.Is(err, net.ErrClosed) {
			refused(err, "ResourceInUseException", "a subscription")
		}
		return err == nil
	})
	return answer.GetStream()
}

// follow reads pushed events of a shard until enough says so or the stream ends.
func (run *suite) follow(consumer, shard string, from types.StartingPosition, enough func([]string) bool) ([]string, []types.SubscribeToShardEvent) {
	stream := run.subscription(consumer, shard, from)
	defer stream.Close()
	var data []string
	var events []types.SubscribeToShardEvent
	watch := time.AfterFunc(30*time.Second, func() { check(false, "events of %s within 30 s: %v", shard, data) })
	defer watch.Stop()
	for raw := range stream.Events() {
		event := raw.(*types.SubscribeToShardEventStreamMemberSubscribeToShardEvent).Value
		events = append(events, event)
		for _, record := range event.Records {
			data = append(data, string(record.Data))
		}
		if enough(data) {
			return data, events
		}
	}
	if errors.Is(stream.Err(), net.ErrClosed) {
		return run.follow(consumer, shard, from, enough)
	}
	must(stream.Err(), "the event stream")
	return data, events
}

func (run *suite) fanOut() {
	made := got(run.client.RegisterStreamConsumer(background, &kinesis.RegisterStreamConsumerInput{StreamARN: &run.arn, ConsumerName: aws.String("reader")}))
	consumer := *made.Consumer.ConsumerARN
	check(strings.HasPrefix(consumer, run.arn+"/consumer/reader:"), "consumer ARN %s", consumer)
	until("an active consumer", func() bool {
		found := got(run.client.DescribeStreamConsumer(background, &kinesis.DescribeStreamConsumerInput{ConsumerARN: &consumer}))
		return found.ConsumerDescription.ConsumerStatus == types.ConsumerStatusActive
	})
	listed := got(run.client.ListStreamConsumers(background, &kinesis.ListStreamConsumersInput{StreamARN: &run.arn})).Consumers
	equal([]any{len(listed), *listed[0].ConsumerARN}, []any{1, consumer}, "consumers")
	run.followOpen(consumer)
	data, events := run.follow(consumer, shardID(3), types.StartingPosition{Type: types.ShardIteratorTypeTrimHorizon}, func([]string) bool { return false })
	equal(data, []string{"child"}, "records of a closed shard")
	last := events[len(events)-1]
	check(aws.ToString(last.ContinuationSequenceNumber) == "", "the end has no continuation")
	equal(len(last.ChildShards), 1, "children at the end")
	equal(last.ChildShards[0].ParentShards, []string{shardID(2), shardID(3)}, "children at the end")
	_, err := run.client.DeregisterStreamConsumer(background, &kinesis.DeregisterStreamConsumerInput{ConsumerARN: &consumer})
	must(err, "DeregisterStreamConsumer")
}

func (run *suite) followOpen(consumer string) {
	shard := run.shards(kinesis.ListShardsInput{ShardFilter: &types.ShardFilter{Type: types.ShardFilterTypeAtLatest}})[0]
	sent := 0
	put := func() {
		answer := got(run.client.PutRecord(background, &kinesis.PutRecordInput{StreamName: &run.stream, PartitionKey: aws.String("fan"),
			Data: []byte(fmt.Sprintf("fan %d", sent)), ExplicitHashKey: shard.HashKeyRange.StartingHashKey}))
		equal(*answer.ShardId, *shard.ShardId, "the followed shard")
		sent++
	}
	put()
	data, events := run.follow(consumer, *shard.ShardId, types.StartingPosition{Type: types.ShardIteratorTypeTrimHorizon}, func(data []string) bool {
		if len(data) == sent && sent < 5 {
			put()
		}
		return len(data) >= 5
	})
	equal(data, []string{"fan 0", "fan 1", "fan 2", "fan 3", "fan 4"}, "pushed records")
	place := events[len(events)-1].ContinuationSequenceNumber
	put()
	data, _ = run.follow(consumer, *shard.ShardId,
		types.StartingPosition{Type: types.ShardIteratorTypeAfterSequenceNumber, SequenceNumber: place}, func(data []string) bool { return len(data) > 0 })
	check(slices.Equal(data, []string{"fan 5"}), "records behind the continuation: %v", data)
}
