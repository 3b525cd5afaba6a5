package io.weir.cache.door;

import io.weir.cache.engine.AsyncEngine;
import io.weir.cache.engine.Bulk;
import io.weir.cache.engine.Condition;
import io.weir.cache.engine.Edit;
import io.weir.cache.engine.Update;
import io.weir.cache.engine.WriteListener;
import io.weir.cache.engine.Written;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.model.Durability;
import io.weir.model.Key;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A put or a delete whose head is in order. {@link #tryRun} runs it where nothing may wait, and
 * {@link #run}, in a thread that may, when that says so.
 */
public final class KvWrite implements KvStep {

  private final KvDoor door;
  private final AsyncEngine engine;
  private final Key key;
  private final @Nullable Duration ttl;
  private final WriteFields fields;

  KvWrite(KvDoor door, AsyncEngine engine, Key key, @Nullable Duration ttl, WriteFields fields) {
    this.door = door;
    this.engine = engine;
    this.key = key;
    this.ttl = ttl;
    this.fields = fields;
  }

  /** Whether the body is the value; else there is none, or it is of no use. */
  public boolean takesBody() {
    return fields.isPut();
  }

  /**
   * Says what would refuse the write once its value is there: its client may still have that.
   * Waits.
   *
   * @return null when nothing would
   */
  public @Nullable KvResponse refusal() {
    return door.refusal(key);
  }

  Key key() {
    return key;
  }

  Condition condition() {
    return fields.condition();
  }

  Durability durability() {
    Durability asked = fields.durability();
    return asked == null ? door.durability() : asked;
  }

  @Nullable Value value(byte[] body) {
    return takesBody() ? new Value(body, fields.contentType(), door.expiry(ttl)) : null;
  }

  /**
   * Runs it, and has the answer told, now or later.
   *
   * @param body of no use to a delete
   * @return false when it would have to wait, and nothing has happened
   */
  public boolean tryRun(byte[] body, KvAnswer answer) {
    Outcome outcome = new Outcome(answer);
    Value value = value(body);
    if (condition().needsCurrent()) {
      return engine.tryUpdate(List.of(key), outcome.deciding(value), durability(), outcome);
    }
    return engine.tryWrite(key, value, durability(), outcome);
  }

  /** The same for a thread that may wait until the write has its place in the order. */
  public void run(byte[] body, KvAnswer answer) {
    Outcome outcome = new Outcome(answer);
    Value value = value(body);
    if (condition().needsCurrent()) {
      engine.startUpdate(List.of(key), outcome.deciding(value), durability(), outcome);
    } else {
      engine.startWrite(key, value, durability(), outcome);
    }
  }

  /**
   * Makes the answer of what becomes of the write.
   *
   * <p><b>Concurrency.</b> The engine decides before it tells the outcome, each in one thread.
   */
  private final class Outcome implements WriteListener {

    private final KvAnswer answer;
    private @Nullable Versioned unfit;

    Outcome(KvAnswer answer) {
      this.answer = answer;
    }

    Update deciding(@Nullable Value value) {
      return current -> {
        boolean holds = condition().holds(current.getFirst());
        unfit = holds ? null : current.getFirst();
        return holds ? List.of(new Edit(key, value)) : List.of();
      };
    }

    @Override
    public void written(@Nullable Written written) {
      Versioned held = unfit;
      answer.answer(
          written == null && held != null
              ? door.failures().failed(held)
              : door.written(takesBody(), Objects.requireNonNull(written)));
    }

    @Override
    public void failed(RuntimeException why) {
      answer.answer(door.failures().of(takesBody() ? "PUT" : "DELETE", why));
    }

    @Override
    public Bulk bulk() {
      return answer.bulk();
    }
  }
}
