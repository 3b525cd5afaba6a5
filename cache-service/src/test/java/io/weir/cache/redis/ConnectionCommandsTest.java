package io.weir.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionCommandsTest {

  private final ServerFixture server = new ServerFixture();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ping|+PONG",
        "PING hello|hello",
        "ping a b|-ERR wrong number of arguments for 'ping' command",
        "echo x|x",
        "select 0|+OK",
        "select 1|-ERR SELECT is not allowed in cluster mode",
        "select x|-ERR value is not an integer or out of range",
        "time|[1795946400 123456]",
        "asking|+OK",
        "reset|+RESET",
        "quit|+OK",
        "role|[master 42 [[b.example 9401 42]]]",
        "function flush|+OK",
        "function list|[]",
        "multi|-ERR MULTI is not supported: there are no transactions; MSET, MSETNX and DEL of several keys are one change each",
        "eval x 0|-ERR EVAL is not supported: no scripts are run; INCR, APPEND, SET with NX, XX or GET and their like are atomic",
        "publish a b|-ERR PUBLISH is not supported: no messages are passed on",
        "sentinel masters|-ERR SENTINEL is not supported: this is a cluster, whose servers CLUSTER SHARDS lists",
      })
  void theReplyIsThatOfRedis(String words, String reply) {
    assertThat(server.told(words)).isEqualTo(reply);
  }

  @Test
  void quitClosesAndResetForgets() {
    server.ask("quit");
    assertThat(server.client.closes).isTrue();
    server.ask("reset");
    assertThat(server.client.resets).isTrue();
  }

  @Test
  void readonlyIsKept() {
    server.ask("readonly");
    assertThat(server.client.readsReplicas()).isTrue();
    server.ask("readwrite");
    assertThat(server.client.readsReplicas()).isFalse();
  }

  /** Earlier replies of the connection are written as the client still reads them. */
  @Test
  void whatChangesTheConnectionWaitsItsTurn() {
    Request any = new Request(List.of(new byte[0]));
    for (String name : List.of("hello", "reset", "auth", "quit", "readonly", "readwrite")) {
      assertThat(server.command(name).command().overtakes(any)).as(name).isFalse();
    }
    for (String name : List.of("ping", "echo", "time", "info", "role", "command", "multi")) {
      assertThat(server.command(name).command().overtakes(any)).as(name).isTrue();
    }
  }

  @Test
  void helloTellsWhatItSpeaksToWhom() {
    assertThat(server.told("hello"))
        .isEqualTo("{server redis version 7.2.0 proto 2 id 3 mode cluster role master modules []}");
    assertThat(server.told("HELLO 3 SETNAME web")).contains("proto 3");
    assertThat(server.client.protocol()).isEqualTo(3);
    assertThat(server.client.name()).isEqualTo("web");
    assertThat(server.told("hello 2")).contains("proto 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello 4|-NOPROTO unsupported protocol version",
        "hello 1|-NOPROTO unsupported protocol version",
        "hello x|-ERR Protocol version is not an integer or out of range",
        "hello 3 auth a|-ERR Syntax error in HELLO option 'auth'",
        "hello 3 setname|-ERR Syntax error in HELLO option 'setname'",
        "hello 3 other|-ERR Syntax error in HELLO option 'other'",
        "hello 3 setname ä|-ERR Client names cannot contain spaces, newlines or special characters.",
      })
  void aHelloThatIsNoneChangesNothing(String words, String reply) {
    assertThat(server.told(words)).isEqualTo(reply);
    assertThat(server.client.protocol()).isEqualTo(2);
    assertThat(server.client.name()).isEmpty();
  }

  @Test
  void helloLogsInFirst() {
    server.asksForTokens = true;
    server.client.trusted = false;
    assertThat(server.told("hello 3")).startsWith("-NOAUTH HELLO must be called");
    assertThat(server.told("hello 3 auth app wrong setname x")).isEqualTo("-WRONGPASS no");
    assertThat(server.client.protocol()).isEqualTo(2);
    assertThat(server.client.name()).isEmpty();
    assertThat(server.told("hello 3 auth anybody secret setname x")).contains("proto 3");
    assertThat(server.client.name()).isEqualTo("x");
  }

  @Test
  void authTakesATokenUnderAnyName() {
    server.asksForTokens = true;
    server.client.trusted = false;
    assertThat(server.told("auth wrong")).isEqualTo("-WRONGPASS no");
    assertThat(server.told("auth secret")).isEqualTo("+OK");
    assertThat(server.told("auth default secret")).isEqualTo("+OK");
    assertThat(server.told("auth app secret")).isEqualTo("+OK");
    assertThat(server.told("auth a b c")).isEqualTo("-ERR syntax error");
  }

  @Test
  void whereNobodyHasToLogInAuthSaysSoAsRedisDoes() {
    assertThat(server.told("auth secret"))
        .isEqualTo(
            "-ERR AUTH <password> called without any password configured for the default user. Are"
                + " you sure your configuration is correct?");
    assertThat(server.told("auth default secret")).isEqualTo("+OK");
    assertThat(server.told("auth app secret"))
        .isEqualTo("-WRONGPASS invalid username-password pair or user is disabled.");
    assertThat(server.told("hello 3 auth default secret")).contains("proto 3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "client id|3",
        "client getname|nil",
        "client setname a b|-ERR wrong number of arguments for 'client:setname' command",
        "client setinfo LIB-NAME x|+OK",
        "client setinfo other x|-ERR Unrecognized option 'other'",
        "client setinfo lib-ver ä|-ERR lib-ver cannot contain spaces, newlines or special characters.",
        "client no-evict on|+OK",
        "client no-touch off|+OK",
        "client no-touch maybe|-ERR syntax error",
        "client reply on|+OK",
        "client reply off|-ERR CLIENT REPLY has only ON here: every command is answered",
        "client maint_notifications on|-ERR unknown subcommand 'maint_notifications'. Try CLIENT HELP.",
        "client kill x|-ERR unknown subcommand 'kill'. Try CLIENT HELP.",
        "client pause 1|-ERR unknown subcommand 'pause'. Try CLIENT HELP.",
        "client list type pubsub|''",
        "client list type x|-ERR Unknown client type 'x'",
        "client list id x|-ERR Invalid client ID",
        "client list x|-ERR syntax error",
      })
  void clientIsThatOfRedis(String words, String reply) {
    assertThat(server.told(words)).isEqualTo(reply.replace("client:", "client|"));
  }

  @Test
  void aClientIsShownAsItCallsItself() {
    server.ask("client setname web");
    server.ask("client setinfo lib-name jedis");
    server.ask("client setinfo lib-ver 7.0");
    assertThat(server.told("client getname")).isEqualTo("web");
    assertThat(server.told("client info"))
        .isEqualTo(
            "id=3 addr=127.0.0.1:50003 laddr=127.0.0.1:9401 name=web flags=N db=0 sub=0 psub=0 ssub=0"
                + " multi=-1 user=app lib-name=jedis lib-ver=7.0 resp=2\n");
  }

  @Test
  void allClientsAreShownToOperatorsAlone() {
    server.open.addFirst(new ServerFixture.Client(5));
    assertThat(server.told("client list").lines())
        .extracting(line -> line.split(" ", 2)[0])
        .containsExactly("id=3", "id=5");
    assertThat(server.told("client list id 5 6").lines()).hasSize(1);
    server.client.operates = false;
    assertThat(server.told("client list")).startsWith("-NOPERM").contains("role operate");
  }

  @Test
  void helpNamesEverySubcommand() {
    assertThat(server.told("client help"))
        .startsWith("[+CLIENT <subcommand> [<arg> [value] [opt] ...]. Subcommands are: +ID ")
        .contains("+SETNAME <name>")
        .endsWith("+HELP +    Print this help.]");
  }
}
