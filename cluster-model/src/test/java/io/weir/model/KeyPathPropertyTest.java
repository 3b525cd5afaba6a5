package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random keys, mostly of what is special in a URL, through the path and back. */
class KeyPathPropertyTest {

  private static final int KEYS = 20_000;

  private static final String[] PIECES = {
    "/", "//", ".", "..", "/./", "/../", ";", "%", "%2F", "?", "#", " ", "+", "&", "=", "\\", "{",
    "}", "\0", "\r\n", "\u007f", "~", "'", "\"", "a", "Z", "0", "é", "€", "😀", "\u2028", "\uffff"
  };

  @Test
  void everyKeyComesBackFromItsPath() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < KEYS; i++) {
      Key key = key(random);
      String path = KeyPath.of(key);
      String context = "seed " + seed + ", key " + i + " '" + key + "', path " + path;

      assertThat(path).as(context).startsWith(KeyPath.PREFIX);
      String raw = path.substring(KeyPath.PREFIX.length());
      assertThat(KeyPath.decode(raw)).as(context).isEqualTo(key);
      assertThat(path).as(context).matches("[!-~]+").doesNotContain("//", "?", "#", ";");
      URI uri = URI.create("http://h" + path);
      assertThat(uri.normalize().getRawPath()).as(context).isEqualTo(path);
      assertThat(URI.create("http://h/x").resolve(path).getRawPath()).as(context).isEqualTo(path);
    }
  }

  private static Key key(Random random) {
    StringBuilder text = new StringBuilder(PIECES[random.nextInt(PIECES.length)]);
    for (int more = random.nextInt(12); more > 0; more--) {
      text.append(
          random.nextInt(4) == 0
              ? Character.toString(codePoint(random))
              : PIECES[random.nextInt(PIECES.length)]);
    }
    return Key.of(text.toString());
  }

  private static int codePoint(Random random) {
    int point = random.nextInt(Character.MAX_CODE_POINT + 1);
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 'x' : point;
  }
}
