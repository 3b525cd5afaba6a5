package io.weir.testing;

/** One schema of the test database; closing it drops it. */
public final class TestSchema implements AutoCloseable {

  private final TestDatabase database;
  private final String name;

  TestSchema(TestDatabase database, String name) {
    this.database = database;
    this.name = name;
  }

  public String name() {
    return name;
  }

  /** The JDBC URL, without the account. */
  public String url() {
    return database.server().url(name);
  }

  /** The JDBC URL with the account in it, for what takes nothing but a URL. */
  public String urlWithCredentials() {
    return database.server().urlWithCredentials(name);
  }

  public String username() {
    return database.server().username();
  }

  /** The password; empty when the account has none. */
  public String password() {
    return database.server().password();
  }

  @Override
  public void close() {
    database.execute("DROP DATABASE IF EXISTS `" + name + "`");
  }
}
