package io.weir.cli.operate;

import io.weir.load.report.TextTable;
import io.weir.model.ClusterEvent;
import io.weir.model.ClusterStatus;
import io.weir.model.DatabaseServer;
import io.weir.model.JournalFormats;
import io.weir.model.NodeState;
import io.weir.model.ServerFigures;
import io.weir.model.ServerRole;
import io.weir.model.ServerStatus;
import io.weir.model.ShardId;
import io.weir.model.Shown;
import io.weir.model.SlotRange;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status of a cluster as text. */
final class StatusText {

  private static final String NOTHING = "-";
  private static final int FIGURES = 8;

  private static final List<String> HEADINGS =
      List.of(
          "NODE",
          "STATE",
          "ROLE",
          "SHARD",
          "SLOTS",
          "TERM",
          "FAST PORT",
          "HIT",
          "READS/S",
          "WRITES/S",
          "ENTRIES",
          "DIRTY",
          "OLDEST",
          "LOSS BOUND",
          "REFUSED");

  private StatusText() {}

  static String of(ClusterStatus status, int mostEvents) {
    StringBuilder text = new StringBuilder();
    text.append(word(status.state()))
        .append(", topology version ")
        .append(status.version())
        .append(", ")
        .append(serversUp(status))
        .append(", at ")
        .append(status.at())
        .append(System.lineSeparator());
    if (status.waiting() != null) {
      text.append(status.waiting()).append(System.lineSeparator());
    }
    TextTable table = new TextTable(HEADINGS);
    status.servers().forEach(server -> table.add(row(server)));
    text.append(table);
    Stream.of(
            unreadable(status), waiting(status), wentBack(status), differing(status), full(status))
        .flatMap(List::stream)
        .forEach(sentence -> text.append(sentence).append(System.lineSeparator()));
    text.append(SparedText.of(status));
    if (!status.events().isEmpty() && mostEvents > 0) {
      TextTable events = new TextTable(List.of("WHEN", "EVENT", "NODE", ""));
      status.events().stream()
          .limit(mostEvents)
          .forEach(event -> events.add(row(event, status.at())));
      text.append(System.lineSeparator()).append(events);
    }
    return text.toString();
  }

  /** The servers that cannot read the journal of their shard's group. */
  private static List<String> unreadable(ClusterStatus status) {
    Map<ShardId, Integer> written = new HashMap<>();
    status
        .servers()
        .forEach(server ->
            written.merge(
                server.shard(),
                JournalFormats.orFirst(server.journalFormats()).writes(),
                Math::max));
    List<String> sentences = new ArrayList<>();
    for (ServerStatus server : status.servers()) {
      int reads = JournalFormats.orFirst(server.journalFormats()).reads();
      int needed = written.getOrDefault(server.shard(), 0);
      if (reads < needed) {
        sentences.add(
            ("%s reads journal format %d, and its shard's group writes format %d: start a version"
                    + " of Weir there that reads format %d")
                .formatted(server.nodeId(), reads, needed, needed));
      }
    }
    return sentences;
  }

  /** The shards whose group has the size that it is to have, while more servers register. */
  private static List<String> waiting(ClusterStatus status) {
    List<String> sentences = new ArrayList<>();
    for (ServerStatus server : status.servers()) {
      ServerFigures figures = server.figures();
      int waiting = figures == null ? 0 : figures.group().waitingServers();
      if (leads(server) && waiting > 0) {
        sentences.add(
            ("%s outside the group of shard %s, which has as many members as it is to have:"
                    + " weir.raft.members of its servers lets more in, or stop what waits")
                .formatted(
                    waiting == 1 ? "1 server waits" : waiting + " servers wait", shard(server)));
      }
    }
    return sentences;
  }

  /** The shards whose database has lost flushes, as their leaders say. */
  private static List<String> wentBack(ClusterStatus status) {
    List<String> sentences = new ArrayList<>();
    for (ServerStatus server : status.servers()) {
      ServerFigures figures = server.figures();
      long missing = figures == null ? 0 : figures.database().missingFlushes();
      if (leads(server) && missing > 0) {
        sentences.add(
            ("the database of shard %1$s has lost %2$d flushes that it had acknowledged: 'weir"
                    + " accept-database %1$s --missing %2$d' accepts it as it is, if it is the right"
                    + " one")
                .formatted(shard(server), missing));
      }
    }
    return sentences;
  }

