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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the registry's tables hold for people: the events, and the nodes' figures.
 *
 * <p><b>Concurrency.</b> Events are added in a transaction that holds the lock of the registry's
 * row, so they are numbered without gaps; the newest {@code events} of them are kept.
 */
final class StatusStore {

  private static final Logger log = LoggerFactory.getLogger(StatusStore.class);

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

  StatusStore(JdbcClient jdbc, DatabaseClock clock, int events) {
    this.jdbc = jdbc;
    this.now = clock.now();
    this.events = events;
  }

  /** The form in which a node's row holds its figures. */
  static String text(@Nullable ServerFigures figures) {
    return figures == null ? "" : MAPPER.writeValueAsString(figures);
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
    jdbc.sql("SELECT id, load_figures, " + now + " - seen_at AS age FROM node")
        .query((ResultSet row) -> {
          sightings.put(new NodeId(row.getString("id")), sighting(row));
        });
    List<ClusterEvent> newest = new ArrayList<>();
    jdbc.sql(
            "SELECT happened_at, event_type, node, shard, description FROM cluster_event"
                + " ORDER BY seq DESC LIMIT :most")
        .param("most", events)
        .query((ResultSet row) -> {
          ClusterEvent event = event(row);
          if (event != null) {
            newest.add(event);
          }
        });
    return new Overview(
        state,
        Instant.ofEpochMilli(jdbc.sql("SELECT " + now).query(Long.class).single()),
        sightings,
        newest);
  }

  private static Sighting sighting(ResultSet row) throws SQLException {
    long age = row.getLong("age");
    Duration since = row.wasNull() ? null : Duration.ofMillis(Math.max(0, age));
    String figures = row.getString("load_figures");
    if (figures.isEmpty()) {
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
