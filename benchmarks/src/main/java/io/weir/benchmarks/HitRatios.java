package io.weir.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.EvictionPolicy;
import io.weir.model.Key;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How often a cache of a size hits, by the policy of its eviction: the engine's policies and, for a
 * peer, Caffeine, over the same requests. All of them are reads, of one thread, and every cache is
 * empty at first.
 *
 * <p>The arguments are files of traces (see {@link Trace#read}), each of them followed by sizes in
 * entries. Without any it generates the requests.
 *
 * <pre>
 * java -cp benchmarks/target/weir-benchmarks.jar io.weir.benchmarks.HitRatios OLTP.lis 1000 5000
 * </pre>
 */
public final class HitRatios {

  /** Of the generated traces, in entries. */
  private static final int[] SIZES = {1_000, 5_000, 10_000};

  /** One is the policy as such; the other the server's default, where each stripe has its own. */
  private static final int[] STRIPES = {1, 64};

  private HitRatios() {}

  /** Prints a row for each trace and size. */
  public static void main(String[] args) throws Exception {
    List<String> heads = new ArrayList<>();
    for (EvictionPolicy policy : EvictionPolicy.values()) {
      for (int stripes : STRIPES) {
        heads.add(policy + "/" + stripes);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "| trace | requests | keys | entries | %s | Caffeine |%n",
        String.join(" | ", heads));
    System.out.println("|---".repeat(heads.size() + 5) + "|");
    if (args.length == 0) {
      for (Trace trace :
          List.of(Trace.zipf(), Trace.zipfWithScans(), Trace.movingZipf(), Trace.loop())) {
        for (int entries : SIZES) {
          row(trace, entries);
        }
      }
      return;
    }
    for (int i = 0; i < args.length; ) {
      Trace trace = Trace.read(Path.of(args[i++]));
      while (i < args.length && args[i].chars().allMatch(Character::isDigit)) {
        row(trace, Integer.parseInt(args[i++]));
      }
    }
  }

  private static void row(Trace trace, int entries) {
    Key[] keys = new Key[trace.keys()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = Key.of("key:" + i);
    }
    StringBuilder ratios = new StringBuilder();
    for (EvictionPolicy policy : EvictionPolicy.values()) {
      for (int stripes : STRIPES) {
        ratios.append(shown(engine(trace, keys, entries, stripes, policy)));
      }
    }
    ratios.append(shown(caffeine(trace, keys, entries)));
    System.out.printf(
        Locale.ROOT,
        "| %s | %,d | %,d | %,d%s |%n",
        trace.name(),
        trace.requests().length,
        trace.keys(),
        entries,
        ratios);
  }

  private static String shown(double ratio) {
    return String.format(Locale.ROOT, " | %.4f", ratio);
  }

  private static double engine(
      Trace trace, Key[] keys, int entries, int stripes, EvictionPolicy policy) {
    long hits = 0;
    try (EngineFixture fixture = EngineFixture.bounded(entries, stripes, policy)) {
      CacheEngine engine = fixture.engine();
      for (int request : trace.requests()) {
        hits += engine.read(keys[request], false, null).hit() ? 1 : 0;
      }
    }
    return (double) hits / trace.requests().length;
  }

  private static double caffeine(Trace trace, Key[] keys, int entries) {
    Cache<Key, Key> cache =
        Caffeine.newBuilder().maximumSize(entries).executor(Runnable::run).build();
    long hits = 0;
    for (int request : trace.requests()) {
      Key key = keys[request];
      if (cache.getIfPresent(key) != null) {
        hits++;
      } else {
        cache.put(key, key);
      }
    }
    return (double) hits / trace.requests().length;
  }
}
