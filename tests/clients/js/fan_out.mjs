// Registers a consumer and follows shards by SubscribeToShard: from the oldest record, at the tip, and to a shard's end.
import {
  DeregisterStreamConsumerCommand, DescribeStreamConsumerCommand, ListShardsCommand, ListStreamConsumersCommand,
  PutRecordCommand, RegisterStreamConsumerCommand, SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis';
import { check, equal, refused, shardId, until } from './checks.mjs';

/** Follows a shard until `enough(events)`, then leaves. */
async function follow(send, ConsumerARN, ShardId, StartingPosition, enough, onEvent = () => {}) {
  const { EventStream } = await send(new SubscribeToShardCommand({ ConsumerARN, ShardId, StartingPosition }));
  const events = [];
  for await (const event of EventStream) {
    check(event.SubscribeToShardEvent, `an event of records (${Object.keys(event)})`);
    events.push(event.SubscribeToShardEvent);
    onEvent(event.SubscribeToShardEvent);
    if (enough(events)) break;
  }
  return events;
}

const dataOf = (events) => events.flatMap((event) => event.Records ?? []).map((record) => Buffer.from(record.Data).toString());

async function subscribe(send, StreamName, ConsumerARN) {
  const { Shards } = await send(new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }));
  const { ShardId, HashKeyRange } = Shards[0];
  const put = (text) => send(new PutRecordCommand({ StreamName, PartitionKey: 'fan', Data: Buffer.from(text), ExplicitHashKey: HashKeyRange.StartingHashKey }));
  const first = await put('fan 0');
  equal(first.ShardId, ShardId, 'the put goes to the followed shard');
  let sent = 1;
  const events = await follow(send, ConsumerARN, ShardId, { Type: 'TRIM_HORIZON' }, (all) => dataOf(all).length >= 5,
    () => { if (sent < 5) put(`fan ${sent++}`); });
  equal(dataOf(events), ['fan 0', 'fan 1', 'fan 2', 'fan 3', 'fan 4'], 'pushed records');
  equal(events.flatMap((event) => event.Records)[0].SequenceNumber, first.SequenceNumber, 'sequence number of a pushed record');
  const place = events.at(-1).ContinuationSequenceNumber;
  check(/^\d{56}$/.test(place), 'a continuation is a sequence number');
  const last = await put('fan 5');
  check(BigInt(last.SequenceNumber) > BigInt(place), 'a continuation lies before what follows');
  const more = await until(async () => {
    try {
      return await follow(send, ConsumerARN, ShardId, { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: place }, (all) => dataOf(all).length >= 1);
    } catch (error) {
      equal(error.name, 'ResourceInUseException', `a second subscription (${error.message})`);
      return undefined;
    }
  }, (answer) => answer !== undefined, 'a subscription after one was left');
  equal(dataOf(more), ['fan 5'], 'records behind the continuation');
}

async function followToEnd(send, ConsumerARN) {
  const events = await follow(send, ConsumerARN, shardId(3), { Type: 'TRIM_HORIZON' }, () => false);
  equal(dataOf(events), ['child'], 'records of a closed shard');
  check(!events.at(-1).ContinuationSequenceNumber, 'the end has no continuation');
  equal(events.at(-1).ChildShards.map((child) => [child.ShardId, child.ParentShards]), [[shardId(4), [shardId(2), shardId(3)]]], 'children at the end');
}

export async function fanOut(send, StreamName, StreamARN) {
  const { Consumer } = await send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'reader' }));
  check(Consumer.ConsumerARN.startsWith(`${StreamARN}/consumer/reader:`), `consumer ARN ${Consumer.ConsumerARN}`);
  const { ConsumerARN } = Consumer;
  await refused('ResourceInUseException', () => send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'reader' })), 'a second registration');
  const { ConsumerDescription } = await until(() => send(new DescribeStreamConsumerCommand({ ConsumerARN })),
    (answer) => answer.ConsumerDescription.ConsumerStatus === 'ACTIVE', 'an active consumer');
  equal([ConsumerDescription.ConsumerName, ConsumerDescription.StreamARN], ['reader', StreamARN], 'consumer');
  equal((await send(new ListStreamConsumersCommand({ StreamARN }))).Consumers.map((one) => one.ConsumerARN), [ConsumerARN], 'consumers');
  await subscribe(send, StreamName, ConsumerARN);
  await followToEnd(send, ConsumerARN);
  await send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
  await until(() => send(new ListStreamConsumersCommand({ StreamARN })), (answer) => answer.Consumers.length === 0, 'no consumer');
}
