package io.weir.cli.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cli.WeirCommand;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepCommandTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int weir(String... arguments) {
    return WeirCommand.run(
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            false),
        arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--capacity=0%|above 0%",
        "--capacity=half|such as 10% or 0.1",
        "--capacity=0.01%|64 entries at least",
        "--keys=10|--keys is 64 to",
        "--theta=steep|--theta",
        "--theta=-1|--theta",
        "--reads=1.5|--reads",
        "--clients=0|--clients",
        "--policy=lru,mru|--policy takes lru and w-tinylfu, got lru,mru",
        "--warmup=10ms|--warmup is at least 1s",
        "--duration=10ms|--duration is at least 1s",
        "--set=weir.cache.max-bytes=1MiB|--set cannot set what the sweep varies",
        "--set=weir.cache.policy=lru|--set cannot set what the sweep varies"
      })
  void whatCannotBeDoneIsRefusedBeforeAnythingStarts(String option, String message) {
    assertThat(weir("sweep", option)).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString(UTF_8)).contains(message).contains("weir sweep --help");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void helpHasExamples() {
    assertThat(weir("sweep", "--help")).isEqualTo(ExitCodes.OK);
    assertThat(out.toString(UTF_8))
        .contains("weir sweep --capacity 5%,10%,20% --theta 0.8,0.99 --report sweep.html")
        .contains("Default: 1%,2%,5%,10%,20%,50%");
  }
}
