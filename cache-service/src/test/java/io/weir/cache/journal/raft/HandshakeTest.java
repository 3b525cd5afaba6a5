package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.journal.Member;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HandshakeTest {

  private final Handshake answerer =
      new Handshake("group", new Member("127.0.0.1", 8401, 7), "secret");

  @Test
  void aStrangersNameForgesNoLineOfTheLog() throws IOException {
    byte[] name =
        "x\n10:00:00.000 INFO  ShardGroup leading: forged\u001b[2J"
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(sent);
    out.writeInt(0x57524631);
    out.write(new byte[16]);
    out.writeShort(name.length);
    out.write(name);
    out.write(new byte[32]);
    assertThatThrownBy(() ->
            answerer.answer(
                new DataInputStream(new ByteArrayInputStream(sent.toByteArray())),
                new DataOutputStream(new ByteArrayOutputStream())))
        .isInstanceOf(IOException.class)
        .satisfies(e ->
            assertThat(e.getMessage())
                .contains("x\\n10:00:00.000 INFO", "\\u001b[2J")
                .doesNotContain("\n", "\u001b"));
  }
}
