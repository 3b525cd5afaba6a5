package io.weir.cache.web;

import io.weir.cache.door.Ownership;
import io.weir.model.Headers;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Says on every response which topology this server knows. */
record TopologyVersionFilter(Ownership ownership) implements Filter {

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    ((HttpServletResponse) response)
        .setHeader(Headers.TOPOLOGY_VERSION, Long.toString(ownership.topologyVersion()));
    chain.doFilter(request, response);
  }
}
