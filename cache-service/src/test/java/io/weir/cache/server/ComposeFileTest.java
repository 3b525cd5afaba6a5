package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.fast.FastSettings;
import io.weir.testing.ComposeFile;
import io.weir.testing.ComposeFile.Service;
import io.weir.testing.SettingNames;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** Holds docker-compose.yml to what a cache server has settings for. */
class ComposeFileTest {

  /**
   * Beside the write-back, in seconds: hand-over, last requests, the flush under way, the last
   * heartbeat, the leave, and the connections.
   */
  private static final int REST_OF_A_STOP = 6 + 30 + 30 + 10 + 5 + 10;

  private final ComposeFile file = ComposeFile.read();
  private final List<Service> servers = file.servicesOf("weir-cache");

  @Test
  void everyVariableIsASetting() {
    Set<String> settings = new TreeSet<>(Set.of(SettingNames.variable("weir.data-dir")));
    // Not records of this module.
    settings.add(SettingNames.variable("weir.security.tokens-file"));
    settings.add(SettingNames.variable("weir.master.token-file"));
    ClassPathScanningCandidateComponentProvider scanner =
        new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    for (BeanDefinition found : scanner.findCandidateComponents("io.weir")) {
      settings.addAll(variables(String.valueOf(found.getBeanClassName())));
    }
    assertThat(servers)
        .hasSizeGreaterThanOrEqualTo(3)
        .allSatisfy(server -> assertThat(settings).containsAll(server.environment().keySet()));
  }

  @Test
  void everyServerIsReachedAtItsOwnNameAndAtThePortsThatItListensOn() throws IOException {
    Object port =
        new YamlPropertySourceLoader()
            .load("application", new ClassPathResource("application.yaml"))
            .getFirst()
            .getProperty("server.port");
    int fastPort =
        new FastSettings(true, null, null, 1, false)
            .portFor(Integer.parseInt(String.valueOf(port)));
    for (Service server : servers) {
      String outside = server.ports().getFirst().split(":")[1];
      String outsideFast = server.ports().getLast().split(":")[1];
      assertThat(server.ports())
          .containsExactly(
              "127.0.0.1:" + outside + ":" + port, "127.0.0.1:" + outsideFast + ":" + fastPort);
      assertThat(server.environment())
          .containsEntry("WEIR_NODEID", server.name())
          .containsEntry("WEIR_ADVERTISE_URL", "http://" + server.name() + ":" + port)
          .containsEntry("WEIR_ADVERTISE_EXTERNALURL", "http://127.0.0.1:" + outside)
          .containsEntry("WEIR_ADVERTISE_EXTERNALFASTURL", "http://127.0.0.1:" + outsideFast);
    }
  }

  @Test
  void everyServerHasAStopLongEnoughToWriteBackWhatIsDirty() {
    WriteBackSettings defaults = Binding.bind("weir.write-back", WriteBackSettings.class, Map.of());
    assertThat(servers)
        .allSatisfy(server ->
            assertThat(
                    Integer.parseInt(
                        String.valueOf(server.settings().get("stop_grace_period"))
                            .replace("s", "")))
                .isGreaterThan(
                    Math.toIntExact(
                        defaults.drainTimeout().plusSeconds(REST_OF_A_STOP).toSeconds())));
  }

  private static Set<String> variables(String record) {
    try {
      Class<?> type = Class.forName(record);
      ConfigurationProperties properties =
          AnnotationUtils.synthesizeAnnotation(
              type.getAnnotation(ConfigurationProperties.class), type);
      return SettingNames.variables(properties.prefix(), type);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
