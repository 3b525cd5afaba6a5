package io.weir.cache.store;

import io.weir.cache.kv.Claim;
import io.weir.model.ClusterId;
import io.weir.model.NodeId;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The single row of table {@code shard}. Every change is one conditional statement in a transaction
 * of its own, so that of several nodes that race one wins and the others read what it wrote.
 */
final class JdbcShardRegistry implements ShardRegistry {

  private static final String READ =
      "SELECT id, cluster, shards, ranges, generation, term, leader, members, secret, founding_term"
          + " FROM shard WHERE one = 1";

  private static final String CREATE =
      "INSERT IGNORE INTO shard (one, id, generation, term, members) VALUES (1, ?, 0, 0, '')";

  private static final String ASSIGN =
      "UPDATE shard SET cluster = ?, shards = ?, ranges = ? WHERE one = 1 AND cluster IS NULL";

  private static final String FOUND =
      "UPDATE shard SET generation = ?, founding_term = term, leader = ?, members = ?, secret = ?"
          + " WHERE one = 1 AND generation = ?";

  private static final String RECORD_MEMBERS = "UPDATE shard SET members = ? WHERE one = 1";

  private final JdbcTemplate jdbc;
  private final FencedTransactions fenced;
  private final SqlFailures failures;
  private final String location;

  /**
   * @param dataSource for what needs no fence
   * @param fenced for what does
   */
  JdbcShardRegistry(
      DataSource dataSource, FencedTransactions fenced, SqlFailures failures, DatabaseUrl url) {
    this.jdbc = new JdbcTemplate(dataSource);
    this.fenced = fenced;
    this.failures = failures;
    this.location = url.location();
  }

  @Override
  public ShardRow readOrCreate() {
    return answer(() -> {
      Optional<ShardRow> row = read();
      if (row.isPresent()) {
        return row.get();
      }
      jdbc.update(CREATE, ShardId.random().toString());
      return read().orElseThrow();
    });
  }

  @Override
  public void assign(ClusterId cluster, int shards, List<SlotRange> ranges) {
    String text = write(ranges);
    ShardRow row = readOrCreate();
    if (row.cluster() == null) {
      answer(() -> jdbc.update(ASSIGN, cluster.toString(), shards, text));
      row = readOrCreate();
    }
    if (!cluster.equals(row.cluster())
        || !Integer.valueOf(shards).equals(row.shards())
        || !text.equals(write(row.ranges()))) {
      throw new ForeignShardException(
          "the database at %s belongs to %s, not to %s"
              .formatted(
                  location,
                  describe(row.cluster(), row.shards(), write(row.ranges())),
                  describe(cluster, shards, text)));
    }
  }

  @Override
  public boolean found(long expectedGeneration, NodeId founder, String member, String secret) {
    return answer(() ->
        jdbc.update(
                FOUND, expectedGeneration + 1, founder.value(), member, secret, expectedGeneration)
            == 1);
  }

  @Override
  public void recordMembers(Claim claim, List<String> members) {
    fenced.run(claim, () -> fenced.jdbc().update(RECORD_MEMBERS, String.join(",", members)));
  }

  private Optional<ShardRow> read() {
    return jdbc.query(READ, (row, i) -> shardRow(row)).stream().findFirst();
  }

  private <T> T answer(Supplier<T> question) {
    try {
      return question.get();
    } catch (RuntimeException e) {
      throw failures.unavailable(e);
    }
  }

  private static ShardRow shardRow(ResultSet row) throws SQLException {
    String cluster = row.getString("cluster");
    String leader = row.getString("leader");
    int shards = row.getInt("shards");
    return new ShardRow(
        ShardId.parse(row.getString("id")),
        cluster == null ? null : ClusterId.parse(cluster),
        shards == 0 ? null : shards,
        parts(row.getString("ranges")).map(JdbcShardRegistry::range).toList(),
        row.getLong("generation"),
        row.getLong("term"),
        leader == null ? null : new NodeId(leader),
        parts(row.getString("members")).toList(),
        row.getString("secret"),
        row.getLong("founding_term"));
  }

  /** Ranges as they are stored: {@code first-last}, ascending, with commas between. */
  private static String write(List<SlotRange> ranges) {
    return ranges.stream()
        .sorted(Comparator.comparingInt(SlotRange::first))
        .map(SlotRange::toString)
        .collect(Collectors.joining(","));
  }

  private static SlotRange range(String text) {
    int dash = text.indexOf('-');
    return new SlotRange(
        Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
  }

  private static Stream<String> parts(@Nullable String list) {
    return list == null || list.isEmpty() ? Stream.empty() : Stream.of(list.split(",", -1));
  }

  private static String describe(
      @Nullable ClusterId cluster, @Nullable Integer shards, String ranges) {
    return "cluster %s (%d shards, slots %s)".formatted(cluster, shards, ranges);
  }
}
