package io.weir.lab.torture;

import io.weir.lab.torture.Operation.Kind;
import io.weir.load.run.LoadDoor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The report of a torture, for people. */
public final class TortureText {

  private static final String BARS = " ▁▂▃▄▅▆▇█";
  private static final int COLUMNS = 60;
  private static final int MOST_VIOLATIONS = 3;
  private static final double NANOS = 1e9;

  private TortureText() {}

  public static String report(TorturePlan plan, Findings findings) {
    StringBuilder text = new StringBuilder();
    line(text, "timeline (seconds from the start)");
    for (Nemesis.Event event : findings.faults()) {
      line(
          text,
          "  %7.1f to %7.1f  %-24s %s",
          seconds(findings, event.from()),
          seconds(findings, event.to()),
          event.fault(),
          event.what());
    }
    operations(text, findings);
    throughput(text, findings);
    unavailability(text, findings);
    for (Findings.Violation violation :
        findings.violations().stream().limit(MOST_VIOLATIONS).toList()) {
      line(text, "not linearizable: %s", violation.key());
      violation.window().forEach(op -> line(text, "  %s", describe(findings, op)));
    }
    findings.counters().wrong().forEach(sentence -> line(text, "wrong count: %s", sentence));
    findings.databaseDiffers().forEach(sentence -> line(text, "wrong in the end: %s", sentence));
    findings.wentBack().forEach(sentence -> line(text, "wrong: %s", sentence));
    line(
        text,
        "torture: seed %d, door %s, %d shards of %d, %d faults, %d acknowledged writes, %d with open outcome",
        plan.seed(),
        plan.traffic().door(),
        plan.cluster().shards(),
        plan.cluster().members(),
        findings.faults().size(),
        findings.acknowledged(),
        findings.open());
    if (plan.traffic().door() == LoadDoor.REDIS) {
      line(
          text,
          "counters: %d acknowledged additions, %d with open outcome, %d faults",
          findings.counters().acknowledged(),
          findings.counters().open(),
          findings.counters().wrong().size());
    }
    line(
        text,
        "verdict: %d keys not linearizable, %d undecided, %d rows wrong, %d databases went back",
        findings.violations().size(),
        findings.undecided(),
        findings.databaseDiffers().size(),
        findings.wentBack().size());
    return text.toString();
  }

  /** One operation a line. */
  public static String describe(Findings findings, Operation op) {
    String what =
        switch (op.kind()) {
          case READ -> "read   -> " + Torture.name(op.value());
          case WRITE -> op.value() == 0 ? "delete" : "put    " + op.value();
          case SWAP -> "swap   " + Torture.name(op.expected()) + " for " + op.value();
          case FAILED_SWAP -> "swap   of " + Torture.name(op.expected()) + " -> refused";
        };
    return String.format(
        Locale.ROOT,
        "%10.4f to %s  %s",
        seconds(findings, op.invoked()),
        op.isOpen()
            ? "      open"
            : String.format(Locale.ROOT, "%10.4f", seconds(findings, op.returned())),
        what);
  }

  private static void operations(StringBuilder text, Findings findings) {
    Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    findings.operations().forEach(op -> counts.merge(op.kind(), 1L, Long::sum));
    line(
        text,
        "operations: %,d reads, %,d writes, %,d conditional writes, %,d of them in vain; %,d requests"
            + " refused or failed without effect",
        counts.getOrDefault(Kind.READ, 0L),
        counts.getOrDefault(Kind.WRITE, 0L),
        counts.getOrDefault(Kind.SWAP, 0L) + counts.getOrDefault(Kind.FAILED_SWAP, 0L),
        counts.getOrDefault(Kind.FAILED_SWAP, 0L),
        findings.refused());
  }

  private static void throughput(StringBuilder text, Findings findings) {
    List<Operation> done = findings.operations().stream().filter(op -> !op.isOpen()).toList();
    if (done.isEmpty()) {
      return;
    }
    double end = 0;
    for (Operation op : done) {
      end = Math.max(end, seconds(findings, op.returned()));
    }
    double width = Math.max(1, Math.ceil(end / COLUMNS));
    long[] counts = new long[(int) (end / width) + 1];
    done.forEach(op -> counts[(int) (seconds(findings, op.returned()) / width)]++);
    long most = 1;
    for (long count : counts) {
      most = Math.max(most, count);
    }
    StringBuilder bars = new StringBuilder();
    for (long count : counts) {
      bars.append(BARS.charAt((int) Math.ceil((BARS.length() - 1) * (double) count / most)));
    }
    line(text, "answers over time, %.0f s a column, highest %,.0f a second", width, most / width);
    line(text, "  |%s|", bars);
  }

  private static void unavailability(StringBuilder text, Findings findings) {
    List<Long> acknowledged = new ArrayList<>();
    findings.operations().stream()
        .filter(op -> !op.isOpen() && (op.kind() == Kind.WRITE || op.kind() == Kind.SWAP))
        .mapToLong(Operation::returned)
        .sorted()
        .forEach(acknowledged::add);
    acknowledged.addFirst(findings.startNanos());
    findings.faults().stream()
        .mapToLong(Nemesis.Event::to)
        .filter(healed -> healed > acknowledged.getLast())
        .max()
        .ifPresent(acknowledged::add);
    long longest = 0;
    long at = findings.startNanos();
    Map<Fault, List<Double>> gaps = new TreeMap<>(Comparator.comparing(Fault::toString));
    for (int i = 1; i < acknowledged.size(); i++) {
      long from = acknowledged.get(i - 1);
      long gap = acknowledged.get(i) - from;
      if (gap > longest) {
        longest = gap;
        at = from;
      }
    }
    for (Nemesis.Event event : findings.faults()) {
      double worst = 0;
      for (int i = 1; i < acknowledged.size(); i++) {
        long from = acknowledged.get(i - 1);
        long to = acknowledged.get(i);
        if (to > event.from() && from < event.to()) {
          worst = Math.max(worst, (to - from) / NANOS);
        }
      }
      gaps.computeIfAbsent(event.fault(), fault -> new ArrayList<>()).add(worst);
    }
    line(
        text,
        "longest time without an acknowledged write: %.1f s, from %.1f s on",
        longest / NANOS,
        seconds(findings, at));
    line(text, "time without an acknowledged write, by fault   times  median s  longest s");
    gaps.forEach((fault, times) -> {
      List<Double> sorted = times.stream().sorted().toList();
      line(
          text,
          "  %-44s %5d %9.1f %10.1f",
          fault,
          sorted.size(),
          sorted.get(sorted.size() / 2),
          sorted.getLast());
    });
  }

  private static double seconds(Findings findings, long nanos) {
    return (nanos - findings.startNanos()) / NANOS;
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation is no dependency of this module.
  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append(System.lineSeparator());
  }
}
