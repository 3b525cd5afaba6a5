package io.weir.master;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The root of the master: sends a browser to the API's documentation. */
@RestController
@Hidden
final class HomeController {

  @GetMapping("/")
  void home(HttpServletResponse response) throws IOException {
    response.sendRedirect("/swagger-ui.html");
  }
}
