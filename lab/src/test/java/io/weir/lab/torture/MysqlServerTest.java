package io.weir.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MysqlServerTest {

  @Test
  void itsUrlNamesItsAddressAndNoMessageItsAccount() {
    MysqlServer server = new MysqlServer("jdbc:mysql://127.0.0.1:3306/weir?user=u&password=p%26q");
    assertThat(server.address()).isEqualTo(new InetSocketAddress("127.0.0.1", 3306));
    assertThat(server).hasToString("jdbc:mysql://127.0.0.1:3306/weir");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://db1/weir?user=u",
        "jdbc:mysql://db1:3306/?user=u",
        "jdbc:mysql://u:secret@db1:3306/weir",
        "jdbc:mysql://db1:3306,db2:3306/weir",
        "jdbc:mysql:replication://db1:3306/weir",
        "jdbc:mysql://db1:3306/we`ir"
      })
  void whatDoesNotNameOneServerAndItsSchemaIsRefused(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MysqlServer(url))
        .withMessageContaining("jdbc:mysql://HOST:PORT/SCHEMA")
        .withMessageNotContaining("secret");
  }
}
