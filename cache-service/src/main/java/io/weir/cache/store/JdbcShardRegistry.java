package io.weir.cache.store;

import io.weir.cache.kv.Claim;
import io.weir.model.ClusterId;
import io.weir.model.DatabaseServer;
import io.weir.model.HashSlots;
import io.weir.model.NodeId;
import io.weir.model.ShardId;
import io.weir.model.ShardProof;
import io.weir.model.SlotRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The single rows of the tables {@code shard}, {@code reign}, {@code group_secret} and {@code
 * group_size}. Every change is a transaction of its own that begins with one conditional update of
 * {@code shard}, so that of several nodes that race one wins and the others read what it wrote.
 *
 * <p>A server of a release that knows only {@code shard} may work on the same database. What it
 * founds is told by the generation: {@code reign} and {@code group_secret} count only for their
 * own.
 */
final class JdbcShardRegistry implements ShardRegistry {

  private static final String READ =
      """
      SELECT s.id, s.cluster, s.shards, s.ranges, s.generation, s.term, s.leader, s.members,
        s.secret, s.founding_term, r.generation AS reign_generation, r.epoch AS reign_epoch,
        r.term AS reign_term, r.holder, r.may_be_dirty, g.secret AS group_secret
      FROM shard s
      LEFT JOIN reign r ON r.one = s.one
      LEFT JOIN group_secret g ON g.one = s.one AND g.generation = s.generation
      WHERE s.one = 1\
      """;

  private static final String CREATE =
      "INSERT IGNORE INTO shard (one, id, generation, term, members) VALUES (1, ?, 0, 0, '')";

  private static final String READ_PROOF = "SELECT proof FROM shard_proof WHERE one = 1";

  private static final String CREATE_PROOF =
      "INSERT IGNORE INTO shard_proof (one, proof) VALUES (1, ?)";

  private static final String ASSIGN =
      "UPDATE shard SET cluster = ?, shards = ?, ranges = ? WHERE one = 1 AND cluster IS NULL";

  private static final String FOUND =
      "UPDATE shard SET generation = ?, founding_term = term, leader = ?, members = ?, secret = ?"
          + " WHERE one = 1 AND generation = ?";

  private static final String KEEP_REIGN =
      """
      INSERT INTO reign (one, generation, epoch, term, holder, may_be_dirty) VALUES (1, ?, ?, ?, ?, 1)
      ON DUPLICATE KEY UPDATE generation = VALUES(generation), epoch = VALUES(epoch),
        term = VALUES(term), holder = VALUES(holder), may_be_dirty = VALUES(may_be_dirty)\
      """;

  private static final String RECORD_CLEAN =
      "UPDATE reign SET may_be_dirty = 0 WHERE one = 1 AND generation = ? AND holder = ?";

  private static final String KEEP_SECRET =
      """
      INSERT INTO group_secret (one, generation, secret) VALUES (1, ?, ?)
      ON DUPLICATE KEY UPDATE generation = VALUES(generation), secret = VALUES(secret)\
      """;

  private static final String FORGET_SECRET =
      "UPDATE shard SET secret = ? WHERE one = 1 AND secret NOT LIKE 'moved:%'";

  /**
   * What begins so stands in the place of a secret that has moved. As long as a secret, so that a
   * server of an earlier release comes to open its journal, and says there what it cannot read; and
   * drawn at random, so that nobody knows what it takes for the secret.
   */
  private static final String MOVED = "moved:";

  private static final String ANY_ROW = "SELECT slot FROM kv LIMIT 1";

  private static final String VERSIONS =
      """
      SELECT MAX(CASE WHEN version <= ? THEN version ELSE 0 END),
        SUM(CASE WHEN version <= ? THEN 0 ELSE 1 END)
      FROM kv WHERE slot BETWEEN ? AND ?\
      """;

  /** Slots a statement, so that none takes long even where all of them do. */
  private static final int SLOTS_A_SCAN = 16;

  private static final String GROUP_SIZE = "SELECT members FROM group_size WHERE one = 1";

  private static final String RECORD_GROUP_SIZE =
      """
      INSERT INTO group_size (one, members) VALUES (1, ?)
      ON DUPLICATE KEY UPDATE members = VALUES(members)\
      """;

  private static final String RECORD_MEMBERS = "UPDATE shard SET members = ? WHERE one = 1";

  /** By either one's name, so that neither MySQL nor MariaDB refuses it; an older one has none. */
  private static final String SERVER =
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uuid', 'server_uid')";

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final FencedTransactions fenced;
  private final Sessions sessions;
  private final SqlFailures failures;
  private final DatabaseUrl url;
  private final Preparation preparation;

  /**
   * @param dataSource for what needs no fence
   * @param fenced for what does
   */
  JdbcShardRegistry(
      DataSource dataSource,
      FencedTransactions fenced,
      Sessions sessions,
      SqlFailures failures,
      DatabaseUrl url,
      Preparation preparation) {
    this.preparation = preparation;
    this.jdbc = new JdbcTemplate(dataSource);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    this.fenced = fenced;
    this.sessions = sessions;
    this.failures = failures;
    this.url = url;
  }

  @Override
  public void prepare() {
    try {
      preparation.run();
    } catch (UnusableDatabaseException e) {
      throw e.isAway() ? new StoreUnavailableException(String.valueOf(e.getMessage()), e) : e;
    }
  }

  @Override
  public ShardRow readOrCreate() {
    return answer(() -> {
      Optional<ShardRow> row = readRow();
      if (row.isPresent()) {
        return row.get();
      }
      jdbc.update(CREATE, ShardId.random().toString());
      return readRow().orElseThrow();
    });
  }

