package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.journal.JournalStatus;
import io.weir.cache.journal.LogEnd;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.raft.RaftDirectory;
import io.weir.cache.journal.raft.RescueMark;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.ShardRow;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.NodeId;
import io.weir.model.operator.RescueReport;
import io.weir.model.operator.Rescued;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Founds the next generation with the whole log of this server, the one member that is left of a
 * group that has lost its majority for good; its end included, which no majority has confirmed.
 *
 * <p><b>Ordering.</b> The journal is closed first, so that this member says nothing more to the old
 * group. Then a mark is written beside its identity, then the database takes the generation, then
 * the identity follows. Then the process ends: the next start replays the log onto an empty table.
 *
 * <p><b>Failure.</b> The database's row decides. Whatever breaks off after the journal was closed
 * ends the process too, and its next start finishes the rescue, if the database has the generation,
 * or goes on as the member that it was.
 *
 * <p><b>Concurrency.</b> Any thread may ask; one rescues at a time.
 */
final class Rescue {

  private static final Logger LOG = LoggerFactory.getLogger(Rescue.class);

  private final Path path;
  private final NodeId node;
  private final ShardRegistry registry;
  private final GroupMemory memory;
  private final CacheEngine engine;
  private final OtherMembers others;
  private final Clock clock;
  private final ShardServer server;

  /**
   * @param path of the journal's directory
   */
  Rescue(
      Path path,
      NodeId node,
      ShardRegistry registry,
      GroupMemory memory,
      CacheEngine engine,
      OtherMembers others,
      Clock clock,
      ShardServer server) {
    this.path = path;
    this.node = node;
    this.registry = registry;
    this.memory = memory;
    this.engine = engine;
    this.others = others;
    this.clock = clock;
    this.server = server;
  }

  /** What is known before it, and what stands in its way; takes seconds where members are gone. */
  RescueReport report() {
    ShardGroup group = server.group();
    if (group == null) {
      throw new RescueRefusedException(
          "this server has no place in its shard's group yet: it waits for a master or its"
              + " database, see its log");
    }
    ShardRow row = row().orElse(null);
    ShardRow known = row == null ? group.row() : row;
    List<OtherMembers.Other> found = others.look(known, server.heard()).toList();
    JournalStatus status = group.journal().status();
    LogEnd end = group.journal().logEnd();
    LogEnd.Time time = end.time();
    return new RescueReport(
        known.generation(),
        group.member().toString(),
        found.stream()
            .map(one -> new RescueReport.Other(one.member(), one.answers(), one.isListed()))
            .toList(),
        end.lastIndex(),
        status.appliedIndex(),
        time == null ? null : time.at(),
        time == null ? null : age(time),
        time == null ? null : time.isSinceStart() ? "process" : "files",
        engine.statistics().dirty().entries(),
        RescueLimits.of(known.members().size(), end, status.appliedIndex()),
        obstacle(group, row, known, found));
  }

  private long age(LogEnd.Time time) {
    return Math.max(0, Duration.between(time.at(), clock.instant()).toMillis());
  }

  private Optional<ShardRow> row() {
    try {
      return registry.read();
    } catch (StoreUnavailableException e) {
      LOG.info("the database does not answer: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Why it is not to be done; null where nothing is in its way. */
  private @Nullable String obstacle(
      ShardGroup group, @Nullable ShardRow row, ShardRow known, List<OtherMembers.Other> found) {
    JournalStatus status = group.journal().status();
    Member leader = status.leader();
    String self = group.member().toString();
    if (row == null) {
      return "the database, which has to take the next generation, does not answer";
    }
    if (!row.id().equals(group.row().id()) || row.generation() != group.generation()) {
      return "this server's journal is of shard "
          + group.row().id()
          + " in generation "
          + group.generation()
          + ", and the database records shard "
          + row.id()
          + " in generation "
          + row.generation();
    }
    if (group.claim() != null) {
      return "this server leads its shard: it has a majority";
    }
    if (leader != null) {
      return "this server follows a leader, " + leader + ": its group has a majority";
    }
    if (!known.members().contains(self)) {
      return self + " is not one of the recorded members, " + known.members();
    }
    if (found.isEmpty()) {
      return "this server is the only member of its group, and leads by itself once it has"
          + " recovered its journal";
    }
    if (RaftDirectory.isUnused(path) || !status.members().voters().contains(group.member())) {
      return path + " does not hold the group's log: this server was yet to be added";
    }
    return found.stream()
        .filter(OtherMembers.Other::isThere)
        .findFirst()
        .map(Rescue::living)
        .orElse(null);
  }

  private static String living(OtherMembers.Other other) {
    return "the member "
        + other.member()
        + " "
        + other.how()
        + (other.answers()
            ? ": start what is left of the group, and it elects a leader; or, to give up what that"
                + " member holds, stop it first"
            : ", and does not answer: if it is gone, wait until its lease has run out");
  }

  /**
   * Does it, and has the process end.
   *
   * @param generation that is given up, as the operator was told
   * @throws RescueRefusedException when something stands in the way; nothing was changed
   * @throws StoreUnavailableException when the database does not say whether it took the
   *     generation; the process ends all the same
   */
  synchronized Rescued rescue(long generation) {
    RescueReport report = report();
    if (report.obstacle() != null) {
      throw new RescueRefusedException(report.obstacle());
    }
    if (report.generation() != generation) {
      throw new RescueRefusedException(
          "the shard is in generation "
              + report.generation()
              + ", not "
              + generation
              + ": read the report again");
    }
    ShardRow row = registry.read().orElseThrow();
    NextGeneration next = next(row);
    if (!server.leaveGroup("this server founds the next generation with its journal")) {
      throw new RescueRefusedException("this server is stopping, or its journal was given up");
    }
    String end = "the rescue broke off, and the database decides what becomes of it";
    try {
      end = found(row, next, report.self());
    } finally {
      server.endToStartAgain(end);
    }
    return new Rescued(next.number(), report.lastIndex());
  }

  /** A rescue that broke off before is gone on with: the database may yet take its generation. */
  private NextGeneration next(ShardRow row) {
    NextGeneration next = NextGeneration.above(row, server.heard(), 0);
    return RescueMark.in(path)
        .filter(mark -> mark.group().equals(Founding.group(row, next.number())))
        .map(mark -> new NextGeneration(next.number(), mark.secret()))
        .orElse(next);
  }

  private String found(ShardRow row, NextGeneration next, String member) {
    String group = Founding.group(row, next.number());
    RescueMark.of(group, next.secret()).keepIn(path);
    boolean isFounded =
        registry.found(row.generation(), next.number(), node, member, next.secret());
    ShardRow now = registry.read().orElseThrow();
    if (!RaftDirectory.finishRescue(path, Founding.group(now, now.generation()), now.secret())) {
      throw new RescueRefusedException(
          "the database records generation "
              + now.generation()
              + ", founded by "
              + now.leader()
              + (isFounded ? "" : " meanwhile")
              + ": this server's journal was not taken along");
    }
    memory.remember(now);
    return "its journal is that of generation " + next.number() + " from here on";
  }
}
