package io.weir.cache.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.weir.cache.door.KvDoor;
import io.weir.cache.door.KvResponse;
import io.weir.cache.door.OverloadedException;
import io.weir.cache.kv.Value;
import io.weir.model.Durability;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import io.weir.web.security.Caller;
import io.weir.web.security.Role;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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

/** {@code POST /batch}: many operations in one request, each answered as if it came alone. */
@RestController
@RequestMapping("/batch")
@Tag(name = "keys")
class BatchController {

  /**
   * Operations of one batch that run at once. Fewer would make many writes wait for more syncs of
   * the journal; more would let one batch hold more threads than its bytes account for.
   */
  static final int MOST_WORKERS = 256;

  private final KvDoor door;
  private final BatchSettings settings;
  private final BatchReader reader;
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("weir-batch-", 0).factory());

  BatchController(KvDoor door, BatchSettings settings, LeastRate leastRate) {
    this.door = door;
    this.settings = settings;
    this.reader = new BatchReader(settings, leastRate);
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
    RequestBudget.Reservation reserved = BatchAdmission.of(request);
    List<BatchRequest.Operation> operations = reader.read(request, reserved).operations();
    requireRoles(operations);
    BatchKvRequest.Defaults defaults = BatchKvRequest.Defaults.of(request);
    Room room = new Room(settings.maxSize().bytes(), reserved);
    BatchResponse.Result[] results = new BatchResponse.Result[operations.size()];
    Queue<List<Integer>> left = new ConcurrentLinkedQueue<>(positionsByKey(operations).values());
    int most = workers(left.size());
    reserved.operations(operations.size(), most);
    List<Future<?>> workers = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      workers.add(
          executor.submit(() -> {
            for (List<Integer> ofOneKey = left.poll(); ofOneKey != null; ofOneKey = left.poll()) {
              for (int at : ofOneKey) {
                results[at] = result(bounded(answer(operations.get(at), defaults), room));
              }
            }
          }));
    }
    awaitAll(workers);
    return new BatchResponse(List.of(results));
  }

  /** How many run at once of a batch with so many keys. */
  static int workers(int keys) {
    return Math.min(keys, MOST_WORKERS);
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

  private static Map<String, List<Integer>> positionsByKey(
      List<BatchRequest.Operation> operations) {
    Map<String, List<Integer>> positions = new LinkedHashMap<>();
    for (int i = 0; i < operations.size(); i++) {
      positions.computeIfAbsent(operations.get(i).key(), key -> new ArrayList<>()).add(i);
    }
    return positions;
  }

  /** Waits for all, whatever becomes of some: they reserve room as long as they run. */
  private static void awaitAll(List<Future<?>> workers) throws InterruptedException {
    ExecutionException failure = null;
    for (Future<?> worker : workers) {
      try {
        worker.get();
      } catch (ExecutionException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw new IllegalStateException("an operation of a batch failed", failure.getCause());
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

  private KvResponse answer(BatchRequest.Operation operation, BatchKvRequest.Defaults defaults) {
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
