package io.weir.cache.store;

import io.weir.model.InvalidKeyException;
import io.weir.model.Key;
import io.weir.model.Shown;
import java.util.HexFormat;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows that nobody can ask Weir for: their key is no UTF-8, or empty, or its slot is another
 * than the row's; and those whose value is too large for {@link RowLoads}. Somebody else wrote
 * them. They are passed over wherever rows are read by other means than their key, counted each
 * time, and named in the log now and then.
 */
final class UnreadableRows {

  private static final Logger LOG = LoggerFactory.getLogger(UnreadableRows.class);

  private final LongAdder met = new LongAdder();
  private final RareWarning warning = new RareWarning(LOG, System::nanoTime);
  private final RareWarning tooLarge = new RareWarning(LOG, System::nanoTime);

  /** Reads the key of a row; null when it is none. */
  @Nullable Key keyOf(int slot, byte[] bytes) {
    Key key = parse(bytes);
    if (key != null && key.slot() == slot) {
      return key;
    }
    met.increment();
    warning.of(
        "Passed over {} rows whose key is no UTF-8, empty, or of another slot: {}. Nothing of Weir"
            + " reads them; delete them, or give them their right slot and key.",
        1,
        "slot %d, key 0x%s".formatted(slot, HexFormat.of().formatHex(bytes)));
    return null;
  }

  /** Whether a row has a value that is too large to be read, and is passed over. */
  boolean isTooLarge(Key key, long bytes) {
    if (!RowLoads.isTooLarge(bytes)) {
      return false;
    }
    met.increment();
    tooLarge.of(
        "Passed over {} rows whose value is larger than "
            + RowLoads.LARGEST
            + ": {}. It is not read; replace or delete it.",
        1,
        "key '%s' with %d bytes".formatted(Shown.of(key), bytes));
    return true;
  }

  /** How often one was met. */
  long met() {
    return met.sum();
  }

  private static @Nullable Key parse(byte[] bytes) {
    try {
      return Key.of(bytes);
    } catch (InvalidKeyException e) {
      return null;
    }
  }
}
