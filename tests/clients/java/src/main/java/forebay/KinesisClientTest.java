package forebay;

import static forebay.Checks.check;
import static forebay.Checks.equal;
import static forebay.Checks.get;
import static forebay.Checks.hashOf;
import static forebay.Checks.refused;
import static forebay.Checks.shardId;
import static forebay.Checks.until;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamDescription;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;
import software.amazon.awssdk.services.kinesis.model.Tag;

/** Creates, writes, reads, describes, tags, reshards and fans out with the Java SDK's async client, answer by answer. */
public final class KinesisClientTest {
  /** A record as it was written and as it must come back; the data as hexadecimal digits. */
  record Written(String key, String data, String sequence) {
    static Written of(Record record) {
      return new Written(record.partitionKey(), hex(record.data()), record.sequenceNumber());
    }
  }

  static final BigInteger HALF = BigInteger.TWO.pow(127);
  static final BigInteger QUARTER = BigInteger.TWO.pow(126);

  final KinesisAsyncClient kinesis;
  final String stream = "java-" + ProcessHandle.current().pid() + "-" + System.currentTimeMillis() % 1000000;
  final String arn = "arn:aws:kinesis:us-east-1:000000000000:stream/" + stream;
  final List<List<Written>> written = List.of(new ArrayList<>(), new ArrayList<>());

  KinesisClientTest(KinesisAsyncClient kinesis) {
    this.kinesis = kinesis;
  }

  static String hex(SdkBytes data) {
    return java.util.HexFormat.of().formatHex(data.asByteArray());
  }

  void streams() {
    get(kinesis.createStream(to -> to.streamName(stream).shardCount(2)));
    settled(2);
    refused("ResourceInUseException", kinesis.createStream(to -> to.streamName(stream).shardCount(1)), "a second create");
    refused("ValidationException", kinesis.createStream(to -> to.streamName("not a name").shardCount(1)), "a bad name");
    final StreamDescription found = get(kinesis.describeStream(to -> to.streamName(stream))).streamDescription();
    equal(found.streamARN(), arn, "ARN");
    equal(List.of(found.streamStatus(), found.retentionPeriodHours(), found.shards().size()), List.of(StreamStatus.ACTIVE, 24, 2), "description");
    equal(found.shards().get(1).hashKeyRange().startingHashKey(), HALF.toString(), "start of shard 1");
    equal(found.shards().get(1).hashKeyRange().endingHashKey(), HALF.shiftLeft(1).subtract(BigInteger.ONE).toString(), "end of shard 1");
    near(found.streamCreationTimestamp(), "creation time");
    final var summary = get(kinesis.describeStreamSummary(to -> to.streamARN(arn))).streamDescriptionSummary();
    equal(List.of(summary.streamName(), summary.openShardCount()), List.of(stream, 2), "summary by ARN");
    final List<String> names = new ArrayList<>();
    get(kinesis.listStreamsPaginator(to -> to.limit(1)).streamNames().subscribe(names::add));
    check(names.contains(stream), "ListStreams has the stream: " + names);
    equal(names, names.stream().sorted().toList(), "ListStreams is sorted");
    final var page = get(kinesis.listShards(to -> to.streamName(stream).maxResults(1)));
    final var rest = get(kinesis.listShards(to -> to.nextToken(page.nextToken())));
    equal(List.of(page.shards().get(0).shardId(), rest.shards().get(0).shardId()), List.of(shardId(0), shardId(1)), "pages of ListShards");
    refused("ResourceNotFoundException", kinesis.describeStream(to -> to.streamName("absent")), "an absent stream");
  }

  static void near(Instant time, String what) {
    check(Duration.between(time, Instant.now()).abs().toSeconds() < 60, what + " " + time);
  }

  void note(String key, SdkBytes data, String shard, String sequence) {
    final int number = hashOf(key).compareTo(HALF) < 0 ? 0 : 1;
    equal(shard, shardId(number), "shard of " + key);
    written.get(number).add(new Written(key, hex(data), sequence));
  }

