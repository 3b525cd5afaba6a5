package io.weir.master.registration;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.weir.model.RegistrationRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

class HttpsOnlyTest {

  private static HttpsOnly master(String bundle) {
    ServerProperties server = new ServerProperties();
    if (!bundle.isEmpty()) {
      Ssl ssl = new Ssl();
      ssl.setBundle(bundle);
      server.setSsl(ssl);
    }
    return HttpsOnly.asFor(server);
  }

  private static RegistrationRequest registration(String urls) throws IOException {
    String body =
        """
        {"nodeId": "a", "host": "h", "port": 7401, %s
         "shardId": "3f2b8c1e-0d7a-4a55-9a53-6d6f0c3a9b10"}\
        """
            .formatted(urls);
    return RegistrationBody.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "|url is 'http://h:7401'",
        "\"url\": \"http://h:1\",|url is 'http://h:1'",
        "\"url\": \"https://h:1\", \"externalUrl\": \"http://e:1\",|externalUrl is 'http://e:1'",
        "\"url\": \"https://h:1\", \"fastUrl\": \"http://f:1\",|fastUrl is 'http://f:1'",
        "\"url\": \"https://h:1\", \"externalFastUrl\": \"http://f:1\",|externalFastUrl is 'http://f:1'",
      })
  void aMasterWithTlsListsNobodyWithout(String urls, String sentence) throws IOException {
    RegistrationRequest request = registration(urls == null ? "" : urls);
    assertThatExceptionOfType(InvalidRegistrationException.class)
        .isThrownBy(() -> master("weir").check(request))
        .withMessageContaining(sentence)
        .withMessageContaining("Set server.ssl.bundle at the cache server");
    assertThatCode(() -> master("").check(request)).doesNotThrowAnyException();
  }

  @Test
  void itListsWhoHasTls() throws IOException {
    RegistrationRequest request =
        registration("\"url\": \"https://h:1\", \"externalUrl\": \"HTTPS://e:1\",");
    assertThatCode(() -> master("weir").check(request)).doesNotThrowAnyException();
    assertThatCode(() -> HttpsOnly.asFor(null).check(request)).doesNotThrowAnyException();
  }
}
