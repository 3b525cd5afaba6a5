package io.weir.cli.shell;

import java.util.Locale;

/** How results are printed. */
enum OutputFormat {
  TEXT,
  JSON;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
