package io.weir.cache.server;

import io.weir.cache.membership.FastAddress;
import java.net.URI;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;

/** Where this server's fast port is reached, now. Safe for use by many threads. */
final class OwnFastUrls implements Supplier<FastUrls> {

  private final ServerSettings.Advertise advertise;
  private final URI url;
  private final ObjectProvider<FastAddress> port;

  /**
   * @param url where it is reached by HTTP
   * @param port none when it has no fast port; asked for late, since what the port serves tells of
   *     this
   */
  OwnFastUrls(ServerSettings.Advertise advertise, URI url, ObjectProvider<FastAddress> port) {
    this.advertise = advertise;
    this.url = url;
    this.port = port;
  }

  @Override
  public FastUrls get() {
    FastAddress fast = port.getIfAvailable();
    return fast == null ? FastUrls.NONE : FastUrls.of(advertise, url, fast);
  }
}
