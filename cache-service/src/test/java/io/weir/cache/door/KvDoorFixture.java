package io.weir.cache.door;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.Bulk;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.EngineSettings;
import io.weir.cache.engine.EvictionPolicy;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.engine.FakeClock;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.engine.TableLock;
import io.weir.cache.engine.Ticker;
import io.weir.cache.engine.VersionSequence;
import io.weir.cache.journal.DirectJournal;
import io.weir.cache.kv.Value;
import io.weir.cache.writeback.ExpiredWrites;
import io.weir.cache.writeback.FlushSettings;
import io.weir.cache.writeback.WriteBack;
import io.weir.model.Durability;
import io.weir.model.Key;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A door over a real engine, whose rows are in memory. */
final class KvDoorFixture {

  static final int MAX_VALUE_BYTES = 100;
  static final int MAX_DIRTY_BYTES = 4_096;

  final FakeBackingStore store = new FakeBackingStore();
  final FakeClock clock = new FakeClock();
  final TestOwnership ownership = new TestOwnership();
  final CacheEngine engine;
  private final Ticker ticker = Ticker.system();
  final KvDoor door;
  boolean bySteps;

  private final VersionSequence versions = EngineFixture.versions();

  KvDoorFixture() {
    EngineSettings settings =
        new EngineSettings(
            1 << 20,
            Long.MAX_VALUE,
            1,
            TableLock.OPTIMISTIC,
            EvictionPolicy.LRU,
            MAX_DIRTY_BYTES,
            MAX_DIRTY_BYTES / 2,
            MAX_DIRTY_BYTES,
            Duration.ofMillis(1),
            16,
            4,
            Duration.ofMillis(1),
            Duration.ofSeconds(5));
    engine = new CacheEngine(settings, store, (Clock) clock, ticker);
    door =
        new KvDoor(
            engine,
            ownership,
            new DoorSettings(MAX_VALUE_BYTES, 2, Durability.MEMORY),
            (Clock) clock);
    lead();
  }

  void lead() {
    engine.lead(new DirectJournal(engine), versions, ReadGuard.ALWAYS);
    engine.allowMemory(true);
  }

  KvResponse handle(TestRequest request) {
    return bySteps ? handleBySteps(request) : door.handle(request);
  }

  /** As a door does that must not wait. */
  private KvResponse handleBySteps(TestRequest request) {
    return switch (door.begin(request)) {
      case KvStep.Answered known -> known.response();
      case KvRead read -> read.run();
      case KvWrite write -> handle(write, request);
    };
  }

  private KvResponse handle(KvWrite write, TestRequest request) {
    byte[] body = {};
    if (write.takesBody()) {
      KvResponse refusal = write.refusal();
      if (refusal != null) {
        return refusal;
      }
      try {
        body = request.body(door.maxValueBytes());
      } catch (RuntimeException e) {
        return door.refuse(request, e);
      }
    }
    CompletableFuture<KvResponse> answered = new CompletableFuture<>();
    KvAnswer answer =
        new KvAnswer() {
          @Override
          public void answer(KvResponse response) {
            answered.complete(response);
          }

          @Override
          public Bulk bulk() {
            return Bulk.NONE;
          }
        };
    if (!write.tryRun(body, answer)) {
      write.run(body, answer);
    }
    return answered.orTimeout(1, TimeUnit.MINUTES).join();
  }

  KvResponse get(String key) {
    return handle(TestRequest.get(key));
  }

  /** Puts a value in and returns the tag that came back. */
  String put(String key, String value) {
    return header(handle(TestRequest.put(key, value)), "ETag");
  }

  /** Writes all that is dirty back. */
  void flush() throws InterruptedException {
    FlushSettings settings =
        new FlushSettings(
            Duration.ofMinutes(1),
            0,
            100,
            1 << 20,
            Duration.ZERO,
            Duration.ofMillis(1),
            Duration.ofMillis(1));
    try (WriteBack writeBack =
        new WriteBack(
            engine.dirtySet(),
            engine.progress(),
            new DirectJournal(engine),
            store,
            EngineFixture.CLAIM,
            versions.earlier(),
            ReadGuard.ALWAYS,
            settings,
            new ExpiredWrites(clock, Duration.ZERO),
            ticker,
            (result, entries, receipt, took) -> {},
            fenced -> {})) {
      writeBack.start();
      if (!writeBack.flushAll(Duration.ofMinutes(2))) {
        throw new AssertionError("not flushed in time");
      }
    }
  }

  /** Puts a row in behind the cache's back. */
  void row(String key, long version, String value) {
    store.insert(Key.of(key), version, new Value(value.getBytes(UTF_8), "text/plain", Value.NEVER));
  }

  static Map<String, String> headers(KvResponse response) {
    Map<String, String> headers = new HashMap<>();
    response.forEachHeader(headers::put);
    return headers;
  }

  static String header(KvResponse response, String name) {
    return headers(response).getOrDefault(name, "");
  }

  static String body(KvResponse response) {
    Value value = response.value();
    return value == null ? "" : new String(value.bytes(), UTF_8);
  }

  /** Tells whether an answer is a problem and nothing else, and returns its members. */
  static Map<String, Object> assertProblem(KvResponse answer, ProblemType type) {
    assertThat(answer.problem()).isNotNull();
    Problem problem = Objects.requireNonNull(answer.problem());
    assertThat(problem.type()).as(problem.detail()).isEqualTo(type);
    assertThat(answer.status()).isEqualTo(type.status());
    assertThat(answer.value()).isNull();
    assertThat(answer.version()).isNull();
    assertThat(headers(answer).containsKey("Retry-After")).isEqualTo(type.status() == 503);
    assertThat(headers(answer)).containsKey("Weir-Topology-Version");
    return problem.members();
  }
}
