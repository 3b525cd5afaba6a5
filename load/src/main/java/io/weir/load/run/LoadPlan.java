package io.weir.load.run;

import io.weir.load.verify.ValuePattern;
import io.weir.load.workload.ClientShare;
import io.weir.load.workload.Distribution;
import io.weir.load.workload.Mix;
import io.weir.load.workload.Popularity;
import io.weir.load.workload.ValueSizes;
import io.weir.load.workload.Workload;
import io.weir.model.ByteSize;
import io.weir.model.Consistency;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a load is to do.
 *
 * @param name what it is called in reports
 * @param workload what is asked for
 * @param keyPrefix what keys start with; a number follows
 * @param keys how many there are at the beginning
 * @param share which of several load processes this is
 * @param pace when operations begin
 * @param phase which parts are wanted
 * @param warmup time before anything is measured, after the keys are inserted
 * @param duration time that is measured, unless it is the inserting
 * @param clients each has one request in flight at most
 * @param threads event loops, no more than clients
 * @param seed of the random numbers: in a closed loop, the same plan has each client draw the same
 *     operations in the same order
 * @param requestTimeout a request unanswered for longer is given up
 * @param verify whether each read is judged
 * @param readFromAny what reads promise that any server of a shard may answer; null when leaders
 *     alone are asked
 * @param door which port of the servers it goes to
 */
public record LoadPlan(
    String name,
    Workload workload,
    String keyPrefix,
    int keys,
    ClientShare share,
    Pace pace,
    Phase phase,
    Duration warmup,
    Duration duration,
    int clients,
    int threads,
    long seed,
    Duration requestTimeout,
    boolean verify,
    @Nullable Consistency readFromAny,
    LoadDoor door) {

  private static final int MOST_CLIENTS = 100_000;
  private static final int MOST_KEYS = 500_000_000;

  /** Rejects what cannot be done, naming the command line's option. */
  public LoadPlan {
    check(clients >= 1 && clients <= MOST_CLIENTS, "--clients is 1 to " + MOST_CLIENTS, clients);
    check(keys >= 1 && keys <= MOST_KEYS, "--keys is 1 to " + MOST_KEYS, keys);
    check(keys >= share.of(), "--keys is at least the N of --client-id (" + share + ")", keys);
    check(!warmup.isNegative(), "--warmup is not negative", warmup);
    check(duration.toMillis() >= 100, "--duration is at least 100ms", duration);
    check(threads >= 1 && threads <= clients, "--threads is 1 to --clients", threads);
    check(
        door != LoadDoor.REDIS || readFromAny == null,
        "--door redis reads from leaders: it goes without --read-from",
        "any");
    check(requestTimeout.toMillis() >= 1, "--timeout is at least 1ms", requestTimeout);
    if (verify) {
      int smallest = workload.valueSizes().smallest();
      check(
          smallest >= ValuePattern.MIN_SIZE,
          "--verify needs values of at least " + ValuePattern.MIN_SIZE + "B",
          new ByteSize(smallest));
      check(
          readFromAny != Consistency.EVENTUAL,
          "--verify needs --consistency linearizable, as other reads may lag behind",
          Consistency.EVENTUAL);
    }
  }

  private static void check(boolean holds, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", got " + value);
    }
  }

  /** Begins with what {@code weir load} does by default, but for {@code phase}: run. */
  public static Builder builder() {
    return new Builder();
  }

  /** Begins with this plan. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects the parts of a plan. */
  public static final class Builder {
    private String name = "load";
    private Mix mix = Mix.reading(0.9);
    private Popularity popularity = Popularity.of(Distribution.ZIPFIAN);
    private ValueSizes valueSizes = ValueSizes.fixed(new ByteSize(100));
    private String keyPrefix = "load:";
    private int keys = 100_000;
    private ClientShare share = ClientShare.ALL;
    private Pace pace = Pace.UNBRIDLED;
    private Phase phase = Phase.RUN;
    private Duration warmup = Duration.ofSeconds(5);
    private Duration duration = Duration.ofSeconds(30);
    private int clients = 32;
    private int threads = 1;
    private long seed = 20_261_122;
    private Duration requestTimeout = Duration.ofSeconds(10);
    private boolean verify;
    private @Nullable Consistency readFromAny;
    private LoadDoor door = LoadDoor.FAST;

    private Builder() {}

    private Builder(LoadPlan plan) {
      name = plan.name;
      mix = plan.workload.mix();
      popularity = plan.workload.popularity();
      valueSizes = plan.workload.valueSizes();
      keyPrefix = plan.keyPrefix;
      keys = plan.keys;
      share = plan.share;
      pace = plan.pace;
      phase = plan.phase;
      warmup = plan.warmup;
      duration = plan.duration;
      clients = plan.clients;
      threads = plan.threads;
      seed = plan.seed;
      requestTimeout = plan.requestTimeout;
      verify = plan.verify;
      readFromAny = plan.readFromAny;
      door = plan.door;
    }

    public Builder name(String value) {
      name = value;
      return this;
    }

    public Builder mix(Mix value) {
      mix = value;
      return this;
    }

    public Builder popularity(Popularity value) {
      popularity = value;
      return this;
    }

    public Builder valueSizes(ValueSizes value) {
      valueSizes = value;
      return this;
    }

    public Builder keyPrefix(String value) {
      keyPrefix = value;
      return this;
    }

    public Builder keys(int value) {
      keys = value;
      return this;
    }

    public Builder share(ClientShare value) {
      share = value;
      return this;
    }

    public Builder pace(Pace value) {
      pace = value;
      return this;
    }

    public Builder phase(Phase value) {
      phase = value;
      return this;
    }

    public Builder warmup(Duration value) {
      warmup = value;
      return this;
    }

    public Builder duration(Duration value) {
      duration = value;
      return this;
    }

    public Builder clients(int value) {
      clients = value;
      return this;
    }

    public Builder threads(int value) {
      threads = value;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    public Builder requestTimeout(Duration value) {
      requestTimeout = value;
      return this;
    }

    public Builder verify(boolean value) {
      verify = value;
      return this;
    }

    public Builder readFromAny(@Nullable Consistency value) {
      readFromAny = value;
      return this;
    }

    public Builder door(LoadDoor value) {
      door = value;
      return this;
    }

    /** Returns the plan. */
    public LoadPlan build() {
      return new LoadPlan(
          name,
          new Workload(mix, popularity, valueSizes),
          keyPrefix,
          keys,
          share,
          pace,
          phase,
          warmup,
          duration,
          clients,
          threads,
          seed,
          requestTimeout,
          verify,
          readFromAny,
          door);
    }
  }
}
