package io.weir.cache.engine;

import io.weir.model.Key;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys that a table has used last, hottest first: the hot end of each stripe's order, an equal
 * part of each, one from each in turn. A sample, since stripes are looked at one after the other,
 * each under its own lock.
 */
final class HotKeys {

  private HotKeys() {}

  /**
   * @param most keys
   * @param maxBytes of them in all
   */
  static List<Key> of(Table table, int most, long maxBytes) {
    List<Stripe> stripes = table.stripes();
    int share = Math.ceilDiv(most, stripes.size());
    List<List<byte[]>> all = new ArrayList<>(stripes.size());
    for (Stripe stripe : stripes) {
      all.add(stripe.changed(s -> s.hottest(share)));
    }
    List<Key> hottest = new ArrayList<>();
    long bytes = 0;
    for (int rank = 0; rank < share; rank++) {
      for (List<byte[]> one : all) {
        if (rank < one.size()) {
          byte[] key = one.get(rank);
          bytes += key.length;
          if (hottest.size() == most || bytes > maxBytes) {
            return hottest;
          }
          hottest.add(Key.known(key));
        }
      }
    }
    return hottest;
  }
}
