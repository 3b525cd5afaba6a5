package io.weir.cli.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cli.WeirCommand;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.Terminal;
import io.weir.load.result.ResultFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CompareCommandTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  private Path before;
  private Path after;

  /** Copied, so that the names under which they stand are those of this directory. */
  @BeforeEach
  void copyRecordedResults() throws IOException {
    before = copied("before.json");
    after = copied("after.json");
  }

  private Path copied(String name) throws IOException {
    Path copy = directory.resolve(name);
    try (InputStream recorded = CompareCommandTest.class.getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(recorded, name), copy);
    }
    return copy;
  }

  private int weir(Object... arguments) {
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    return WeirCommand.run(
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            false),
        words);
  }

  @Test
  void aRecordedResultIsReadAndWrittenAsItWas() throws IOException {
    for (Path recorded : List.of(before, after)) {
      assertThat(ResultFile.text(ResultFile.read(recorded))).isEqualTo(Files.readString(recorded));
    }
  }

  @Test
  void runsStandSideBySideUnderTheNamesOfTheirFiles() {
    assertThat(weir("compare", before, after)).isEqualTo(ExitCodes.OK);
    assertThat(out.toString(UTF_8).lines().map(line -> line.strip().replaceAll(" +", " ")))
        .contains(
            "before after ratio",
            "throughput 2,000/s 1,000/s 0.50x",
            "rows written 62/s 62/s 1.00x",
            "--clients 32 64")
        .doesNotContain("--keys 100000 100000");
  }

  @Test
  void asJsonItIsOneDocument() {
    assertThat(weir("compare", "--output", "json", before, after)).isEqualTo(ExitCodes.OK);
    JsonNode document = JsonMapper.shared().readTree(out.toString(UTF_8));
    assertThat(document.at("/names/1").asString()).isEqualTo("after");
    assertThat(document.at("/rows/0/ratios/1").asDouble()).isEqualTo(0.5);
    assertThat(document.at("/differences/--clients/1").asString()).isEqualTo("64");
  }

  @Test
  void theReportIsWritten() throws IOException {
    Path report = directory.resolve("compare.html");
    assertThat(weir("compare", "--report", report, before, after)).isEqualTo(ExitCodes.OK);
    assertThat(Files.readString(report)).contains("<title>Comparison: before, after</title>");
    assertThat(out.toString(UTF_8)).contains("report in " + report);
  }

  @Test
  void aFileComparedWithItselfHasTwoNames() {
    assertThat(weir("compare", before, before)).isEqualTo(ExitCodes.OK);
    assertThat(out.toString(UTF_8)).contains("before (1)").contains("before (2)");
  }

  @Test
  void whatIsNoResultIsRefusedWithItsName() throws IOException {
    Path other = directory.resolve("other.json");
    Files.writeString(other, Files.readString(before).replaceFirst("(\"format\" *: *)1", "$17"));
    assertThat(weir("compare", before, other)).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString(UTF_8)).contains("other.json").contains("format 1, got 7");
    err.reset();
    assertThat(weir("compare", before, directory.resolve("none.json"))).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString(UTF_8)).contains("none.json is not there");
  }

  @Test
  void oneFileIsTooFew() {
    assertThat(weir("compare", before)).isEqualTo(ExitCodes.USAGE);
  }
}
