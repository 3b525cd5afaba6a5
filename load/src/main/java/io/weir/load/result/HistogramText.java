package io.weir.load.result;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** A histogram as text: HdrHistogram's compressed form in base64. Any HdrHistogram reads it. */
public final class HistogramText {

  /** Longest latency that is told apart, 10 minutes; longer ones count as this. */
  public static final long MAX_NANOS = 600_000_000_000L;

  /** Three digits: a value is off by a thousandth at most. */
  public static final int DIGITS = 3;

  private HistogramText() {}

  /** An empty histogram of latencies in nanoseconds, which grows as needed. */
  public static Histogram empty() {
    return new Histogram(DIGITS);
  }

  /** Encodes a histogram. */
  public static String encode(Histogram histogram) {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(buffer);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
  }

  /**
   * Decodes a histogram.
   *
   * @throws IllegalArgumentException when the text is none
   */
  public static Histogram decode(String text) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(Base64.getDecoder().decode(text));
      Histogram histogram = Histogram.decodeFromCompressedByteBuffer(buffer, 0);
      histogram.setAutoResize(true);
      return histogram;
    } catch (DataFormatException | RuntimeException e) {
      throw new IllegalArgumentException("a histogram cannot be read: " + e.getMessage(), e);
    }
  }

  /** Adds encoded histograms up. */
  public static Histogram sum(Collection<String> texts) {
    Histogram sum = empty();
    texts.forEach(text -> sum.add(decode(text)));
    return sum;
  }
}
