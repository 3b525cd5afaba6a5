package io.weir.cache.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.weir.cache.door.BadRequestException;
import io.weir.cache.door.KvDoor;
import io.weir.cache.door.KvResponse;
import io.weir.cache.door.OverloadedException;
import io.weir.cache.door.UnsupportedCodingException;
import io.weir.cache.kv.Value;
import io.weir.model.Durability;
import io.weir.model.Excerpt;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import io.weir.web.security.Caller;
import io.weir.web.security.Role;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /batch}: many operations in one request, each answered as if it came alone. */
@RestController
@RequestMapping("/batch")
@Tag(name = "keys")
class BatchController {

  /** The braces, and a name and a value for each property. */
  private static final int TOKENS_OF_OPERATION =
      2 + 2 * BatchRequest.Operation.class.getRecordComponents().length;

  /** Braces, brackets and the name of the list. */
  private static final int TOKENS_AROUND = 5;

  /** Characters of what the parser says, which may quote the batch. */
  private static final int LONGEST_SENTENCE = 500;

  private final KvDoor door;
  private final BatchSettings settings;
  private final JsonMapper json;
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("weir-batch-", 0).factory());

  BatchController(KvDoor door, BatchSettings settings) {
    this.door = door;
    this.settings = settings;
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

  @Operation(
      summary = "Run many operations",
      description =
          "Operations of one key run in their order, those of different keys side by side. Each has"
              + " a result of its own; the response is 200 whatever they are. The headers"
              + " Weir-Consistency and Cache-Control: no-cache hold for all of its reads,"
              + " Weir-Durability for every write that has none of its own.",
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = "application/json",
                      schema = @Schema(implementation = BatchRequest.class),
                      examples =
                          @ExampleObject(
                              "{\"operations\": [{\"op\": \"put\", \"key\": \"user:1\", \"value\":"
                                  + " \"Ada\"}, {\"op\": \"get\", \"key\": \"user:1\"}]}"))))
  @ApiResponse(responseCode = "200", description = "One result for each operation, in order")
  @PostMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  BatchResponse run(HttpServletRequest request) throws InterruptedException {
    BatchRequest batch = parse(request);
    List<BatchRequest.Operation> operations = batch.operations();
    if (operations.size() > settings.maxOperations()) {
      throw new BadRequestException(
          "a batch has at most "
              + settings.maxOperations()
              + " operations (weir.batch.max-operations), this one has "
              + operations.size());
    }
    requireRoles(operations);
    BatchKvRequest.Defaults defaults = BatchKvRequest.Defaults.of(request);
    Room room = new Room(settings.maxSize().bytes(), BatchAdmission.of(request));
    BatchResponse.Result[] results = new BatchResponse.Result[operations.size()];
    List<Future<?>> running = new ArrayList<>();
    for (List<Integer> ofOneKey : positionsByKey(operations).values()) {
      running.add(
          executor.submit(() ->
              ofOneKey.forEach(i ->
                  results[i] = result(bounded(answer(operations.get(i), defaults), room)))));
    }
    for (Future<?> one : running) {
      await(one);
    }
    return new BatchResponse(List.of(results));
  }

  /** A batch is no way round the rule that a token which only writes reads nothing. */
  private static void requireRoles(List<BatchRequest.Operation> operations) {
    if (operations.stream().anyMatch(each -> each.op().equals("get"))) {
      Caller.require(Role.READ);
    }
    if (operations.stream().anyMatch(each -> !each.op().equals("get"))) {
      Caller.require(Role.WRITE);
    }
  }

  private BatchRequest parse(HttpServletRequest request) {
    int maxBytes = settings.maxSize().toIntExact();
    if (request.getContentLengthLong() > maxBytes) {
      throw new BatchTooLargeException(settings.maxSize());
    }
    String coding = request.getHeader("Content-Encoding");
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw new UnsupportedCodingException("the body of a batch", coding);
    }
    try (InputStream body = request.getInputStream()) {
      byte[] bytes = body.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new BatchTooLargeException(settings.maxSize());
      }
      BatchRequest batch = json.readValue(bytes, BatchRequest.class);
      check(batch);
      return batch;
    } catch (StreamConstraintsException e) {
      throw new BadRequestException(
          "a batch has at most "
              + settings.maxOperations()
              + " operations (weir.batch.max-operations), and this one more, or too long a text: "
              + e.getOriginalMessage());
    } catch (UnrecognizedPropertyException e) {
      throw new BadRequestException("a batch has no property '" + Excerpt.of(e.getPropertyName()) + "'");
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
    } catch (IOException e) {
      throw new BadRequestException("the batch did not arrive whole: " + e.getMessage());
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

  private static Map<String, List<Integer>> positionsByKey(
      List<BatchRequest.Operation> operations) {
    Map<String, List<Integer>> positions = new LinkedHashMap<>();
    for (int i = 0; i < operations.size(); i++) {
      positions.computeIfAbsent(operations.get(i).key(), key -> new ArrayList<>()).add(i);
    }
    return positions;
  }

  private static void await(Future<?> future) throws InterruptedException {
    try {
      future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an operation of a batch failed", e.getCause());
    }
  }

  /**
   * What the values of the answers may take.
   *
   * @param left of what one batch may read
   * @param reserved of what all requests may take
   */
  private record Room(AtomicLong left, RequestBudget.Reservation reserved) {
    Room(long most, RequestBudget.Reservation reserved) {
      this(new AtomicLong(most), reserved);
    }
  }

  /** The answer, or a refusal once the values of the batch's answers are too large together. */
  private KvResponse bounded(KvResponse answer, Room room) {
    Value value = answer.value();
    if (value == null) {
      return answer;
    }
    int bytes = value.bytes().length;
    if (room.left().addAndGet(-bytes) >= 0) {
      return room.reserved().answers(bytes)
          ? answer
          : door.refuse(new OverloadedException("there is no room now for the value of this key"));
    }
    return door.refuse(
        Problem.of(
            ProblemType.VALUE_TOO_LARGE,
            "the values that one batch reads have at most "
                + settings.maxSize()
                + " (weir.batch.max-size); read this key by itself"));
  }

  private static BatchResponse.Result result(KvResponse answer) {
    Value value = answer.value();
    String text = value == null ? null : utf8(value.bytes());
    Durability durability = answer.durability();
    Problem problem = answer.problem();
    return new BatchResponse.Result(
        answer.status(),
        answer.version() == null ? null : answer.version().toString(),
        text,
        value == null || text != null ? null : Base64.getEncoder().encodeToString(value.bytes()),
        value == null ? null : answer.contentType(),
        answer.cacheStatus(),
        durability == null ? null : durability.toString(),
        problem == null ? null : problem.members());
  }

  private KvResponse answer(
      BatchRequest.Operation operation, BatchKvRequest.Defaults defaults) {
    String tooLong = operation.tooLong();
    if (tooLong != null) {
      return door.refuse(Problem.of(ProblemType.BAD_REQUEST, tooLong));
    }
    return switch (operation.op()) {
      case "get", "put", "delete" -> door.handle(new BatchKvRequest(operation, defaults));
      default ->
          door.refuse(
              Problem.of(
                  ProblemType.BAD_REQUEST,
                  "an 'op' is get, put or delete, got '" + operation.op() + "'"));
    };
  }

  /** The value as text; null when it is not UTF-8. */
  private static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
