package io.weir.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A certificate authority for the time of a test, made with the JDK's {@code keytool}. What it
 * issues is for 127.0.0.1 and localhost, and good for a server and for a client.
 */
public final class TestAuthority {

  private static final String PASSWORD = "changeit";

  private final Path directory;
  private final String name;

  /** A certificate and its private key, as PEM files. */
  public record Issued(Path certificate, Path key) {}

  private TestAuthority(Path directory, String name) {
    this.directory = directory;
    this.name = name;
  }

  /** Makes an authority, whose files go into a directory. */
  public static TestAuthority create(Path directory, String name) {
    TestAuthority authority = new TestAuthority(directory, name);
    authority.pair(name, "-ext", "bc:c");
    authority.keytool(name, "-exportcert", "-rfc", "-file", authority.certificate().toString());
    return authority;
  }

  /** The authority's own certificate, a PEM file. */
  public Path certificate() {
    return directory.resolve(name + ".pem");
  }

  /** Issues a certificate. */
  public Issued issue(String subject) {
    Path request = directory.resolve(subject + ".csr");
    Issued issued =
        new Issued(directory.resolve(subject + ".pem"), directory.resolve(subject + ".key"));
    pair(subject);
    keytool(subject, "-certreq", "-file", request.toString());
    keytool(
        name,
        "-gencert",
        "-rfc",
        "-validity",
        "7",
        "-ext",
        "san=ip:127.0.0.1,dns:localhost",
        "-infile",
        request.toString(),
        "-outfile",
        issued.certificate().toString());
    writeKey(subject, issued.key());
    return issued;
  }

  private void pair(String subject, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("-genkeypair", "-keyalg", "EC", "-dname", "CN=" + subject, "-validity", "7"));
    arguments.addAll(List.of(more));
    keytool(subject, arguments.toArray(String[]::new));
  }

  private void keytool(String subject, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-alias", "it", "-keystore", store(subject).toString()));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IllegalStateException(command + ": " + output);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void writeKey(String subject, Path file) {
    try (InputStream in = Files.newInputStream(store(subject))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      Key key = store.getKey("it", PASSWORD.toCharArray());
      Files.writeString(
          file,
          "-----BEGIN PRIVATE KEY-----\n"
              + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
              + "\n-----END PRIVATE KEY-----\n",
          StandardOpenOption.CREATE_NEW);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path store(String subject) {
    return directory.resolve(subject + ".p12");
  }
}
