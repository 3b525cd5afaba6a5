package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.kv.Claim;
import io.weir.model.NodeId;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

class FencedTransactionsTest {

  private static final Claim CLAIM = new Claim(1, 1, new NodeId("node-1"));

  private static final DatabaseSettings SETTINGS =
      new DatabaseSettings(
          null,
          null,
          null,
          1,
          1,
          Duration.ofSeconds(3),
          Duration.ofSeconds(1),
          Duration.ofSeconds(15),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofMinutes(1));

  private final AtomicInteger renewals = new AtomicInteger();

  private FencedTransactions refusing(int error) {
    return new FencedTransactions(
        new Refusing(error),
        new LockWaits(DatabaseUrl.Dialect.MYSQL, SETTINGS),
        new SqlFailures(DatabaseUrl.parse("jdbc:mysql://h/d")),
        renewals::incrementAndGet);
  }

  @ParameterizedTest
  @ValueSource(ints = {1290, 1792, 1836, 1114, 1142, 1665})
  void whatTheServerRefusesIsTriedOnANewSessionTheNextTime(int error) {
    assertThatThrownBy(() -> refusing(error).run(CLAIM, () -> "done"))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("no, says the server")
        .hasMessageContaining("error " + error);
    assertThat(renewals).hasValue(1);
  }

  /** A database that refuses every statement. */
  private static final class Refusing extends AbstractDataSource {

    private final int error;

    Refusing(int error) {
      this.error = error;
    }

    @Override
    public Connection getConnection() {
      return (Connection)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Connection.class},
              (connection, method, arguments) ->
                  switch (method.getName()) {
                    case "prepareStatement", "createStatement" ->
                        throw new SQLException("no, says the server", "HY000", error);
                    case "getAutoCommit" -> true;
                    default -> null;
                  });
    }

    @Override
    public Connection getConnection(String user, String password) {
      return getConnection();
    }
  }
}
