package io.weir.master.redirect;

import io.swagger.v3.oas.annotations.Hidden;
import io.weir.master.registry.Registry;
import io.weir.master.registry.TopologyView;
import io.weir.model.Key;
import io.weir.model.ListedServer;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import io.weir.model.Shard;
import io.weir.model.Topology;
import io.weir.web.ProblemWriter;
import io.weir.web.RawTarget;
import io.weir.web.RetryAfter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /kv/<key>} at the master: 307 to the owner, target and query kept byte for byte. It is
 * documented by {@link KeyRedirectApi}, since its path in the OpenAPI is not the one it is mapped
 * to.
 */
@RestController
@Hidden
final class KeyRedirectController {

  private final Registry registry;
  private final RedirectSettings settings;

  KeyRedirectController(Registry registry, RedirectSettings settings) {
    this.registry = registry;
    this.settings = settings;
  }

  @RequestMapping(
      path = RawTarget.PATH,
      method = {RequestMethod.GET, RequestMethod.HEAD, RequestMethod.PUT, RequestMethod.DELETE})
  void redirect(HttpServletRequest request, HttpServletResponse response) throws IOException {
    // Whom a key belongs to may change, and no cache on the way is told.
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Key key = RawTarget.key(request);
    Topology topology = TopologyView.of(registry.current(), settings.network());
    Shard shard = topology.ownerOf(key.slot());
    ListedServer leader = shard == null ? null : shard.servingLeader();
    if (leader == null) {
      response.setIntHeader(HttpHeaders.RETRY_AFTER, RetryAfter.seconds(1));
      ProblemWriter.write(
          response,
          Problem.of(
                  ProblemType.NOT_SERVING,
                  shard == null
                      ? "No shard owns slot " + key.slot() + " yet: the cluster is forming."
                      : "Shard "
                          + shard.id()
                          + ", which owns slot "
                          + key.slot()
                          + ", has no leader.")
              .with("slot", key.slot()));
      return;
    }
    response.setStatus(HttpServletResponse.SC_TEMPORARY_REDIRECT);
    response.setHeader(HttpHeaders.LOCATION, leader.url() + RawTarget.withQuery(request));
  }
}
