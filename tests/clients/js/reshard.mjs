// Splits, merges and scales a stream of two shards; the closed shards stay readable to their end and name their children.
import {
  DescribeStreamSummaryCommand, GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand, MergeShardsCommand,
  PutRecordCommand, SplitShardCommand, UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { check, equal, refused, shardId, until } from './checks.mjs';

const quarter = 2n ** 126n;

async function settled(send, StreamName, open) {
  const answer = await until(() => send(new DescribeStreamSummaryCommand({ StreamName })),
    ({ StreamDescriptionSummary: now }) => now.StreamStatus === 'ACTIVE' && now.OpenShardCount === open, `${open} open shards`);
  return answer.StreamDescriptionSummary;
}

async function readToEnd(send, StreamName, ShardId) {
  const records = [];
  let { ShardIterator } = await send(new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }));
  for (let calls = 0; ; calls += 1) {
    check(calls < 100, `${ShardId} comes to its end`);
    const page = await send(new GetRecordsCommand({ ShardIterator }));
    records.push(...page.Records);
    if (!page.NextShardIterator) return { records, children: page.ChildShards };
    check(!page.ChildShards, 'children are named at the end only');
    ShardIterator = page.NextShardIterator;
  }
}

async function split(send, StreamName, written) {
  await send(new SplitShardCommand({ StreamName, ShardToSplit: shardId(0), NewStartingHashKey: String(quarter) }));
  await settled(send, StreamName, 3);
  const { Shards } = await send(new ListShardsCommand({ StreamName }));
  equal(Shards.map((shard) => [shard.ShardId, shard.ParentShardId]),
    [[shardId(0), undefined], [shardId(1), undefined], [shardId(2), shardId(0)], [shardId(3), shardId(0)]], 'shards of the split');
  equal([Shards[2].HashKeyRange, Shards[3].HashKeyRange],
    [{ StartingHashKey: '0', EndingHashKey: String(quarter - 1n) }, { StartingHashKey: String(quarter), EndingHashKey: String(2n * quarter - 1n) }],
    'ranges of the children');
  check(BigInt(Shards[0].SequenceNumberRange.EndingSequenceNumber) > BigInt(written[0].at(-1).sequence), 'the parent ends behind its records');
  check(!Shards[1].SequenceNumberRange.EndingSequenceNumber, 'an open shard has no end');
  const end = await readToEnd(send, StreamName, shardId(0));
  equal(end.records.map((record) => record.SequenceNumber), written[0].map((record) => record.sequence), 'the closed shard is readable');
  equal(end.children.map((child) => [child.ShardId, child.ParentShards]), [[shardId(2), [shardId(0)]], [shardId(3), [shardId(0)]]], 'children');
  const put = await send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from('child'), ExplicitHashKey: String(quarter) }));
  equal(put.ShardId, shardId(3), 'a put goes to the child');
  check(BigInt(put.SequenceNumber) > BigInt(written[0].at(-1).sequence), 'sequence numbers go on rising');
  await refused('InvalidArgumentException',
    () => send(new SplitShardCommand({ StreamName, ShardToSplit: shardId(0), NewStartingHashKey: '5' })), 'a split of a closed shard');
}

async function merge(send, StreamName) {
  await send(new MergeShardsCommand({ StreamName, ShardToMerge: shardId(2), AdjacentShardToMerge: shardId(3) }));
  await settled(send, StreamName, 2);
  const { Shards } = await send(new ListShardsCommand({ StreamName, ExclusiveStartShardId: shardId(3) }));
  equal(Shards.map((shard) => [shard.ShardId, shard.ParentShardId, shard.AdjacentParentShardId]), [[shardId(4), shardId(2), shardId(3)]], 'merged shard');
  const end = await readToEnd(send, StreamName, shardId(3));
  equal(end.records.map((record) => Buffer.from(record.Data).toString()), ['child'], 'records of a merged parent');
  equal(end.children.map((child) => [child.ShardId, child.ParentShards]), [[shardId(4), [shardId(2), shardId(3)]]], 'the child of two parents');
  await refused('InvalidArgumentException',
    () => send(new MergeShardsCommand({ StreamName, ShardToMerge: shardId(1), AdjacentShardToMerge: shardId(4) })), 'a merge in the wrong order');
}

async function scale(send, StreamName) {
  const answer = await send(new UpdateShardCountCommand({ StreamName, TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' }));
  equal([answer.StreamName, answer.CurrentShardCount, answer.TargetShardCount], [StreamName, 2, 4], 'UpdateShardCount');
  await settled(send, StreamName, 4);
  const { Shards } = await send(new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }));
  const starts = Shards.map((shard) => BigInt(shard.HashKeyRange.StartingHashKey)).sort((a, b) => (a < b ? -1 : 1));
  equal(starts, [0n, quarter, 2n * quarter, 3n * quarter], 'four even shards');
}

export async function reshard(send, StreamName, written) {
  await split(send, StreamName, written);
  await merge(send, StreamName);
  await scale(send, StreamName);
}
