package io.weir.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * That rules and dashboard ask for what the applications expose. What that is stands in
 * observability/metrics, which a test of each application holds against its running self.
 */
class ObservabilityTest {

  private static final String RULES = "observability/prometheus/rules/weir.yml";
  private static final String OPERATOR_RULES = "k8s/components/monitoring/rules.yaml";
  private static final String DASHBOARD = "observability/grafana/dashboards/weir.json";

  /** Set to {@code write}, a test writes the operator's rules instead of comparing them. */
  private static final String WRITE = "weir.operator.rules";

  /** Prometheus' own. */
  private static final Set<String> BUILT_IN = Set.of("up", "ALERTS");

  @Test
  void prometheusIsGivenATokenThatReadsMetricsAndNothingElse() {
    assertThat(Repository.read("docker/create-secrets.sh"))
        .contains("\ntoken prometheus metrics\n");
    assertThat(Repository.read("docs/deploy.md")).contains("\"prometheus metrics $scrape\"");
  }

  @Test
  void everyRuleAsksForMetricsThatAreThere() {
    assertThat(rules())
        .isNotEmpty()
        .allSatisfy(rule ->
            assertThat(PromQl.metrics(text(rule, "expr"))).isNotEmpty().isSubsetOf(known()));
  }

  @Test
  void everyAlertSaysWhatItMeansAndIsInTheDocs() {
    String docs = Repository.read("docs/operations.md");
    List<String> severities = List.of("warning", "critical");
    assertThat(alerts()).hasSizeGreaterThan(20);
    for (Map<String, Object> alert : alerts()) {
      String name = text(alert, "alert");
      Map<String, String> annotations = strings(alert, "annotations");
      assertThat(annotations).as(name).containsOnlyKeys("summary", "description", "runbook");
      assertThat(annotations.get("runbook"))
          .isEqualTo("docs/operations.md#alert-" + name.toLowerCase(Locale.ROOT));
      assertThat(docs).contains("\n### Alert " + name + "\n");
      assertThat(strings(alert, "labels").get("severity")).isIn(severities);
      // What a description asks Prometheus for is there, too.
      Pattern.compile("printf `([^`]+)`")
          .matcher(annotations.get("description"))
          .results()
          .forEach(query ->
              assertThat(PromQl.metrics(query.group(1).replace('\'', '"').replace("%s", "x")))
                  .isNotEmpty()
                  .isSubsetOf(known()));
    }
  }

  @Test
  void everyAlertIsTestedToFireAndToBeQuiet() {
    Map<String, Set<Boolean>> tested = new LinkedHashMap<>();
    for (Map<String, Object> test :
        list(document("observability/prometheus/tests/weir_test.yml"), "tests")) {
      for (Map<String, Object> expected : list(test, "alert_rule_test")) {
        tested
            .computeIfAbsent(text(expected, "alertname"), name -> new HashSet<>())
            .add(list(expected, "exp_alerts").isEmpty());
      }
    }
    assertThat(tested.keySet())
        .containsExactlyInAnyOrderElementsOf(
            alerts().stream().map(alert -> text(alert, "alert")).toList());
    assertThat(tested.values()).allMatch(Set.of(true, false)::equals);
  }

  @Test
  void theOperatorsRulesAreTheSame() throws IOException {
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("apiVersion", "monitoring.coreos.com/v1");
    rule.put("kind", "PrometheusRule");
    rule.put("metadata", Map.of("name", "weir"));
    rule.put("spec", document(RULES));
    if ("write".equals(System.getProperty(WRITE))) {
      DumperOptions options = new DumperOptions();
      options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
      options.setWidth(140);
      options.setIndicatorIndent(2);
      options.setIndentWithIndicator(true);
      Files.writeString(
          Repository.file(OPERATOR_RULES),
          "# Made of " + RULES + "; a test has both be the same.\n" + new Yaml(options).dump(rule));
    }
    assertThat(document(OPERATOR_RULES)).as("run this test with -D%s=write", WRITE).isEqualTo(rule);
  }

