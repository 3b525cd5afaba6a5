package io.weir.load.run;

import io.weir.load.workload.ClientShare;
import io.weir.load.workload.Mix;
import io.weir.load.workload.Popularity;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A plan as options of the command line and their values, in the order of a report. */
final class PlanSettings {

  private PlanSettings() {}

  static Map<String, String> of(LoadPlan plan) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("--phase", plan.phase().toString());
    if (plan.phase().runs()) {
      mix(all, plan.workload().mix());
      popularity(all, plan.workload().popularity());
    }
    all.put("--keys", String.valueOf(plan.keys()));
    all.put("--value-size", plan.workload().valueSizes().toString());
    all.put("--clients", String.valueOf(plan.clients()));
    if (plan.phase().runs()) {
      switch (plan.pace()) {
        case Pace.Open open -> {
          all.put("--rate", number(open.ratePerSecond()));
          all.put("--arrivals", open.arrivals().toString());
        }
        case Pace.Closed closed -> {
          if (!closed.thinkTime().isZero()) {
            all.put("--think-time", time(closed.thinkTime()));
          }
        }
      }
      all.put("--warmup", time(plan.warmup()));
      all.put("--duration", time(plan.duration()));
    }
    if (!plan.share().equals(ClientShare.ALL)) {
      all.put("--client-id", plan.share().toString());
    }
    if (plan.door() != LoadDoor.FAST) {
      all.put("--door", plan.door().toString());
    }
    if (plan.readFromAny() != null) {
      all.put("--read-from", "any");
      all.put("--consistency", plan.readFromAny().toString());
    }
    if (plan.verify()) {
      all.put("--verify", "true");
    }
    all.put("--threads", String.valueOf(plan.threads()));
    all.put("--seed", String.valueOf(plan.seed()));
    all.put("--key-prefix", plan.keyPrefix());
    all.put("--timeout", time(plan.requestTimeout()));
    return all;
  }

  private static void mix(Map<String, String> all, Mix mix) {
    share(all, "--reads", mix.reads());
    share(all, "--updates", mix.updates());
    share(all, "--inserts", mix.inserts());
    share(all, "--deletes", mix.deletes());
    share(all, "--read-modify-write", mix.readModifyWrites());
  }

  private static void share(Map<String, String> all, String option, double share) {
    if (share > 0) {
      all.put(option, number(share));
    }
  }

  private static void popularity(Map<String, String> all, Popularity popularity) {
    all.put("--distribution", popularity.distribution().toString());
    switch (popularity.distribution()) {
      case ZIPFIAN, LATEST -> all.put("--theta", number(popularity.theta()));
      case HOTSPOT -> {
        all.put("--hot-keys", number(popularity.hotKeys()));
        all.put("--hot-operations", number(popularity.hotOperations()));
      }
      case UNIFORM, SEQUENTIAL -> {}
    }
  }

  private static String number(double value) {
    double rounded = Math.round(value * 1e6) / 1e6;
    return rounded == Math.rint(rounded) ? String.valueOf((long) rounded) : String.valueOf(rounded);
  }

  /** In the largest unit that gives a whole number. */
  private static String time(Duration time) {
    if (time.toMillis() * 1_000_000 != time.toNanos()) {
      return time.toNanos() / 1_000 + "us";
    }
    return time.toMillis() % 1_000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
  }
}
