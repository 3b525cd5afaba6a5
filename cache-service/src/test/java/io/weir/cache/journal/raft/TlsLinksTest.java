package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.cache.journal.Member;
import io.weir.testing.FreePorts;
import io.weir.testing.TestAuthority;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members of a group that speak TLS, and others who would like to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class TlsLinksTest {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SILENCE = Duration.ofMillis(500);
  private static final long NO_SNAPSHOT = 1L << 40;
  private static final char[] NO_PASSWORD = {};

  private TestAuthority ours;
  private SSLContext member;
  private SSLContext stranger;
  private SSLContext nobody;

  @BeforeAll
  void issue(@TempDir Path directory) throws IOException, GeneralSecurityException {
    ours = TestAuthority.create(directory, "ours");
    TestAuthority theirs = TestAuthority.create(directory, "theirs");
    member = context(ours, ours.issue("member"));
    stranger = context(ours, theirs.issue("stranger"));
    nobody = context(ours, null);
  }

  @Test
  void aGroupAgreesUnderTls(@TempDir Path directory) {
    int port = FreePorts.next();
    TestMember first =
        TestMember.start(
            settings(directory.resolve("first"), port, member), RaftJournal.Beginning.FOUND);
    TestMember second =
        TestMember.start(
            settings(directory.resolve("second"), FreePorts.next(), member),
            RaftJournal.Beginning.WAIT);
    try (first;
        second) {
      first.put("a", 1);
      first.journal.addLearner(second.member()).orTimeout(2, TimeUnit.MINUTES).join();
      await().atMost(LONG).until(() -> second.dirty.versionOf("a") == 1);
      first.put("b", 2);
      second.awaitVersion("b", 2);
    }
  }

  @Test
  void whoHasTheSecretAndNoCertificateOfOursIsRefused(@TempDir Path directory) throws IOException {
    int port = FreePorts.next();
    try (TestMember first =
        TestMember.start(settings(directory, port, member), RaftJournal.Beginning.FOUND)) {
      first.put("a", 1);
      // Again where this machine was too slow for the time that a stranger has.
      await()
          .ignoreExceptionsInstanceOf(EOFException.class)
          .until(() -> {
            introduce(port, new TlsLinks(() -> member)::call, SILENCE);
            return true;
          });
      assertThatThrownBy(() -> introduce(port, new TlsLinks(() -> stranger)::call, LONG))
          .isInstanceOfAny(SSLException.class, SocketException.class);
      assertThatThrownBy(() -> introduce(port, new TlsLinks(() -> nobody)::call, LONG))
          .isInstanceOfAny(SSLException.class, SocketException.class);
      assertThatThrownBy(() -> introduce(port, LinkCipher.NONE::call, LONG))
          .isInstanceOf(IOException.class);
      first.put("b", 2);
    }
  }

  @Test
  void aMemberThatIsNotOursIsNotSpokenTo(@TempDir Path directory) {
    int port = FreePorts.next();
    try (TestMember impostor =
        TestMember.start(settings(directory, port, stranger), RaftJournal.Beginning.FOUND)) {
      impostor.put("a", 1);
      assertThatThrownBy(() -> introduce(port, new TlsLinks(() -> member)::call, LONG))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("certification path");
    }
  }

  @Test
  void aCertificateForAnotherAddressIsNotTakenForThisOne(@TempDir Path directory) {
    int port = FreePorts.next();
    try (TestMember first =
        TestMember.start(settings(directory, port, member), RaftJournal.Beginning.FOUND)) {
      first.put("a", 1);
      TlsLinks links = new TlsLinks(() -> member);
      assertThatThrownBy(() -> introduce(port, (plain, _) -> links.call(plain, "other.test"), LONG))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("other.test");
    }
  }

  /** One side of {@link LinkCipher}. */
  private interface Calling {
    Socket call(Socket plain, String host) throws IOException;
  }

  /**
   * Does what a member does that has the group's secret, until the other end has let it in.
   *
   * @param silence after which the other end counts as having let it in
   */
  private static void introduce(int port, Calling cipher, Duration silence) throws IOException {
    Handshake handshake =
        new Handshake(TestMember.GROUP, new Member("127.0.0.1", 1, 1), TestMember.SECRET);
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout((int) LONG.toMillis());
    Link link =
        Link.introduce(
            socket,
            plain -> cipher.call(plain, "127.0.0.1"),
            (in, out) -> {
              Member other = handshake.call(in, out);
              // Under TLS 1.3 the caller is done before the other end has seen its certificate.
              socket.setSoTimeout((int) silence.toMillis());
              try {
                throw new IOException("the other end said " + in.read());
              } catch (SocketTimeoutException stillOpen) {
                socket.setSoTimeout((int) LONG.toMillis());
              }
              return other;
            },
            new Link.Receiver() {
              @Override
              public void received(Link from, Frame frame) {}

              @Override
              public void closed(Link from) {}
            });
    link.close();
  }

  private static RaftSettings settings(Path directory, int port, SSLContext certificates) {
    return TestMember.settings(directory, port, NO_SNAPSHOT)
        .withCipher(new TlsLinks(() -> certificates));
  }

  private static SSLContext context(TestAuthority trusted, TestAuthority.@Nullable Issued own)
      throws IOException, GeneralSecurityException {
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, NO_PASSWORD);
    trust.setCertificateEntry("ca", certificate(trusted.certificate()));
    TrustManagerFactory trusts = TrustManagerFactory.getInstance("PKIX");
    trusts.init(trust);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, NO_PASSWORD);
    if (own != null) {
      keys.setKeyEntry(
          "own",
          KeyFactory.getInstance("EC")
              .generatePrivate(
                  new PKCS8EncodedKeySpec(
                      Base64.getMimeDecoder()
                          .decode(Files.readString(own.key()).replaceAll("-----[^-]+-----", "")))),
          NO_PASSWORD,
          new Certificate[] {certificate(own.certificate())});
    }
    KeyManagerFactory shows = KeyManagerFactory.getInstance("PKIX");
    shows.init(keys, NO_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(shows.getKeyManagers(), trusts.getTrustManagers(), null);
    return context;
  }

  private static Certificate certificate(Path file) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }
}
