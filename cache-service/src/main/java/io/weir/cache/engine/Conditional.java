package io.weir.cache.engine;

import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.model.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A write of a key that happens only if a condition holds. */
final class Conditional implements Update {

  private final Condition condition;
  private final List<Edit> edits;
  private Versioned seen = Versioned.ABSENT;

  Conditional(Key key, @Nullable Value value, Condition condition) {
    this.condition = condition;
    this.edits = List.of(new Edit(key, value));
  }

  @Override
  public List<Edit> decide(List<Versioned> current) {
    seen = current.getFirst();
    return condition.holds(seen) ? edits : List.of();
  }

  /** What it was decided on. */
  Versioned seen() {
    return seen;
  }
}
