package io.weir.master.registration;

import io.weir.testing.HostileTexts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RegistrationBodyTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Characters; each may take six bytes of the body in JSON. */
  private static final int LENGTH = 10_000;

  @Test
  void noBodyOccupiesTheMaster() {
    HostileTexts.parseAll(60_000, RegistrationBodyTest::read);
    HostileTexts.parseAll(60_000, text -> read("{\"nodeId\": " + text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nodeId", "host", "url", "externalUrl", "fastUrl", "journal", "cluster", "role"})
  void noFieldDoes(String field) {
    HostileTexts.parseAll(
        LENGTH,
        text ->
            read(
                "{\"nodeId\": \"n\", \"host\": \"h\", \"port\": 1, \"%s\": %s}"
                    .formatted(field, JSON.writeValueAsString(text))));
  }

  private static void read(String body) {
    try {
      RegistrationBody.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
