package io.weir.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

  /** What the JVM makes of an "e" with an accent in a locale of ASCII alone. */
  private static final String MANGLED = "user:\uFFFD\uFFFD";

  @Test
  void theBytesThatWereTypedAreTakenWhereTheLocaleLosesThem() {
    byte[] raw = raw("java", "-jar", "weir.jar", "put", "user:\u00e9", "1");
    assertThat(Arguments.asTyped(new String[] {"put", MANGLED, "1"}, raw))
        .containsExactly("put", "user:\u00e9", "1");
    // As in a locale of Latin-1.
    assertThat(Arguments.asTyped(new String[] {"put", "user:\u00c3\u00a9", "1"}, raw))
        .containsExactly("put", "user:\u00e9", "1");
  }

  @Test
  void aReplacementCharacterThatWasTypedStays() {
    byte[] raw = raw("java", "weir.jar", "get", "\uFFFD");
    assertThat(Arguments.asTyped(new String[] {"get", "\uFFFD\uFFFD\uFFFD"}, raw))
        .containsExactly("get", "\uFFFD");
  }

  @Test
  void whatIsNotUtf8IsRefused() {
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    raw.writeBytes(raw("java", "weir.jar", "get"));
    raw.writeBytes(new byte[] {'u', (byte) 0xE9, 0});
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> Arguments.asTyped(new String[] {"get", "u\u00e9"}, raw.toByteArray()))
        .withMessageStartingWith("argument 2 is not UTF-8");
  }

  @Test
  void whatIsNotKnownIsRefusedWhereItMayHaveBeenLost() {
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> Arguments.asTyped(new String[] {"get", MANGLED}, new byte[0]))
        .withMessageContaining("LC_ALL=C.UTF-8");
    // Another command line than this: such as one from a file of arguments.
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> Arguments.asTyped(new String[] {"get", MANGLED}, raw("java", "a", "b")));
    assertThat(Arguments.asTyped(new String[] {"get", "\u00e9"}, new byte[0]))
        .containsExactly("get", "\u00e9");
  }

  private static byte[] raw(String... arguments) {
    return (String.join("\0", arguments) + "\0").getBytes(StandardCharsets.UTF_8);
  }
}
