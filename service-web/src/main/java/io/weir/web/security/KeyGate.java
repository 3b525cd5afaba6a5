package io.weir.web.security;

import io.weir.web.RawExchange;
import io.weir.web.RawTarget;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All that is asked of a request for a key: {@code read} to read one, {@code write} for anything
 * else. It is the whole of its own chain in Spring Security, and {@link KeyFront} asks it where
 * that chain would cost too much.
 *
 * <p>It keeps no security context, because nobody behind it asks for one, and it is the container's
 * own mapping that it goes by: what reaches the servlet for keys has passed here, however the
 * target was written.
 *
 * <p>Every answer puts a browser that shows it as a page into a sandbox, whoever asked: a value
 * that somebody has put as HTML must not act with the account that the dashboard is shown with, nor
 * with the rights of everybody at a server on loopback that asks for no tokens. Nor may a page of
 * another origin embed one as its script, with the account that the browser knows.
 */
public final class KeyGate {

  private final Tokens tokens;
  private final LoopbackNames names;
  private final Refusals refusals;

  KeyGate(Tokens tokens, LoopbackNames names, Refusals refusals) {
    this.tokens = tokens;
    this.names = names;
    this.refusals = refusals;
  }

  /** Whether a request is mapped to keys, in {@link RawTarget}'s sense. */
  static boolean isForKeys(HttpServletRequest request) {
    // Spring MVC's servlet is mapped to everything else, and MockMvc maps nothing.
    String path = request.getServletPath();
    return RawTarget.PATH.equals(path) && request.getPathInfo() == null;
  }

  /**
   * Whether a request may go on to the keys; one that may not is answered here. Either way the
   * answer gets the fields that every one has.
   */
  boolean admits(HttpServletRequest request, HttpServletResponse response) throws IOException {
    forEachField(RawExchange.fields(request, response));
    Refusal refusal = refusal(new ServletHead(request));
    if (refusal != null) {
      Refusals.write(response, refusal);
    }
    return refusal == null;
  }

  /** Hands over the fields that every answer has. */
  public static void forEachField(BiConsumer<String, String> fields) {
    fields.accept("Content-Security-Policy", "sandbox");
    fields.accept("X-Content-Type-Options", "nosniff");
    fields.accept("Cross-Origin-Resource-Policy", "same-origin");
  }

  /** Says why a request may not go on to the keys; null when it may. */
  public @Nullable Refusal refusal(RequestHead request) {
    String method = request.method();
    boolean reads = method.equals("GET") || method.equals("HEAD");
    if (!reads && CrossOrigin.is(request)) {
      return Refusals.forbidden(CrossOrigin.DETAIL);
    }
    if (!tokens.areAsked()) {
      return names.isAskedByOne(request) ? null : Refusals.forbidden(LoopbackNames.detail(request));
    }
    Token token = tokens.find(ShownToken.of(request).text());
    if (token == null) {
      return refusals.unauthenticated(request);
    }
    Role needed = reads ? Role.READ : Role.WRITE;
    return token.has(needed)
        ? null
        : Refusals.forbidden(
            "This needs a token with the role "
                + needed.authority()
                + ", which '"
                + token.name()
                + "' does not have.");
  }
}