  void puts() {
    final byte[] everyByte = new byte[256];
    for (int value = 0; value < 256; value++) everyByte[value] = (byte) value;
    final SdkBytes bytes = SdkBytes.fromByteArray(everyByte);
    final var one = get(kinesis.putRecord(to -> to.streamARN(arn).partitionKey("bytes").data(bytes)));
    note("bytes", bytes, one.shardId(), one.sequenceNumber());
    final List<PutRecordsRequestEntry> entries = new ArrayList<>();
    for (int index = 0; index < 100; index++) {
      entries.add(PutRecordsRequestEntry.builder().partitionKey("key-" + index % 7).data(SdkBytes.fromUtf8String("record " + index + " é")).build());
    }
    final PutRecordsResponse many = get(kinesis.putRecords(to -> to.streamName(stream).records(entries)));
    equal(List.of(many.failedRecordCount(), many.records().size()), List.of(0, 100), "PutRecords");
    for (int index = 0; index < 100; index++) {
      final var result = many.records().get(index);
      note(entries.get(index).partitionKey(), entries.get(index).data(), result.shardId(), result.sequenceNumber());
    }
    refused("ResourceNotFoundException", kinesis.putRecord(to -> to.streamName("absent").partitionKey("a").data(bytes)), "a put to an absent stream");
  }

  List<Written> read(int shard, Consumer<GetShardIteratorRequest.Builder> where) {
    final List<Written> records = new ArrayList<>();
    String iterator = get(kinesis.getShardIterator(to -> where.accept(to.streamName(stream).shardId(shardId(shard))))).shardIterator();
    while (true) {
      final String from = iterator;
      final GetRecordsResponse page = get(kinesis.getRecords(to -> to.shardIterator(from).limit(40)));
      page.records().forEach(record -> near(record.approximateArrivalTimestamp(), "arrival time"));
      page.records().forEach(record -> records.add(Written.of(record)));
      iterator = page.nextShardIterator();
      check(iterator != null, "an open shard goes on");
      if (page.millisBehindLatest() == 0) return records;
    }
  }