  /** The servers that see another database server than their leader; unknown is no other. */
  private static List<String> differing(ClusterStatus status) {
    Map<ShardId, ServerStatus> leaders =
        status.servers().stream()
            .filter(StatusText::leads)
            .collect(Collectors.toMap(ServerStatus::shard, Function.identity(), (a, b) -> a));
    List<String> sentences = new ArrayList<>();
    for (ServerStatus server : status.servers()) {
      ServerStatus leader = leaders.get(server.shard());
      DatabaseServer theirs = leader == null ? null : leader.databaseServer();
      DatabaseServer own = server.databaseServer();
      if (server.state() == NodeState.UP && own != null && theirs != null && !own.equals(theirs)) {
        sentences.add(
            ("%1$s sees database server %2$s, and its leader %3$s sees %4$s: %1$s loads nothing"
                    + " after half a minute, until both see the same; compare their"
                    + " weir.database.url")
                .formatted(server.nodeId(), own, Objects.requireNonNull(leader).nodeId(), theirs));
      }
    }
    return sentences;
  }

  /** The servers whose journal's disk is nearly full. */
  private static List<String> full(ClusterStatus status) {
    List<String> sentences = new ArrayList<>();
    for (ServerStatus server : status.servers()) {
      if (server.figures() != null && server.figures().disk().journalFull()) {
        sentences.add(
            "the disk of "
                + server.nodeId()
                + " that its journal is on is nearly full: a leader refuses writes there until"
                + " write-back has freed room, or the volume is larger");
      }
    }
    return sentences;
  }

  private static boolean leads(ServerStatus server) {
    return server.role() == ServerRole.LEADER && server.state() == NodeState.UP;
  }

  private static String shard(ServerStatus server) {
    return server.shard().toString().substring(0, 8);
  }

  private static String serversUp(ClusterStatus status) {
    long up = status.servers().stream().filter(server -> server.state() == NodeState.UP).count();
    return up + " of " + status.servers().size() + " servers up";
  }

  private static List<String> row(ServerStatus server) {
    List<String> row = new ArrayList<>();
    row.add(server.nodeId().toString());
    row.add(state(server));
    row.add(word(server.role()));
    row.add(shard(server));
    row.add(
        server.ranges().isEmpty()
            ? NOTHING
            : server.ranges().stream().map(SlotRange::toString).collect(Collectors.joining(",")));
    row.add(String.valueOf(server.term()));
    row.add(fastPort(server.fastUrl()));
    row.addAll(figures(server.figures()));
    return row;
  }

  /** {@code host:port}, as it is given to a Redis client. */
  private static String fastPort(@Nullable URI url) {
    return url == null ? NOTHING : Shown.of(url.getRawAuthority());
  }

  private static String state(ServerStatus server) {
    Double silent = server.lastSeenSeconds();
    return server.state() == NodeState.UP || silent == null
        ? word(server.state())
        : word(server.state()) + " " + Figures.time(Duration.ofMillis((long) (silent * 1_000)));
  }

  private static List<String> figures(@Nullable ServerFigures figures) {
    if (figures == null) {
      return List.of("-", "-", "-", "-", "-", "-", "-", "-").subList(0, FIGURES);
    }
    ServerFigures.Traffic traffic = figures.traffic();
    ServerFigures.Dirty dirty = figures.dirty();
    ServerFigures.LossBound lossBound = figures.lossBound();
    Double hits = traffic.hitRatio();
    return List.of(
        hits == null ? NOTHING : Figures.share(hits),
        Figures.rate(traffic.getsPerSecond()),
        Figures.rate(traffic.putsPerSecond()),
        Figures.count(figures.resident().entries()),
        amount(dirty.entries(), dirty.bytes()),
        dirty.entries() == 0 ? NOTHING : seconds(dirty.oldestAgeSeconds()),
        lossBound.entries() == 0
            ? "0"
            : amount(lossBound.entries(), lossBound.bytes())
                + ", "
                + seconds(lossBound.ageSeconds()),
        Figures.count(figures.flushed().quarantined()));
  }

  private static String amount(long entries, long bytes) {
    return entries == 0 ? "0" : Figures.count(entries) + " (" + Figures.bytes(bytes) + ")";
  }

  private static String seconds(double seconds) {
    return Figures.time(Duration.ofMillis((long) (seconds * 1_000)));
  }

  private static List<String> row(ClusterEvent event, Instant now) {
    Duration age = Duration.between(event.at(), now);
    return List.of(
        (age.isNegative() ? "0.0 s" : Figures.time(age)) + " ago",
        event.type().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        event.nodeId() == null ? NOTHING : event.nodeId().toString(),
        Shown.of(event.text()));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
