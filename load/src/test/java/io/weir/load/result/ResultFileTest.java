package io.weir.load.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResultFileTest {

  @TempDir private Path directory;

  private static LoadResult result(
      @Nullable DatabaseResult database,
      @Nullable Verification verification,
      @Nullable Target target) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("--rate", "5000");
    settings.put("--clients", "32");
    settings.put("--arrivals", "poisson");
    String latencies = latencies(1_000, 2_000, 3_000_000);
    return new LoadResult(
        1,
        "tuesday",
        Instant.parse("2026-11-25T08:00:00.123Z"),
        20.5,
        settings,
        new Environment("1", "25", "Linux", "x", 2, List.of("http://m:7400")),
        List.of(
            new OperationResult("read", 3, 1, latencies, latencies),
            new OperationResult("update", 3, 0, latencies, latencies)),
        List.of(new Interval(1, 1, Map.of("read", 3L), 0, 2, 1, latencies, latencies, 0.25, 0.5)),
        List.of(new ServerResult("cache-1", "http://c:1", 7, 1, 2, 1, latencies)),
        Map.of("timeout", 1L),
        Reads.of(2, 1, 0),
        database,
        verification,
        new Writes(3, 0),
        new Generator(0.5, 0.4, 1, 0.1, 0.9, false, "The generator kept up."),
        target);
  }

  private static String latencies(long... nanos) {
    Histogram histogram = HistogramText.empty();
    for (long each : nanos) {
      histogram.recordValue(each);
    }
    return HistogramText.encode(histogram);
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    LoadResult written =
        result(
            new DatabaseResult(3, 2, 1, 3L, 1),
            new Verification(3, 1, 0, 0, List.of("load:1 …")),
            new Target(5_000, "poisson"));
    Path file = directory.resolve("result.json");
    ResultFile.write(written, file);
    LoadResult read = ResultFile.read(file);
    assertThat(read).isEqualTo(written);
    assertThat(read.settings().keySet()).containsExactly("--rate", "--clients", "--arrivals");
  }

  @Test
  void aResultOfAnEarlierReleaseHasNoStatements() throws IOException {
    LoadResult written = result(new DatabaseResult(3, 2, 1, 3L, 1), null, null);
    Path file = directory.resolve("earlier.json");
    Files.writeString(file, ResultFile.text(written).replaceFirst("\"statements\" : 3,\\s*", ""));
    assertThat(ResultFile.read(file).database()).isEqualTo(new DatabaseResult(3, 2, 1, null, 1));
  }

  @Test
  void whatWasNotMeasuredStaysOpen() throws IOException {
    LoadResult written = result(null, null, null);
    Path file = directory.resolve("result.json");
    ResultFile.write(written, file);
    assertThat(ResultFile.read(file)).isEqualTo(written);
    assertThat(ResultFile.text(written)).contains("2026-11-25T08:00:00.123Z");
  }

  @Test
  void theSumsAreThoseOfTheOperations() {
    LoadResult result = result(null, null, null);
    assertThat(result.succeeded()).isEqualTo(6);
    assertThat(result.failed()).isEqualTo(1);
    assertThat(result.throughput()).isEqualTo(6 / 20.5);
    assertThat(result.responseTimes().getTotalCount()).isEqualTo(6);
    assertThat(result.serviceTimes().getMaxValue()).isBetween(3_000_000L, 3_003_000L);
  }

  @Test
  void aFieldOfALaterVersionIsPassedOver() throws IOException {
    Path file = directory.resolve("later.json");
    String text = ResultFile.text(result(null, null, null));
    Files.writeString(file, text.replaceFirst("\\{", "{\"news\": [1, 2],"));
    assertThat(ResultFile.read(file)).isEqualTo(result(null, null, null));
  }

  @Test
  void theDocumentIsOneFlatObject() {
    JsonNode document = JsonMapper.shared().readTree(ResultFile.text(result(null, null, null)));
    assertThat(document.propertyNames())
        .containsExactly(
            "format",
            "name",
            "startedAt",
            "seconds",
            "settings",
            "environment",
            "operations",
            "timeline",
            "servers",
            "errors",
            "hits",
            "misses",
            "absentReads",
            "hitRatio",
            "database",
            "verification",
            "writes",
            "generator",
            "target");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n  \"misses\" : null,"})
  void aResultWithoutACountIsRefused(String instead) throws IOException {
    String text = ResultFile.text(result(null, null, null));
    String counted = "\n  \"misses\" : 1,";
    assertThat(text).contains(counted);
    Path file = directory.resolve("cut.json");
    Files.writeString(file, text.replace(counted, instead));
    assertThatThrownBy(() -> ResultFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + " is no result of weir load: ")
        .hasMessageContaining("Cannot map `null` into type `long`");
  }

  @Test
  void aResultWithoutAHitRatioHasNone() throws IOException {
    String text = ResultFile.text(result(null, null, null));
    Path file = directory.resolve("cut.json");
    Files.writeString(file, text.replaceFirst("\n  \"hitRatio\" : [0-9.]+,", ""));
    assertThat(ResultFile.text(ResultFile.read(file)))
        .isEqualTo(text.replaceFirst("(\"hitRatio\" : )[0-9.]+", "$1null"));
  }

  @Test
  void whatIsNoResultIsNamed() throws IOException {
    Path file = directory.resolve("other.json");
    Files.writeString(file, "{\"format\": 2}");
    assertThatThrownBy(() -> ResultFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + " is no result of weir load: ");
    Files.writeString(file, "no JSON");
    assertThatThrownBy(() -> ResultFile.read(file)).hasMessageContaining("is no result");
  }

  @Test
  void whatIsNoHistogramIsRefused() {
    assertThatThrownBy(() -> HistogramText.decode("AAAA"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a histogram cannot be read");
  }
}
