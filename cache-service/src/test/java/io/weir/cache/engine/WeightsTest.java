package io.weir.cache.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.kv.Value;
import io.weir.model.Key;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jol.datamodel.Model64;
import org.openjdk.jol.info.ClassLayout;
import org.openjdk.jol.info.GraphLayout;
import org.openjdk.jol.layouters.HotSpotLayouter;
import org.openjdk.jol.layouters.Layouter;
import org.openjdk.jol.vm.VM;

/** The weights against the object layout that the running VM reports. */
class WeightsTest {

  static {
    // Read when JOL starts: values are records, whose fields have no offsets otherwise.
    System.setProperty("jol.magicFieldOffset", "true");
  }

  /** Bytes of a bucket array's slots an entry, which no entry alone retains. */
  private static final int BUCKET_SHARE = 8;

  @Test
  void theConstantsAreThoseOfTheVm() {
    assertThat(Weights.ENTRY_BYTES - BUCKET_SHARE).isEqualTo(sizeOf(Entry.class));
    assertThat(Weights.DETAIL_BYTES).isEqualTo(sizeOf(Entry.Detailed.class) - sizeOf(Entry.class));
    assertThat(Weights.DIRT_BYTES).isEqualTo(sizeOf(Dirt.class));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theSizesAreThoseOfVmsWithReferencesOfEitherWidth(boolean compressed) {
    HeapLayout heap = new HeapLayout(compressed ? 4 : 8, 0);
    Layouter layouter = new HotSpotLayouter(new Model64(compressed, true), 25);
    assertThat(Weights.entry(heap)).isEqualTo(sizeOf(Entry.class, layouter));
    assertThat(Weights.detailed(heap)).isEqualTo(sizeOf(Entry.Detailed.class, layouter));
    assertThat(Weights.dirt(heap)).isEqualTo(sizeOf(Dirt.class, layouter));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 100, 1023, 1 << 16})
  void anEntryWeighsWhatItRetains(int length) {
    Key key = Key.of("k".repeat(1 + length % Key.MAX_BYTES));
    // A media type of its own, as a request brings it: not one shared constant.
    String type = new String("text/x-own".toCharArray());
    for (Value value :
        new Value[] {
          null,
          new Value(new byte[length], null, Value.NEVER),
          new Value(new byte[length], null, 1),
          new Value(new byte[length], type, Value.NEVER)
        }) {
      Entry clean = Entry.of(key, value, 1);
      assertThat(Weights.ofClean(key, value))
          .isEqualTo(GraphLayout.parseInstance(clean).totalSize() + BUCKET_SHARE)
          .isEqualTo(clean.weight());
      Entry dirty = Entry.of(key, value, 1);
      dirty.dirt = new Dirt(dirty);
      assertThat(Weights.ofDirty(key, value))
          .isEqualTo(GraphLayout.parseInstance(dirty).totalSize() + BUCKET_SHARE)
          .isEqualTo(dirty.weight());
    }
  }

  @Test
  void allEntriesShareTheTextOfACommonMediaType() {
    Key key = Key.of("k");
    Value value = new Value(new byte[9], new String("application/json".toCharArray()), Value.NEVER);
    Entry entry = Entry.of(key, value, 1);
    Entry other = Entry.of(key, value, 2);
    assertThat(requireNonNull(entry.value()).contentType())
        .isSameAs(requireNonNull(other.value()).contentType())
        .isEqualTo("application/json");
    assertThat(entry.weight())
        .isEqualTo(Weights.ofClean(key, value))
        .isEqualTo(Weights.ofPlain(1, 9) + Weights.DETAIL_BYTES);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWholeTableRetainsWhatItCountsAndNotMuchBesides(boolean flushed) {
    EngineFixture cache =
        EngineFixture.of(
            EngineFixture.settings().stripes(4).maxBytes(8 << 20).maxDirtyBytes(8 << 20));
    long empty = GraphLayout.parseInstance(cache.table()).totalSize();
    for (int i = 0; i < 20_000; i++) {
      cache.put("key-" + i, "v".repeat(i % 100));
    }
    if (flushed) {
      cache.flush();
    }

    // The store keeps its own references to keys and values; the table is what counts.
    long retained = GraphLayout.parseInstance(cache.table()).totalSize() - empty;
    assertThat(cache.engine.statistics().memory().bytes())
        .isBetween(retained, retained + retained / 20);
  }

  private static int sizeOf(Class<?> type, Layouter layouter) {
    return (int) ClassLayout.parseClass(type, layouter).instanceSize();
  }

  private static long sizeOf(Class<?> type) {
    // With 8-byte references, or compact headers, the constants are not this VM's.
    assertThat(VM.current().sizeOfField("reference")).isEqualTo(4);
    return ClassLayout.parseClass(type).instanceSize();
  }
}
