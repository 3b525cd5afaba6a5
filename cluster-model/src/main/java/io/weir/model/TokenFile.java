package io.weir.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A file that holds the token that this process shows to others, and nothing else. It is read
 * whenever it is asked for, so that replacing it changes the token without a restart.
 *
 * <p><b>Concurrency.</b> Safe for any number of threads.
 *
 * <p><b>Failure.</b> Once it has been read, a file that is missing or empty, as one is for a moment
 * while it is replaced, leaves the token as it was.
 */
public final class TokenFile implements Supplier<String> {

  /** Far above any token, so that the wrong file is not read into memory. */
  private static final int MOST_BYTES = 4_096;

  private final Path file;
  private volatile @Nullable String last;

  private TokenFile(Path file) {
    this.file = file;
  }

  /**
   * Opens a file, and reads it for the first time.
   *
   * @throws IllegalArgumentException when there is no token in it, with a sentence that shows none
   *     of its content
   */
  public static TokenFile open(Path file) {
    TokenFile opened = new TokenFile(file);
    try {
      opened.last = opened.read();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the token file " + file + " cannot be read: " + reason(e), e);
    }
    return opened;
  }

  /** Returns the token. */
  @Override
  public String get() {
    try {
      String read = read();
      last = read;
      return read;
    } catch (IOException e) {
      String before = last;
      if (before == null) {
        throw new UncheckedIOException(e);
      }
      return before;
    }
  }

  private String read() throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    }
    String token = new String(bytes, StandardCharsets.ISO_8859_1).strip();
    if (token.isEmpty()) {
      throw new IOException("it is empty");
    }
    // A header field that held anything else could be made to hold a second one.
    if (bytes.length > MOST_BYTES || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IOException("it must hold one token of printable ASCII, and nothing else");
    }
    return token;
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException
        ? "there is no such file"
        : String.valueOf(e.getMessage());
  }

  /** The file's name, and not what it holds. */
  @Override
  public String toString() {
    return file.toString();
  }
}
