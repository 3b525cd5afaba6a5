package io.weir.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {

  private static final String ALICE = "alice-0123456789abcdef";
  private static final String BOB = "bob-0123456789abcdef==";

  @Test
  void aTokenIsFoundByItsWholeText() {
    Tokens tokens =
        new Tokens(parse("alice read,write " + ALICE, "# nobody", "", "bob cluster " + BOB));
    Token alice = tokens.find(ALICE);
    assertThat(alice).isNotNull();
    assertThat(alice.name()).isEqualTo("alice");
    assertThat(alice.has(Role.READ)).isTrue();
    assertThat(alice.has(Role.WRITE)).isTrue();
    assertThat(alice.has(Role.OPERATE)).isFalse();
    assertThat(tokens.find(BOB)).isNotNull();
    for (String wrong :
        new String[] {"", "alice", ALICE + "x", ALICE.substring(1), "x".repeat(9_999)}) {
      assertThat(tokens.find(wrong)).as(wrong).isNull();
    }
    assertThat(tokens.find(null)).isNull();
  }

  @Test
  void noTokensAskForNone() {
    Tokens none = new Tokens(List.of());
    assertThat(none.areAsked()).isFalse();
    assertThatThrownBy(() -> none.replace(parse("alice read " + ALICE)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tokensAreNeverReplacedByNone() {
    Tokens tokens = new Tokens(parse("alice read " + ALICE));
    assertThatThrownBy(() -> tokens.replace(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(tokens.find(ALICE)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alice secret-0123456789abcdef|three fields, and has 2",
        "alice read secret-0123456789abcdef more|three fields, and has 4",
        "alice reed secret-0123456789abcdef|a role is one of read, write, cluster, metrics, operate",
        "alice read, secret-0123456789abcdef|a role is one of",
        "alice READ secret-0123456789abcdef|a role is one of",
        "alice read secret-01234567|16 to 512 characters",
        "alice read secret:0123456789abcdef|has others",
        "alice read secret=0123456789abcdef|has others",
      })
  void aLineThatIsNoTokenIsNamedAndNotShown(String line, String sentence) {
    assertThatThrownBy(() -> parse("# first", line))
        .hasMessageStartingWith("tokens, line 2: ")
        .hasMessageContaining(sentence)
        .hasMessageNotContaining("secret");
  }

  @Test
  void twoNamesHaveTwoTokens() {
    assertThatThrownBy(() -> parse("alice read " + ALICE, "bob write " + ALICE))
        .hasMessage("tokens, line 2: 'alice' and 'bob' have the same token");
    // The old one and the new one of the same holder.
    assertThat(parse("alice read " + ALICE, "alice read " + BOB)).hasSize(2);
  }

  @Test
  void nothingThatIsPrintedHoldsAToken() {
    assertThat(parse("alice read " + ALICE)).hasToString("[alice [READ]]");
    assertThat(
            new SecuritySettings(
                    null, List.of("alice read " + ALICE), List.of(), Duration.ofSeconds(1))
                .toString())
        .doesNotContain(ALICE);
  }

  private static List<Token> parse(String... lines) {
    return Tokens.parse("tokens", List.of(lines));
  }
}
