package io.weir.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.master.redirect.RedirectSettings;
import io.weir.master.registry.DatabaseSettings;
import io.weir.master.registry.MasterSettings;
import io.weir.testing.ComposeFile;
import io.weir.testing.ComposeFile.Service;
import io.weir.testing.SettingNames;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

/** Holds docker-compose.yml to what the master has settings for. */
class ComposeFileTest {

  private final ComposeFile file = ComposeFile.read();
  private final Service master = file.servicesOf("weir-master").getFirst();

  @Test
  void everyVariableIsASetting() {
    Set<String> settings =
        new TreeSet<>(
            Set.of(
                SettingNames.variable("weir.security.tokens-file"),
                SettingNames.variable("weir.master.cache-token-file")));
    settings.addAll(SettingNames.variables("weir.master", MasterSettings.class));
    settings.addAll(SettingNames.variables("weir.master.database", DatabaseSettings.class));
    settings.addAll(SettingNames.variables("weir.master.redirect", RedirectSettings.class));
    assertThat(settings).containsAll(master.environment().keySet());
  }

  @Test
  void thePortIsTheOneThatItListensOnAndThatTheOthersAreToldOf() throws IOException {
    Object port =
        new YamlPropertySourceLoader()
            .load("application", new ClassPathResource("application.yaml"))
            .getFirst()
            .getProperty("server.port");
    assertThat(master.ports()).containsExactly("127.0.0.1:%s:%s".formatted(port, port));
    assertThat(file.servicesOf("weir-cache"))
        .allSatisfy(server ->
            assertThat(server.environment())
                .containsEntry("WEIR_MASTER_URLS", "http://master:" + port));
    assertThat(file.servicesOf("weir-cli"))
        .allSatisfy(client ->
            assertThat(client.environment()).containsEntry("WEIR_MASTER", "http://master:" + port));
  }

  @Test
  void itCreatesItsCluster() {
    assertThat(master.environment()).containsEntry("WEIR_MASTER_FOUND", "true");
  }

  @Test
  void theClusterIsToHaveAShardForEachDatabase() {
    long databases =
        file.servicesOf("weir-cache").stream()
            .map(server -> server.environment().get("WEIR_DATABASE_URL"))
            .distinct()
            .count();
    assertThat(master.environment()).containsEntry("WEIR_MASTER_SHARDS", String.valueOf(databases));
  }
}
