package io.weir.master.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.weir.web.StartupRefusedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryUrlTest {

  @Test
  void anH2FileIsAbsoluteAndLosesNoCommit() {
    assertThat(RegistryUrl.complete("jdbc:h2:file:weir-data/registry"))
        .isEqualTo(
            "jdbc:h2:file:"
                + Path.of("weir-data/registry").toAbsolutePath()
                + ";MODE=MySQL;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000"
                + ";INIT=SET MODE MySQL");
  }

  @Test
  void anH2ServerKeepsItsOptions() {
    assertThat(
            RegistryUrl.complete("jdbc:h2:tcp://127.0.0.1:9/./registry;mode=mysql;LOCK_TIMEOUT=5;"))
        .isEqualTo(
            "jdbc:h2:tcp://127.0.0.1:9/./registry;mode=mysql;LOCK_TIMEOUT=5;WRITE_DELAY=0"
                + ";INIT=SET MODE MySQL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"jdbc:mysql://db/registry?useSSL=false", "jdbc:mariadb://db:3306/registry"})
  void theUrlOfAServerStaysAsItIs(String url) {
    assertThat(RegistryUrl.complete(url)).isEqualTo(url);
  }

  @Test
  void aPasswordIsShownInNoFormOfAUrl() {
    for (String url :
        new String[] {
          "jdbc:mysql://u:s3/cret@h/d?useAffectedRows=true", "jdbc:x:thin:u/cret@h", "jdbc:cret"
        }) {
      assertThatExceptionOfType(StartupRefusedException.class)
          .isThrownBy(() -> RegistryUrl.complete(url))
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("cret"));
    }
  }

  @Test
  void theAccountOfTheUrlCounts() {
    assertThat(RegistryUrl.account("jdbc:h2:file:/a/registry;MODE=MySQL")).isEqualTo("sa");
    assertThat(RegistryUrl.account("jdbc:h2:tcp://127.0.0.1/./r;User=weir;PASSWORD=s")).isNull();
    assertThat(RegistryUrl.account("jdbc:mysql://h/d?user=root")).isNull();
    assertThat(RegistryUrl.account("jdbc:mysql://h/d")).isNull();
  }

  @Test
  void theFolderOfAFileIsKnown() {
    assertThat(RegistryUrl.folder("jdbc:h2:file:/a/b/registry;MODE=MySQL"))
        .isEqualTo(Path.of("/a/b"));
    assertThat(RegistryUrl.folder("jdbc:h2:mem:a")).isNull();
    assertThat(RegistryUrl.folder("jdbc:mysql://h/d")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:mysql://db/r?a=b&useAffectedRows=TRUE,useAffectedRows",
    "jdbc:h2:mem:x;WRITE_DELAY=500,WRITE_DELAY=0",
    "jdbc:h2:mem:x;MODE=Oracle,MODE=MySQL",
    "jdbc:postgresql://db/r,jdbc:mysql:",
  })
  void whatTheRegistryCannotWorkWithIsRefused(String url, String named) {
    assertThatExceptionOfType(StartupRefusedException.class)
        .isThrownBy(() -> RegistryUrl.complete(url))
        .withMessageStartingWith("weir.master.database.url ")
        .withMessageContaining(named);
  }
}
