package io.weir.web.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.web.StartupRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class TokensFileTest {

  private static final String OLD = "old-0123456789abcdef";
  private static final String NEW = "new-0123456789abcdef";

  @TempDir Path directory;

  @Test
  void aChangeTakesEffectWithoutARestart() throws IOException {
    Path path = write("alice read " + OLD);
    try (TokensFile file = new TokensFile(path, List.of())) {
      Tokens tokens = new Tokens(file.open());
      file.watch(tokens, Duration.ofMillis(10));
      write("alice read " + OLD + "\nalice read " + NEW);
      await().until(() -> tokens.find(NEW) != null);
      assertThat(tokens.find(OLD)).isNotNull();
      write("alice read " + NEW);
      await().until(() -> tokens.find(OLD) == null);
      assertThat(tokens.find(NEW)).isNotNull();
    }
  }

  @Test
  void aSecretThatIsMountedIsReplacedByMovingALink() throws IOException {
    Path first = Files.createDirectory(directory.resolve("first"));
    Path second = Files.createDirectory(directory.resolve("second"));
    Files.writeString(first.resolve("tokens"), "alice read " + OLD);
    Files.writeString(second.resolve("tokens"), "alice read " + NEW);
    Path link = Files.createSymbolicLink(directory.resolve("data"), first);
    try (TokensFile file = new TokensFile(link.resolve("tokens"), List.of())) {
      Tokens tokens = new Tokens(file.open());
      Files.delete(link);
      Files.createSymbolicLink(link, second);
      file.look(tokens);
      assertThat(tokens.find(OLD)).isNull();
      assertThat(tokens.find(NEW)).isNotNull();
    }
  }

  @Test
  void whatGivesNoTokensLeavesTheLastGoodOnes(CapturedOutput output) throws IOException {
    Path path = write("alice read " + OLD);
    try (TokensFile file = new TokensFile(path, List.of())) {
      Tokens tokens = new Tokens(file.open());
      for (String broken :
          new String[] {
            "", "# nobody", "alice " + NEW, "alice read " + NEW + "\nbob reed " + NEW
          }) {
        write(broken);
        file.look(tokens);
        file.look(tokens);
        assertThat(tokens.find(OLD)).as(broken).isNotNull();
        assertThat(tokens.find(NEW)).as(broken).isNull();
      }
      Files.delete(path);
      file.look(tokens);
      assertThat(tokens.find(OLD)).isNotNull();
      write("alice read " + OLD);
      file.look(tokens);
    }
    assertThat(output)
        .contains("it holds no token")
        .contains("line 1: it must be NAME ROLE[,ROLE...] TOKEN")
        .contains("line 2: a role is one of")
        .contains("there is no such file")
        .contains("can be read again")
        .doesNotContain(OLD)
        .doesNotContain(NEW);
    // The two empty files say the same.
    assertThat(output.getOut().split("the tokens stay as they were", -1)).hasSize(1 + 4);
  }

  @Test
  void aStartWithoutTokensInTheFileIsRefused() throws IOException {
    Path path = write("# nobody");
    assertThatThrownBy(() -> new TokensFile(path, List.of()).open())
        .isInstanceOf(StartupRefusedException.class)
        .hasMessage("weir.security.tokens-file is " + path + ": it holds no token");
    Path none = directory.resolve("none");
    assertThatThrownBy(() -> new TokensFile(none, List.of()).open())
        .hasMessage("weir.security.tokens-file is " + none + ": there is no such file");
  }

  @Test
  void tokensGivenDirectlyStandBesideThoseOfTheFile() throws IOException {
    List<Token> given = Tokens.parse("given", List.of("bob write " + NEW));
    Path path = write("alice read " + OLD);
    try (TokensFile file = new TokensFile(path, given)) {
      Tokens tokens = new Tokens(file.open());
      assertThat(tokens.find(NEW)).isNotNull();
      assertThat(tokens.find(OLD)).isNotNull();
      write("bob write " + NEW);
      file.look(tokens);
      assertThat(tokens.find(OLD)).isNotNull();
    }
  }

  private Path write(String text) throws IOException {
    return Files.write(directory.resolve("tokens"), text.getBytes(UTF_8));
  }
}
