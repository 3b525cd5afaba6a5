package io.weir.cache.server;

import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushNumber;
import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.FlushReceipt;
import io.weir.cache.store.RowPage;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server's way to the rows goes through: as a leader, the {@link ReignCheck} of its reign. A
 * replica's log follows a leader's; its loads pass as long as it is not known that its database is
 * another than the leader's.
 */
final class ReignGate {

  private final DatabaseAgreement agreement;
  private volatile @Nullable ReignCheck reign;

  ReignGate(DatabaseAgreement agreement) {
    this.agreement = agreement;
  }

  /** Puts a reign's check before the rows; null for no reign. */
  void put(@Nullable ReignCheck check) {
    reign = check;
  }

  /** The same rows, through this gate. */
  BackingStore over(BackingStore store) {
    return new BackingStore() {
      @Override
      public Versioned load(Key key, FlushSpan numbers) {
        requireChecked();
        return store.load(key, numbers);
      }

      @Override
      public Map<Key, Versioned> loadAll(List<Key> keys, FlushSpan numbers) {
        requireChecked();
        return store.loadAll(keys, numbers);
      }

      @Override
      public RowPage scan(RowRange range, int maxRows, long maxBytes, FlushSpan numbers) {
        requireChecked();
        return store.scan(range, maxRows, maxBytes, numbers);
      }

      @Override
      public long flushNumber(Claim claim) {
        requireRecorded();
        return store.flushNumber(claim);
      }

      @Override
      public long flushNumberOnNewSession() {
        return store.flushNumberOnNewSession();
      }

      @Override
      public void renewSessions() {
        store.renewSessions();
      }

      @Override
      public FlushReceipt flush(
          Claim claim, FlushNumber number, Version earlier, List<Write> writes) {
        requireRecorded();
        return store.flush(claim, number, earlier, writes);
      }

      @Override
      public Set<Key> locked(List<Key> keys) {
        return store.locked(keys);
      }

      @Override
      public int deleteExpired(Claim claim, long expiredBeforeMillis, int limit) {
        requireRecorded();
        return store.deleteExpired(claim, expiredBeforeMillis, limit);
      }
    };
  }

  private void requireChecked() {
    ReignCheck check = reign;
    if (check == null) {
      agreement.requireSame();
    } else {
      check.requireChecked();
    }
  }

  /** A flush of a reign that is over meets the fence. */
  private void requireRecorded() {
    ReignCheck check = reign;
    if (check != null) {
      check.requireRecorded();
    }
  }
}
