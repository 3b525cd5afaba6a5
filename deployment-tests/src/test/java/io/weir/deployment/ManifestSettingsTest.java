package io.weir.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** That every setting in k8s/, and in how the docs make its secrets, is one that is there. */
class ManifestSettingsTest {

  /** Set for other variables to refer to. */
  private static final Pattern REFERENCE = Pattern.compile("POD_[A-Z]+");

  private static final Pattern PROPERTY_FILE = Pattern.compile("--from-literal=(weir\\.[a-z.-]+)=");

  @Test
  void theMastersVariablesAreProperties() {
    Deployment master = only("base/master.yaml", Deployment.class);
    assertAreProperties(container(master), ApplicationSettings.ofMaster());
  }

  @Test
  void theCacheServersVariablesAreProperties() {
    StatefulSet shard = only("shard/cache.yaml", StatefulSet.class);
    assertAreProperties(
        shard.getSpec().getTemplate().getSpec().getContainers().getFirst(),
        ApplicationSettings.ofCacheServer());
  }

  @Test
  void aVariableOfNoPropertyIsSeen() {
    assertThat(ApplicationSettings.ofCacheServer().takesFromEnvironment("WEIR_CACHE_MAX_BYTES"))
        .isFalse();
    assertThat(ApplicationSettings.ofMaster().takesFromEnvironment("WEIR_CACHE_MAXBYTES"))
        .isFalse();
  }

  @Test
  void theOverlaysVariablesAreProperties() {
    for (String overlay : List.of("dev", "prod")) {
      String text = Repository.read("k8s/overlays/" + overlay + "/kustomization.yaml");
      assertThat(matches(Pattern.compile("- name: (WEIR_[A-Z_]+)"), text))
          .allMatch(variable ->
              ApplicationSettings.ofCacheServer().takesFromEnvironment(variable)
                  || ApplicationSettings.ofMaster().takesFromEnvironment(variable));
    }
  }

  @Test
  void theSecretsThatTheDocsMakeHoldProperties() {
    assertThat(matches(PROPERTY_FILE, Repository.read("docs/deploy.md")))
        .contains("weir.database.url", "weir.master.database.password")
        .allMatch(property ->
            ApplicationSettings.ofCacheServer().has(property)
                || ApplicationSettings.ofMaster().has(property));
  }

  @Test
  void theLoadIsACommandOfTheCommandLine() {
    Container load =
        only("load/job.yaml", Job.class)
            .getSpec()
            .getTemplate()
            .getSpec()
            .getContainers()
            .getFirst();
    String sources =
        Repository.files("client-cli/src/main/java", ".java").stream()
            .map(Repository::read)
            .collect(Collectors.joining());
    assertThat(load.getArgs().getFirst()).isEqualTo("load");
    assertThat(load.getArgs())
        .filteredOn(argument -> argument.startsWith("--"))
        .isNotEmpty()
        .allMatch(option -> sources.contains("\"" + option + "\""));
    assertThat(load.getEnv()).extracting(EnvVar::getName).allMatch(sources::contains);
  }

  private static void assertAreProperties(Container container, ApplicationSettings settings) {
    assertThat(container.getEnv())
        .extracting(EnvVar::getName)
        .filteredOn(name -> !REFERENCE.matcher(name).matches())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(settings.takesFromEnvironment(name)).as(name).isTrue());
  }

  private static Container container(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec().getContainers().getFirst();
  }

  private static <T extends HasMetadata> T only(String file, Class<T> type) {
    return KubernetesModel.read(Repository.read("k8s/" + file)).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
  }
}
