package io.weir.master.registry;

import io.weir.web.Secrets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the registry is kept.
 *
 * @param url JDBC URL of a MySQL, MariaDB or H2 database; by default an H2 file of the master's own
 *     under {@code weir.data-dir}
 * @param username who to connect as; by default whom the URL names, and for H2 {@code sa}
 * @param password its password, if the URL has none
 * @param connections most connections held at once
 * @param connectTimeout how long a request waits for a connection before it is answered with 503
 * @param startTimeout how long a start waits for the database to answer
 */
@ConfigurationProperties("weir.master.database")
public record DatabaseSettings(
    String url,
    @Nullable String username,
    @Nullable String password,
    @DefaultValue("10") int connections,
    @DefaultValue("5s") Duration connectTimeout,
    @DefaultValue("60s") Duration startTimeout) {

  @SuppressWarnings("ConstantValue") // Binding hands in null for a property that is not set.
  public DatabaseSettings {
    if (url == null || !url.startsWith("jdbc:")) {
      throw new IllegalArgumentException(
          "weir.master.database.url is '"
              + (url == null ? "not set" : url.replaceFirst("//.*", "//..."))
              + "'; allowed is a JDBC URL: jdbc:mysql:, jdbc:mariadb: or jdbc:h2:");
    }
    if (connections < 2 || connections > 1_000) {
      throw new IllegalArgumentException(
          "weir.master.database.connections is " + connections + "; allowed is 2 to 1000");
    }
    if (connectTimeout.toMillis() < 250) {
      throw new IllegalArgumentException(
          "weir.master.database.connect-timeout is "
              + connectTimeout.toMillis()
              + "ms; allowed is 250ms or more");
    }
  }

  /** Leaves the password out, and what parameters may hold of it. */
  @Override
  public String toString() {
    return "DatabaseSettings[url=" + Secrets.withoutAccounts(url) + ", username=" + username + "]";
  }
}
