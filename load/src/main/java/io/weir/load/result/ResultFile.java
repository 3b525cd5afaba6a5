package io.weir.load.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The file of a result: one JSON document. */
public final class ResultFile {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private ResultFile() {}

  /** The document of a result. */
  public static String text(LoadResult result) {
    return MAPPER.writeValueAsString(result);
  }

  /** Writes a result; what was there before is replaced. */
  public static void write(LoadResult result, Path file) throws IOException {
    Files.writeString(file, text(result));
  }

  /**
   * Reads a result.
   *
   * @throws IOException when the file cannot be read, or is no result; the message says why
   */
  public static LoadResult read(Path file) throws IOException {
    try {
      return MAPPER.readValue(Files.readString(file), LoadResult.class);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " is not there", e);
    } catch (JacksonException e) {
      throw new IOException(file + " is no result of weir load: " + e.getOriginalMessage(), e);
    }
  }
}
