package main

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

func (run *suite) settled(open int32) {
	until(fmt.Sprintf("%d open shards", open), func() bool {
		now := got(run.client.DescribeStreamSummary(background, &kinesis.DescribeStreamSummaryInput{StreamName: &run.stream})).StreamDescriptionSummary
		return now.StreamStatus == types.StreamStatusActive && *now.OpenShardCount == open
	})
}

func (run *suite) shards(input kinesis.ListShardsInput) []types.Shard {
	input.StreamName = &run.stream
	return got(run.client.ListShards(background, &input)).Shards
}

// readToEnd reads a closed shard until it has no iterator any more.
func (run *suite) readToEnd(shard int) (sequences []string, children []types.ChildShard) {
	iterator := got(run.client.GetShardIterator(background, &kinesis.GetShardIteratorInput{
		StreamName: &run.stream, ShardId: aws.String(shardID(shard)), ShardIteratorType: "TRIM_HORIZON"})).ShardIterator
	for calls := 0; iterator != nil; calls++ {
		check(calls < 100, "shard %d comes to its end", shard)
		page := got(run.client.GetRecords(background, &kinesis.GetRecordsInput{ShardIterator: iterator}))
		for _, record := range page.Records {
			sequences = append(sequences, *record.SequenceNumber)
		}
		iterator, children = page.NextShardIterator, page.ChildShards
	}
	return sequences, children
}

func (run *suite) split() {
	_, err := run.client.SplitShard(background, &kinesis.SplitShardInput{
		StreamName: &run.stream, ShardToSplit: aws.String(shardID(0)), NewStartingHashKey: aws.String(power(126).String())})
	must(err, "SplitShard")
	run.settled(3)
	shards := run.shards(kinesis.ListShardsInput{})
	equal(len(shards), 4, "shards after the split")
	for index, shard := range shards[2:] {
		equal([]string{*shard.ShardId, aws.ToString(shard.ParentShardId)}, []string{shardID(index + 2), shardID(0)}, "child of the split")
	}
	equal(*shards[3].HashKeyRange.StartingHashKey, power(126).String(), "start of the upper child")
	check(shards[0].SequenceNumberRange.EndingSequenceNumber != nil && shards[1].SequenceNumberRange.EndingSequenceNumber == nil, "ends of shards")
	sequences, children := run.readToEnd(0)
	var wanted []string
	for _, record := range run.written[0] {
		wanted = append(wanted, record.sequence)
	}
	equal(sequences, wanted, "the closed shard is readable")
	equal(len(children), 2, "children")
	equal([]string{*children[0].ShardId, children[0].ParentShards[0], *children[1].ShardId}, []string{shardID(2), shardID(0), shardID(3)}, "children")
	put := got(run.client.PutRecord(background, &kinesis.PutRecordInput{
		StreamName: &run.stream, PartitionKey: aws.String("a"), Data: []byte("child"), ExplicitHashKey: aws.String(power(126).String())}))
	equal(*put.ShardId, shardID(3), "a put goes to the child")
}

func (run *suite) merge() {
	_, err := run.client.MergeShards(background, &kinesis.MergeShardsInput{
		StreamName: &run.stream, ShardToMerge: aws.String(shardID(2)), AdjacentShardToMerge: aws.String(shardID(3))})
	must(err, "MergeShards")
	run.settled(2)
	child := run.shards(kinesis.ListShardsInput{ExclusiveStartShardId: aws.String(shardID(3))})
	equal(len(child), 1, "merged shards")
	equal([]string{*child[0].ShardId, aws.ToString(child[0].ParentShardId), aws.ToString(child[0].AdjacentParentShardId)},
		[]string{shardID(4), shardID(2), shardID(3)}, "merged shard")
	sequences, children := run.readToEnd(3)
	equal([]int{len(sequences), len(children)}, []int{1, 1}, "end of a merged parent")
	equal(children[0].ParentShards, []string{shardID(2), shardID(3)}, "the child of two parents")
}

func (run *suite) reshard() {
	run.split()
	run.merge()
	scaled := got(run.client.UpdateShardCount(background, &kinesis.UpdateShardCountInput{
		StreamName: &run.stream, TargetShardCount: aws.Int32(4), ScalingType: types.ScalingTypeUniformScaling}))
	equal([]int32{*scaled.CurrentShardCount, *scaled.TargetShardCount}, []int32{2, 4}, "UpdateShardCount")
	run.settled(4)
	var starts []string
	for _, shard := range run.shards(kinesis.ListShardsInput{ShardFilter: &types.ShardFilter{Type: types.ShardFilterTypeAtLatest}}) {
		starts = append(starts, fmt.Sprintf("%040s", *shard.HashKeyRange.StartingHashKey))
	}
	slices.Sort(starts)
	wanted := []string{}
	for quarter := int64(0); quarter < 4; quarter++ {
		start := power(126)
		wanted = append(wanted, fmt.Sprintf("%040s", start.Mul(start, number(fmt.Sprint(quarter))).String()))
	}
	equal(starts, wanted, "four even shards")
}
