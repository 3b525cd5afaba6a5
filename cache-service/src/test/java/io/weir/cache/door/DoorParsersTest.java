package io.weir.cache.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.HostileTexts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client writes into the fields of a request occupies no processor. */
class DoorParsersTest {

  private final KvDoorFixture fixture = new KvDoorFixture();

  @ParameterizedTest
  @ValueSource(strings = {"If-None-Match", "Cache-Control", "Weir-Consistency"})
  void noHeaderOfAReadDoes(String name) {
    HostileTexts.parseAll(text -> answer(TestRequest.get("bar").with(name, text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "If-Match",
        "Content-Type",
        "Content-Encoding",
        "Content-Range",
        "Weir-Durability"
      })
  void noHeaderOfAWriteDoes(String name) {
    HostileTexts.parseAll(text -> answer(TestRequest.put("bar", "x").with(name, text)));
  }

  @Test
  void noQueryDoes() {
    HostileTexts.parseAll(text -> answer(TestRequest.of("PUT", "bar?" + text)));
    HostileTexts.parseAll(text -> answer(TestRequest.of("PUT", "bar?ttl=" + text)));
  }

  @Test
  void noKeyDoes() {
    HostileTexts.parseAll(text -> answer(TestRequest.of("GET", text.replace('?', '!'))));
  }

  /** The longest that is read at all is what a quadratic parser would be slow with. */
  @Test
  void noTagsDo() {
    for (int length : new int[] {EntityTags.LONGEST - 10, HostileTexts.LENGTH}) {
      HostileTexts.parseAll(length, text -> EntityTags.parse("If-Match", text));
    }
  }

  private void answer(TestRequest request) {
    KvResponse answer = fixture.handle(request);
    assertThat(answer.status()).isLessThan(500);
    if (answer.problem() != null) {
      assertThat(answer.problem().detail().length()).isLessThan(2_000);
    }
  }
}
