package io.weir.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.Weights;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of heap an entry takes, of 16-byte keys and 100-byte values: Weir's engine beside Caffeine
 * and a ConcurrentHashMap, each in a process of its own, with and without compact object headers.
 *
 * <p>What is measured is the heap in use after a full collection, which packs it: all that the
 * entries keep alive, whatever it is. The overhead is that without the bytes of key, value and
 * content type.
 *
 * <p>{@code java -cp benchmarks/target/weir-benchmarks.jar io.weir.benchmarks.Footprint [ENTRIES]
 * [STRIPES]}
 */
public final class Footprint {

  private static final String MEASURE = "--measure";
  private static final String CONTENT_TYPE = "application/json";
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 100;
  private static final int MOST_BYTES = 600;
  private static final long BASE_BYTES = 512L << 20;

  private Footprint() {}

  /** What is filled. */
  private enum Subject {
    WEIR_CLEAN("weir, clean", false),
    WEIR_CLEAN_TYPED("weir, clean, content type", true),
    WEIR_DIRTY("weir, dirty", false),
    WEIR_DIRTY_TYPED("weir, dirty, content type", true),
    CAFFEINE("Caffeine", false),
    CONCURRENT_HASH_MAP("ConcurrentHashMap", false);

    private final String text;
    private final boolean typed;

    Subject(String text, boolean typed) {
      this.text = text;
      this.typed = typed;
    }

    int payload() {
      return KEY_BYTES + VALUE_BYTES + (typed ? CONTENT_TYPE.length() : 0);
    }

    /** What Weir's weights say of an entry; 0 for peers. */
    int weight() {
      Key key = EngineFixture.key(0);
      Value value = value();
      return switch (this) {
        case WEIR_CLEAN, WEIR_CLEAN_TYPED -> Weights.ofClean(key, value);
        case WEIR_DIRTY, WEIR_DIRTY_TYPED -> Weights.ofDirty(key, value);
        case CAFFEINE, CONCURRENT_HASH_MAP -> 0;
      };
    }

    /** Nothing of it is shared with another entry's. */
    Value value() {
      String type =
          typed
              ? new String(CONTENT_TYPE.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
              : null;
      return new Value(new byte[VALUE_BYTES], type, Value.NEVER);
    }
  }

  /** Runs a process for each subject, and prints a line of each; or is such a process. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length > 0 && arguments[0].equals(MEASURE)) {
      measure(
          Subject.valueOf(arguments[1]),
          Integer.parseInt(arguments[2]),
          Integer.parseInt(arguments[3]));
      return;
    }
    String entries = arguments.length > 0 ? arguments[0] : "1000000";
    String stripes = arguments.length > 1 ? arguments[1] : "64";
    System.out.printf(
        Locale.ROOT,
        "%s entries, %s stripes%n%-28s %-8s %8s %8s %9s %9s%n",
        entries,
        stripes,
        "",
        "headers",
        "bytes",
        "payload",
        "overhead",
        "by weight");
    for (Subject subject : Subject.values()) {
      for (boolean compact : new boolean[] {false, true}) {
        System.out.printf("%-28s %-8s ", subject.text, compact ? "compact" : "legacy");
        System.out.flush();
        fork(subject, compact, entries, stripes);
      }
    }
  }

  private static void fork(Subject subject, boolean compact, String entries, String stripes)
      throws IOException, InterruptedException {
    long heap = BASE_BYTES + Long.parseLong(entries) * MOST_BYTES;
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                "-Xmx" + heap,
                "-XX:" + (compact ? "+" : "-") + "UseCompactObjectHeaders",
                "-cp",
                System.getProperty("java.class.path"),
                Footprint.class.getName(),
                MEASURE,
                subject.name(),
                entries,
                stripes)
            .redirectOutput(Redirect.INHERIT)
            .redirectError(Redirect.INHERIT)
            .start();
    int status = process.waitFor();
    if (status != 0) {
      throw new IllegalStateException(subject + " ended with status " + status);
    }
  }

  private static void measure(Subject subject, int entries, int stripes) {
    Object empty = fill(subject, 0, stripes); // Loads the classes.
    try {
      var _ = used(); // Lets go of what their loading has left.
      long before = used();
      Object none = fill(subject, 0, stripes);
      try {
        long table = used() - before;
        print(subject, bytesOf(subject, entries, stripes, before + 2 * table), table, stripes);
      } finally {
        Reference.reachabilityFence(none);
      }
    } finally {
      Reference.reachabilityFence(empty);
    }
  }

  /** Of an entry, over what is in use without any. */
  private static double bytesOf(Subject subject, int entries, int stripes, long without) {
    Object filled = fill(subject, entries, stripes);
    try {
      return (double) (used() - without) / entries;
    } finally {
      Reference.reachabilityFence(filled);
    }
  }

  private static void print(Subject subject, double bytes, long table, int stripes) {
    int weight = subject.weight();
    System.out.printf(
        Locale.ROOT,
        "%8.1f %8d %9.1f %9s%s%n",
        bytes,
        subject.payload(),
        bytes - subject.payload(),
        weight == 0 ? "" : Integer.toString(weight - subject.payload()),
        weight == 0 ? "" : ", and %,d for %d empty stripes".formatted(table, stripes));
  }

  private static Object fill(Subject subject, int entries, int stripes) {
    return switch (subject) {
      case WEIR_CLEAN, WEIR_CLEAN_TYPED -> engine(subject, entries, stripes, true);
      case WEIR_DIRTY, WEIR_DIRTY_TYPED -> engine(subject, entries, stripes, false);
      case CAFFEINE -> {
        Cache<Key, Value> cache =
            Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumWeight(Long.MAX_VALUE / 2)
                .<Key, Value>weigher(Weights::ofClean)
                .build();
        for (int i = 0; i < entries; i++) {
          cache.put(EngineFixture.key(i), subject.value());
        }
        cache.cleanUp();
        yield cache;
      }
      case CONCURRENT_HASH_MAP -> {
        Map<Key, @Nullable Value> map = new ConcurrentHashMap<>();
        for (int i = 0; i < entries; i++) {
          map.put(EngineFixture.key(i), subject.value());
        }
        yield map;
      }
    };
  }

  /** As a replica fills it: by what the journal says. */
  private static CacheEngine engine(Subject subject, int entries, int stripes, boolean clean) {
    long maxBytes = BASE_BYTES + (long) entries * MOST_BYTES;
    CacheEngine engine = new EngineFixture(EngineFixture.settings(maxBytes, stripes)).engine();
    for (int i = 0; i < entries; i++) {
      Key key = EngineFixture.key(i);
      Version version = new Version(i + 1L);
      engine.apply(new Mutation.Written(new Write(key, version, subject.value())));
      if (clean) {
        engine.apply(new Mutation.Flushed(key, version));
      }
    }
    long dirty = engine.statistics().dirty().entries();
    if (dirty != (clean ? 0 : entries)) {
      throw new IllegalStateException(dirty + " entries are dirty");
    }
    return engine;
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc(); // Cleaners and the like need more than one.
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
