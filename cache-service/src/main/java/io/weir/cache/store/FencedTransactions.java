package io.weir.cache.store;

import io.weir.cache.kv.Claim;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions that begin with the fence: an update of the shard's row that only its current leader
 * can make. The lock of that row orders all of them, and its holder alone changes rows until the
 * commit.
 */
final class FencedTransactions {

  private static final String PASS =
      """
      UPDATE shard SET term = ?, leader = ?
      WHERE one = 1 AND generation = ? AND (term < ? OR (term = ? AND leader = ?))\
      """;

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final SqlFailures failures;

  FencedTransactions(DataSource writes, SqlFailures failures) {
    this.jdbc = new JdbcTemplate(writes);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(writes));
    this.failures = failures;
  }

  /** Speaks in the transaction, within {@link #run}. */
  JdbcTemplate jdbc() {
    return jdbc;
  }

  /** Runs work behind the fence; nothing is sent before the fence has answered. */
  <T> T run(Claim claim, Supplier<T> work) {
    try {
      return transaction.execute(status -> {
        pass(claim);
        return work.get();
      });
    } catch (TransactionSystemException e) {
      if (e.getApplicationException() instanceof FencedException fenced) {
        throw fenced;
      }
      throw failures.unavailable(e);
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failures.translate(e);
    }
  }

  private void pass(Claim claim) {
    long term = claim.term();
    String node = claim.node().value();
    if (jdbc.update(PASS, term, node, claim.generation(), term, term, node) == 0) {
      throw new FencedException(
          "node %s may not change the shard in generation %d, term %d: %s"
              .formatted(node, claim.generation(), term, holder()));
    }
  }

  private String holder() {
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
