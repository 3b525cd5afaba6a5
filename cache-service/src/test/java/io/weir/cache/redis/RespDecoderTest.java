package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.RespClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RespDecoderTest {

  @Test
  void anArrayOfBulkStringsIsARequest() {
    assertThat(Decoded.of("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")).containsExactly("[get, k]");
    assertThat(Decoded.of("*2\r\n$4\r\nECHO\r\n$2\r\n\r\n\r\n")).containsExactly("[ECHO, \r\n]");
    assertThat(Decoded.of("*2\r\n$4\r\nECHO\r\n$0\r\n\r\n")).containsExactly("[ECHO, ]");
  }

  @Test
  void aLineThatSomebodyTypesIsOne() {
    assertThat(Decoded.of("PING\r\n")).containsExactly("[PING]");
    assertThat(Decoded.of("  set  k \t v \n")).containsExactly("[set, k, v]");
    assertThat(Decoded.of("ECHO \"a b\\x41\\n\" 'it\\'s'\r\n"))
        .containsExactly("[ECHO, a bA\n, it's]");
  }

  @Test
  void nothingIsNoRequest() {
    assertThat(Decoded.of("\r\n\n*0\r\n*-10\r\n   \r\nPING\r\n")).containsExactly("[PING]");
  }

  /** Whatever a request is, and wherever what comes is cut. */
  @Test
  void itIsReadAtEveryBoundaryOfTwo() {
    String text = ofAllKinds();
    List<String> whole = Decoded.of(text);
    assertThat(whole).hasSize(8);

    for (int i = 1; i < text.length(); i++) {
      Decoded cut = Decoded.trusting().read(text.substring(0, i)).read(text.substring(i));
      assertThat(cut.requests).as("cut at %s", i).isEqualTo(whole);
      assertThat(cut.account.held()).as("cut at %s", i).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000, 20_000})
  void itIsReadInPiecesOfAnySize(int size) {
    String text = ofAllKinds();
    Decoded cut = Decoded.trusting();
    for (int i = 0; i < text.length(); i += size) {
      var _ = cut.read(text.substring(i, Math.min(text.length(), i + size)));
    }
    assertThat(cut.requests).isEqualTo(Decoded.of(text));
    assertThat(cut.account.held()).isZero();
  }

  @Test
  void aReadThatIsLargerThanTheScratchIsTaken() {
    Decoded small = new Decoded(RespBudget.UNBOUNDED, true, 16);
    assertThat(small.read(ofAllKinds()).requests).isEqualTo(Decoded.of(ofAllKinds()));
  }

  /** With a large value, one that is too large, and a line. */
  private static String ofAllKinds() {
    return Stream.of(
            request("GET", "key"),
            "*0\r\n",
            request("SET", "key", "x".repeat(20_000)),
            "set key 'v w'\r\n",
            request("SET", "key", "y".repeat(70_000)),
            request("SET", "key", "\r\n$3\r\n"),
            request("NONE"),
            "PING\n",
            request("GET", ""))
        .reduce("", String::concat);
  }

  private static String request(String... words) {
    return new String(RespClient.encode(words), ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "*x\\r\\n | invalid multibulk length",
        "*\\r\\n | invalid multibulk length",
        "*01\\r\\n | invalid multibulk length",
        "*+1\\r\\n | invalid multibulk length",
        "*1\\rx | invalid multibulk length",
        "*65537\\r\\n | invalid multibulk length",
        "*3000000000\\r\\n | invalid multibulk length",
        "*1234567890123456 | too big mbulk count string",
        "*xxxxxxxxxxxxxxxxxxxxx | too big mbulk count string",
        "*1\\r\\nfoo\\r\\n | expected '$', got 'f'",
        "*1\\r\\n*1\\r\\n$4\\r\\nPING\\r\\n | expected '$', got '*'",
        "*1\\r\\n\\r\\n | expected '$', got '\\x0d'",
        "*3\\r\\n$3\\r\\nSET\\r\\n$1\\r\\nx\\r\\nfooz\\r\\n | expected '$', got 'f'",
        "*1\\r\\n$blabla\\r\\n | invalid bulk length",
        "*1\\r\\n$-1\\r\\n | invalid bulk length",
        "*1\\r\\n$2000000000\\r\\n | invalid bulk length",
        "*1\\r\\n$536870913\\r\\n | invalid bulk length",
        "*1\\r\\n$12345678901234567 | too big bulk count string",
        "*1\\r\\n$4\\r\\nPINGx\\r\\n | expected CRLF after a bulk string",
        "ECHO \"a | too big inline request",
        "ECHO \"a\\r\\n | unbalanced quotes in request",
        "ECHO 'a'b\\r\\n | unbalanced quotes in request",
      })
  void whatBreaksTheProtocolIsSaidInRedissWords(String escaped, String words) {
    String text = escaped.replace("\\r", "\r").replace("\\n", "\n");
    String longEnough = words.contains("inline") ? text + "x".repeat(70_000) : text;
    assertThat(Decoded.of(longEnough)).containsExactly("! ERR Protocol error: " + words);
  }

  @Test
  void anArrayInAnArrayIsRefusedHoweverDeepItIs() {
    assertThat(Decoded.of("*1\r\n".repeat(10_000)))
        .containsExactly("! ERR Protocol error: expected '$', got '*'");
  }

  @Test
  void aStrangerMaySayLittle() {
    String word = "$1600\r\n" + "x".repeat(1_600) + "\r\n";
    assertThat(Decoded.strange().read("*10\r\n" + word.repeat(10)).requests).hasSize(1);
    assertThat(Decoded.strange().read("*3\r\n" + word.repeat(2) + "$14000\r\n").requests)
        .as("all words together")
        .containsExactly("! ERR Protocol error: unauthenticated bulk length");
    assertThat(Decoded.strange().read("*11\r\n").requests)
        .containsExactly("! ERR Protocol error: unauthenticated multibulk length");
    assertThat(Decoded.strange().read("*2\r\n$4\r\nAUTH\r\n$16385\r\n").requests)
        .containsExactly("! ERR Protocol error: unauthenticated bulk length");
    assertThat(Decoded.strange().read("x".repeat(1025)).requests)
        .containsExactly("! ERR Protocol error: too big inline request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST / HTTP/1.1\r\n", "post x\r\n", "Host: example\r\n"})
  void whatABrowserSendsIsForeign(String line) {
    assertThat(Decoded.of(line)).containsExactly("! foreign");
  }

  @Test
  void aValueThatIsTooLargeIsThrownAwayAndAloneRefused() {
    String tooLarge = request("SET", "k", "x".repeat(64 * 1024 + 1));
    List<String> requests = Decoded.of(request("GET", "a") + tooLarge + request("GET", "b"));
    assertThat(requests).hasSize(3).startsWith("[get, a]").endsWith("[get, b]");
    assertThat(requests.get(1))
        .isEqualTo(
            "ERR the request is larger than this server takes: a value has at most 64KiB, and all"
                + " of a request at most 256KiB");
  }

  @Test
  void soIsARequestOfManyWords() {
    String[] words = new String[10];
    Arrays.fill(words, "x".repeat(40_000));
    List<String> requests = Decoded.of(request(words) + request("GET", "b"));
    assertThat(requests).hasSize(2).endsWith("[get, b]");
    assertThat(requests.getFirst()).startsWith("ERR the request is larger");
  }

  @Test
  void aLengthAloneTakesNoMemory() {
    Decoded one = Decoded.trusting().read("*2\r\n$3\r\nGET\r\n$60000\r\n");
    assertThat(one.account.held()).isLessThan(1_000);
    var _ = one.read("x".repeat(60_000));
    assertThat(one.account.held()).isBetween(60_000L, 120_000L);
    assertThat(one.read("\r\n").requests).hasSize(1);
    assertThat(one.account.held()).isZero();
  }

  @Test
  void whatFindsNoRoomIsThrownAwayAndAloneRefused() {
    Rooms rooms = new Rooms(48 * 1024);
    Decoded one = new Decoded(rooms, true, RespLimits.INPUT_BYTES);
    String large = request("SET", "k", "x".repeat(60_000));
    for (int i = 0; i < large.length(); i += 5_000) {
      var _ = one.read(large.substring(i, Math.min(large.length(), i + 5_000)));
    }
    assertThat(one.read(request("GET", "b")).requests)
        .containsExactly(RespDecoder.NO_ROOM, "[get, b]");
    assertThat(rooms.taken).isZero();
  }

  /** Else bytes of a value would be read as commands. */
  @Test
  void whatIsThrownAwayBeginsWithWhatHasComeFirst() {
    Rooms rooms = new Rooms(48 * 1024);
    Decoded one = new Decoded(rooms, true, RespLimits.INPUT_BYTES);
    String large = request("SET", "k", request("GET", "x").repeat(3_000));
    var _ = one.read(large.substring(0, 5_000));
    int at = 5_000;
    for (; at + 1_000 < large.length(); at += 1_000) {
      one.append(large.substring(at, at + 1_000));
    }
    assertThat(one.read(large.substring(at) + request("GET", "b")).requests)
        .containsExactly(RespDecoder.NO_ROOM, "[get, b]");
    assertThat(rooms.taken).isZero();
  }

  @Test
  void manyWordsOfARequestAreHeldOnTheAccount() {
    Rooms rooms = new Rooms(64 * 1024);
    Decoded one = new Decoded(rooms, true, RespLimits.INPUT_BYTES);
    String[] words = new String[5_000];
    Arrays.fill(words, "");
    assertThat(one.read(request(words)).requests).containsExactly(RespDecoder.NO_ROOM);
    assertThat(rooms.taken).isZero();
  }

  /** A budget of so many bytes. */
  static final class Rooms implements RespBudget {

    final long size;
    long taken;
    long most;

    Rooms(long size) {
      this.size = size;
    }

    @Override
    public boolean tryReserve(long bytes) {
      if (taken + bytes > size) {
        return false;
      }
      reserve(bytes);
      return true;
    }

    @Override
    public void reserve(long bytes) {
      taken += bytes;
      most = Math.max(most, taken);
    }

    @Override
    public void release(long bytes) {
      taken -= bytes;
    }
  }

  @Test
  void aNameIsFoundInAnyCaseAndAnUnknownOneIsKept() {
    List<CommandSpec> many = new ArrayList<>(TestCommands.named("get", "getex", "getdel", "a"));
    CommandTable table = new CommandTable(many, RespMeters.NONE);
    for (String name : List.of("get", "GET", "gEt", "GETEX", "getdel", "A")) {
      byte[] bytes = ("--" + name).getBytes(ISO_8859_1);
      assertThat(table.find(bytes, 2, name.length()))
          .as(name)
          .hasToString(name.toLowerCase(Locale.ROOT));
    }
    for (String name : List.of("ge", "gett", "", "g\u0005t", "[", "\u0000")) {
      assertThat(table.find(name.getBytes(ISO_8859_1), 0, name.length())).as(name).isNull();
    }
  }
}
