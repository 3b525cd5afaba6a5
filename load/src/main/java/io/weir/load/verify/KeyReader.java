package io.weir.load.verify;

import io.weir.client.Entry;
import io.weir.client.WeirClient;
import io.weir.model.Key;
import org.jspecify.annotations.Nullable;

/** Reads keys through the caches, by whichever door. Safe for any number of threads. */
@FunctionalInterface
public interface KeyReader {

  /** The value of a key; null when there is none. */
  byte @Nullable [] read(Key key);

  /** By the client library. */
  static KeyReader of(WeirClient client) {
    return key -> client.get(key).map(Entry::value).orElse(null);
  }
}
