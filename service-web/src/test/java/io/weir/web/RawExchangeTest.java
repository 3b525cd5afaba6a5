package io.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BiConsumer;
import org.apache.coyote.Response;
import org.apache.tomcat.util.http.MimeHeaders;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class RawExchangeTest {

  private final Response response = new Response();
  private final MimeHeaders head = response.getMimeHeaders();
  private final BiConsumer<String, String> fields = fields();

  private BiConsumer<String, String> fields() {
    MockHttpServletRequest request = new MockHttpServletRequest();
    request.setAttribute(RawExchange.ATTRIBUTE, new RawExchange("x", response));
    return RawExchange.fields(request, new MockHttpServletResponse());
  }

  @Test
  void noValueOfAFieldBeginsALineOfItsOwn() {
    fields.accept("One", "a\r\nSet-Cookie: b\0\u007f\tc\u00e9");
    assertThat(head.getHeader("One")).isEqualTo("a  Set-Cookie: b  \tc\u00e9");
  }

  /** Tomcat writes a number into the array that a field had in the answer before. */
  @Test
  void aNumberOfTheNextAnswerIsWrittenIntoNoFieldOfIt() {
    String long1 = "a value that has more than thirty-two characters";
    for (int i = 0; i < 3; i++) {
      head.recycle();
      if (i % 2 == 1) {
        head.setValue("Content-Length").setLong(1234567890123L);
      }
      fields.accept("One-Of-A-Name-With-More-Than-32-Letters", long1);
      fields.accept("Two-Of-A-Name-With-More-Than-32-Letters", long1);
      head.setValue("Age").setLong(i);
      assertThat(head.getHeader("One-Of-A-Name-With-More-Than-32-Letters")).isEqualTo(long1);
      assertThat(head.getHeader("Two-Of-A-Name-With-More-Than-32-Letters")).isEqualTo(long1);
      assertThat(head.getHeader("Age")).isEqualTo(Integer.toString(i));
    }
  }

  @Test
  void whereTheRequestDidNotComeThroughTomcatTheServletApiTakesThem() {
    MockHttpServletResponse mock = new MockHttpServletResponse();
    RawExchange.fields(new MockHttpServletRequest(), mock).accept("One", "a");
    assertThat(mock.getHeader("One")).isEqualTo("a");
  }
}
