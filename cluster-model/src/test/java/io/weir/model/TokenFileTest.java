package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {

  private Path path;

  @BeforeEach
  void place(@TempDir Path directory) {
    path = directory.resolve("token");
  }

  @Test
  void theTokenIsWhatTheFileHoldsNow() throws IOException {
    Files.writeString(path, " first \n");
    TokenFile file = TokenFile.open(path);
    assertThat(file.get()).isEqualTo("first");
    Files.writeString(path, "second\n");
    assertThat(file.get()).isEqualTo("second");
    Files.writeString(path, "");
    assertThat(file.get()).isEqualTo("second");
    Files.delete(path);
    assertThat(file.get()).isEqualTo("second");
    assertThat(file).hasToString(path.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "secret secret", "secret\nsecret", "secr\u00e9t"})
  void whatIsNoTokenIsRefusedAndNotShown(String content) throws IOException {
    Files.writeString(path, content);
    assertThatThrownBy(() -> TokenFile.open(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(path.toString())
        .hasMessageNotContaining("secr");
  }

  @Test
  void aFileThatIsNoTokenAtAllIsNotReadWhole() throws IOException {
    Files.writeString(path, "x".repeat(10_000));
    assertThatThrownBy(() -> TokenFile.open(path)).hasMessageContaining("one token");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> TokenFile.open(path))
        .hasMessage("the token file " + path + " cannot be read: there is no such file");
  }
}
