package io.weir.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;

/** A sequence of requests by the numbers of their keys, which begin at 0. */
final class Trace {

  private static final int GENERATED_KEYS = 100_000;
  private static final int GENERATED_REQUESTS = 2_000_000;
  private static final double THETA = 0.99;

  /** Between two scans, or two moves of what is hot. */
  private static final int PERIOD = 100_000;

  private static final int SCANNED = 50_000;
  private static final int LOOPED = 20_000;

  private final String name;
  private final int keys;
  private final int[] requests;

  private Trace(String name, int keys, int[] requests) {
    this.name = name;
    this.keys = keys;
    this.requests = requests;
  }

  /** Of the file, or of the rule by which it was generated. */
  String name() {
    return name;
  }

  /** How many there are. */
  int keys() {
    return keys;
  }

  /** The key of each request. */
  int[] requests() {
    return requests;
  }

  /**
   * Reads a file of a request a line: the number of the first block, and how many blocks from there
   * on are read, or that one if nothing follows. These are the formats of the traces of ARC and of
   * LIRS. A name that ends with {@code .gz} is of a compressed file.
   */
  static Trace read(Path file) throws IOException {
    Map<Long, Integer> numbers = new HashMap<>();
    int[] requests = new int[1 << 20];
    int count = 0;
    try (InputStream in = Files.newInputStream(file);
        InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(plain, StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields[0].isEmpty() || !Character.isDigit(fields[0].charAt(0))) {
          continue; // LIRS marks the end of a file so.
        }
        long first = Long.parseLong(fields[0]);
        int blocks = fields.length > 1 ? Integer.parseInt(fields[1]) : 1;
        for (long block = first; block < first + blocks; block++) {
          if (count == requests.length) {
            requests = Arrays.copyOf(requests, 2 * count);
          }
          requests[count++] = numbers.computeIfAbsent(block, _ -> numbers.size());
        }
      }
    }
    return new Trace(file.getFileName().toString(), numbers.size(), Arrays.copyOf(requests, count));
  }

  /** A zipfian choice. */
  static Trace zipf() {
    int[] requests = new int[GENERATED_REQUESTS];
    Zipf zipf = new Zipf();
    for (int i = 0; i < requests.length; i++) {
      requests[i] = zipf.next();
    }
    return new Trace("generated: zipf", GENERATED_KEYS, requests);
  }

  /** The same, and now and then a pass over many keys that come by only then. */
  static Trace zipfWithScans() {
    int[] requests = new int[GENERATED_REQUESTS];
    Zipf zipf = new Zipf();
    int keys = GENERATED_KEYS;
    for (int i = 0; i < requests.length; i++) {
      boolean scanning = i % PERIOD >= PERIOD - SCANNED;
      requests[i] = scanning ? keys++ : zipf.next();
    }
    return new Trace("generated: zipf with scans", keys, requests);
  }

  /** A zipfian choice, in which other keys become the popular ones now and then. */
  static Trace movingZipf() {
    int[] requests = new int[GENERATED_REQUESTS];
    Zipf zipf = new Zipf();
    for (int i = 0; i < requests.length; i++) {
      requests[i] = (zipf.next() + i / PERIOD * 1_000) % GENERATED_KEYS;
    }
    return new Trace("generated: zipf that moves", GENERATED_KEYS, requests);
  }

  /** All keys in turn. */
  static Trace loop() {
    int[] requests = new int[GENERATED_REQUESTS];
    Arrays.setAll(requests, i -> i % LOOPED);
    return new Trace("generated: loop", LOOPED, requests);
  }

  /** Chooses keys with a probability of 1/k^theta for the k-th. */
  private static final class Zipf {

    private final SplittableRandom random = new SplittableRandom(20_261_129);
    private final double[] sums = new double[GENERATED_KEYS];

    Zipf() {
      double sum = 0;
      for (int k = 0; k < GENERATED_KEYS; k++) {
        sum += 1 / Math.pow(k + 1, THETA);
        sums[k] = sum;
      }
    }

    int next() {
      int at = Arrays.binarySearch(sums, random.nextDouble() * sums[GENERATED_KEYS - 1]);
      return at >= 0 ? at : -at - 1;
    }
  }
}
