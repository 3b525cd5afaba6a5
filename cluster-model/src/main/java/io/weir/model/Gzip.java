package io.weir.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Bodies with {@code Content-Encoding: gzip}. */
public final class Gzip {

  private Gzip() {}

  /** Packs a body. */
  public static byte[] pack(byte[] body) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(body.length / 4 + 64);
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    return packed.toByteArray();
  }

  /**
   * Unpacks a body.
   *
   * @param most bytes that it may have unpacked
   * @throws IllegalArgumentException when it has more, or is not packed so
   */
  public static byte[] unpack(byte[] packed, int most) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] body = in.readNBytes(most == Integer.MAX_VALUE ? most : most + 1);
      if (body.length > most) {
        throw new IllegalArgumentException("more than " + most + " bytes when unpacked");
      }
      return body;
    } catch (IOException e) {
      throw new IllegalArgumentException("not packed by gzip: " + e.getMessage(), e);
    }
  }
}
