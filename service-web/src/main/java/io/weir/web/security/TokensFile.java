package io.weir.web.security;

import io.weir.model.PrivateFiles;
import io.weir.web.StartupRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of tokens, read at the start and looked at again and again.
 *
 * <p>It is its content that is compared, not its time: a Kubernetes secret is replaced by moving a
 * symbolic link, and two writes may fall into one tick of the file system's clock.
 *
 * <p><b>Failure.</b> A file that does not exist, cannot be read, holds no token or a line that is
 * none, leaves the tokens of before in force; the log says so once, until the file is mended or
 * changes again. At the start it stops the start.
 */
final class TokensFile implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TokensFile.class);

  /** Thousands of tokens; the wrong file is not to be read into memory. */
  private static final int MOST_BYTES = 1 << 20;

  private final Path file;
  private final List<Token> others;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("weir-tokens").factory());
  private byte[] digest = {};
  private String complaint = "";

  /**
   * @param others tokens that stand beside the file's, and are not to be in it
   */
  TokensFile(Path file, List<Token> others) {
    this.file = file;
    this.others = List.copyOf(others);
  }

  /**
   * Reads the file for the first time.
   *
   * @throws StartupRefusedException when it gives no tokens
   */
  List<Token> open() {
    try {
      byte[] content = content();
      List<Token> tokens = parse(content);
      digest = Sha256.of(content);
      if (PrivateFiles.isOpenToOthers(file)) {
        LOG.warn(
            "weir.security.tokens-file is {}, which is not its owner's alone: whoever reads it may do"
                + " what the tokens may; chmod 600 {}",
            file,
            file);
      }
      return tokens;
    } catch (IOException | IllegalArgumentException e) {
      throw new StartupRefusedException(
          "weir.security.tokens-file is " + file + ": " + reason(e), e);
    }
  }

  /** Begins to look at it. */
  void watch(Tokens tokens, Duration interval) {
    var _ =
        looking.scheduleWithFixedDelay(
            () -> look(tokens), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Reads the file again if it has changed. */
  void look(Tokens tokens) {
    try {
      byte[] content = content();
      byte[] now = Sha256.of(content);
      if (MessageDigest.isEqual(now, digest)) {
        if (!complaint.isEmpty()) {
          LOG.info("the tokens of {} can be read again, and are those of before", file);
          complaint = "";
        }
        return;
      }
      tokens.replace(parse(content));
      digest = now;
      complaint = "";
      LOG.info("the tokens of {} have changed: {} are in force", file, tokens.count());
    } catch (IOException | RuntimeException e) {
      String reason = reason(e);
      if (!reason.equals(complaint)) {
        complaint = reason;
        LOG.warn("the tokens stay as they were, {} gives none: {}", file, reason);
      }
    }
  }

  private byte[] content() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MOST_BYTES + 1);
      if (content.length > MOST_BYTES) {
        throw new IOException("it has more than " + MOST_BYTES + " bytes");
      }
      return content;
    }
  }

  private List<Token> parse(byte[] content) {
    List<Token> all = new ArrayList<>(others);
    List<Token> tokens =
        Tokens.parse("the file", new String(content, StandardCharsets.UTF_8).lines().toList());
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("it holds no token");
    }
    for (Token token : tokens) {
      for (Token other : others) {
        if (other.isSameTextAs(token)) {
          throw new IllegalArgumentException(
              "its token '" + token.name() + "' is given by weir.security.tokens as well");
        }
      }
      all.add(token);
    }
    return all;
  }

  private static String reason(Exception e) {
    return e instanceof NoSuchFileException
        ? "there is no such file"
        : String.valueOf(e.getMessage());
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}
