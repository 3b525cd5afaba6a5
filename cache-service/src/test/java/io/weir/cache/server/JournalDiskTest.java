package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.engine.EngineException;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.kv.Write;
import io.weir.model.ByteSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalDiskTest {

  private static final long MIB = 1 << 20;

  private final EngineFixture cache = EngineFixture.of(EngineFixture.settings());
  private final AtomicLong free = new AtomicLong(200 * MIB);

  private final AtomicInteger shortened = new AtomicInteger();

  @Test
  void writesAreRefusedBelowTheBoundAndTakenAgainAboveIt() {
    JournalDisk disk =
        new JournalDisk(free::get, ByteSize.ofMiB(100), cache.engine, shortened::incrementAndGet);
    disk.look();
    cache.put("k", "1");

    free.set(100 * MIB - 1);
    disk.look();
    assertThat(cache.engine.isJournalFull()).isTrue();
    assertThatThrownBy(() -> cache.put("k", "2"))
        .isInstanceOf(EngineException.JournalFull.class)
        .hasMessage(
            "the journal's disk is nearly full, with 99 MiB free of the 100 that must be;"
                + " write-back goes on");
    assertThat(cache.get("k")).isEqualTo("1");
    cache.flush();
    assertThat(cache.engine.statistics().dirty().entries()).isZero();

    free.set(110 * MIB);
    disk.look();
    assertThat(cache.engine.isJournalFull()).as("so near to the bound").isTrue();
    free.set(116 * MIB);
    disk.look();
    cache.put("k", "3");
    assertThat(cache.get("k")).isEqualTo("3");
  }

  @Test
  void aJournalWhoseDiskStaysFullIsShortened() {
    JournalDisk disk =
        new JournalDisk(free::get, ByteSize.ofMiB(100), cache.engine, shortened::incrementAndGet);
    disk.look();
    assertThat(shortened).hasValue(0);
    free.set(0);
    disk.look();
    assertThat(shortened).hasValue(1);
    for (int look = 0; look < 100; look++) {
      disk.look();
    }
    assertThat(shortened).hasValue(3);
  }

  @Test
  void whatIsDirtyFindsRoomForItsSnapshot() {
    JournalDisk disk = new JournalDisk(free::get, null, cache.engine, shortened::incrementAndGet);
    assertThat(disk.leastBytes()).isEqualTo(160 * MIB);
    cache.put("k", "x".repeat(10_000));
    assertThat(disk.leastBytes()).isBetween(160 * MIB + 10_000, 160 * MIB + 20_000);
    Write refused = cache.takeAll().getFirst();
    assertThat(cache.engine.dirtySet().quarantine(refused)).isTrue();
    assertThat(disk.leastBytes()).as("each snapshot writes it").isGreaterThan(160 * MIB + 10_000);
    cache.put("k", "x");
    cache.flush();
    assertThat(disk.leastBytes()).isEqualTo(160 * MIB);
  }

  @Test
  void aBoundOfNothingRefusesNothing() {
    JournalDisk disk =
        new JournalDisk(() -> 0, new ByteSize(0), cache.engine, shortened::incrementAndGet);
    disk.look();
    cache.put("k", "1");
  }

  @Test
  void aDiskThatCannotBeReadChangesNothing() {
    JournalDisk disk =
        new JournalDisk(
            () -> {
              throw new UncheckedIOException(new IOException("stale handle"));
            },
            null,
            cache.engine,
            shortened::incrementAndGet);
    disk.look();
    cache.put("k", "1");
    assertThat(disk.free()).isNaN();
  }

  @Test
  void aDirectoryThatIsNotThereYetIsOnTheDiskOfTheNextOneAbove(@TempDir Path directory) {
    assertThat(JournalDisk.freeBytes(directory.resolve("a/b"))).isPositive();
  }
}
