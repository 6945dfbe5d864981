package forebay;

import static forebay.Checks.check;
import static forebay.Checks.equal;
import static forebay.Checks.get;
import static forebay.Checks.shardId;
import static forebay.Checks.until;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** Registers a consumer and follows an open and a closed shard by SubscribeToShard. */
final class FanOut {
  private final KinesisAsyncClient kinesis;
  private final String stream;
  private final String arn;
  private int sent = 0;

  FanOut(KinesisAsyncClient kinesis, String stream, String arn) {
    this.kinesis = kinesis;
    this.stream = stream;
    this.arn = arn;
  }

  /** What one subscription brought; its end is the future of the call. */
  private record Followed(List<SubscribeToShardEvent> events, CompletableFuture<Void> call) {
    List<String> data() {
      synchronized (events) {
        return events.stream().flatMap(event -> event.records().stream()).map(record -> record.data().asUtf8String()).toList();
      }
    }
  }

  private Followed follow(String consumer, String shard, StartingPosition from) {
    final List<SubscribeToShardEvent> events = Collections.synchronizedList(new ArrayList<>());
    final var handler = SubscribeToShardResponseHandler.builder()
        .subscriber(SubscribeToShardResponseHandler.Visitor.builder().onSubscribeToShardEvent(events::add).build()).build();
    return new Followed(events, kinesis.subscribeToShard(to -> to.consumerARN(consumer).shardId(shard).startingPosition(from), handler));
  }

  private void put(Shard shard) {
    final String text = "fan " + sent++;
    final var answer = get(kinesis.putRecord(
        to -> to.streamName(stream).partitionKey("fan").explicitHashKey(shard.hashKeyRange().startingHashKey()).data(SdkBytes.fromUtf8String(text))));
    equal(answer.shardId(), shard.shardId(), "the followed shard");
  }

  private void followOpen(String consumer) {
    final Shard shard = get(kinesis.listShards(to -> to.streamName(stream).shardFilter(one -> one.type(ShardFilterType.AT_LATEST)))).shards().get(0);
    put(shard);
    final Followed followed = follow(consumer, shard.shardId(), StartingPosition.builder().type(ShardIteratorType.TRIM_HORIZON).build());
    for (int count = 1; count <= 5; count++) {
      final int wanted = count;
      until(() -> followed.data().size() >= wanted || followed.call().isDone(), "pushed record " + count);
      check(!followed.call().isDone(), "the subscription lives on");
      if (count < 5) put(shard);
    }
    equal(followed.data(), List.of("fan 0", "fan 1", "fan 2", "fan 3", "fan 4"), "pushed records");
    final String place = followed.events().get(followed.events().size() - 1).continuationSequenceNumber();
    check(place != null && place.matches("\\d{56}"), "a continuation is a sequence number: " + place);
    final int events = followed.events().size();
    until(() -> followed.events().size() > events, "an event of an idle shard");
    followed.call().cancel(true);
  }

  private void followToEnd(String consumer) {
    final Followed followed = follow(consumer, shardId(3), StartingPosition.builder().type(ShardIteratorType.TRIM_HORIZON).build());
    get(followed.call());
    equal(followed.data(), List.of("child"), "records of a closed shard");
    final SubscribeToShardEvent last = followed.events().get(followed.events().size() - 1);
    check(last.continuationSequenceNumber() == null, "the end has no continuation: " + last.continuationSequenceNumber());
    equal(last.childShards().stream().map(child -> child.shardId() + child.parentShards()).toList(),
        List.of(shardId(4) + List.of(shardId(2), shardId(3))), "children at the end");
  }

  void run() {
    final String consumer = get(kinesis.registerStreamConsumer(to -> to.streamARN(arn).consumerName("reader"))).consumer().consumerARN();
    check(consumer.startsWith(arn + "/consumer/reader:"), "consumer ARN " + consumer);
    until(() -> get(kinesis.describeStreamConsumer(to -> to.consumerARN(consumer))).consumerDescription().consumerStatus() == ConsumerStatus.ACTIVE, "an active consumer");
    followOpen(consumer);
    followToEnd(consumer);
    get(kinesis.deregisterStreamConsumer(to -> to.consumerARN(consumer)));
  }
}