  @Override
  public Optional<ShardRow> read() {
    return answer(this::readRow);
  }

  @Override
  public ShardProof proof(ShardProof ifNone) {
    return answer(() -> {
      Optional<ShardProof> known = readProof();
      if (known.isPresent()) {
        return known.get();
      }
      jdbc.update(CREATE_PROOF, ifNone.text());
      return readProof().orElseThrow();
    });
  }

  private Optional<ShardProof> readProof() {
    return jdbc.query(READ_PROOF, (row, i) -> new ShardProof(row.getString(1))).stream()
        .findFirst();
  }

  /** H2 is a file, or one server that nobody copies under way. */
  @Override
  public Optional<DatabaseServer> server() {
    return url.dialect() == DatabaseUrl.Dialect.H2
        ? Optional.empty()
        : answer(() ->
            jdbc.query(SERVER, (row, i) -> row.getString(2)).stream()
                .filter(DatabaseServer::isOne)
                .findFirst()
                .map(DatabaseServer::new));
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
                  url.location(),
                  describe(row.cluster(), row.shards(), write(row.ranges())),
                  describe(cluster, shards, text)));
    }
  }

  @Override
  public boolean found(
      long expectedGeneration, long generation, NodeId founder, String member, String secret) {
    return answer(() ->
        Boolean.TRUE.equals(
            transaction.execute(status -> {
              if (jdbc.update(
                      FOUND, generation, founder.value(), member, secret, expectedGeneration)
                  == 0) {
                return false;
              }
              jdbc.update(KEEP_REIGN, generation, 0, 0, "");
              jdbc.update(KEEP_SECRET, generation, secret);
              return true;
            })));
  }

  @Override
  public Optional<RowVersions> rowVersions(long most) {
    return answer(() -> {
      if (jdbc.queryForList(ANY_ROW).isEmpty()) {
        return Optional.empty();
      }
      RowVersions all = new RowVersions(0, 0);
      for (int first = 0; first < HashSlots.COUNT; first += SLOTS_A_SCAN) {
        all = with(all, most, first, first + SLOTS_A_SCAN - 1);
      }
      return Optional.of(all);
    });
  }

  private RowVersions with(RowVersions before, long most, int firstSlot, int lastSlot) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            VERSIONS,
            (row, i) ->
                new RowVersions(
                    Math.max(before.largest(), row.getLong(1)), before.above() + row.getLong(2)),
            most,
            most,
            firstSlot,
            lastSlot));
  }

  @Override
  public void recordMembers(Claim claim, List<String> members) {
    fenced.run(claim, () -> fenced.jdbc().update(RECORD_MEMBERS, String.join(",", members)));
  }

  @Override
  public int groupSize() {
    return answer(
        () -> jdbc.queryForList(GROUP_SIZE, Integer.class).stream().findFirst().orElse(0));
  }

  @Override
  public void recordGroupSize(Claim claim, int members) {
    fenced.run(claim, () -> fenced.jdbc().update(RECORD_GROUP_SIZE, members));
  }

  @Override
  public void recordReign(Claim claim, long epoch, String holder) {
    fenced.run(
        claim,
        () -> {
          RecordedReign known = rowBehindTheFence().reign();
          boolean ours = known.epoch() == epoch && known.holder().equals(holder);
          if (known.generation() == claim.generation() && known.epoch() >= epoch && !ours) {
            throw new OutdatedJournalException(
                "the database at %s records a reign of epoch %d in generation %d, and this one has epoch %d"
                    .formatted(url.location(), known.epoch(), claim.generation(), epoch));
          }
          return fenced.jdbc().update(KEEP_REIGN, claim.generation(), epoch, claim.term(), holder);
        });
  }

  @Override
  public void recordClean(Claim claim, String holder) {
    fenced.run(claim, () -> fenced.jdbc().update(RECORD_CLEAN, claim.generation(), holder));
  }

  @Override
  public void forgetOldSecret(Claim claim) {
    fenced.run(
        claim,
        () -> {
          ShardRow row = rowBehindTheFence();
          String secret = row.secret();
          return secret == null
              ? 0
              : fenced.jdbc().update(KEEP_SECRET, row.generation(), secret)
                  + fenced.jdbc().update(FORGET_SECRET, MOVED + UUID.randomUUID());
        });
  }

  private ShardRow rowBehindTheFence() {
    return fenced.jdbc().query(READ, (row, i) -> shardRow(row)).getFirst();
  }

  private Optional<ShardRow> readRow() {
    return jdbc.query(READ, (row, i) -> shardRow(row)).stream().findFirst();
  }

  private <T> T answer(Supplier<T> question) {
    try {
      return question.get();
    } catch (RuntimeException e) {
      if (SqlFailures.isReadOnlyServer(e)) {
        sessions.leaveServer();
      }
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
        secret(row),
        row.getLong("founding_term"),
        reign(row));
  }

  private static RecordedReign reign(ResultSet row) throws SQLException {
    String holder = row.getString("holder");
    return holder == null
        ? RecordedReign.NONE
        : new RecordedReign(
            row.getLong("reign_generation"),
            row.getLong("reign_epoch"),
            row.getLong("reign_term"),
            holder,
            row.getInt("may_be_dirty") != 0);
  }

  private static @Nullable String secret(ResultSet row) throws SQLException {
    String own = row.getString("group_secret");
    String old = row.getString("secret");
    return own != null || (old != null && old.startsWith(MOVED)) ? own : old;
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
