package io.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

class TomcatFoldersTest {

  @Test
  void theyAreMadeAnewBelowTheDataDirectory(@TempDir Path data) throws IOException {
    Path left = Files.createDirectories(data.resolve("tomcat/weir-x/base/work/left"));
    Files.writeString(left.resolve("file"), "of a process that was killed");
    TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();
    new TomcatFolders(data, "weir-x").customize(factory);
    assertThat(left).doesNotExist();
    assertThat(data.resolve("tomcat/weir-x/base")).isEmptyDirectory();
    assertThat(factory.getSettings().getDocumentRoot())
        .isEqualTo(data.resolve("tomcat/weir-x/documents").toFile());
  }

  @Test
  void whereTheyCannotBeMadeTomcatTakesTheTemporaryFolder(@TempDir Path data) throws IOException {
    Path file = Files.writeString(data.resolve("file"), "no directory");
    TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();
    new TomcatFolders(file, "weir-x").customize(factory);
    assertThat(factory.getSettings().getDocumentRoot()).isNull();
  }
}
