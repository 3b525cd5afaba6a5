package io.weir.cache.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.weir.cache.journal.JournalStatus;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of this server's part in its shard's group; all 0 before it has one. The term is no
 * number until it is known: a step from 0 would look like many changes of leader.
 */
final class GroupMetrics implements MeterBinder {

  private final Supplier<@Nullable ShardGroup> group;

  GroupMetrics(Supplier<@Nullable ShardGroup> group) {
    this.group = group;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bindLeadership(registry);
    bindMembers(registry);
    bindLog(registry);
  }

  private void bindLeadership(MeterRegistry registry) {
    Gauge.builder("weir.raft.term", this, GroupMetrics::term)
        .description("Term of the shard's leader, as this server knows it")
        .register(registry);
    for (JournalStatus.Role role : JournalStatus.Role.values()) {
      gauge(
              "weir.raft.role",
              "1 for what this server is to its shard's group, 0 for what it is not",
              of -> of.journal().status().role() == role ? 1 : 0)
          .tag("role", role.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    gauge(
            "weir.raft.leader.known",
            "1 while this server knows a leader of its shard, itself included",
            of -> of.journal().status().leader() == null ? 0 : 1)
        .register(registry);
    gauge(
            "weir.raft.lease",
            "1 while this server leads and may answer reads without asking the others",
            of -> of.journal().lease().isValid() ? 1 : 0)
        .register(registry);
  }

  private void bindMembers(MeterRegistry registry) {
    gauge(
            "weir.raft.members",
            "Members whose majority makes a write durable",
            of -> of.journal().status().members().voters().size())
        .register(registry);
    gauge(
            "weir.raft.members.alive",
            "At the leader, the members that answer, itself included; 0 elsewhere",
            of -> of.journal().status().alive().size())
        .register(registry);
  }

  private void bindLog(MeterRegistry registry) {
    gauge(
            "weir.journal.queued.bytes",
            "Bytes proposed and not yet in the log",
            of -> of.journal().status().queuedBytes())
        .baseUnit("bytes")
        .register(registry);
    gauge(
            "weir.raft.unapplied.entries",
            "Entries of the log that are durable and not yet applied here",
            of -> unapplied(of.journal().status()))
        .register(registry);
    gauge(
            "weir.raft.snapshot.bytes",
            "Size of this server's last snapshot of what is dirty",
            of -> of.journal().status().snapshots().lastBytes())
        .baseUnit("bytes")
        .register(registry);
    snapshots("saved", JournalStatus.Snapshots::saved).register(registry);
    snapshots("failed", JournalStatus.Snapshots::failed).register(registry);
  }

  private static double unapplied(JournalStatus status) {
    return Math.max(0, status.committedIndex() - status.appliedIndex());
  }

  private FunctionCounter.Builder<GroupMetrics> snapshots(
      String result, ToDoubleFunction<JournalStatus.Snapshots> count) {
    return FunctionCounter.builder(
            "weir.raft.snapshots",
            this,
            metrics ->
                metrics.valueOf(of -> count.applyAsDouble(of.journal().status().snapshots())))
        .description("Snapshots that shorten the journal's log")
        .tag("result", result);
  }

  private Gauge.Builder<GroupMetrics> gauge(
      String name, String description, ToDoubleFunction<ShardGroup> value) {
    return Gauge.builder(name, this, metrics -> metrics.valueOf(value)).description(description);
  }

  private double term() {
    ShardGroup known = group.get();
    return known == null || !known.isTermKnown() ? Double.NaN : known.term();
  }

  private double valueOf(ToDoubleFunction<ShardGroup> value) {
    ShardGroup known = group.get();
    return known == null ? 0 : value.applyAsDouble(known);
  }
}
