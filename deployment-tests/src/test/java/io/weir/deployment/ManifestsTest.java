package io.weir.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.weir.deployment.Overlay.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** k8s/, held against Kubernetes' model and the applications' own settings. */
class ManifestsTest {

  private static final int MASTER = ApplicationSettings.ofMaster().defaultPort();
  private static final int CACHE = ApplicationSettings.ofCacheServer().defaultPort();

  /** weir.raft.port is by default so much above the HTTP port. */
  private static final int JOURNAL = CACHE + 1_000;

  /** weir.fast.port likewise. */
  private static final int FAST = CACHE + 2_000;

  private static final Map<String, String> MEMBER =
      Map.of("app.kubernetes.io/name", "weir", "app.kubernetes.io/component", "cache");

  static Stream<Overlay> overlays() {
    return Stream.of("overlays/dev", "overlays/prod", "overlays/prod-monitored", "load")
        .map(Overlay::build)
        .flatMap(built -> {
          assumeTrue(built.isPresent(), "there is no kubectl here");
          return built.stream();
        });
  }

  static Stream<Overlay> clusters() {
    return overlays().filter(overlay -> overlay.name().startsWith("overlays/"));
  }

  static Stream<Path> manifests() {
    return Repository.files("k8s", ".yaml").stream()
        .filter(path -> !path.endsWith("kustomization.yaml"));
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void everyManifestIsOfKubernetesModel(Path manifest) {
    assertThat(KubernetesModel.read(Repository.read(manifest))).isNotEmpty();
  }

  @Test
  void aFieldThatKubernetesDoesNotKnowIsRefused() {
    assertThatThrownBy(
            () -> KubernetesModel.read("apiVersion: v1\nkind: Service\nspec: {clusterIp: None}"))
        .hasMessageContaining("clusterIp");
    assertThatThrownBy(() -> KubernetesModel.read("apiVersion: v1\nkind: Pod"))
        .hasMessageContaining("v1 Pod");
  }

  /** Kubernetes tells pods of a Service weir-fast by a variable WEIR_FAST_PORT. */
  @ParameterizedTest
  @MethodSource("manifests")
  void noServiceHasANameThatMakesASettingOfIt(Path manifest) {
    assertThat(KubernetesModel.read(Repository.read(manifest)))
        .filteredOn(Service.class::isInstance)
        .extracting(service -> service.getMetadata().getName())
        .noneMatch(name -> name.startsWith("weir"));
  }

  @Test
  void aCacheServersFastPortIsOnHasANameAndIsForClientsAlone() {
    Container container =
        KubernetesModel.read(Repository.read("k8s/shard/cache.yaml")).stream()
            .map(StatefulSet.class::cast)
            .map(set -> set.getSpec().getTemplate().getSpec().getContainers().getFirst())
            .findFirst()
            .orElseThrow();
    assertThat(container.getEnv())
        .anySatisfy(variable -> {
          assertThat(variable.getName()).isEqualTo("WEIR_FAST_ENABLED");
          assertThat(variable.getValue()).isEqualTo("true");
        });
    assertThat(container.getPorts())
        .anySatisfy(port -> {
          assertThat(port.getName()).isEqualTo("fast");
          assertThat(port.getContainerPort()).isEqualTo(FAST);
        });
    List<NetworkPolicyIngressRule> rules =
        KubernetesModel.read(Repository.read("k8s/base/network.yaml")).stream()
            .map(NetworkPolicy.class::cast)
            .filter(policy -> policy.getSpec().getIngress() != null)
            .flatMap(policy -> policy.getSpec().getIngress().stream())
            .filter(rule -> portsOf(rule).contains(FAST))
            .toList();
    assertThat(rules)
        .singleElement()
        .satisfies(rule ->
            assertThat(rule.getFrom())
                .allSatisfy(peer ->
                    assertThat(peer.getPodSelector().getMatchLabels())
                        .isEqualTo(Map.of("weir.io/client", "true"))));
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void namesAreUniqueAndInOneNamespace(Overlay overlay) {
    assertThat(overlay.resources())
        .extracting(of -> of.getKind() + "/" + of.getMetadata().getName())
        .doesNotHaveDuplicates();
    assertThat(overlay.resources())
        .filteredOn(of -> !of.getKind().equals("Namespace"))
        .extracting(of -> of.getMetadata().getNamespace())
        .containsOnly("weir");
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void theMastersCreateTheirCluster(Overlay overlay) {
    assertThat(ofTheMaster(overlay, "WEIR_MASTER_FOUND")).isEqualTo("true");
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void everyShardIsAStatefulSetOfItsOwn(Overlay overlay) {
    List<Workload> shards = overlay.running("weir-cache");
    int configured = Integer.parseInt(ofTheMaster(overlay, "WEIR_MASTER_SHARDS"));
    assertThat(shards).hasSize(configured);
    assertThat(shards)
        .extracting(shard -> secret(shard, "database"))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("shard-\\d+-database"));
    assertThat(shards)
        .extracting(shard -> shard.labels().get("weir.io/shard"))
        .doesNotContainNull()
        .doesNotHaveDuplicates();
    assertThat(shards)
        .extracting(Workload::replicas)
        .containsOnly(overlay.name().equals("overlays/dev") ? 1 : 3);
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void selectorsSelectThePodsOfOneWorkload(Overlay overlay) {
    overlay
        .all(StatefulSet.class)
        .forEach(set -> {
          Map<String, String> selector = set.getSpec().getSelector().getMatchLabels();
          assertThat(overlay.workloads())
              .filteredOn(workload -> workload.isSelectedBy(selector))
              .extracting(Workload::name)
              .containsExactly(set.getMetadata().getName());
          assertThat(overlay.all(Service.class))
              .filteredOn(
                  service -> service.getMetadata().getName().equals(set.getSpec().getServiceName()))
              .singleElement()
              .satisfies(service -> {
                assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
                assertThat(set.getSpec().getTemplate().getMetadata().getLabels())
                    .containsAllEntriesOf(service.getSpec().getSelector());
              });
        });
    overlay
        .all(PodDisruptionBudget.class)
        .forEach(budget ->
            assertThat(overlay.ours())
                .filteredOn(workload ->
                    workload.isSelectedBy(budget.getSpec().getSelector().getMatchLabels()))
                .extracting(Workload::name)
                .containsExactly(budget.getMetadata().getName()));
    assertThat(overlay.all(PodDisruptionBudget.class)).hasSameSizeAs(overlay.ours());
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void servicesLeadToPortsThatThePodsHave(Overlay overlay) {
    overlay
        .all(Service.class)
        .forEach(service -> {
          List<Workload> pods =
              overlay.workloads().stream()
                  .filter(workload -> workload.isSelectedBy(service.getSpec().getSelector()))
                  .toList();
          assertThat(pods).as(service.getMetadata().getName()).isNotEmpty();
          for (ServicePort port : service.getSpec().getPorts()) {
            for (Workload pod : pods) {
              assertThat(ports(pod)).containsEntry(port.getName(), port.getPort());
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void thePortsAreTheApplicationsDefaults(Overlay overlay) {
    assertThat(overlay.running("weir-master"))
        .allSatisfy(
            master -> assertThat(ports(master)).containsExactlyEntriesOf(Map.of("http", MASTER)));
    assertThat(overlay.running("weir-cache"))
        .allSatisfy(cache ->
            assertThat(ports(cache))
                .containsExactlyInAnyOrderEntriesOf(
                    Map.of("http", CACHE, "fast", FAST, "journal", JOURNAL)));
    assertThat(environment(overlay.running("weir-cache").getFirst()).get("WEIR_ADVERTISE_URL"))
        .isEqualTo("http://$(POD_NAME).cache.$(POD_NAMESPACE).svc:" + CACHE);
    assertThat(environment(overlay.running("weir-cache").getFirst()).get("WEIR_MASTER_URLS"))
        .isEqualTo("http://master:" + MASTER);
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void theProbesAskTheHealthGroups(Overlay overlay) {
    for (Workload workload : overlay.ours()) {
      Container container = workload.container();
      assertThat(container.getStartupProbe().getHttpGet().getPath())
          .isEqualTo("/actuator/health/liveness");
      assertThat(container.getLivenessProbe().getHttpGet().getPath())
          .isEqualTo("/actuator/health/liveness");
      assertThat(container.getReadinessProbe().getHttpGet().getPath())
          .isEqualTo("/actuator/health/readiness");
      assertThat(
              List.of(
                  container.getStartupProbe(),
                  container.getLivenessProbe(),
                  container.getReadinessProbe()))
          .allMatch(probe -> probe.getHttpGet().getPort().getStrVal().equals("http"));
      // A start waits for the registry for a minute, and recovers a journal.
      Probe start = container.getStartupProbe();
      assertThat(start.getPeriodSeconds() * start.getFailureThreshold()).isGreaterThan(60);
    }
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void theJournalsPortIsForTheMembersOfTheShardAlone(Overlay overlay) {
    List<NetworkPolicy> policies =
        overlay.all(NetworkPolicy.class).filter(policy -> opens(policy, JOURNAL)).toList();
    List<Workload> shards = overlay.running("weir-cache");
    assertThat(policies).hasSameSizeAs(shards);
    for (NetworkPolicy policy : policies) {
      Map<String, String> members = policy.getSpec().getPodSelector().getMatchLabels();
      assertThat(members).containsAllEntriesOf(MEMBER).containsKey("weir.io/shard");
      assertThat(shards).filteredOn(shard -> shard.isSelectedBy(members)).hasSize(1);
      assertThat(policy.getSpec().getIngress())
          .singleElement()
          .satisfies(rule -> {
            assertThat(portsOf(rule)).containsExactly(JOURNAL);
            assertThat(rule.getFrom())
                .singleElement()
                .satisfies(peer -> {
                  assertThat(peer.getPodSelector().getMatchLabels()).isEqualTo(members);
                  assertThat(peer.getNamespaceSelector()).isNull();
                  assertThat(peer.getIpBlock()).isNull();
                });
          });
    }
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void whatNoPolicyOpensIsClosed(Overlay overlay) {
    assertThat(overlay.all(NetworkPolicy.class))
        .filteredOn(policy -> policy.getSpec().getIngress().isEmpty())
        .singleElement()
        .satisfies(policy -> {
          assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
          assertThat(overlay.ours())
              .allMatch(
                  pod -> pod.isSelectedBy(policy.getSpec().getPodSelector().getMatchLabels()));
        });
    assertThat(overlay.all(NetworkPolicy.class).flatMap(p -> p.getSpec().getIngress().stream()))
        .allSatisfy(rule -> {
          assertThat(rule.getFrom()).isNotEmpty();
          assertThat(portsOf(rule)).isNotEmpty().isSubsetOf(MASTER, CACHE, FAST, JOURNAL);
        });
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void membersOfAShardAreOnDifferentMachines(Overlay overlay) {
    for (Workload shard : overlay.running("weir-cache")) {
      assertThat(
              shard
                  .pods()
                  .getSpec()
                  .getAffinity()
                  .getPodAntiAffinity()
                  .getRequiredDuringSchedulingIgnoredDuringExecution())
          .singleElement()
          .satisfies(term -> {
            assertThat(term.getTopologyKey()).isEqualTo("kubernetes.io/hostname");
            assertThat(term.getLabelSelector().getMatchLabels())
                .containsEntry("weir.io/shard", shard.labels().get("weir.io/shard"));
          });
      assertThat(shard.pods().getSpec().getTopologySpreadConstraints())
          .singleElement()
          .satisfies(spread ->
              assertThat(spread.getLabelSelector().getMatchLabels())
                  .containsEntry("weir.io/shard", shard.labels().get("weir.io/shard")));
      // Hand-over, last requests, write-back, the flush under way, the last heartbeat, the leave,
      // and
      // the connections, in seconds.
      assertThat(shard.pods().getSpec().getTerminationGracePeriodSeconds())
          .isGreaterThan(6 + 30 + 60 + 30 + 10 + 5 + 10);
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void ourPodsMayDoNothingButTheirWork(Overlay overlay) {
    assertThat(overlay.ours()).isNotEmpty();
    for (Workload workload : overlay.ours()) {
      assertThat(workload.pods().getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
      assertThat(workload.pods().getSpec().getSecurityContext().getSeccompProfile().getType())
          .isEqualTo("RuntimeDefault");
      assertThat(workload.pods().getSpec().getAutomountServiceAccountToken()).isFalse();
      SecurityContext context = workload.container().getSecurityContext();
      assertThat(context.getReadOnlyRootFilesystem()).isTrue();
      assertThat(context.getAllowPrivilegeEscalation()).isFalse();
      assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
      assertThat(workload.container().getResources().getLimits()).containsKey("memory");
      assertThat(workload.container().getResources().getRequests())
          .containsKeys("cpu", "memory")
          .containsEntry("memory", workload.container().getResources().getLimits().get("memory"));
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void everyMountHasItsVolume(Overlay overlay) {
    Map<String, Set<String>> claims =
        overlay
            .all(StatefulSet.class)
            .collect(
                Collectors.toMap(
                    set -> set.getMetadata().getName(),
                    set ->
                        set.getSpec().getVolumeClaimTemplates().stream()
                            .map(claim -> claim.getMetadata().getName())
                            .collect(Collectors.toSet())));
    for (Workload workload : overlay.workloads()) {
      Set<String> volumes =
          Stream.concat(
                  workload.pods().getSpec().getVolumes().stream().map(Volume::getName),
                  claims.getOrDefault(workload.name(), Set.of()).stream())
              .collect(Collectors.toSet());
      assertThat(workload.container().getVolumeMounts())
          .extracting(VolumeMount::getName)
          .containsExactlyInAnyOrderElementsOf(volumes);
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void everySecretIsOneThatTheDocsHaveMade(Overlay overlay) {
    String docs = Repository.read("docs/deploy.md");
    assertThat(
            overlay.workloads().stream()
                .flatMap(workload ->
                    Stream.concat(
                        workload.pods().getSpec().getVolumes().stream()
                            .map(Volume::getSecret)
                            .filter(Objects::nonNull)
                            .map(secret -> secret.getSecretName()),
                        workload.container().getEnv().stream()
                            .filter(variable -> variable.getValueFrom() != null)
                            .map(variable -> variable.getValueFrom().getSecretKeyRef())
                            .filter(Objects::nonNull)
                            .map(key -> key.getName()))))
        .isNotEmpty()
        .allSatisfy(name ->
            assertThat(docs)
                .contains("secret generic " + name.replaceFirst("shard-\\d+", "shard-\\$n") + " "));
  }

  @Test
  void theOperatorScrapesWhatIsThereWithTheRulesNames() {
    Overlay overlay = Overlay.build("overlays/prod-monitored").orElse(null);
    assumeTrue(overlay != null, "there is no kubectl here");
    assertThat(overlay.all(ServiceMonitor.class))
        .hasSize(2)
        .allSatisfy(monitor -> {
          Map<String, String> selector = monitor.getSpec().getSelector().getMatchLabels();
          assertThat(overlay.all(Service.class))
              .filteredOn(service ->
                  service.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
              .singleElement()
              .satisfies(service ->
                  assertThat(service.getSpec().getPorts())
                      .extracting(ServicePort::getName)
                      .contains(monitor.getSpec().getEndpoints().getFirst().getPort()));
          assertThat(
                  monitor
                      .getSpec()
                      .getEndpoints()
                      .getFirst()
                      .getRelabelings()
                      .getFirst()
                      .getReplacement())
              .isEqualTo(monitor.getMetadata().getName());
          assertThat(monitor.getSpec().getEndpoints().getFirst().getPath())
              .isEqualTo("/actuator/prometheus");
        });
  }

  private static String ofTheMaster(Overlay overlay, String name) {
    return overlay.running("weir-master").getFirst().container().getEnv().stream()
        .filter(variable -> variable.getName().equals(name))
        .map(variable -> variable.getValue())
        .findFirst()
        .orElseThrow();
  }

  private static String secret(Workload workload, String volume) {
    return workload.pods().getSpec().getVolumes().stream()
        .filter(of -> of.getName().equals(volume))
        .map(of -> of.getSecret().getSecretName())
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Integer> ports(Workload workload) {
    return workload.container().getPorts().stream()
        .collect(Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort));
  }

  private static Map<String, String> environment(Workload workload) {
    return workload.container().getEnv().stream()
        .filter(variable -> variable.getValue() != null)
        .collect(Collectors.toMap(of -> of.getName(), of -> of.getValue()));
  }

  private static boolean opens(NetworkPolicy policy, int port) {
    return policy.getSpec().getIngress().stream().anyMatch(rule -> portsOf(rule).contains(port));
  }

  private static List<Integer> portsOf(NetworkPolicyIngressRule rule) {
    return rule.getPorts().stream()
        .map(NetworkPolicyPort::getPort)
        .map(p -> p.getIntVal())
        .toList();
  }
}
