package io.weir.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What a server shows a master to prove that it has its shard's database: a secret that is drawn
 * once for a shard and kept there. It tells the shard's own servers from those that merely hold a
 * token for the masters, and stays the same over all generations.
 *
 * @param text 64 lower-case hexadecimal digits
 */
public record ShardProof(@JsonValue String text) {

  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");
  private static final int BYTES = 32;

  /** Rejects another form, without showing it. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public ShardProof {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("a proof is 64 hexadecimal digits");
    }
  }

  /** Draws one. */
  public static ShardProof random() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return new ShardProof(HexFormat.of().formatHex(random));
  }

  /** What a master keeps of it: its SHA-256, by which it knows it again. */
  public String fingerprint() {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Leaves the secret out. */
  @Override
  public String toString() {
    return "ShardProof[hidden]";
  }
}
