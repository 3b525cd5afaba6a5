package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ShardProofTest {

  @Test
  void noneIsLikeAnotherAndTheSameIsKnownAgain() {
    ShardProof one = ShardProof.random();
    assertThat(one).isNotEqualTo(ShardProof.random());
    assertThat(one.fingerprint())
        .isEqualTo(new ShardProof(one.text()).fingerprint())
        .hasSize(64)
        .isNotEqualTo(one.text());
  }

  @Test
  void itIsATextOnTheWireAndNowhereElse() {
    ShardProof proof = ShardProof.random();
    String json = JsonMapper.shared().writeValueAsString(proof);
    assertThat(json).isEqualTo("\"" + proof.text() + "\"");
    assertThat(JsonMapper.shared().readValue(json, ShardProof.class)).isEqualTo(proof);
    assertThat(proof.toString()).doesNotContain(proof.text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "secret", "0123456789ABCDEF", "\n"})
  void anotherFormIsRefusedWithoutShowingIt(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ShardProof(text))
        .withMessage("a proof is 64 hexadecimal digits");
  }
}
