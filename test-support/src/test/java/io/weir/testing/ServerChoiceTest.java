package io.weir.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.testing.ServerChoice.NotHereException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerChoiceTest {

  @Test
  void theOrderIsGivenContainerInstalledEmbedded() {
    assertThat(ServerChoice.inOrder())
        .extracting(choice -> choice.getClass().getSimpleName())
        .containsExactly("GivenServer", "ContainerServer", "InstalledServer", "EmbeddedMariaDb");
  }

  @Test
  void theFirstChoiceThatIsHereIsStartedAndNoOther() {
    DatabaseServer server =
        ServerChoice.startFirst(List.of(absent("a"), present("b"), mustNotStart()));

    assertThat(server.origin()).isEqualTo("b");
  }

  @Test
  void withoutAnyChoiceOneSentenceNamesThemAll() {
    assertThatThrownBy(() -> ServerChoice.startFirst(List.of(absent("a"), absent("b"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Integration tests need a real database, one of: a (not here); b (not here).");
  }

  @Test
  void aGivenServerThatDoesNotAnswerIsAnErrorAndNotPassedOver() {
    String url = "jdbc:mysql://127.0.0.1:" + ServerProcess.freePort() + "/?user=root";

    assertThatThrownBy(() -> ServerChoice.startFirst(List.of(new GivenServer(url), mustNotStart())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("WEIR_TEST_MYSQL_URL names jdbc:mysql://127.0.0.1:");
  }

  @Test
  void theAccountIsTakenOutOfAGivenUrl() {
    DatabaseServer server =
        GivenServer.parse("jdbc:mysql://db:3307/?user=me&sslMode=DISABLED&password=p%26q");

    assertThat(server.url("s")).isEqualTo("jdbc:mysql://db:3307/s?sslMode=DISABLED");
    assertThat(server.username()).isEqualTo("me");
    assertThat(server.password()).isEqualTo("p&q");
    assertThat(server.urlWithCredentials("s"))
        .isEqualTo("jdbc:mysql://db:3307/s?sslMode=DISABLED&user=me&password=p%26q");
  }

  @Test
  void aGivenUrlOfAnotherFormIsRefused() {
    assertThatThrownBy(() -> GivenServer.parse("mysql://db"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("jdbc:mysql://HOST:PORT/?user=USER");
  }

  @Test
  void aPathWithoutServerIsPassedOver(@TempDir Path empty) {
    assertThatThrownBy(() -> new InstalledServer(List.of(empty)).start())
        .isInstanceOf(NotHereException.class)
        .hasMessage("neither is there");
  }

  private static ServerChoice absent(String name) {
    return new ServerChoice() {
      @Override
      public String requirement() {
        return name;
      }

      @Override
      public DatabaseServer start() throws NotHereException {
        throw new NotHereException("not here");
      }
    };
  }

  private static ServerChoice present(String name) {
    return new ServerChoice() {
      @Override
      public String requirement() {
        return name;
      }

      @Override
      public DatabaseServer start() {
        return new DatabaseServer(name, "jdbc:mysql://x/", "", "root", "", () -> {});
      }
    };
  }

  private static ServerChoice mustNotStart() {
    return new ServerChoice() {
      @Override
      public String requirement() {
        return "a choice that must not be reached";
      }

      @Override
      public DatabaseServer start() {
        throw new AssertionError("reached");
      }
    };
  }
}
