package io.weir.cli.shell;

import java.io.PrintStream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints results as JSON, one document a command. */
public final class JsonOutput {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonOutput() {}

  /** Prints a document. */
  public static void print(PrintStream out, Object document) {
    out.println(text(document));
  }

  /** A document as text. */
  public static String text(Object document) {
    return MAPPER.writeValueAsString(document);
  }
}
