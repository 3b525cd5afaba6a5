package io.weir.web.security;

import io.weir.model.Problem;
import io.weir.model.ProblemType;
import io.weir.web.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;

/** What a request that is refused is answered with: problem+json, and how to do better. */
final class Refusals
    implements AuthenticationEntryPoint, AccessDeniedHandler, RequestRejectedHandler {

  private static final String REALM = " realm=\"weir\"";

  /** No cache on the way may give it to somebody else, or to the same one with another token. */
  private static final Refusal.Field KEPT_NOWHERE =
      new Refusal.Field(HttpHeaders.CACHE_CONTROL, "no-store");

  private final TokenGuesses guesses = new TokenGuesses(System::nanoTime);

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
      throws IOException {
    write(response, unauthenticated(new ServletHead(request)));
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
      throws IOException {
    write(response, forbidden("The token does not have the role that this request needs."));
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, RequestRejectedException e)
      throws IOException {
    ProblemWriter.write(
        response,
        Problem.of(
            ProblemType.BAD_REQUEST,
            "The request's path or headers hold what is refused here, such as // or %2F outside"
                + " of /kv/."));
  }

  /** Of a request that shows no token, or one that is not known. */
  Refusal unauthenticated(RequestHead request) {
    boolean shown = ShownToken.of(request).text() != null;
    if (shown) {
      guessed(request.remoteAddress());
    }
    return new Refusal(
        Problem.of(
            ProblemType.UNAUTHENTICATED,
            shown
                ? "The token is not known here, or no longer."
                : "A token is needed: Authorization: Bearer TOKEN, or the token as the password of"
                    + " Basic."),
        List.of(
            KEPT_NOWHERE,
            new Refusal.Field(
                HttpHeaders.WWW_AUTHENTICATE,
                "Bearer" + REALM + (shown ? ", error=\"invalid_token\"" : "")),
            new Refusal.Field(
                HttpHeaders.WWW_AUTHENTICATE, "Basic" + REALM + ", charset=\"UTF-8\"")));
  }

  /** Takes note of a token that is not known. */
  void guessed(String from) {
    guesses.guessed(from);
  }

  static Refusal forbidden(String detail) {
    return new Refusal(Problem.of(ProblemType.FORBIDDEN, detail), List.of(KEPT_NOWHERE));
  }

  static void write(HttpServletResponse response, Refusal refusal) throws IOException {
    for (Refusal.Field each : refusal.fields()) {
      response.addHeader(each.name(), each.value());
    }
    ProblemWriter.write(response, refusal.problem());
  }
}
