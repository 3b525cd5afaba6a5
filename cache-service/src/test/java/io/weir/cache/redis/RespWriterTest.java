package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RespWriterTest {

  private static final Reply ONE = new Reply.Number(1);
  private static final Reply TEXT = new Reply.Bulk("é".getBytes(UTF_8));

  static Stream<Arguments> replies() {
    return Stream.of(
        both(Reply.OK, "+OK\r\n"),
        both(new Reply.Simple("PONG"), "+PONG\r\n"),
        both(new Reply.Failure("ERR a\r\nb"), "-ERR a  b\r\n"),
        both(ONE, ":1\r\n"),
        both(new Reply.Number(-2), ":-2\r\n"),
        both(new Reply.Number(Long.MIN_VALUE), ":-9223372036854775808\r\n"),
        both(new Reply.Number(2_147_483_647), ":2147483647\r\n"),
        both(new Reply.Number(2_147_483_648L), ":2147483648\r\n"),
        both(TEXT, "$2\r\né\r\n"),
        both(new Reply.Bulk(new byte[0]), "$0\r\n\r\n"),
        both(Reply.EMPTY, "*0\r\n"),
        Arguments.of(Reply.NIL, "$-1\r\n", "_\r\n"),
        Arguments.of(new Reply.Verbatim("aé"), "$3\r\naé\r\n", "=7\r\ntxt:aé\r\n"),
        Arguments.of(
            new Reply.Array(List.of(ONE, Reply.NIL)), "*2\r\n:1\r\n$-1\r\n", "*2\r\n:1\r\n_\r\n"),
        Arguments.of(
            new Reply.Mapping(List.of(TEXT, ONE)),
            "*2\r\n$2\r\né\r\n:1\r\n",
            "%1\r\n$2\r\né\r\n:1\r\n"),
        Arguments.of(
            new Reply.Group(List.of(new Reply.Array(List.of(ONE)))),
            "*1\r\n*1\r\n:1\r\n",
            "~1\r\n*1\r\n:1\r\n"));
  }

  private static Arguments both(Reply reply, String written) {
    return Arguments.of(reply, written, written);
  }

  @ParameterizedTest
  @MethodSource("replies")
  void everyReplyIsWrittenInBothVersions(Reply reply, String second, String third) {
    assertThat(written(reply, 2)).isEqualTo(second);
    assertThat(written(reply, 3)).isEqualTo(third);
    assertThat(RespWriter.size(reply)).isGreaterThanOrEqualTo(second.getBytes(UTF_8).length - 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 10, 99, 100, 65_535, 999_999, 1_000_000})
  void everyLengthIsWritten(int length) {
    String written = written(new Reply.Bulk(new byte[length]), 2);
    assertThat(written).startsWith("$" + length + "\r\n\0".substring(0, length == 0 ? 2 : 3));
    assertThat(written).hasSize(Integer.toString(length).length() + 1 + 2 + length + 2);
  }

  @Test
  void everyNumberThatIsALengthIsWritten() {
    for (long number = 1; number < Integer.MAX_VALUE; number *= 3) {
      assertThat(written(new Reply.Number(number), 2)).isEqualTo(":" + number + "\r\n");
    }
  }

  private static String written(Reply reply, int protocol) {
    ByteBuf out = Unpooled.buffer();
    RespWriter.write(out, reply, protocol);
    return out.toString(UTF_8);
  }
}