  @Test
  void everyPanelAsksForMetricsThatAreThere() {
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        String expression = target.path("expr").asText();
        assertThat(PromQl.metrics(expression))
            .as(panel.path("title").asText())
            .isNotEmpty()
            .isSubsetOf(known());
      }
    }
    for (JsonNode variable : dashboard().path("templating").path("list")) {
      if (variable.path("type").asText().equals("query")) {
        String query = variable.path("query").path("query").asText();
        assertThat(query).matches("label_values\\(.+, \\w+\\)");
        String selector = query.substring("label_values(".length(), query.lastIndexOf(','));
        assertThat(PromQl.metrics(selector)).isNotEmpty().isSubsetOf(known());
      }
    }
  }

  @Test
  void theDashboardIsOneThatGrafanaCanShow() {
    JsonNode dashboard = dashboard();
    assertThat(dashboard.path("uid").asText()).isEqualTo("weir");
    assertThat(dashboard.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(36);
    // A dashboard of a file has no id: Grafana gives it one.
    assertThat(dashboard.has("id")).isFalse();
    Set<String> variables =
        StreamSupport.stream(dashboard.path("templating").path("list").spliterator(), false)
            .map(variable -> variable.path("name").asText())
            .collect(Collectors.toSet());
    assertThat(variables).contains("datasource", "cache_job", "master_job", "instance");
    assertThat(panels()).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
    List<Integer> taken = new ArrayList<>();
    for (JsonNode panel : panels()) {
      String title = panel.path("title").asText();
      assertThat(title).isNotBlank();
      JsonNode place = panel.path("gridPos");
      assertThat(place.path("x").asInt() + place.path("w").asInt()).as(title).isBetween(1, 24);
      for (int x = 0; x < place.path("w").asInt(); x++) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
          taken.add((place.path("y").asInt() + y) * 24 + place.path("x").asInt() + x);
        }
      }
      if (panel.path("type").asText().equals("row")) {
        continue;
      }
      assertThat(panel.path("type").asText()).isIn("stat", "timeseries", "state-timeline");
      assertThat(panel.path("description").asText()).as(title).isNotBlank();
      assertThat(panel.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
      assertThat(panel.path("targets")).as(title).isNotEmpty();
      for (JsonNode target : panel.path("targets")) {
        assertThat(target.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
        Pattern.compile("\\$(\\w+)")
            .matcher(target.path("expr").asText())
            .results()
            .map(use -> use.group(1))
            .filter(use -> !use.equals("__rate_interval"))
            .forEach(use -> assertThat(variables).contains(use));
      }
    }
    assertThat(taken).as("cells of the grid").doesNotHaveDuplicates();
  }

  /** What may be asked for: what is exposed, what is recorded, and Prometheus' own. */
  private static Set<String> known() {
    Set<String> known = new HashSet<>(BUILT_IN);
    rules().stream()
        .filter(rule -> rule.containsKey("record"))
        .forEach(rule -> known.add(text(rule, "record")));
    for (String service : List.of("weir-cache", "weir-master")) {
      Repository.read("observability/metrics/" + service + ".txt")
          .lines()
          .map(line -> line.split(" ", 3))
          .flatMap(family -> series(family[0], family[1]))
          .forEach(known::add);
    }
    return known;
  }

  private static Stream<String> series(String name, String type) {
    return switch (type) {
      case "summary" -> Stream.of(name + "_count", name + "_sum");
      case "histogram" -> Stream.of(name + "_count", name + "_sum", name + "_bucket");
      default -> Stream.of(name);
    };
  }

  private static List<Map<String, Object>> rules() {
    return list(document(RULES), "groups").stream()
        .flatMap(group -> list(group, "rules").stream())
        .toList();
  }

  private static List<Map<String, Object>> alerts() {
    return rules().stream().filter(rule -> rule.containsKey("alert")).toList();
  }

  private static Map<String, Object> document(String path) {
    return Repository.documents(Repository.read(path)).getFirst();
  }

  private static String text(Map<String, Object> of, String name) {
    return String.valueOf(of.get(name));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> strings(Map<String, Object> of, String name) {
    return (Map<String, String>) of.get(name);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> list(Map<String, Object> of, String name) {
    return (List<Map<String, Object>>) of.getOrDefault(name, List.of());
  }

  private static JsonNode dashboard() {
    try {
      return new ObjectMapper().readTree(Repository.read(DASHBOARD));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> panels() {
    return StreamSupport.stream(dashboard().path("panels").spliterator(), false).toList();
  }
}
