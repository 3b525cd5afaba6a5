package io.weir.web.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Says who asks, for everything but keys. A token that is not known is no token: what is open to
 * everybody stays so.
 */
final class TokenFilter implements Filter {

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  private final Tokens tokens;
  private final LoopbackNames names;

  TokenFilter(Tokens tokens, LoopbackNames names) {
    this.tokens = tokens;
    this.names = names;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    RequestHead asked = new ServletHead((HttpServletRequest) request);
    if (!SAFE.contains(asked.method()) && CrossOrigin.is(asked)) {
      Refusals.write((HttpServletResponse) response, Refusals.forbidden(CrossOrigin.DETAIL));
      return;
    }
    if (!tokens.areAsked() && !names.isAskedByOne(asked)) {
      Refusals.write(
          (HttpServletResponse) response, Refusals.forbidden(LoopbackNames.detail(asked)));
      return;
    }
    Token token = tokens.areAsked() ? tokens.find(ShownToken.of(asked).text()) : null;
    if (token != null) {
      SecurityContext context = SecurityContextHolder.createEmptyContext();
      context.setAuthentication(token.authentication());
      SecurityContextHolder.setContext(context);
    }
    chain.doFilter(request, response);
  }
}
