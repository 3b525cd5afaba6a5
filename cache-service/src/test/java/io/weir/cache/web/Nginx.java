package io.weir.cache.web;

import static org.awaitility.Awaitility.await;

import io.weir.testing.FreePorts;
import io.weir.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * nginx as a cache before a server: it keeps every answer for ten minutes, unless that says
 * otherwise. It would keep a client's condition to itself where it caches, so it is told not to.
 */
final class Nginx implements AutoCloseable {

  private final Process process;
  private final int port;

  private Nginx(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** The program, if there is one here. */
  static Optional<Path> program() {
    return Stream.concat(
            Stream.of(Objects.toString(System.getenv("PATH"), "").split(":", -1)),
            Stream.of("/usr/sbin"))
        .map(directory -> Path.of(directory, "nginx"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts one.
   *
   * @param directory of its own
   * @param server the port of the server behind it
   */
  static Nginx start(Path program, Path directory, int server) throws IOException {
    int port = FreePorts.next();
    Path configuration = directory.resolve("nginx.conf");
    Files.writeString(configuration, configuration(directory, port, server));
    Process process =
        new ProcessBuilder(
                List.of(
                    program.toString(),
                    "-p",
                    directory.toString(),
                    "-e",
                    directory.resolve("error.log").toString(),
                    "-c",
                    configuration.toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output.log").toFile())
            .start();
    Nginx nginx = new Nginx(process, port);
    await().until(nginx::answers);
    return nginx;
  }

  private boolean answers() {
    if (!process.isAlive()) {
      throw new IllegalStateException("nginx has ended with " + process.exitValue());
    }
    try {
      return RawHttp.get(port, "/kv/none").status() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** One process, so that nothing of it outlives this one. */
  private static String configuration(Path directory, int port, int server) {
    return """
    daemon off;
    master_process off;
    pid %1$s/pid;
    error_log %1$s/error.log;
    events {}
    http {
      access_log off;
      client_body_temp_path %1$s/bodies;
      proxy_temp_path %1$s/answers;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
      proxy_cache_path %1$s/cache keys_zone=answers:1m;
      server {
        listen 127.0.0.1:%2$d;
        location / {
          proxy_pass http://127.0.0.1:%3$d;
          proxy_http_version 1.1;
          proxy_cache answers;
          proxy_cache_valid any 10m;
          proxy_cache_revalidate on;
          proxy_set_header If-None-Match $http_if_none_match;
          add_header Proxy $upstream_cache_status always;
        }
      }
    }
    """
        .formatted(directory, port, server);
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
