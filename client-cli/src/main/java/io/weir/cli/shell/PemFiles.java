package io.weir.cli.shell;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What the options for https name: PEM files. */
final class PemFiles {

  private PemFiles() {}

  /**
   * Reads them.
   *
   * @return null when none is given
   * @throws IllegalArgumentException when one cannot be used, with a sentence
   */
  static @Nullable SSLContext context(@Nullable Path ca, @Nullable Path cert, @Nullable Path key) {
    if (ca == null && cert == null && key == null) {
      return null;
    }
    if ((cert == null) != (key == null)) {
      throw new IllegalArgumentException("--cert-file and --key-file go together");
    }
    SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    if (ca != null) {
      requireFile("--ca-file", ca);
      read("--ca-file", ca, () -> builder.trustManager(ca.toFile()));
    }
    if (cert != null && key != null) {
      requireFile("--cert-file", cert);
      requireFile("--key-file", key);
      read(
          "--cert-file and --key-file",
          cert,
          () -> builder.keyManager(cert.toFile(), key.toFile()));
    }
    try {
      return ((JdkSslContext) builder.build()).context();
    } catch (SSLException e) {
      throw new IllegalArgumentException(
          "--ca-file, --cert-file and --key-file make no TLS: " + e.getMessage(), e);
    }
  }

  private static void requireFile(String option, Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new IllegalArgumentException(option + ": " + file + " cannot be read");
    }
  }

  private static void read(String option, Path file, Runnable reading) {
    try {
      reading.run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          option + ": " + file + " cannot be used: " + e.getMessage(), e);
    }
  }
}
