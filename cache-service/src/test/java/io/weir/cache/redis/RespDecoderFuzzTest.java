package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.weir.testing.RespClient;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever comes, and however it is cut: nothing is thrown, nothing hangs, the same is read, and no
 * more memory is held than the limits say.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RespDecoderFuzzTest {

  private static final int ROUNDS = 20_000;

  /** A request, what is kept of another, and what a large word takes until it is whole. */
  private static final long MOST_HELD =
      2L * Decoded.LIMITS.maxRequestBytes() + 3L * RespLimits.INPUT_BYTES;

  private static final byte[] OFTEN = "*$-+:\r\n0123456789 \"'\\xgetPOST:".getBytes(ISO_8859_1);

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @Test
  void randomBytes() {
    for (int i = 0; i < ROUNDS; i++) {
      check(random.nextBoolean() ? anything() : likely());
    }
  }

  @Test
  void requestsWithFaults() {
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = requests();
      int faults = random.nextInt(4);
      for (int each = 0; each < faults && bytes.length > 0; each++) {
        bytes = withFault(bytes);
      }
      check(bytes);
    }
  }

  private byte[] anything() {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] likely() {
    byte[] bytes = new byte[random.nextInt(100)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = OFTEN[random.nextInt(OFTEN.length)];
    }
    return bytes;
  }

  private byte[] requests() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String[] words = new String[1 + random.nextInt(4)];
      for (int word = 0; word < words.length; word++) {
        int length = random.nextInt(200) == 0 ? random.nextInt(80_000) : random.nextInt(20);
        words[word] = "x".repeat(length);
      }
      words[0] = random.nextBoolean() ? "GET" : "ping";
      all.writeBytes(
          random.nextInt(5) == 0
              ? (String.join(" ", words) + "\n").getBytes(ISO_8859_1)
              : RespClient.encode(words));
    }
    return all.toByteArray();
  }

  private byte[] withFault(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(3)) {
      case 0 -> bytes[at] = OFTEN[random.nextInt(OFTEN.length)];
      case 1 -> bytes[at] = (byte) random.nextInt();
      default -> {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
        System.arraycopy(bytes, at + 1, shorter, at, shorter.length - at);
        return shorter;
      }
    }
    return bytes;
  }

  private void check(byte[] bytes) {
    boolean trusted = random.nextInt(4) > 0;
    try {
      List<String> whole = decoder(trusted).read(bytes).requests;
      Decoded cut = decoder(trusted);
      int from = 0;
      while (from < bytes.length && !cut.isOver()) {
        int to = Math.min(bytes.length, from + 1 + random.nextInt(1 + random.nextInt(5_000)));
        var _ = cut.read(Arrays.copyOfRange(bytes, from, to));
        assertThat(cut.account.held()).isBetween(0L, MOST_HELD);
        from = to;
      }
      assertThat(cut.requests).isEqualTo(whole);
    } catch (RuntimeException | AssertionError e) {
      fail("seed " + seed + ", " + Arrays.toString(bytes), e);
    }
  }

  private static Decoded decoder(boolean trusted) {
    return new Decoded(RespBudget.UNBOUNDED, trusted, RespLimits.INPUT_BYTES);
  }
}
