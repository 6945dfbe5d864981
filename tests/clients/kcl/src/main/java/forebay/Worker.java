package forebay;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.KinesisClientUtil;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.RetrievalSpecificConfig;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * One KCL worker: Worker STREAM APPLICATION WORKER polling|fan-out FILE. Appends a line for every user record to FILE
 * and checkpoints behind it. FOREBAY_ENDPOINT and DYNAMODB_ENDPOINT name the two services. SIGTERM ends it gracefully.
 */
public final class Worker {
  private Worker() {}

  private static KinesisAsyncClient kinesis() {
    return KinesisClientUtil.createKinesisAsyncClient(
        KinesisAsyncClient.builder().endpointOverride(URI.create(System.getenv("FOREBAY_ENDPOINT"))));
  }

  private static DynamoDbAsyncClient dynamo() {
    return DynamoDbAsyncClient.builder()
        .endpointOverride(URI.create(System.getenv("DYNAMODB_ENDPOINT")))
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("leases", "leases")))
        .build();
  }

  private static RetrievalSpecificConfig retrieval(String mode, String stream, String application, KinesisAsyncClient kinesis) {
    if (mode.equals("fan-out")) return new FanOutConfig(kinesis).streamName(stream).applicationName(application);
    return new PollingConfig(stream, kinesis).idleTimeBetweenReadsInMillis(250).usePollingConfigIdleTimeValue(true);
  }

  /** Leases that change hands in seconds; no worker metrics, which ask the machine and a table of their own. */
  private static LeaseManagementConfig leases(ConfigsBuilder configs) {
    final LeaseManagementConfig leases = configs.leaseManagementConfig().failoverTimeMillis(4000).shardSyncIntervalMillis(5000)
        .dynamoDbLockBasedLeaderLeaseDurationInMillis(6000).dynamoDbLockBasedLeaderHeartbeatPeriodInMillis(1500);
    leases.workerUtilizationAwareAssignmentConfig().disableWorkerMetrics(true);
    return leases;
  }

  public static void main(String[] arguments) throws IOException {
    final String stream = arguments[0];
    final String application = arguments[1];
    final KinesisAsyncClient kinesis = kinesis();
    final var sink = Files.newByteChannel(Path.of(arguments[4]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    final var tracker = new SingleStreamTracker(stream, InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON));
    final var configs = new ConfigsBuilder(tracker, application, kinesis, dynamo(), CloudWatchAsyncClient.create(), arguments[2],
        () -> new RecordWriter(line -> {
          synchronized (sink) {
            sink.write(StandardCharsets.UTF_8.encode(line));
          }
        }));
    final var scheduler = new Scheduler(configs.checkpointConfig(),
        configs.coordinatorConfig().parentShardPollIntervalMillis(500).shardConsumerDispatchPollIntervalMillis(200), leases(configs),
        configs.lifecycleConfig(), configs.metricsConfig().metricsFactory(new NullMetricsFactory()), configs.processorConfig(),
        configs.retrievalConfig().retrievalSpecificConfig(retrieval(arguments[3], stream, application, kinesis)));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        scheduler.startGracefulShutdown().get(20, TimeUnit.SECONDS);
      } catch (Exception error) {
        System.err.println("no graceful end: " + error);
      }
    }));
    System.out.println("worker " + arguments[2] + " starts");
    scheduler.run();
  }
}
