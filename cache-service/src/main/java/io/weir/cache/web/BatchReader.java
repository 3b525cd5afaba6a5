package io.weir.cache.web;

import io.weir.cache.door.BadRequestException;
import io.weir.cache.door.ContentCoding;
import io.weir.cache.door.UnsupportedCodingException;
import io.weir.model.Excerpt;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/** Reads the body of a batch, within its bounds, and says in a sentence what is wrong with it. */
final class BatchReader {

  /** The braces, and a name and a value for each property. */
  private static final int TOKENS_OF_OPERATION =
      2 + 2 * BatchRequest.Operation.class.getRecordComponents().length;

  /** Braces, brackets and the name of the list. */
  private static final int TOKENS_AROUND = 5;

  /** Characters of what the parser says, which may quote the batch. */
  private static final int LONGEST_SENTENCE = 500;

  private final BatchSettings settings;
  private final LeastRate leastRate;
  private final JsonMapper json;

  BatchReader(BatchSettings settings, LeastRate leastRate) {
    this.settings = settings;
    this.leastRate = leastRate;
    this.json = json(settings.maxOperations());
  }

  /** Many small operations take far more memory parsed: it stops before there are too many. */
  private static JsonMapper json(int maxOperations) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxTokenCount(TOKENS_AROUND + (long) maxOperations * TOKENS_OF_OPERATION)
            .build();
    return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(constraints).build())
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .build();
  }

  /**
   * Reads a batch.
   *
   * @param reserved takes room for its text
   * @throws BadRequestException when it is none, or has too many operations
   * @throws BatchTooLargeException when it has too many bytes
   * @throws UnsupportedCodingException when it is encoded
   */
  BatchRequest read(HttpServletRequest request, RequestBudget.Reservation reserved) {
    ContentCoding.requireNone(
        String.join(",", Collections.list(request.getHeaders("Content-Encoding"))),
        "a batch must come without a Content-Encoding");
    byte[] bytes;
    try {
      bytes = Body.read(request, settings.maxSize().toIntExact(), reserved, leastRate);
    } catch (IOException e) {
      throw new BadRequestException("the batch did not arrive whole: " + e.getMessage());
    }
    if (bytes == null) {
      throw new BatchTooLargeException(settings.maxSize());
    }
    BatchRequest batch = parse(bytes);
    check(batch);
    int operations = batch.operations().size();
    if (operations > settings.maxOperations()) {
      throw new BadRequestException(
          "a batch has at most "
              + settings.maxOperations()
              + " operations (weir.batch.max-operations), this one has "
              + operations);
    }
    return batch;
  }

  private BatchRequest parse(byte[] bytes) {
    try {
      return json.readValue(bytes, BatchRequest.class);
    } catch (StreamConstraintsException e) {
      throw new BadRequestException(
          "a batch has at most "
              + settings.maxOperations()
              + " operations (weir.batch.max-operations), and this one more, or too long a text: "
              + Excerpt.of(e.getOriginalMessage(), LONGEST_SENTENCE));
    } catch (UnrecognizedPropertyException e) {
      throw new BadRequestException(
          "a batch has no property '" + Excerpt.of(e.getPropertyName()) + "'");
    } catch (DatabindException e) {
      // Its message names classes of ours.
      throw new BadRequestException(
          "a batch is {\"operations\": […]}, and is not from line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + " on");
    } catch (JacksonException e) {
      throw new BadRequestException(
          "the batch is not understood: " + Excerpt.of(e.getOriginalMessage(), LONGEST_SENTENCE));
    }
  }

  @SuppressWarnings("ConstantValue") // Jackson leaves an absent property null.
  private static void check(@Nullable BatchRequest batch) {
    if (batch == null || batch.operations() == null) {
      throw new BadRequestException("a batch is {\"operations\": […]}");
    }
    for (BatchRequest.Operation operation : batch.operations()) {
      if (operation == null || operation.op() == null || operation.key() == null) {
        throw new BadRequestException("every operation of a batch has an 'op' and a 'key'");
      }
    }
  }
}
