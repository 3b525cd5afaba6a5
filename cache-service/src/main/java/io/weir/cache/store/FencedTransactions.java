package io.weir.cache.store;

import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushNumber;
import io.weir.model.Version;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions that begin with the fence: an update of the shard's row that only its current leader
 * can make. The lock of that row orders all of them, and its holder alone changes rows until the
 * commit.
 *
 * <p><b>Failure.</b> After one that comes from no row and from no lock, the transactions that come
 * have new sessions: the server may be the old primary of a switch-over, and the address may lead
 * to the new one; or what was wrong is mended, for new sessions alone, as a right that is granted
 * again.
 */
final class FencedTransactions {

  private static final String PASS =
      """
      UPDATE shard SET term = ?, leader = ?
      WHERE one = 1 AND generation = ? AND (term < ? OR (term = ? AND leader = ?))\
      """;

  private static final String NUMBER =
      """
      UPDATE flush SET seq = ?, highest = CASE WHEN highest < ? THEN ? ELSE highest END
      WHERE one = 1 AND seq >= ? AND seq < ?\
      """;

  private static final String NUMBER_NOW = "SELECT seq FROM flush WHERE one = 1";

  private static final String FIRST_NUMBER =
      "INSERT IGNORE INTO flush (one, seq, highest) VALUES (1, 0, 0)";

  private static final String NEWER_CLAIMS =
      """
      SELECT COUNT(*), UNIX_TIMESTAMP() FROM shard WHERE one = 1 AND (generation > ?
      OR (generation = ? AND (term > ? OR (term = ? AND leader <> ?))))\
      """;

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final LockWaits waits;
  private final SqlFailures failures;
  private final Runnable renewSessions;

  /**
   * @param renewSessions has all that comes made on new sessions, unless that was so a moment ago
   */
  FencedTransactions(
      DataSource writes, LockWaits waits, SqlFailures failures, Runnable renewSessions) {
    this.jdbc = new JdbcTemplate(writes);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(writes));
    this.waits = waits;
    this.failures = failures;
    this.renewSessions = renewSessions;
  }

  /** Speaks in the transaction, within {@link #run}. */
  JdbcTemplate jdbc() {
    return jdbc;
  }

  /** Runs work behind the fence; nothing is sent before the fence has answered. */
  <T> T run(Claim claim, Supplier<T> work) {
    return run(claim, status -> work.get());
  }

  /**
   * The same, for work that may find that there is nothing to commit.
   *
   * @param work is given the transaction
   */
  <T> T run(Claim claim, Function<TransactionStatus, T> work) {
    return translated(() ->
        transaction.execute(status -> {
          jdbc.execute(waits.forFence());
          pass(claim);
          jdbc.execute(waits.behindFence());
          return work.apply(status);
        }));
  }

  /** Runs work in a transaction that changes nothing, and needs no fence for it. */
  <T> T look(Supplier<T> work) {
    return translated(() ->
        transaction.execute(status -> {
          status.setRollbackOnly();
          jdbc.execute(waits.behindFence());
          return work.get();
        }));
  }

  private <T> T translated(Supplier<T> transaction) {
    try {
      return transaction.get();
    } catch (TransactionSystemException e) {
      if (e.getApplicationException() instanceof StoreException known) {
        throw renewed(known);
      }
      throw renewed(failures.unavailable(e));
    } catch (StoreException e) {
      throw renewed(e);
    } catch (RuntimeException e) {
      throw renewed(failures.unavailable(e));
    }
  }

  /** What the server has said to a session it may not say to a new one. */
  private StoreException renewed(StoreException failure) {
    if (failure instanceof StoreUnavailableException && !SqlFailures.isLock(failure)) {
      renewSessions.run();
    }
    return failure;
  }

  /**
   * Takes the number of a flush, in a transaction that has passed the fence.
   *
   * @param highest version that the flush brings
   * @throws WentBackException when the database's own number does not lie where it must
   */
  void take(FlushNumber number, Version highest) {
    long version = highest.value();
    if (jdbc.update(
            NUMBER, number.number(), version, version, number.acknowledged(), number.number())
        == 0) {
      throw WentBackException.from(number.acknowledged(), number());
    }
  }

  /** The number of the last flush that is in the database; nobody changes it until the commit. */
  long number() {
    List<Long> found = jdbc.query(NUMBER_NOW + " FOR UPDATE", (row, i) -> row.getLong(1));
    if (found.isEmpty()) {
      jdbc.update(FIRST_NUMBER);
      return 0;
    }
    return found.getFirst();
  }

  /**
   * Looks whether another leader has taken over, without a transaction. A session that is behind
   * may not see it; then the fence does.
   *
   * @return the database's clock, in milliseconds since 1970, to the second
   */
  long requireNoNewerClaim(JdbcTemplate reads, Claim claim) {
    long generation = claim.generation();
    long term = claim.term();
    String node = claim.node().value();
    Long millis =
        reads.queryForObject(
            NEWER_CLAIMS,
            (row, i) -> row.getLong(1) > 0 ? null : row.getLong(2) * 1_000,
            generation,
            generation,
            term,
            term,
            node);
    if (millis == null) {
      throw fenced(reads, claim);
    }
    return millis;
  }

  private void pass(Claim claim) {
    long term = claim.term();
    String node = claim.node().value();
    if (jdbc.update(PASS, term, node, claim.generation(), term, term, node) == 0) {
      throw fenced(jdbc, claim);
    }
  }

  private static FencedException fenced(JdbcTemplate jdbc, Claim claim) {
    return new FencedException(
        "node %s may not change the shard in generation %d, term %d: %s"
            .formatted(claim.node(), claim.generation(), claim.term(), holder(jdbc)));
  }

  private static String holder(JdbcTemplate jdbc) {
    return jdbc
        .query(
            "SELECT leader, generation, term FROM shard WHERE one = 1",
            (row, i) ->
                "it is led by %s in generation %d, term %d"
                    .formatted(row.getString(1), row.getLong(2), row.getLong(3)))
        .stream()
        .findFirst()
        .orElse("it has no row of its own");
  }
}
