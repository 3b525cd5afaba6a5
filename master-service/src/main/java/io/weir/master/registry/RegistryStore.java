package io.weir.master.registry;

import io.weir.model.ClusterId;
import io.weir.model.DatabaseServer;
import io.weir.model.JournalFormats;
import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.NodeState;
import io.weir.model.RegistrationRequest;
import io.weir.model.ShardId;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The registry's tables, as far as they make its state.
 *
 * <p><b>Concurrency.</b> Any number of masters write. A change is one transaction that first moves
 * {@code registry.version} by compare-and-set: that takes the row's lock, so changes of all masters
 * are serial, and one whose basis is outdated changes nothing. A heartbeat updates its node's row
 * alone, on condition that the row still says what the heartbeat says. A sweep compares leases in
 * the statement that changes them, so a heartbeat that came between is not overruled.
 *
 * <p><b>Ordering.</b> A read takes the version before and after the rows and repeats when it moved,
 * which needs no particular isolation level.
 */
final class RegistryStore {

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final String now;
  private final StatusStore status;

  RegistryStore(
      JdbcClient jdbc, TransactionTemplate transaction, DatabaseClock clock, StatusStore status) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.now = clock.now();
    this.status = status;
  }

  /** The version alone: one row by its primary key. */
  long version() {
    return jdbc.sql("SELECT version FROM registry WHERE one = 1")
        .query(Long.class)
        .optional()
        .orElseThrow(RegistryEmptiedException::new);
  }

  /** Everything, as of one version. */
  StoredState read() {
    while (true) {
      RegistryHead head =
          jdbc.sql(
                  "SELECT cluster_id, shards, adopted, version, "
                      + now
                      + " AS read_at FROM registry WHERE one = 1")
              .query(RegistryStore::head)
              .optional()
              .orElseThrow(RegistryEmptiedException::new);
      List<ShardRecord> shards =
          jdbc.sql(
                  "SELECT id, arrival, ranges, generation, term, leader, proof, proof_from"
                      + " FROM shard")
              .query(RegistryStore::shard)
              .list();
      Map<NodeId, Duration> left = new HashMap<>();
      List<NodeRecord> nodes =
          jdbc.sql(
                  "SELECT id, shard, url, external_url, fast_url, external_fast_url, role,"
                      + " generation, term, journal, reads_format, writes_format, database_server,"
                      + " proof, state, lease_until - "
                      + now
                      + " AS lease_left FROM node")
              .query((row, number) -> node(row, left))
              .list();
      if (version() == head.version()) {
        return new StoredState(
            new RegistryState(head.version(), head.founding(), shards, nodes),
            Leases.of(head.readAt(), left));
      }
    }
  }

  /**
   * Renews a lease, on condition that nothing else about the node has changed.
   *
   * @return false when its row says otherwise by now, or is gone
   */
  boolean renew(NodeRecord node, Duration lease) {
    return jdbc.sql(
                "UPDATE node SET lease_until = "
                    + now
                    + " + :lease, seen_at = "
                    + now
                    + ", load_figures = '' WHERE id = :id AND shard = :shard"
                    + " AND url = :url AND external_url = :externalUrl AND fast_url = :fastUrl"
                    + " AND external_fast_url = :externalFastUrl AND role = :role"
                    + " AND generation = :generation AND term = :term AND journal = :journal"
                    + " AND reads_format = :readsFormat AND writes_format = :writesFormat"
                    + " AND database_server = :databaseServer AND proof = :proof"
                    + " AND state = 'UP'")
            .param("lease", lease.toMillis())
            .params(columns(node))
            .update()
        == 1;
  }

  /**
   * Writes the difference of two states in one transaction, on condition that the version is still
   * that of the first, and sets it to that of the second.
   *
   * @param registration whose lease starts with this change; null for none
   * @return false when the version has moved; nothing is changed then
   */
  boolean replace(
      RegistryState before,
      RegistryState after,
      @Nullable RegistrationRequest registration,
      Duration lease) {
    return Boolean.TRUE.equals(
        transaction.execute(attempt -> {
          if (!moveVersion(before.version(), after)) {
            return false;
          }
          after.shards().stream()
              .filter(shard -> !before.shards().contains(shard))
              .forEach(shard -> write(shard, before.shard(shard.id()) == null));
          before.nodes().stream()
              .filter(node -> after.node(node.id()) == null)
              .forEach(this::delete);
          after.nodes().stream()
              .filter(node -> !before.nodes().contains(node))
              .forEach(node -> write(node, before.node(node.id()) == null));
          if (registration != null) {
            NodeRecord node = Objects.requireNonNull(after.node(registration.nodeId()));
            renew(node, lease);
          }
          if (after.version() > before.version()) {
            status.record(Changes.between(before, after));
          }
          return true;
        }));
  }

  /** Counts the nodes that are listed as up, and of these the ones whose lease has run out. */
  Overdue overdue() {
    return jdbc.sql(
            "SELECT COUNT(*) AS listed, COALESCE(SUM(CASE WHEN lease_until < "
                + now
                + " THEN 1 ELSE 0 END), 0) AS silent FROM node WHERE state = 'UP'")
        .query((row, number) -> new Overdue(row.getLong("silent"), row.getLong("listed")))
        .single();
  }

  /**
   * Lists as down every node whose lease has run out, in one transaction that moves the version.
   *
   * @return false when the version has moved from that of {@code before}, or no lease had run out
   *     after all
   */
  boolean expireLeases(RegistryState before) {
    return Boolean.TRUE.equals(
        transaction.execute(attempt -> {
          boolean changed =
              jdbc.sql(
                          "UPDATE registry SET version = version + 1"
                              + " WHERE one = 1 AND version = :version")
                      .param("version", before.version())
                      .update()
                  == 1;
          changed =
              changed
                  && jdbc.sql(
                              "UPDATE node SET state = 'DOWN'"
                                  + " WHERE state = 'UP' AND lease_until < "
                                  + now)
                          .update()
                      > 0;
          if (changed) {
            status.record(Changes.between(before, read().state()));
          } else {
            attempt.setRollbackOnly();
          }
          return changed;
        }));
  }

  private boolean moveVersion(long expected, RegistryState after) {
    Founding founding = after.founding();
    return jdbc.sql(
                "UPDATE registry SET version = :version, cluster_id = :cluster, shards = :shards,"
                    + " adopted = :adopted WHERE one = 1 AND version = :expected")
            .param("version", after.version())
            .param("cluster", founding == null ? null : founding.cluster().toString())
            .param("shards", founding == null ? null : founding.shards())
            .param("adopted", founding != null && founding.adopted())
            .param("expected", expected)
            .update()
        == 1;
  }

  private void write(ShardRecord shard, boolean isNew) {
    NodeId leader = shard.leader();
    jdbc.sql(
            isNew
                ? "INSERT INTO shard (id, arrival, ranges, generation, term, leader, proof, proof_from)"
                    + " VALUES (:id, :arrival, :ranges, :generation, :term, :leader, :proof,"
                    + " :proofFrom)"
                : "UPDATE shard SET arrival = :arrival, ranges = :ranges, generation = :generation,"
                    + " term = :term, leader = :leader, proof = :proof, proof_from = :proofFrom"
                    + " WHERE id = :id")
        .param("id", shard.id().toString())
        .param("arrival", shard.arrival())
        .param("ranges", SlotRangesText.write(shard.ranges()))
        .param("generation", shard.claim().generation())
        .param("term", shard.claim().term())
        .param("leader", leader == null ? null : leader.value())
        .param("proof", shard.proof() == null ? "" : shard.proof())
        .param("proofFrom", shard.proofFrom())
        .update();
  }

  private void write(NodeRecord node, boolean isNew) {
    jdbc.sql(
            isNew
                ? "INSERT INTO node (id, shard, url, external_url, fast_url, external_fast_url, role,"
                    + " generation, term, journal, reads_format, writes_format, database_server,"
                    + " proof, state, lease_until, load_figures)"
                    + " VALUES (:id, :shard, :url, :externalUrl, :fastUrl, :externalFastUrl, :role,"
                    + " :generation, :term, :journal, :readsFormat, :writesFormat, :databaseServer,"
                    + " :proof, :state, 0, '')"
                : "UPDATE node SET shard = :shard, url = :url, external_url = :externalUrl,"
                    + " fast_url = :fastUrl, external_fast_url = :externalFastUrl, role = :role,"
                    + " generation = :generation, term = :term, journal = :journal,"
                    + " reads_format = :readsFormat, writes_format = :writesFormat,"
                    + " database_server = :databaseServer, proof = :proof, state = :state"
                    + " WHERE id = :id")
        .params(columns(node))
        .param("state", node.state().name())
        .update();
  }

  private void delete(NodeRecord node) {
    jdbc.sql("DELETE FROM node WHERE id = :id").param("id", node.id().value()).update();
    jdbc.sql("DELETE FROM node_figures WHERE id = :id").param("id", node.id().value()).update();
  }

  private static Map<String, Object> columns(NodeRecord node) {
    JournalFormats formats = node.journalFormats();
    DatabaseServer database = node.databaseServer();
    return Map.ofEntries(
        Map.entry("id", node.id().value()),
        Map.entry("shard", node.shard().toString()),
        Map.entry("url", node.url().toString()),
        Map.entry("externalUrl", orEmpty(node.externalUrl())),
        Map.entry("fastUrl", orEmpty(node.fastUrl())),
        Map.entry("externalFastUrl", orEmpty(node.externalFastUrl())),
        Map.entry("role", node.role().name()),
        Map.entry("generation", node.claim().generation()),
        Map.entry("term", node.claim().term()),
        Map.entry("journal", node.journal() == null ? "" : node.journal()),
        Map.entry("readsFormat", formats == null ? 0 : formats.reads()),
        Map.entry("writesFormat", formats == null ? 0 : formats.writes()),
        Map.entry("databaseServer", database == null ? "" : database.value()),
        Map.entry("proof", node.proof() == null ? "" : node.proof()));
  }

  private static String orEmpty(@Nullable URI url) {
    return url == null ? "" : url.toString();
  }

  private record RegistryHead(long version, @Nullable Founding founding, long readAt) {}

  private static RegistryHead head(ResultSet row, int number) throws SQLException {
    String cluster = row.getString("cluster_id");
    return new RegistryHead(
        row.getLong("version"),
        cluster == null
            ? null
            : new Founding(
                ClusterId.parse(cluster), row.getInt("shards"), row.getBoolean("adopted")),
        row.getLong("read_at"));
  }

  private static ShardRecord shard(ResultSet row, int number) throws SQLException {
    String leader = row.getString("leader");
    return new ShardRecord(
        ShardId.parse(row.getString("id")),
        row.getInt("arrival"),
        SlotRangesText.read(row.getString("ranges")),
        new Claim(row.getLong("generation"), row.getLong("term")),
        leader == null ? null : new NodeId(leader),
        orNull(row.getString("proof")),
        row.getLong("proof_from"));
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static @Nullable URI urlOrNull(String text) {
    return text.isEmpty() ? null : URI.create(text);
  }

  private static NodeRecord node(ResultSet row, Map<NodeId, Duration> left) throws SQLException {
    NodeId id = new NodeId(row.getString("id"));
    left.put(id, Duration.ofMillis(row.getLong("lease_left")));
    String journal = row.getString("journal");
    int readsFormat = row.getInt("reads_format");
    String database = row.getString("database_server");
    return new NodeRecord(
        id,
        ShardId.parse(row.getString("shard")),
        URI.create(row.getString("url")),
        urlOrNull(row.getString("external_url")),
        urlOrNull(row.getString("fast_url")),
        urlOrNull(row.getString("external_fast_url")),
        NodeRole.valueOf(row.getString("role")),
        new Claim(row.getLong("generation"), row.getLong("term")),
        journal.isEmpty() ? null : journal,
        readsFormat == 0 ? null : new JournalFormats(readsFormat, row.getInt("writes_format")),
        database.isEmpty() ? null : new DatabaseServer(database),
        orNull(row.getString("proof")),
        NodeState.valueOf(row.getString("state")));
  }
}
