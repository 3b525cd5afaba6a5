package io.weir.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.model.InvalidKeyException;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import io.weir.web.metrics.RequestMeters;
import io.weir.web.security.Caller;
import io.weir.web.security.KeyFront;
import io.weir.web.security.KeyGate;
import io.weir.web.security.Role;
import io.weir.web.security.SecurityConfiguration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A service that is nothing but the edge: a bare servlet on {@code /kv}, and a controller. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({ServiceWebConfiguration.class, SecurityConfiguration.class, EdgeApplication.Doors.class})
public class EdgeApplication {

  @Bean
  ServletRegistrationBean<HttpServlet> keyEcho() {
    return new ServletRegistrationBean<>(new KeyEcho(), RawTarget.PATH);
  }

  /** Keys come before the other filters, as at a cache server, or after them, as at a master. */
  @Bean
  @ConditionalOnBooleanProperty(name = "edge.front", matchIfMissing = true)
  FilterRegistrationBean<KeyFront> keyFront(
      ServletRegistrationBean<HttpServlet> keyEcho, KeyGate gate, MeterRegistry meters) {
    return KeyFront.before(keyEcho.getServlet(), gate, new RequestMeters(meters));
  }

  /** Answers with the key's bytes and the raw target. */
  static final class KeyEcho extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if ("boom".equals(request.getQueryString())) {
        throw new IllegalStateException("a secret of the server");
      }
      try {
        byte[] key = RawTarget.key(request).bytes();
        response.setHeader("Raw-Target", RawTarget.withQuery(request));
        response.setContentLength(key.length);
        response.getOutputStream().write(key);
      } catch (InvalidKeyException e) {
        ProblemWriter.write(
            response, Problem.of(ProblemType.INVALID_KEY, String.valueOf(e.getMessage())));
      }
    }
  }

  @RestController
  static class Doors {

    @GetMapping("/boom")
    String boom() {
      throw new IllegalStateException("a secret of the server");
    }

    @GetMapping("/denied")
    void denied() {
      Caller.require(Role.WRITE);
    }

    @PostMapping(path = "/json", consumes = MediaType.APPLICATION_JSON_VALUE)
    byte[] json(@RequestBody Body body) {
      return body.text().getBytes(StandardCharsets.UTF_8);
    }
  }

  record Body(String text) {}
}
