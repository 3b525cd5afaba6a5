package io.weir.web.security;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** The head of a servlet's request. */
record ServletHead(HttpServletRequest request) implements RequestHead {

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public @Nullable String header(String name) {
    return request.getHeader(name);
  }

  @Override
  public String serverName() {
    return request.getServerName();
  }

  @Override
  public String remoteAddress() {
    return request.getRemoteAddr();
  }
}
