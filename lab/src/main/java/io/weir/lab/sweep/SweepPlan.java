package io.weir.lab.sweep;

import io.weir.load.run.LoadPlan;
import io.weir.load.run.Phase;
import io.weir.load.workload.Mix;
import io.weir.load.workload.Popularity;
import io.weir.load.workload.ValueSizes;
import io.weir.model.ByteSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a sweep is to try out.
 *
 * @param capacities sizes of the cache, all servers together, each tried with every skew
 * @param thetas skews of the zipfian distribution
 * @param policies of the cache's eviction, as the server's setting has them, each tried with every
 *     size and skew
 * @param keys that there are
 * @param clients requests in flight
 * @param reads share of the operations; the rest are updates
 * @param valueSize of every value
 * @param warmup load before each measurement, on a cache that is full already
 * @param duration of each measurement
 * @param seed of the random numbers
 * @param shards each has a cache server and its part of the capacity
 * @param requestTimeout a request unanswered for longer is given up
 * @param cacheSettings for every cache server, beside those of the sweep
 */
public record SweepPlan(
    List<Capacity> capacities,
    List<Double> thetas,
    List<String> policies,
    int keys,
    int clients,
    double reads,
    ByteSize valueSize,
    Duration warmup,
    Duration duration,
    long seed,
    int shards,
    Duration requestTimeout,
    Map<String, String> cacheSettings) {

  static final String MAX_ENTRIES = "weir.cache.max-entries";
  static final String MAX_BYTES = "weir.cache.max-bytes";
  static final String STRIPES = "weir.cache.stripes";
  static final String POLICY = "weir.cache.policy";
  static final String LRU = "lru";

  /** What the server takes. */
  private static final List<String> POLICIES = List.of(LRU, "w-tinylfu");

  /** In a smaller stripe chance says more than recency which entry leaves. */
  static final int LEAST_ENTRIES_A_STRIPE = 64;

  /** The server's default. */
  private static final int MOST_STRIPES = 64;

  /** What an entry retains at most beside its value: the key, the objects, and what is dirty. */
  private static final int ENTRY_BYTES = 512;

  /** So that the number of entries is the only bound that is met. */
  private static final int SPARE = 2;

  private static final ByteSize LEAST_BYTES = ByteSize.ofMiB(32);
  private static final String PREFIX = "sweep:";
  private static final int MOST_KEYS = 50_000_000;
  private static final int MOST_CELLS = 1_000;

  /** One of the combinations. */
  record Cell(Capacity capacity, double theta, String policy) {}

  /** Rejects what cannot be done, naming the command line's option. */
  public SweepPlan {
    capacities = capacities.stream().distinct().sorted().toList();
    thetas = thetas.stream().distinct().sorted().toList();
    policies = policies.stream().map(String::strip).distinct().toList();
    cacheSettings = Map.copyOf(cacheSettings);
    check(!capacities.isEmpty(), "--capacity takes at least one share of the keys", capacities);
    check(!thetas.isEmpty(), "--theta takes at least one number", thetas);
    check(
        !policies.isEmpty() && POLICIES.containsAll(policies),
        "--policy takes " + String.join(" and ", POLICIES),
        String.join(",", policies));
    check(
        capacities.size() * thetas.size() * policies.size() <= MOST_CELLS,
        "--capacity, --theta and --policy make at most " + MOST_CELLS + " runs",
        capacities.size() * thetas.size() * policies.size());
    check(
        keys >= LEAST_ENTRIES_A_STRIPE && keys <= MOST_KEYS,
        "--keys is " + LEAST_ENTRIES_A_STRIPE + " to " + MOST_KEYS,
        keys);
    check(shards >= 1, "--shards is at least 1", shards);
    check(warmup.toMillis() >= 1_000, "--warmup is at least 1s", warmup.toMillis() + "ms");
    check(duration.toMillis() >= 1_000, "--duration is at least 1s", duration.toMillis() + "ms");
    for (String name : List.of(MAX_ENTRIES, MAX_BYTES, POLICY)) {
      check(!cacheSettings.containsKey(name), "--set cannot set what the sweep varies", name);
    }
    if (cacheSettings.containsKey(STRIPES)) {
      var _ = number(cacheSettings.getOrDefault(STRIPES, ""));
    }
    for (Capacity capacity : capacities) {
      int entries = capacity.entries(keys) / shards;
      check(
          entries >= LEAST_ENTRIES_A_STRIPE,
          "--capacity leaves each cache server "
              + LEAST_ENTRIES_A_STRIPE
              + " entries at least: raise --keys or the share; of "
              + keys
              + " keys and "
              + shards
              + " shards, "
              + capacity
              + " is",
          entries);
    }
    // The load's own rules.
    for (double theta : thetas) {
      var _ = load(theta, keys, clients, reads, valueSize, warmup, duration, seed, requestTimeout);
    }
  }

  private static void check(boolean holds, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", got " + value);
    }
  }

  /** All combinations, in the order in which they are tried. */
  public List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (double theta : thetas) {
      for (Capacity capacity : capacities) {
        policies.forEach(policy -> cells.add(new Cell(capacity, theta, policy)));
      }
    }
    return cells;
  }

  /** Entries of each cache server. */
  int entriesOfServer(Capacity capacity) {
    return capacity.entries(keys) / shards;
  }

  /** The most stripes, up to the server's default, that hold enough entries each. */
  int stripes(Capacity capacity) {
    String given = cacheSettings.get(STRIPES);
    return given != null
        ? number(given)
        : Math.min(
            MOST_STRIPES,
            Integer.highestOneBit(entriesOfServer(capacity) / LEAST_ENTRIES_A_STRIPE));
  }

  private static int number(String stripes) {
    try {
      return Integer.parseInt(stripes);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--set " + STRIPES + " is a number, got '" + stripes + "'", e);
    }
  }

  /** Settings of the cache servers. */
  Map<String, String> settings(Capacity capacity, String policy) {
    int entries = entriesOfServer(capacity);
    long bytes = (long) SPARE * entries * (valueSize.bytes() + ENTRY_BYTES);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(MAX_ENTRIES, Integer.toString(entries));
    settings.put(MAX_BYTES, mebibytes(Math.max(bytes, LEAST_BYTES.bytes())));
    settings.put(STRIPES, Integer.toString(stripes(capacity)));
    settings.put(POLICY, policy);
    settings.putAll(cacheSettings);
    return settings;
  }

  /** Settings of the cache servers while the rows are written. */
  public Map<String, String> fillSettings() {
    return cacheSettings;
  }

  private static String mebibytes(long bytes) {
    return ((bytes >> 20) + 1) + "MiB";
  }

  /** The load that writes every key once. */
  LoadPlan fill() {
    return load(thetas.getFirst()).toBuilder().phase(Phase.LOAD).build();
  }

  /** The load of a run. */
  LoadPlan load(double theta) {
    return load(theta, keys, clients, reads, valueSize, warmup, duration, seed, requestTimeout);
  }

  /** One event loop: its answers then have one order, which the exact LRU follows. */
  private static LoadPlan load(
      double theta,
      int keys,
      int clients,
      double reads,
      ByteSize valueSize,
      Duration warmup,
      Duration duration,
      long seed,
      Duration requestTimeout) {
    return LoadPlan.builder()
        .name("theta " + theta)
        .mix(Mix.reading(reads))
        .popularity(Popularity.zipfian(theta))
        .valueSizes(ValueSizes.fixed(valueSize))
        .keyPrefix(PREFIX)
        .keys(keys)
        .phase(Phase.RUN)
        .warmup(warmup)
        .duration(duration)
        .clients(clients)
        .threads(1)
        .seed(seed)
        .requestTimeout(requestTimeout)
        .build();
  }

  /** As options of the command line and their values, in the order of a report. */
  Map<String, String> asOptions() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("--capacity", String.join(",", capacities.stream().map(String::valueOf).toList()));
    options.put("--theta", String.join(",", thetas.stream().map(String::valueOf).toList()));
    options.put("--policy", String.join(",", policies));
    options.put("--keys", Integer.toString(keys));
    options.put("--clients", Integer.toString(clients));
    options.put("--reads", Double.toString(reads));
    options.put("--value-size", valueSize.toString());
    options.put("--warmup", warmup.toMillis() / 1_000.0 + "s");
    options.put("--duration", duration.toMillis() / 1_000.0 + "s");
    options.put("--shards", Integer.toString(shards));
    options.put("--seed", Long.toString(seed));
    cacheSettings.forEach((name, value) -> options.put("--set " + name, value));
    return options;
  }
}
