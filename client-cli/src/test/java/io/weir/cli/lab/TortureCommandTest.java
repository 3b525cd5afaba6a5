package io.weir.cli.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cli.WeirCommand;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.Terminal;
import io.weir.lab.torture.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TortureCommandTest {

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
        "--faults=flood|--faults takes some of [kill, pause,",
        "--faults=database-stop --mysql=jdbc:mysql://h:1/a|no database-stop: it needs a database of torture's own",
        "--faults=database-failover|no database-failover: it needs --mysql-replica",
        "--faults=locked-row|no locked-row: it needs --mysql",
        "--faults=lock-tables|no lock-tables: it needs --mysql",
        "--faults=transfer --members=1|no transfer: it needs --members",
        "--mysql-replica=jdbc:mysql://h:1/a|--mysql-replica takes one URL for each of the 0 of --mysql, got 1",
        "--mysql=jdbc:mysql://h:1/a --mysql-replica=jdbc:mysql://h:2/a --set=weir.write-back.settle=0s|database-failover takes --set weir.write-back.settle",
        "--mysql=jdbc:mysql://h/a --mysql-replica=jdbc:mysql://h:2/a|jdbc:mysql://HOST:PORT/SCHEMA",
        "--port=61533|--port is 1 to 61532"
      })
  void whatCannotBeDoneIsRefusedBeforeAnythingStarts(String options, String message) {
    assertThat(weir(("torture " + options).split(" ", -1))).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString(UTF_8)).contains(message).contains("weir torture --help");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void helpNamesEveryFault() {
    assertThat(weir("torture", "--help")).isEqualTo(ExitCodes.OK);
    String help = out.toString(UTF_8).replaceAll("\\s+", " ");
    for (Fault fault : Fault.values()) {
      assertThat(help).contains(fault.toString());
    }
    assertThat(help).contains("Default: all that can be done", "--mysql-replica");
  }
}
