package io.weir.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Tomcat's folders below the service's own: the embedded one makes two in the temporary folder at
 * each start, and a process that is killed leaves them there. Here they are made anew at each
 * start. Nothing is ever in them.
 */
final class TomcatFolders implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  private static final Logger LOG = LoggerFactory.getLogger(TomcatFolders.class);

  private final Path directory;

  /**
   * @param dataDirectory of the service, which other services may share
   * @param service its name
   */
  TomcatFolders(Path dataDirectory, String service) {
    this.directory = dataDirectory.toAbsolutePath().resolve("tomcat").resolve(service);
  }

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    try {
      clear();
      Path base = Files.createDirectories(directory.resolve("base"));
      Path documents = Files.createDirectories(directory.resolve("documents"));
      factory.setBaseDirectory(base.toFile());
      factory.getSettings().setDocumentRoot(documents.toFile());
    } catch (IOException e) {
      // What stands in the way stops the start where it matters, with a better sentence.
      LOG.debug("Tomcat takes the temporary folder: {}", e.toString());
    }
  }

  private void clear() throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    List<Path> left;
    try (Stream<Path> all = Files.walk(directory)) {
      left = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : left) {
      Files.deleteIfExists(each);
    }
  }
}
