package io.weir.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class TlsContextTest {

  @TempDir Path directory;
  private TestAuthority authority;
  private Path certificate;
  private Path key;

  @BeforeEach
  void issue() throws IOException {
    authority = TestAuthority.create(directory, "ours");
    certificate = directory.resolve("tls.crt");
    key = directory.resolve("tls.key");
    install(authority.issue("first"), true);
  }

  private void install(TestAuthority.Issued issued, boolean withKey) throws IOException {
    Files.copy(issued.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
    if (withKey) {
      Files.copy(issued.key(), key, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private ConfigurableApplicationContext start(String... arguments) {
    SpringApplication application = new SpringApplication(SslAutoConfiguration.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    String bundle = "--spring.ssl.bundle.pem.weir.";
    return application.run(
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of(
                    bundle + "reload-on-update=true",
                    bundle + "keystore.certificate=" + certificate,
                    bundle + "keystore.private-key=" + key,
                    "--spring.ssl.bundle.watch.file.quiet-period=20ms"),
                java.util.Arrays.stream(arguments))
            .toArray(String[]::new));
  }

  @Test
  void aCertificateIsTakenIntoForceOnlyWithItsKey(CapturedOutput output) throws IOException {
    try (ConfigurableApplicationContext context = start()) {
      TlsContext tls = TlsContext.of(context.getBean(SslBundles.class), "x.bundle", "weir");
      SSLContext first = tls.get();

      TestAuthority.Issued second = authority.issue("second");
      install(second, false);
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> output.getAll().contains("matches none of the certificates"));
      assertThat(tls.get()).isSameAs(first);

      install(second, true);
      await().atMost(Duration.ofMinutes(2)).until(() -> !tls.get().equals(first));
    }
  }

  @Test
  void aServerDoesNotBeginWithACertificateOfAnotherKey() throws IOException {
    install(authority.issue("second"), false);
    assertThatThrownBy(() -> start().close())
        .hasStackTraceContaining("matches none of the certificates");
    // Who says so himself gets what he asks for.
    start("--spring.ssl.bundle.pem.weir.keystore.verify-keys=false").close();
  }
}
