// Creates, describes, puts, updates, tags and deletes with @aws-sdk/client-firehose, answer by answer.
import assert from 'node:assert/strict';
import {
  CreateDeliveryStreamCommand, DeleteDeliveryStreamCommand, DescribeDeliveryStreamCommand, FirehoseClient,
  ListDeliveryStreamsCommand, ListTagsForDeliveryStreamCommand, PutRecordBatchCommand, PutRecordCommand,
  StartDeliveryStreamEncryptionCommand, StopDeliveryStreamEncryptionCommand, TagDeliveryStreamCommand,
  UntagDeliveryStreamCommand, UpdateDestinationCommand,
} from '@aws-sdk/client-firehose';

const firehose = new FirehoseClient({ endpoint: process.env.FOREBAY_ENDPOINT, maxAttempts: 1 });
const send = (command) => firehose.send(command);
const DeliveryStreamName = `js-${process.pid}-${Date.now() % 1000000}`;
const DestinationId = 'destinationId-000000000001';
const RoleARN = 'arn:aws:iam::000000000000:role/any';
const BucketARN = `arn:aws:s3:::${DeliveryStreamName}`;

const refused = (name, command) => assert.rejects(send(command), { name });
const describe = async () => (await send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }))).DeliveryStreamDescription;

async function create() {
  const { DeliveryStreamARN } = await send(new CreateDeliveryStreamCommand({
    DeliveryStreamName,
    DeliveryStreamType: 'DirectPut',
    Tags: [{ Key: 'suite', Value: 'js' }],
    ExtendedS3DestinationConfiguration: { RoleARN, BucketARN, Prefix: 'data/', CompressionFormat: 'GZIP' },
  }));
  assert.equal(DeliveryStreamARN, `arn:aws:firehose:us-east-1:000000000000:deliverystream/${DeliveryStreamName}`);
  const stream = await describe();
  assert.deepEqual([stream.DeliveryStreamStatus, stream.VersionId, stream.HasMoreDestinations], ['ACTIVE', '1', false]);
  assert.ok(Math.abs(stream.CreateTimestamp - Date.now()) < 60000);
  const { ExtendedS3DestinationDescription: shown } = stream.Destinations[0];
  assert.deepEqual(shown.BufferingHints, { SizeInMBs: 5, IntervalInSeconds: 300 });
  await refused('ResourceInUseException',
    new CreateDeliveryStreamCommand({ DeliveryStreamName, S3DestinationConfiguration: { RoleARN, BucketARN } }));
  await refused('InvalidArgumentException', new CreateDeliveryStreamCommand({ DeliveryStreamName: 'x' }));
  const { DeliveryStreamNames } = await send(new ListDeliveryStreamsCommand({ Limit: 10000 }));
  assert.ok(DeliveryStreamNames.includes(DeliveryStreamName));
}

async function puts() {
  const Data = Uint8Array.from({ length: 256 }, (_, index) => index);
  const { RecordId, Encrypted } = await send(new PutRecordCommand({ DeliveryStreamName, Record: { Data } }));
  assert.equal(Encrypted, false);
  const Records = Array.from({ length: 100 }, (_, index) => ({ Data: Buffer.from(`record ${index} é`) }));
  const batch = await send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
  assert.equal(batch.FailedPutCount, 0);
  assert.equal(new Set([RecordId, ...batch.RequestResponses.map((entry) => entry.RecordId)]).size, 101);
  await refused('ResourceNotFoundException', new PutRecordCommand({ DeliveryStreamName: 'absent', Record: { Data } }));
  await refused('ValidationException', new PutRecordBatchCommand({ DeliveryStreamName, Records: [] }));
}

async function change() {
  await send(new UpdateDestinationCommand({
    DeliveryStreamName, CurrentDeliveryStreamVersionId: '1', DestinationId, ExtendedS3DestinationUpdate: { Prefix: 'later/' },
  }));
  const stream = await describe();
  assert.equal(stream.VersionId, '2');
  assert.equal(stream.Destinations[0].S3DestinationDescription.Prefix, 'later/');
  await refused('ConcurrentModificationException', new UpdateDestinationCommand({
    DeliveryStreamName, CurrentDeliveryStreamVersionId: '1', DestinationId, ExtendedS3DestinationUpdate: { Prefix: 'x/' },
  }));
  await send(new TagDeliveryStreamCommand({ DeliveryStreamName, Tags: [{ Key: 'größe', Value: '1' }] }));
  await send(new UntagDeliveryStreamCommand({ DeliveryStreamName, TagKeys: ['größe'] }));
  const { Tags } = await send(new ListTagsForDeliveryStreamCommand({ DeliveryStreamName }));
  assert.deepEqual(Tags, [{ Key: 'suite', Value: 'js' }]);
  await send(new StopDeliveryStreamEncryptionCommand({ DeliveryStreamName }));
  await refused('InvalidKMSResourceException', new StartDeliveryStreamEncryptionCommand({
    DeliveryStreamName,
    DeliveryStreamEncryptionConfigurationInput: {
      KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: 'arn:aws:kms:us-east-1:000000000000:key/absent',
    },
  }));
}

await create();
await puts();
await change();
await send(new DeleteDeliveryStreamCommand({ DeliveryStreamName }));
await refused('ResourceNotFoundException', new DescribeDeliveryStreamCommand({ DeliveryStreamName }));
console.log(`client-firehose: all answers are right`);
