package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.journal.JournalFormat;
import io.weir.cache.journal.JournalFormatException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryCodecPropertyTest {

  private static final int ROUNDS = 300;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  @ParameterizedTest
  @ValueSource(ints = {JournalFormat.FIRST, JournalFormat.SECOND})
  void whatIsEncodedIsDecoded(int format) {
    for (int round = 0; round < ROUNDS; round++) {
      List<Mutation> mutations = mutations(format);
      ByteBuffer entry = encode(mutations, format);
      List<Mutation> decoded = EntryCodec.decode(entry);
      assertThat(decoded.stream().map(EntryCodecPropertyTest::text))
          .as("seed %d", seed)
          .containsExactlyElementsOf(mutations.stream().map(EntryCodecPropertyTest::text).toList());
      assertThat(entry.position()).isZero();
      assertThat(entry.hasRemaining()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {JournalFormat.FIRST, JournalFormat.SECOND})
  void anEntryThatIsCutShortIsRejected(int format) {
    ByteBuffer entry = encode(mutations(format), format);
    for (int length = 0; length < entry.limit(); length++) {
      ByteBuffer cut = entry.duplicate().limit(length);
      assertThatThrownBy(() -> EntryCodec.decode(cut))
          .as("seed %d, length %d", seed, length)
          .isInstanceOf(CorruptEntryException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {JournalFormat.FIRST, JournalFormat.SECOND})
  void bytesBehindAnEntryAreRejected(int format) {
    ByteBuffer entry = encode(mutations(format), format);
    ByteBuffer longer = ByteBuffer.allocate(entry.remaining() + 1).put(entry.duplicate()).rewind();
    assertThatThrownBy(() -> EntryCodec.decode(longer)).isInstanceOf(CorruptEntryException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {JournalFormat.FIRST, JournalFormat.SECOND})
  void damageIsRejectedOrReadAsAnotherEntryButNeverAnythingElse(int format) {
    ByteBuffer entry = encode(mutations(format), format);
    for (int round = 0; round < 5_000; round++) {
      byte[] damaged = entry.array().clone();
      for (int i = 0; i <= random.nextInt(4); i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(EntryCodec.decode(ByteBuffer.wrap(damaged))).as("seed %d", seed).isNotNull();
      } catch (CorruptEntryException | JournalFormatException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }

  @Test
  void noiseIsRejected() {
    for (int round = 0; round < 5_000; round++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      if (noise.length > 1) {
        noise[0] = 1;
        noise[1] = 1;
      }
      try {
        EntryCodec.decode(ByteBuffer.wrap(noise));
      } catch (CorruptEntryException | JournalFormatException expected) {
        continue;
      }
      assertThat(noise).as("seed %d", seed).startsWith(1, 1, 0, 0, 0, 0).hasSize(6);
    }
  }

  @Test
  void aSwitchOfTheFormatIsNoBatch() {
    ByteBuffer entry = EntryCodec.switchTo(JournalFormat.SECOND);
    assertThat(EntryCodec.isSwitch(entry)).isTrue();
    assertThat(EntryCodec.switchedTo(entry)).isEqualTo(JournalFormat.SECOND);
    assertThat(EntryCodec.isEpoch(entry)).isFalse();
    assertThat(EntryCodec.isSwitch(EntryCodec.epoch())).isFalse();
    assertThatThrownBy(() -> EntryCodec.decode(entry)).isInstanceOf(CorruptEntryException.class);
  }

  @Test
  void whatALaterVersionWritesIsToldApartFromDamage() {
    int later = JournalFormat.HIGHEST + 1;
    assertThatThrownBy(() -> EntryCodec.switchedTo(EntryCodec.switchTo(later)))
        .isInstanceOf(JournalFormatException.class)
        .hasMessageContaining("start a version that reads format " + later);
    ByteBuffer batch =
        encoded(mutations(JournalFormat.SECOND), JournalFormat.SECOND).put(0, (byte) later);
    assertThatThrownBy(() -> EntryCodec.decode(batch)).isInstanceOf(JournalFormatException.class);
  }

  @Test
  void aFieldThatIsNotKnownIsSkippedWhereItMayBe() {
    Mutation flushed = new Mutation.Flushed(key(), new Version(7));
    assertThat(EntryCodec.decode(withField(flushed, 128))).hasSize(1).contains(flushed);
    assertThatThrownBy(() -> EntryCodec.decode(withField(flushed, 127)))
        .isInstanceOf(JournalFormatException.class)
        .hasMessageContaining("the field 127");
  }

  @Test
  void aKindThatIsNotKnownIsALaterVersions() {
    ByteBuffer entry =
        encoded(List.of(new Mutation.Flushed(key(), new Version(7))), JournalFormat.SECOND);
    entry.put(EntryCodec.ENTRY_OVERHEAD + Integer.BYTES, (byte) 99);
    assertThatThrownBy(() -> EntryCodec.decode(entry))
        .isInstanceOf(JournalFormatException.class)
        .hasMessageContaining("a mutation of kind 99");
  }

  @Test
  void whatTheFirstFormatHasNoRoomForIsLeftOut() {
    Mutation flushed = new Mutation.Flushed(key(), new Version(7));
    ByteBuffer entry =
        encoded(
            List.of(
                new Mutation.FlushAcknowledged(3),
                flushed,
                new Mutation.DatabaseState(1, 2, 3),
                new Mutation.DatabaseAccepted(2)),
            JournalFormat.FIRST);
    assertThat(EntryCodec.decode(entry)).hasSize(1).contains(flushed);
  }

  /** An entry of one mutation, to which a later version has added a field of three bytes. */
  private static ByteBuffer withField(Mutation mutation, int tag) {
    ByteBuffer plain = encoded(List.of(mutation), JournalFormat.SECOND);
    int field = 1 + Integer.BYTES + 3;
    ByteBuffer longer = ByteBuffer.allocate(plain.remaining() + field).put(plain);
    int length = longer.getInt(EntryCodec.ENTRY_OVERHEAD);
    longer.putInt(EntryCodec.ENTRY_OVERHEAD, length + field);
    return longer.put((byte) tag).putInt(3).put(new byte[3]).flip();
  }

  @Test
  void anEpochIsNoBatch() {
    assertThat(EntryCodec.isEpoch(EntryCodec.epoch())).isTrue();
    assertThat(EntryCodec.isEpoch(encode(List.of(), JournalFormat.FIRST))).isFalse();
    assertThatThrownBy(() -> EntryCodec.decode(EntryCodec.epoch()))
        .isInstanceOf(CorruptEntryException.class);
  }

  /** As the leader encodes: with room for the highest format, whichever it is. */
  static ByteBuffer encoded(List<Mutation> mutations, int format) {
    int most =
        mutations.stream()
            .mapToInt(mutation -> MutationCodec.sizeOf(mutation, JournalFormat.HIGHEST))
            .sum();
    return EntryCodec.encode(mutations, format, most);
  }

  private static ByteBuffer encode(List<Mutation> mutations, int format) {
    int bytes =
        mutations.stream().mapToInt(mutation -> MutationCodec.sizeOf(mutation, format)).sum();
    ByteBuffer entry = encoded(mutations, format);
    assertThat(entry.remaining()).isEqualTo(EntryCodec.ENTRY_OVERHEAD + bytes);
    return entry;
  }

  private List<Mutation> mutations(int format) {
    int bound = format == JournalFormat.FIRST ? 5 : 8;
    List<Mutation> mutations = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(12); i++) {
      Version version = new Version(random.nextLong() & Long.MAX_VALUE);
      mutations.add(
          switch (random.nextInt(bound)) {
            case 5 -> new Mutation.FlushAcknowledged(version.value());
            case 6 ->
                new Mutation.DatabaseState(
                    version.value(), random.nextInt(100), random.nextInt(100));
            case 7 -> new Mutation.DatabaseAccepted(random.nextInt(100));
            case 0 -> new Mutation.Flushed(key(), version);
            case 1 -> new Mutation.Discarded(key(), version);
            default ->
                new Mutation.Written(
                    new Write(key(), version, random.nextInt(4) == 0 ? null : value()));
          });
    }
    return mutations;
  }

  private Key key() {
    String text = "käse/".repeat(1 + random.nextInt(80));
    return Key.of(text.substring(0, 1 + random.nextInt(text.length() - 1)));
  }

  private Value value() {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    @Nullable String type =
        switch (random.nextInt(4)) {
          case 0 -> null;
          case 1 -> "";
          case 2 -> "text/plän; charset=utf-8";
          default -> "application/json";
        };
    return new Value(bytes, type, random.nextBoolean() ? Value.NEVER : random.nextLong());
  }

  private static String text(Mutation mutation) {
    return switch (mutation) {
      case Mutation.FlushAcknowledged _, Mutation.DatabaseState _, Mutation.DatabaseAccepted _ ->
          mutation.toString();
      case Mutation.Flushed(Key key, Version version) -> "flushed " + key + " " + version;
      case Mutation.Discarded(Key key, Version version) -> "discarded " + key + " " + version;
      case Mutation.Written(Write(Key key, Version version, Value value)) ->
          "written "
              + key
              + " "
              + version
              + (value == null
                  ? ""
                  : " "
                      + List.of(
                          java.util.Arrays.hashCode(value.bytes()),
                          String.valueOf(value.contentType()),
                          value.expiresAtMillis()));
    };
  }
}
