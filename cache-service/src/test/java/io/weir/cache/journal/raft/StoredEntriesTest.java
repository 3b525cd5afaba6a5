package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An entry is read as it was written, or not at all. */
class StoredEntriesTest {

  private static final long INDEX = 7;

  private final StoredEntries entries = new StoredEntries(LogEntryV2CodecFactory.getInstance());

  static List<LogEntry> each() {
    return List.of(
        TestLog.data(INDEX, 40),
        TestLog.data(INDEX, 3, new byte[0]),
        TestLog.noOp(INDEX, 3),
        TestLog.configuration(INDEX, 3, TestLog.ONE, TestLog.TWO));
  }

  @ParameterizedTest
  @MethodSource("each")
  void anEntryOfWhichAnyBitIsFlippedIsRefused(LogEntry entry) {
    ByteBuffer written = written(entry);
    assertThat(StoredEntries.lengthAt(written)).isEqualTo(written.limit());
    assertThat(read(written, INDEX)).isEqualTo(TestLog.line(entry));
    for (int bit = 0; bit < written.limit() * Byte.SIZE; bit++) {
      ByteBuffer flipped = ByteBuffer.wrap(written.array().clone());
      int at = bit / Byte.SIZE;
      flipped.put(at, (byte) (flipped.get(at) ^ 1 << bit % Byte.SIZE));
      refused(flipped, INDEX);
    }
  }

  @ParameterizedTest
  @MethodSource("each")
  void anEntryInThePlaceOfAnotherIsRefused(LogEntry entry) {
    refused(written(entry), INDEX + 1);
  }

  @Test
  void whatEarlierVersionsWroteIsRead() {
    LogEntry entry = TestLog.data(INDEX, 20);
    byte[] data = entry.getData().array();
    ByteBuffer without = ByteBuffer.allocate(13 + data.length);
    without.put((byte) 1).putLong(1).putInt(data.length).put(data).flip();
    assertThat(StoredEntries.lengthAt(without)).isEqualTo(without.limit());
    assertThat(StoredEntries.isPlainAt(without)).isTrue();
    assertThat(read(without, INDEX)).isEqualTo(TestLog.line(entry));

    byte[] other = LogEntryV2CodecFactory.getInstance().encoder().encode(TestLog.noOp(INDEX, 2));
    ByteBuffer third = ByteBuffer.allocate(5 + other.length);
    third.put((byte) 3).putInt(other.length).put(other).flip();
    assertThat(StoredEntries.lengthAt(third)).isEqualTo(third.limit());
    assertThat(StoredEntries.isPlainAt(third)).isFalse();
    assertThat(read(third, INDEX)).isEqualTo(TestLog.line(TestLog.noOp(INDEX, 2)));
  }

  @Test
  void anEarlierEntryIsHeldAgainstItsChecksum() {
    LogEntry entry = TestLog.data(INDEX, 20);
    byte[] data = entry.getData().array();
    ByteBuffer stored = ByteBuffer.allocate(21 + data.length);
    stored.put((byte) 2).putLong(1).putInt(data.length).putLong(entry.checksum()).put(data).flip();
    assertThat(StoredEntries.lengthAt(stored)).isEqualTo(stored.limit());
    assertThat(read(stored, INDEX)).isEqualTo(TestLog.line(entry));
    stored.put(30, (byte) (stored.get(30) ^ 1));
    refused(stored, INDEX);
  }

  private ByteBuffer written(LogEntry entry) {
    StoredEntries.Encoding encoding = entries.encode(List.of(entry));
    ByteBuffer out = ByteBuffer.allocate((int) encoding.bytes());
    encoding.write(out);
    return out.flip();
  }

  private String read(ByteBuffer stored, long index) {
    return TestLog.line(entries.decode(stored.duplicate(), index));
  }

  private void refused(ByteBuffer stored, long index) {
    assertThatThrownBy(() -> entries.decode(stored.duplicate(), index))
        .isInstanceOf(CorruptEntryException.class);
  }
}
