package io.weir.master.registry;

import io.weir.model.ClusterEvent;
import io.weir.model.EventType;
import io.weir.model.NodeId;
import io.weir.model.ServerFigures;
import io.weir.model.ShardId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the registry's tables hold for people: the events, and the nodes' figures.
 *
 * <p>A node's figures are kept in memory by the master that takes its heartbeats, and written now
 * and then for the others: written each time, they would be most of what the database logs.
 *
 * <p><b>Concurrency.</b> Events are added in a transaction that holds the lock of the registry's
 * row, so they are numbered without gaps; the newest {@code events} of them are kept.
 */
final class StatusStore {

  private static final Logger log = LoggerFactory.getLogger(StatusStore.class);

  /** How old the figures may be that a master tells of a node which another master hears. */
  private static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** What the database's clock and this process may differ by over a heartbeat. */
  private static final Duration TOLERANCE = Duration.ofSeconds(1);

  /** The width of the column. */
  private static final int LONGEST_TEXT = 2048;

  /** A master that is older or newer than the one that wrote the figures reads what it knows. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final JdbcClient jdbc;
  private final String now;
  private final int events;
  private final LongSupplier nanoTime;
  private final ConcurrentMap<NodeId, Kept> kept = new ConcurrentHashMap<>();

  /** What a node has told this master last, and when that was told the database last. */
  private record Kept(@Nullable ServerFigures figures, long heardAt, long writtenAt) {}

  StatusStore(JdbcClient jdbc, DatabaseClock clock, int events, LongSupplier nanoTime) {
    this.jdbc = jdbc;
    this.now = clock.now();
    this.events = events;
    this.nanoTime = nanoTime;
  }

  /** Takes the figures of a heartbeat that was taken. */
  void keep(NodeId node, @Nullable ServerFigures figures) {
    long heardAt = nanoTime.getAsLong();
    Kept before = kept.get(node);
    if (before != null
        && heardAt - before.writtenAt() < WRITE_NANOS
        && (before.figures() == null) == (figures == null)) {
      kept.put(node, new Kept(figures, heardAt, before.writtenAt()));
      return;
    }
    kept.put(node, new Kept(figures, heardAt, heardAt));
    try {
      write(node, figures == null ? "" : MAPPER.writeValueAsString(figures));
    } catch (DataAccessException e) {
      log.debug("the figures of node {} are not written: {}", node, e.getMessage());
    }
  }

  private void write(NodeId node, String figures) {
    int rows =
        jdbc.sql("UPDATE node_figures SET figures = :figures WHERE id = :id")
            .param("figures", figures)
            .param("id", node.value())
            .update();
    if (rows == 0) {
      jdbc.sql("INSERT INTO node_figures (id, figures) VALUES (:id, :figures)")
          .param("id", node.value())
          .param("figures", figures)
          .update();
    }
  }

  /** Forgets what a node that has left told this master. */
  void forget(NodeId node) {
    kept.remove(node);
  }

  /** Adds events, and forgets the oldest. The caller's transaction has moved the version. */
  void record(List<Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    long last =
        jdbc.sql("SELECT COALESCE(MAX(seq), 0) FROM cluster_event").query(Long.class).single();
    for (Change change : changes.subList(Math.max(0, changes.size() - events), changes.size())) {
      last++;
      NodeId node = change.node();
      ShardId shard = change.shard();
      String text = change.text();
      jdbc.sql(
              "INSERT INTO cluster_event (seq, happened_at, event_type, node, shard, description)"
                  + " VALUES (:seq, "
                  + now
                  + ", :type, :node, :shard, :text)")
          .param("seq", last)
          .param("type", change.type().name())
          .param("node", node == null ? null : node.value())
          .param("shard", shard == null ? null : shard.toString())
          .param("text", text.substring(0, Math.min(text.length(), LONGEST_TEXT)))
          .update();
    }
    jdbc.sql("DELETE FROM cluster_event WHERE seq <= :seq").param("seq", last - events).update();
  }

  /** What there is besides the state. */
  Overview overview(RegistryState state) {
    Map<NodeId, Sighting> sightings = new HashMap<>();
    jdbc.sql(
            "SELECT n.id AS id, n.load_figures AS load_figures, f.figures AS figures, "
                + now
                + " - n.seen_at AS age FROM node n LEFT JOIN node_figures f ON f.id = n.id")
        .query((ResultSet row) -> {
          NodeId node = new NodeId(row.getString("id"));
          sightings.put(node, newest(kept.get(node), row));
        });
    List<ClusterEvent> newestEvents = new ArrayList<>();
    jdbc.sql(
            "SELECT happened_at, event_type, node, shard, description FROM cluster_event"
                + " ORDER BY seq DESC LIMIT :most")
        .param("most", events)
        .query((ResultSet row) -> {
          ClusterEvent event = event(row);
          if (event != null) {
            newestEvents.add(event);
          }
        });
    return new Overview(
        state,
        Instant.ofEpochMilli(jdbc.sql("SELECT " + now).query(Long.class).single()),
        sightings,
        newestEvents);
  }

  /** What this master was told, if no other has heard the node since; else what is written. */
  private Sighting newest(@Nullable Kept mine, ResultSet row) throws SQLException {
    Sighting written = sighting(row);
    Duration since = written.age();
    if (mine == null || since == null) {
      return written;
    }
    Duration heard = Duration.ofNanos(nanoTime.getAsLong() - mine.heardAt());
    return heard.compareTo(since.plus(TOLERANCE)) <= 0
        ? new Sighting(since, mine.figures())
        : written;
  }

  private static Sighting sighting(ResultSet row) throws SQLException {
    long age = row.getLong("age");
    Duration since = row.wasNull() ? null : Duration.ofMillis(Math.max(0, age));
    // The first is what a master of an earlier release has written; this one empties it.
    String earlier = row.getString("load_figures");
    String figures = earlier.isEmpty() ? row.getString("figures") : earlier;
    if (figures == null || figures.isEmpty()) {
      return new Sighting(since, null);
    }
    try {
      return new Sighting(since, MAPPER.readValue(figures, ServerFigures.class));
    } catch (JacksonException e) {
      log.debug("figures of node {} are of another version: {}", row.getString("id"), figures);
      return new Sighting(since, null);
    }
  }

  /** Null for an event that a newer master has written, of a type that is not known here. */
  private static @Nullable ClusterEvent event(ResultSet row) throws SQLException {
    EventType type;
    try {
      type = EventType.valueOf(row.getString("event_type"));
    } catch (IllegalArgumentException e) {
      return null;
    }
    String node = row.getString("node");
    String shard = row.getString("shard");
    return new ClusterEvent(
        Instant.ofEpochMilli(row.getLong("happened_at")),
        type,
        node == null ? null : new NodeId(node),
        shard == null ? null : ShardId.parse(shard),
        row.getString("description"));
  }
}
