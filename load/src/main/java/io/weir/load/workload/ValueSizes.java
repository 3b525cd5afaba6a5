package io.weir.load.workload;

import io.weir.model.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** How many bytes the values have. Immutable. */
public sealed interface ValueSizes {

  /** Most bytes of a value; the servers accept less by default. */
  ByteSize MOST = ByteSize.ofMiB(64);

  /** Draws a size. */
  int next(SplittableRandom random);

  int smallest();

  int largest();

  /** All values have the same size. */
  static ValueSizes fixed(ByteSize size) {
    return new Fixed(bytes(size));
  }

  /** Every size from one to another equally often. */
  static ValueSizes uniform(ByteSize from, ByteSize to) {
    return new Uniform(bytes(from), bytes(to));
  }

  /**
   * Reads {@code 100B}, {@code uniform:50B-2KiB} or {@code histogram:FILE}; a line of the file is a
   * size and a weight, such as {@code 512B 30}, or empty, or a comment after {@code #}.
   *
   * @throws IllegalArgumentException when the text has another form, or the file cannot be read
   */
  static ValueSizes parse(String text) {
    String form = text.strip();
    if (form.startsWith("uniform:")) {
      String[] ends = form.substring("uniform:".length()).split("-", -1);
      if (ends.length != 2) {
        throw new IllegalArgumentException("'" + text + "' is not of the form uniform:50B-2KiB");
      }
      return uniform(ByteSize.parse(ends[0]), ByteSize.parse(ends[1]));
    }
    return form.startsWith("histogram:")
        ? Weighted.read(Path.of(form.substring("histogram:".length())))
        : fixed(ByteSize.parse(form));
  }

  private static int bytes(ByteSize size) {
    if (size.compareTo(MOST) > 0) {
      throw new IllegalArgumentException("--value-size is 0 to " + MOST + ", got " + size);
    }
    return size.toIntExact();
  }

  /** One size. */
  record Fixed(int bytes) implements ValueSizes {
    @Override
    public int next(SplittableRandom random) {
      return bytes;
    }

    @Override
    public int smallest() {
      return bytes;
    }

    @Override
    public int largest() {
      return bytes;
    }

    @Override
    public String toString() {
      return new ByteSize(bytes).toString();
    }
  }

  /** Any size of a range, both ends included. */
  record Uniform(int smallest, int largest) implements ValueSizes {
    public Uniform {
      if (smallest > largest) {
        throw new IllegalArgumentException(
            "--value-size uniform goes from the smaller to the larger, got "
                + smallest
                + "B to "
                + largest
                + "B");
      }
    }

    @Override
    public int next(SplittableRandom random) {
      return random.nextInt(smallest, largest + 1);
    }

    @Override
    public String toString() {
      return "uniform:" + new ByteSize(smallest) + "-" + new ByteSize(largest);
    }
  }

  /** Some sizes, each with its weight. */
  final class Weighted implements ValueSizes {
    private final Path source;
    private final int[] sizes;
    private final double[] sums; // Of the weights up to each, as a share of all.

    private Weighted(Path source, int[] sizes, double[] sums) {
      this.source = source;
      this.sizes = sizes;
      this.sums = sums;
    }

    private static Weighted read(Path file) {
      List<String> lines;
      try {
        lines = Files.readAllLines(file);
      } catch (IOException e) {
        throw new IllegalArgumentException("--value-size: " + file + " cannot be read: " + e, e);
      }
      List<Integer> sizes = new ArrayList<>();
      List<Double> sums = new ArrayList<>();
      double sum = 0;
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i).replaceFirst("#.*", "").strip();
        if (!line.isEmpty()) {
          String[] parts = line.split("\\s+");
          sum += weight(file, i + 1, parts);
          sizes.add(bytes(ByteSize.parse(parts[0])));
          sums.add(sum);
        }
      }
      if (!(sum > 0)) {
        throw new IllegalArgumentException("--value-size: " + file + " has no weight above 0");
      }
      double all = sum;
      return new Weighted(
          file,
          sizes.stream().mapToInt(Integer::intValue).toArray(),
          sums.stream().mapToDouble(each -> each / all).toArray());
    }

    private static double weight(Path file, int number, String[] parts) {
      try {
        double weight = parts.length == 2 ? Double.parseDouble(parts[1]) : Double.NaN;
        if (weight >= 0 && Double.isFinite(weight)) {
          return weight;
        }
      } catch (NumberFormatException e) {
        // Falls through to the message that names the line.
      }
      throw new IllegalArgumentException(
          "--value-size: line " + number + " of " + file + " is not SIZE WEIGHT, such as 512B 30");
    }

    @Override
    public int next(SplittableRandom random) {
      int at = Arrays.binarySearch(sums, random.nextDouble());
      // A number drawn is above the sum before its size, and not above that size's own.
      return sizes[Math.min(at < 0 ? -at - 1 : at + 1, sizes.length - 1)];
    }

    @Override
    public int smallest() {
      return Arrays.stream(sizes).min().orElse(0);
    }

    @Override
    public int largest() {
      return Arrays.stream(sizes).max().orElse(0);
    }

    @Override
    public String toString() {
      return "histogram:" + source;
    }
  }
}
