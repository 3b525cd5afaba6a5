package io.weir.web.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Map;
import java.util.Set;

/**
 * Makes the meters that the VM, Tomcat and Spring bring along follow the conventions of Prometheus,
 * as {@code promtool check metrics} tells them: a help text each, base units, no gauge that is
 * called a count.
 */
final class MeterConventions implements MeterFilter {

  /** Of no use here (there are no sessions; Spring counts its own filters), or in odd units. */
  private static final Set<String> LEFT_OUT =
      Set.of("tomcat.sessions", "spring.security", "jvm.compilation.time", "process.cpu.time");

  private static final Map<String, String> RENAMED = Map.of("system.cpu.count", "system.cpus");

  private static final Map<String, String> DESCRIPTIONS =
      Map.of(
          "http.server.requests", "Requests that were answered, and how long that took",
          "http.server.requests.active", "Requests that are being answered");

  @Override
  public MeterFilterReply accept(Meter.Id id) {
    String name = id.getName();
    boolean leftOut =
        LEFT_OUT.stream().anyMatch(prefix -> name.equals(prefix) || name.startsWith(prefix + "."));
    return leftOut ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    String renamed = RENAMED.get(id.getName());
    if (renamed != null) {
      return id.withName(renamed);
    }
    String description = DESCRIPTIONS.get(id.getName());
    return description == null || id.getDescription() != null
        ? id
        : new Meter.Id(
            id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), description, id.getType());
  }
}