  void reads() {
    for (int shard = 0; shard < 2; shard++) {
      final List<Written> all = written.get(shard);
      final String place = all.get(2).sequence();
      equal(read(shard, at -> at.shardIteratorType(ShardIteratorType.TRIM_HORIZON)), all, "all of a shard");
      equal(read(shard, at -> at.shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER).startingSequenceNumber(place)), all.subList(2, all.size()), "at");
      equal(read(shard, at -> at.shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER).startingSequenceNumber(place)), all.subList(3, all.size()), "after");
      equal(read(shard, at -> at.shardIteratorType(ShardIteratorType.AT_TIMESTAMP).timestamp(Instant.now().minusSeconds(3600))), all, "by time");
      equal(read(shard, at -> at.shardIteratorType(ShardIteratorType.LATEST)), List.of(), "latest");
    }
    refused("InvalidArgumentException", kinesis.getRecords(to -> to.shardIterator("invented")), "an invented iterator");
  }

  void settings() {
    get(kinesis.increaseStreamRetentionPeriod(to -> to.streamName(stream).retentionPeriodHours(48)));
    equal(get(kinesis.describeStreamSummary(to -> to.streamName(stream))).streamDescriptionSummary().retentionPeriodHours(), 48, "longer retention");
    get(kinesis.decreaseStreamRetentionPeriod(to -> to.streamName(stream).retentionPeriodHours(24)));
    get(kinesis.addTagsToStream(to -> to.streamName(stream).tags(Map.of("team", "edge", "tier", "é 2"))));
    final List<Tag> wanted = List.of(Tag.builder().key("team").value("edge").build(), Tag.builder().key("tier").value("é 2").build());
    equal(get(kinesis.listTagsForStream(to -> to.streamName(stream))).tags(), wanted, "tags");
    get(kinesis.removeTagsFromStream(to -> to.streamName(stream).tagKeys("team")));
    equal(get(kinesis.listTagsForStream(to -> to.streamName(stream))).tags(), wanted.subList(1, 2), "tags left");
  }

  void settled(int open) {
    until(() -> {
      final var now = get(kinesis.describeStreamSummary(to -> to.streamName(stream))).streamDescriptionSummary();
      return now.streamStatus() == StreamStatus.ACTIVE && now.openShardCount() == open;
    }, open + " open shards");
  }

  /** The last page of a closed shard; every record on the way is put into `records`. */
  GetRecordsResponse readToEnd(int shard, List<Written> records) {
    String iterator = get(kinesis.getShardIterator(to -> to.streamName(stream).shardId(shardId(shard)).shardIteratorType(ShardIteratorType.TRIM_HORIZON))).shardIterator();
    for (int calls = 0;; calls++) {
      check(calls < 100, "shard " + shard + " comes to its end");
      final String from = iterator;
      final GetRecordsResponse page = get(kinesis.getRecords(to -> to.shardIterator(from)));
      page.records().forEach(record -> records.add(Written.of(record)));
      if (page.nextShardIterator() == null) return page;
      iterator = page.nextShardIterator();
    }
  }

  void reshard() {
    get(kinesis.splitShard(to -> to.streamName(stream).shardToSplit(shardId(0)).newStartingHashKey(QUARTER.toString())));
    settled(3);
    final List<Shard> shards = get(kinesis.listShards(to -> to.streamName(stream))).shards();
    equal(shards.stream().map(shard -> shard.shardId() + " " + shard.parentShardId()).toList(),
        List.of(shardId(0) + " null", shardId(1) + " null", shardId(2) + " " + shardId(0), shardId(3) + " " + shardId(0)), "shards of the split");
    final List<Written> records = new ArrayList<>();
    final GetRecordsResponse end = readToEnd(0, records);
    equal(records, written.get(0), "the closed shard is readable");
    equal(end.childShards().stream().map(child -> child.shardId() + child.parentShards()).toList(),
        List.of(shardId(2) + List.of(shardId(0)), shardId(3) + List.of(shardId(0))), "children");
    final var put = get(kinesis.putRecord(to -> to.streamName(stream).partitionKey("a").explicitHashKey(QUARTER.toString()).data(SdkBytes.fromUtf8String("child"))));
    equal(put.shardId(), shardId(3), "a put goes to the child");
    get(kinesis.mergeShards(to -> to.streamName(stream).shardToMerge(shardId(2)).adjacentShardToMerge(shardId(3))));
    settled(2);
    final Shard merged = get(kinesis.listShards(to -> to.streamName(stream).exclusiveStartShardId(shardId(3)))).shards().get(0);
    equal(List.of(merged.shardId(), merged.parentShardId(), merged.adjacentParentShardId()), List.of(shardId(4), shardId(2), shardId(3)), "merged shard");
    final var scaled = get(kinesis.updateShardCount(to -> to.streamName(stream).targetShardCount(4).scalingType(ScalingType.UNIFORM_SCALING)));
    equal(List.of(scaled.currentShardCount(), scaled.targetShardCount()), List.of(2, 4), "UpdateShardCount");
    settled(4);
  }

  public static void main(String[] arguments) {
    final var http = NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP2);
    try (KinesisAsyncClient kinesis = KinesisAsyncClient.builder()
             .endpointOverride(URI.create(System.getenv("FOREBAY_ENDPOINT"))).httpClientBuilder(http)
             .overrideConfiguration(to -> to.retryStrategy(retry -> retry.maxAttempts(1))).build()) {
      final KinesisClientTest run = new KinesisClientTest(kinesis);
      final Map<String, Runnable> steps = new java.util.LinkedHashMap<>();
      steps.put("streams", run::streams);
      steps.put("puts", run::puts);
      steps.put("reads", run::reads);
      steps.put("settings", run::settings);
      steps.put("reshard", run::reshard);
      steps.put("fan-out", () -> new FanOut(run.kinesis, run.stream, run.arn).run());
      steps.forEach((name, step) -> {
        final int before = Checks.right;
        step.run();
        System.out.println(name + ": " + (Checks.right - before) + " answers are right");
      });
      get(kinesis.deleteStream(to -> to.streamName(run.stream)));
      final boolean cbor = SdkSystemSetting.CBOR_ENABLED.getBooleanValueOrThrow();
      System.out.println("Java SDK " + software.amazon.awssdk.core.util.VersionInfo.SDK_VERSION + ", HTTP/2, CBOR " + cbor + ": " + Checks.right + " answers are right");
    }
  }
}
