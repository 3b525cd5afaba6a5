package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What a decoder makes of bytes, however they are cut. */
final class Decoded {

  static final RespLimits LIMITS = RespLimits.of(64 * 1024, 256 * 1024);

  final Account account;
  final RespDecoder decoder;
  final boolean trusted;
  final List<String> requests = new ArrayList<>();

  /** Foreign bytes stand in it, as those of other connections do, before each read. */
  private final byte[] scratch;

  Decoded(RespBudget budget, boolean trusted, int scratchBytes) {
    this.account = new Account(budget);
    this.decoder =
        new RespDecoder(
            new CommandTable(TestCommands.named("get", "set"), RespMeters.NONE), LIMITS, account);
    this.trusted = trusted;
    this.scratch = new byte[scratchBytes];
  }

  static Decoded trusting() {
    return new Decoded(RespBudget.UNBOUNDED, true, RespLimits.INPUT_BYTES);
  }

  static Decoded strange() {
    return new Decoded(RespBudget.UNBOUNDED, false, RespLimits.INPUT_BYTES);
  }

  /** What a client's bytes are, read at once, once it has logged in. */
  static List<String> of(String text) {
    return trusting().read(text).requests;
  }

  Decoded read(String text) {
    return read(text.getBytes(ISO_8859_1));
  }

  /** Takes what has come, and looks at none of it yet. */
  void append(String text) {
    decoder.append(Unpooled.wrappedBuffer(text.getBytes(ISO_8859_1)), scratch);
    var _ = decoder.keep();
  }

  /** Takes bytes; returns false once the decoder wants no more. */
  Decoded read(byte[] bytes) {
    Arrays.fill(scratch, (byte) '$');
    decoder.append(Unpooled.wrappedBuffer(bytes), scratch);
    while (!isOver()) {
      switch (decoder.next(trusted)) {
        case MORE -> {
          var _ = decoder.keep();
          return this;
        }
        case REQUEST -> {
          requests.add(text());
          account.free(decoder.heldBytes());
          decoder.done();
        }
        case BROKEN -> requests.add("! " + decoder.failure());
        case FOREIGN -> requests.add("! foreign");
      }
    }
    return this;
  }

  boolean isOver() {
    return !requests.isEmpty() && requests.getLast().startsWith("! ");
  }

  private String text() {
    return decoder.refusal() != null
        ? decoder.refusal()
        : IntStream.range(0, decoder.count())
            .mapToObj(i -> new String(decoder.word(i), ISO_8859_1))
            .toList()
            .toString();
  }
}
