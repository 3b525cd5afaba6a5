package io.weir.master.registry;

import static io.weir.master.registry.Registrations.node;
import static io.weir.master.registry.Registrations.shard;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.DatabaseServer;
import io.weir.model.NodeId;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Masters of this release and of the one before, over one registry. */
class RegistryUpgradeTest {

  private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
  private JdbcClient jdbc;

  /** What the release before has made. */
  @BeforeEach
  void founded() {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl(RegistryUrl.complete(url));
    source.setUser("sa");
    Flyway.configure()
        .dataSource(source)
        .locations("classpath:db/registry")
        .target("4")
        .load()
        .migrate();
    jdbc = JdbcClient.create(source);
    jdbc.sql(
            "INSERT INTO shard (id, arrival, ranges, generation, term, leader)"
                + " VALUES ('%s', 1, '0-16383', 1, 1, 'a')".formatted(shard(1)))
        .update();
    insertAsBefore("a");
    jdbc.sql(
            "UPDATE registry SET version = 3, shards = 1, cluster_id = '%s' WHERE one = 1"
                .formatted(UUID.randomUUID()))
        .update();
  }

  private void insertAsBefore(String id) {
    jdbc.sql(
            "INSERT INTO node (id, shard, url, external_url, role, generation, term, journal,"
                + " reads_format, writes_format, state, lease_until, load_figures)"
                + " VALUES ('%s', '%s', 'http://127.0.0.1:7401', '', 'LEADER', 1, 1, '', 2, 1,"
                    .formatted(id, shard(1))
                + " 'UP', 0, '')")
        .update();
  }

  private static @Nullable URI fastUrlOf(Registry registry, String id) {
    return Objects.requireNonNull(registry.current().node(new NodeId(id))).fastUrl();
  }

  private static DatabaseServer seenBy(Registry registry, String id) {
    return Objects.requireNonNull(registry.current().node(new NodeId(id))).databaseServer();
  }

  @Test
  void whatTheReleaseBeforeHasWrittenTellsNoDatabaseServer() {
    try (RegistryFixture masters = RegistryFixture.on(url, "sa", "", 1, Duration.ofMinutes(1))) {
      assertThat(seenBy(masters.registry(), "a")).isNull();
      masters.registry().register(node("a").formats(2, 1).seeing("x").leading(1, 1));
      assertThat(seenBy(masters.registry(), "a")).isEqualTo(new DatabaseServer("x"));
      masters.registry().register(node("a").formats(2, 1).leading(1, 1));
      assertThat(seenBy(masters.registry(), "a")).isNull();
    }
  }

  /** A heartbeat that brings it is a change that clients are told of, and so is one without. */
  @Test
  void aServerHasNoFastPortUntilItTellsOfOne() {
    try (RegistryFixture masters = RegistryFixture.on(url, "sa", "", 1, Duration.ofMinutes(1))) {
      Registry registry = masters.registry();
      assertThat(fastUrlOf(registry, "a")).isNull();
      registry.register(node("a").formats(2, 1).leading(1, 1));
      long version = registry.current().version();
      registry.register(node("a").formats(2, 1).fastAt("http://h:9401").leading(1, 1));
      assertThat(fastUrlOf(registry, "a")).hasToString("http://h:9401");
      assertThat(registry.current().version()).isEqualTo(version + 1);
      registry.register(node("a").formats(2, 1).fastAt("http://h:9401").leading(1, 1));
      assertThat(registry.current().version()).isEqualTo(version + 1);
      registry.register(node("a").formats(2, 1).leading(1, 1));
      assertThat(fastUrlOf(registry, "a")).isNull();
      assertThat(registry.current().version()).isEqualTo(version + 2);
    }
  }

  @Test
  void aMasterOfTheReleaseBeforeGoesOnWriting() {
    try (RegistryFixture masters = RegistryFixture.on(url, "sa", "", 1, Duration.ofMinutes(1))) {
      masters.registry().register(node("a").formats(2, 1).seeing("x").leading(1, 1));
      insertAsBefore("b");
      jdbc.sql("UPDATE node SET state = 'UP' WHERE id = 'a'").update();
      jdbc.sql("UPDATE registry SET version = version + 1 WHERE one = 1").update();
      assertThat(seenBy(masters.registry(), "b")).isNull();
      assertThat(fastUrlOf(masters.registry(), "b")).isNull();
      assertThat(seenBy(masters.registry(), "a")).isEqualTo(new DatabaseServer("x"));
    }
  }
}
