package io.weir.web;

import io.weir.model.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.env.Environment;

/**
 * Tomcat's folders below the data directory: the embedded one makes two in the temporary folder at
 * each start, and a process that is killed leaves them there. These are the same ones each time, so
 * nothing piles up, and nothing of them is ever deleted: somebody's access logs may be there.
 */
final class TomcatFolders implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  private static final Logger LOG = LoggerFactory.getLogger(TomcatFolders.class);

  private final Path directory;
  private final boolean hasBase;

  /**
   * @param environment which may say where the base directory is; then it stays there
   */
  TomcatFolders(Environment environment) {
    this.directory =
        Path.of(environment.getProperty("weir.data-dir", "weir-data"))
            .toAbsolutePath()
            .resolve("tomcat");
    this.hasBase = environment.containsProperty("server.tomcat.basedir");
  }

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    try {
      if (!hasBase) {
        factory.setBaseDirectory(created("base").toFile());
      }
      factory.getSettings().setDocumentRoot(created("documents").toFile());
    } catch (IOException e) {
      // What stands in the way stops the start where it matters, with a better sentence.
      LOG.debug("Tomcat takes the temporary folder: {}", e.toString());
    }
  }

  /** For its owner alone, as all that is new in the data directory: this may be what makes it. */
  private Path created(String name) throws IOException {
    Path folder = directory.resolve(name);
    PrivateFiles.createDirectories(folder);
    return folder;
  }
}
