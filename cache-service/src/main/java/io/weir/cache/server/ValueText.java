package io.weir.cache.server;

import io.weir.cache.kv.Value;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A value as JSON holds it: as text where it is some that people can read, else in base64.
 *
 * @param text null when it is in base64
 * @param base64 null when it is text
 */
record ValueText(@Nullable String text, @Nullable String base64) {

  static ValueText of(Value value) {
    String text = text(value.bytes());
    return text != null
        ? new ValueText(text, null)
        : new ValueText(null, Base64.getEncoder().encodeToString(value.bytes()));
  }

  /** When the value expires; null for never. */
  static @Nullable Instant expiry(Value value) {
    return value.expiresAtMillis() == Value.NEVER
        ? null
        : Instant.ofEpochMilli(value.expiresAtMillis());
  }

  /** Control characters would take six times their size as text. */
  private static @Nullable String text(byte[] bytes) {
    for (byte b : bytes) {
      boolean control = (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r') || b == 0x7F;
      if (control) {
        return null;
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
