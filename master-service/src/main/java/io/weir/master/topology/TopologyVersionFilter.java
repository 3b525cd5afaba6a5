package io.weir.master.topology;

import io.weir.master.registry.Registry;
import io.weir.model.Headers;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Names the version that this master knows in every response, errors included. */
final class TopologyVersionFilter extends OncePerRequestFilter {

  private final Registry registry;

  TopologyVersionFilter(Registry registry) {
    this.registry = registry;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    response.setHeader(Headers.TOPOLOGY_VERSION, Long.toString(registry.lastKnown().version()));
    chain.doFilter(request, response);
  }

  /** A request that has waited comes by once more, when a later version is known. */
  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }
}
