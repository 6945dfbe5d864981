package forebay;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** The verdicts of a run: counts what is right, ends the program at the first wrong answer. */
final class Checks {
  static int right = 0;

  private Checks() {}

  static synchronized void check(boolean condition, String what) {
    if (!condition) {
      System.out.println("WRONG: " + what);
      Runtime.getRuntime().halt(1);
    }
    right++;
  }

  static void equal(Object found, Object wanted, String what) {
    check(Objects.equals(found, wanted), what + ": found " + found + ", wanted " + wanted);
  }

  /** The answer of a call that must succeed within 30 s. */
  static <T> T get(CompletableFuture<T> call) {
    try {
      return call.get(30, TimeUnit.SECONDS);
    } catch (Exception error) {
      error.printStackTrace(System.out);
      check(false, "a call failed: " + error);
      throw new IllegalStateException(error);
    }
  }

  static void refused(String type, CompletableFuture<?> call, String what) {
    try {
      call.orTimeout(30, TimeUnit.SECONDS).join();
    } catch (CompletionException error) {
      check(error.getCause() instanceof AwsServiceException, what + ": " + error.getCause());
      equal(((AwsServiceException) error.getCause()).awsErrorDetails().errorCode(), type, what);
      return;
    }
    check(false, what + " was not refused with " + type);
  }

  static void until(BooleanSupplier done, String what) {
    final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!done.getAsBoolean()) {
      check(System.nanoTime() < end, what + " within 20 s");
      pause(50);
    }
  }

  static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException error) {
      throw new IllegalStateException(error);
    }
  }

  static BigInteger hashOf(String key) {
    try {
      return new BigInteger(1, MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException error) {
      throw new IllegalStateException(error);
    }
  }

  static String shardId(int number) {
    return String.format("shardId-%012d", number);
  }
}
