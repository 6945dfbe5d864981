package forebay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;

/** Writes a line per user record (microseconds, shard, sequence, sub-sequence, key, data), then checkpoints. */
final class RecordWriter implements ShardRecordProcessor {
  interface Sink {
    void write(String lines) throws IOException;
  }

  private interface Checkpoint {
    void call() throws Exception;
  }

  private final Sink sink;
  private String shard;

  RecordWriter(Sink sink) {
    this.sink = sink;
  }

  @Override
  public void initialize(InitializationInput input) {
    shard = input.shardId();
    System.out.println(shard + " from " + input.extendedSequenceNumber());
  }

  @Override
  public void processRecords(ProcessRecordsInput input) {
    final long now = Duration.between(Instant.EPOCH, Instant.now()).toNanos() / 1000;
    final StringBuilder lines = new StringBuilder();
    input.records().forEach(record -> lines.append(now).append(' ').append(shard).append(' ').append(record.sequenceNumber()).append(' ')
        .append(record.subSequenceNumber()).append(' ').append(record.partitionKey()).append(' ')
        .append(StandardCharsets.UTF_8.decode(record.data())).append('\n'));
    try {
      sink.write(lines.toString());
    } catch (IOException error) {
      System.out.println("WRONG: the records cannot be written: " + error);
      Runtime.getRuntime().halt(1);
    }
    if (!input.records().isEmpty()) checkpoint(input.checkpointer()::checkpoint);
  }

  @Override
  public void leaseLost(LeaseLostInput input) {
    System.out.println(shard + " lost to another worker");
  }

  @Override
  public void shardEnded(ShardEndedInput input) {
    System.out.println(shard + " ended");
    checkpoint(input.checkpointer()::checkpoint);
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput input) {
    final RecordProcessorCheckpointer checkpointer = input.checkpointer();
    checkpoint(checkpointer::checkpoint);
  }

  /** A checkpoint that a lease taken away forbids is none: the next worker reads these records again. */
  private void checkpoint(Checkpoint checkpoint) {
    try {
      checkpoint.call();
    } catch (Exception error) {
      System.out.println(shard + " not checkpointed: " + error);
    }
  }
}
