package io.weir.cli.operate;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Lines as bytes, each within a bound. Used by one thread. */
final class LineReader {

  /** A value of 64 MiB in base64, and its key. */
  private static final int MOST_BYTES = 96 << 20;

  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long number;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** Reads the next line; false at the end. */
  boolean next() throws IOException {
    line.reset();
    number++;
    int read = in.read();
    if (read < 0) {
      return false;
    }
    for (; read >= 0 && read != '\n'; read = in.read()) {
      if (line.size() == MOST_BYTES) {
        throw new CommandException(
            ExitCodes.USAGE, "line " + number + " has more than " + MOST_BYTES + " bytes");
      }
      line.write(read);
    }
    return true;
  }

  boolean isBlank() {
    for (byte b : line.toByteArray()) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  byte[] line() {
    return line.toByteArray();
  }
}
