// Creates, writes, reads, describes, tags, reshards and fans out with @aws-sdk/client-kinesis, answer by answer.
import {
  AddTagsToStreamCommand, CreateStreamCommand, DecreaseStreamRetentionPeriodCommand, DeleteStreamCommand,
  DescribeLimitsCommand, DescribeStreamCommand, DescribeStreamSummaryCommand, GetRecordsCommand, GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand, KinesisClient, ListShardsCommand, ListTagsForStreamCommand, PutRecordCommand,
  PutRecordsCommand, RemoveTagsFromStreamCommand, paginateListStreams, waitUntilStreamExists, waitUntilStreamNotExists,
} from '@aws-sdk/client-kinesis';
import { check, equal, hashOf, refused, rightAnswers, shardId } from './checks.mjs';
import { fanOut } from './fan_out.mjs';
import { reshard } from './reshard.mjs';

const kinesis = new KinesisClient({ endpoint: process.env.FOREBAY_ENDPOINT, maxAttempts: 1 });
const send = (command) => kinesis.send(command);
const StreamName = `js-${process.pid}-${Date.now() % 1000000}`;
const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
const top = 2n ** 128n - 1n;
const written = [[], []];

async function streams() {
  await send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
  await waitUntilStreamExists({ client: kinesis, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { StreamName });
  await refused('ResourceInUseException', () => send(new CreateStreamCommand({ StreamName, ShardCount: 1 })), 'a second create');
  const { StreamDescription: stream } = await send(new DescribeStreamCommand({ StreamName }));
  equal(stream.StreamARN, StreamARN, 'ARN');
  equal([stream.StreamStatus, stream.RetentionPeriodHours, stream.HasMoreShards], ['ACTIVE', 24, false], 'description');
  equal(stream.Shards.map((shard) => shard.ShardId), [shardId(0), shardId(1)], 'shards');
  equal(stream.Shards.map((shard) => shard.HashKeyRange),
    [{ StartingHashKey: '0', EndingHashKey: String(top / 2n) }, { StartingHashKey: String(top / 2n + 1n), EndingHashKey: String(top) }],
    'hash key ranges');
  check(Math.abs(stream.StreamCreationTimestamp - Date.now()) < 60000, 'creation time');
  const { StreamDescriptionSummary: summary } = await send(new DescribeStreamSummaryCommand({ StreamARN }));
  equal([summary.StreamName, summary.OpenShardCount], [StreamName, 2], 'summary by ARN');
  const names = [];
  for await (const page of paginateListStreams({ client: kinesis, pageSize: 1 }, {})) names.push(...page.StreamNames);
  check(names.includes(StreamName), 'ListStreams has the stream');
  equal(names, [...names].sort(), 'ListStreams is sorted');
  const first = await send(new ListShardsCommand({ StreamName, MaxResults: 1 }));
  const second = await send(new ListShardsCommand({ NextToken: first.NextToken }));
  equal([...first.Shards, ...second.Shards].map((shard) => shard.ShardId), [shardId(0), shardId(1)], 'pages of ListShards');
  const limits = await send(new DescribeLimitsCommand({}));
  check(limits.OpenShardCount >= 2 && limits.ShardLimit >= limits.OpenShardCount, 'limits');
  await refused('ResourceNotFoundException', () => send(new DescribeStreamCommand({ StreamName: 'absent' })), 'an absent stream');
  await refused('ValidationException', () => send(new CreateStreamCommand({ StreamName: 'not a name', ShardCount: 1 })), 'a bad name');
}

function note(PartitionKey, data, answer, hash = hashOf(PartitionKey)) {
  const number = hash <= top / 2n ? 0 : 1;
  equal(answer.ShardId, shardId(number), `shard of ${PartitionKey}`);
  written[number].push({ key: PartitionKey, data: Buffer.from(data).toString('hex'), sequence: answer.SequenceNumber });
}

async function puts() {
  const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
  note('bytes', everyByte, await send(new PutRecordCommand({ StreamName, PartitionKey: 'bytes', Data: everyByte })));
  note('x', '', await send(new PutRecordCommand({ StreamARN, PartitionKey: 'x', Data: new Uint8Array(), ExplicitHashKey: String(top) })), top);
  const Records = Array.from({ length: 100 }, (_, index) => ({ PartitionKey: `key-${index % 7}`, Data: Buffer.from(`record ${index} é`) }));
  const answer = await send(new PutRecordsCommand({ StreamName, Records }));
  equal([answer.FailedRecordCount, answer.Records.length], [0, 100], 'PutRecords');
  answer.Records.forEach((result, index) => note(Records[index].PartitionKey, Records[index].Data, result));
  await refused('ResourceNotFoundException',
    () => send(new PutRecordCommand({ StreamName: 'absent', PartitionKey: 'a', Data: everyByte })), 'a put to an absent stream');
}

async function read(number, where) {
  const records = [];
  let { ShardIterator } = await send(new GetShardIteratorCommand({ StreamName, ShardId: shardId(number), ...where }));
  for (;;) {
    const page = await send(new GetRecordsCommand({ ShardIterator, Limit: 40 }));
    records.push(...page.Records);
    ShardIterator = page.NextShardIterator;
    check(ShardIterator, 'an open shard goes on');
    if (page.MillisBehindLatest === 0) break;
  }
  for (const record of records) check(Math.abs(record.ApproximateArrivalTimestamp - Date.now()) < 60000, 'arrival time');
  return records.map((record) => ({ key: record.PartitionKey, data: Buffer.from(record.Data).toString('hex'), sequence: record.SequenceNumber }));
}

async function reads() {
  for (const number of [0, 1]) {
    equal(await read(number, { ShardIteratorType: 'TRIM_HORIZON' }), written[number], `all of shard ${number}`);
    const StartingSequenceNumber = written[number][2].sequence;
    equal(await read(number, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber }), written[number].slice(2), 'at');
    equal(await read(number, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber }), written[number].slice(3), 'after');
    equal(await read(number, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(Date.now() - 3600000) }), written[number], 'by time');
    equal(await read(number, { ShardIteratorType: 'LATEST' }), [], 'latest');
  }
  await refused('InvalidArgumentException', () => send(new GetRecordsCommand({ ShardIterator: 'invented' })), 'an invented iterator');
}

async function settings() {
  const hours = async () => (await send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary.RetentionPeriodHours;
  await send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }));
  equal(await hours(), 48, 'longer retention');
  await send(new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 24 }));
  equal(await hours(), 24, 'shorter retention');
  await send(new AddTagsToStreamCommand({ StreamName, Tags: { team: 'edge', tier: 'é 2' } }));
  equal((await send(new ListTagsForStreamCommand({ StreamName }))).Tags, [{ Key: 'team', Value: 'edge' }, { Key: 'tier', Value: 'é 2' }], 'tags');
  await send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys: ['team'] }));
  equal((await send(new ListTagsForStreamCommand({ StreamName }))).Tags, [{ Key: 'tier', Value: 'é 2' }], 'tags left');
}

const steps = {
  streams,
  puts,
  reads,
  settings,
  reshard: () => reshard(send, StreamName, written),
  fanOut: () => fanOut(send, StreamName, StreamARN),
};
for (const [name, step] of Object.entries(steps)) {
  const before = rightAnswers();
  await step();
  console.log(`${name}: ${rightAnswers() - before} answers are right`);
}
await send(new DeleteStreamCommand({ StreamName }));
await waitUntilStreamNotExists({ client: kinesis, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { StreamName });
console.log(`@aws-sdk/client-kinesis on node ${process.version}: ${rightAnswers()} answers are right`);
kinesis.destroy();
