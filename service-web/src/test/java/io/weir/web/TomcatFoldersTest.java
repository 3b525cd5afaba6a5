package io.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.mock.env.MockEnvironment;

class TomcatFoldersTest {

  private final TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();
  private final MockEnvironment environment = new MockEnvironment();

  @Test
  void theyAreTheSameAtEachStartAndWhatIsInThemStays(@TempDir Path data) throws IOException {
    environment.setProperty("weir.data-dir", data.toString());
    Path log = Files.createDirectories(data.resolve("tomcat/base/logs")).resolve("access_log");
    Files.writeString(log, "somebody's");
    new TomcatFolders(environment).customize(factory);
    assertThat(log).hasContent("somebody's");
    assertThat(factory).extracting("baseDirectory").isEqualTo(data.resolve("tomcat/base").toFile());
    assertThat(factory.getSettings().getDocumentRoot())
        .isEqualTo(data.resolve("tomcat/documents").toFile());
  }

  @Test
  void aDataDirectoryThatTheyMakeIsItsOwnersAlone(@TempDir Path path) throws IOException {
    Path data = path.resolve("data");
    environment.setProperty("weir.data-dir", data.toString());
    new TomcatFolders(environment).customize(factory);
    for (Path each : new Path[] {data, data.resolve("tomcat"), data.resolve("tomcat/base")}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
          .as(each.toString())
          .isEqualTo("rwx------");
    }
  }

  @Test
  void aBaseDirectoryThatIsSetIsLeft(@TempDir Path data) {
    environment.setProperty("weir.data-dir", data.toString());
    environment.setProperty("server.tomcat.basedir", "/elsewhere");
    new TomcatFolders(environment).customize(factory);
    assertThat(factory).extracting("baseDirectory").isNull();
    assertThat(data.resolve("tomcat/base")).doesNotExist();
  }

  @Test
  void whereTheyCannotBeMadeTomcatTakesTheTemporaryFolder(@TempDir Path data) throws IOException {
    Path file = Files.writeString(data.resolve("file"), "no directory");
    environment.setProperty("weir.data-dir", file.toString());
    new TomcatFolders(environment).customize(factory);
    assertThat(factory.getSettings().getDocumentRoot()).isNull();
  }
}
