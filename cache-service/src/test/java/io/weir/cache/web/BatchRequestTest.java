package io.weir.cache.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.HostileTexts;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class BatchRequestTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest
  @ValueSource(strings = {"op", "contentType", "ttl", "ifMatch", "ifNoneMatch", "durability"})
  void everyFieldThatIsParsedHasABound(String field) {
    HostileTexts.parseAll(text ->
        assertThat(operation(field, text).tooLong()).startsWith("'" + field + "' has at most "));
    assertThat(operation(field, "x".repeat(16)).tooLong()).isNull();
  }

  private static BatchRequest.Operation operation(String field, String text) {
    return JSON.readValue(
        JSON.writeValueAsString(Map.of(field, text)), BatchRequest.Operation.class);
  }
}
