package io.weir.web.security;

import io.weir.testing.HostileTexts;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class TokenParsersTest {

  @Test
  void noAuthorizationOccupiesAParser() {
    for (String scheme : new String[] {"", "Bearer ", "Basic "}) {
      HostileTexts.parseAll(text -> {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/kv");
        request.addHeader("Authorization", scheme + text);
        var _ = ShownToken.of(new ServletHead(request));
      });
    }
  }

  @Test
  void noLineOfAFileDoes() {
    HostileTexts.parseAll(Token::parse);
    HostileTexts.parseAll(text -> Token.parse("name read " + text));
  }
}
