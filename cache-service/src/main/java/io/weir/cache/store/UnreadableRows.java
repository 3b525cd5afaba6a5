package io.weir.cache.store;

import io.weir.model.InvalidKeyException;
import io.weir.model.Key;
import java.util.HexFormat;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows that nobody can ask Weir for: their key is no UTF-8, or empty, or its slot is another
 * than the row's. Somebody else wrote them. They are passed over wherever rows are read by other
 * means than their key, counted each time, and named in the log now and then.
 */
final class UnreadableRows {

  private static final Logger LOG = LoggerFactory.getLogger(UnreadableRows.class);

  private final LongAdder met = new LongAdder();
  private final RareWarning warning = new RareWarning(LOG, System::nanoTime);

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
