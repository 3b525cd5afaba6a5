package io.weir.cache.journal.raft;

import io.weir.cache.journal.Member;
import io.weir.model.Shown;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How two members convince each other, at the start of a connection, that both hold the group's
 * secret: each sends a nonce, and the HMAC-SHA256 of both nonces, both names and the group under
 * the secret. Nothing is read of a stranger but a few bounded fields.
 *
 * <p>It keeps strangers out. It does not encrypt, and does not withstand someone who changes
 * packets on their way: for that, put the group's network behind TLS or WireGuard.
 */
final class Handshake {

  private static final int MAGIC = 0x57524631;
  private static final int NONCE = 16;
  private static final int PROOF = 32;
  private static final int MAX_NAME = 300;

  private final String group;
  private final Member self;
  private final SecretKeySpec secret;
  private final SecureRandom random = new SecureRandom();

  Handshake(String group, Member self, String secret) {
    this.group = group;
    this.self = self;
    this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
  }

  /** Introduces this member to the one it has connected to; returns who that is. */
  Member call(DataInputStream in, DataOutputStream out) throws IOException {
    byte[] mine = nonce();
    out.writeInt(MAGIC);
    out.write(mine);
    writeName(out, self.toString());
    out.flush();
    requireMagic(in);
    byte[] theirs = read(in, NONCE);
    String answerer = readName(in);
    requireProof(in, proof("answerer", mine, theirs, self.toString(), answerer), answerer);
    out.write(proof("caller", mine, theirs, self.toString(), answerer));
    out.flush();
    return member(answerer);
  }

  /** Lets another member introduce itself; returns who it is. */
  Member answer(DataInputStream in, DataOutputStream out) throws IOException {
    requireMagic(in);
    byte[] theirs = read(in, NONCE);
    String caller = readName(in);
    byte[] mine = nonce();
    out.writeInt(MAGIC);
    out.write(mine);
    writeName(out, self.toString());
    out.write(proof("answerer", theirs, mine, caller, self.toString()));
    out.flush();
    requireProof(in, proof("caller", theirs, mine, caller, self.toString()), caller);
    return member(caller);
  }

  private byte[] nonce() {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    return nonce;
  }

  private byte[] proof(
      String role, byte[] callersNonce, byte[] answerersNonce, String caller, String answerer) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(secret);
      for (String text : new String[] {role, group, caller, answerer}) {
        mac.update(text.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0);
      }
      mac.update(callersNonce);
      mac.update(answerersNonce);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /** Reads so many bytes, or says that the other has given up. */
  private static byte[] read(DataInputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the other end closed the connection before it had introduced itself");
    }
    return bytes;
  }

  private static void requireMagic(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new IOException("no member of a group");
    }
  }

  private static void requireProof(DataInputStream in, byte[] expected, String name)
      throws IOException {
    if (!MessageDigest.isEqual(read(in, PROOF), expected)) {
      throw new IOException(
          "who calls itself '"
              + Shown.of(name)
              + "' is not of this group, or holds another secret");
    }
  }

  private static void writeName(DataOutputStream out, String name) throws IOException {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    out.writeShort(utf8.length);
    out.write(utf8);
  }

  private static String readName(DataInputStream in) throws IOException {
    int length = in.readUnsignedShort();
    if (length > MAX_NAME) {
      throw new IOException("no member of a group: a name of " + length + " bytes");
    }
    return new String(read(in, length), StandardCharsets.UTF_8);
  }

  private static Member member(String name) throws IOException {
    try {
      return Member.parse(name);
    } catch (IllegalArgumentException e) {
      throw new IOException("no member of a group: " + Shown.of(String.valueOf(e.getMessage())), e);
    }
  }
}
