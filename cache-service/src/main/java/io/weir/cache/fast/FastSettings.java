package io.weir.cache.fast;

import io.weir.web.Bounds;
import io.weir.web.StartupRefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The fast port: keys over HTTP, and the Redis protocol, on the address and with the TLS of the
 * HTTP port.
 *
 * @param enabled whether there is a fast port: keys over HTTP/1.1, and the Redis protocol
 * @param port by default 2000 above {@code server.port}; 0 for any free one
 * @param maxConnections most connections at a time, further ones are closed at once; by default as
 *     many as a sixteenth of the heap holds, and the HTTP port has no more than another
 * @param maxKeys most keys that the command {@code KEYS} looks through; beyond, it is refused, and
 *     {@code SCAN} is the way
 * @param allowFlush whether {@code FLUSHALL} and {@code FLUSHDB} of the Redis protocol delete all
 *     keys, in the database as well
 */
@Validated
@ConfigurationProperties(prefix = "weir.fast", ignoreUnknownFields = false)
public record FastSettings(
    @DefaultValue("false") boolean enabled,
    @Nullable String port,
    @Nullable Integer maxConnections,
    @DefaultValue("10000") int maxKeys,
    @DefaultValue("false") boolean allowFlush) {

  private static final Logger LOG = LoggerFactory.getLogger(FastSettings.class);

  private static final int OFFSET = 2_000;
  private static final int LAST_PORT = 65_535;
  private static final int MOST_CONNECTIONS = 1_000_000;
  private static final int MOST_KEYS = 1_000_000;

  /**
   * What a connection is counted with. An idle one that was answered before keeps 2.3 KB of heap,
   * by benchmarks/idle-connections.sh; the rest is for a request that has begun.
   */
  static final long CONNECTION_BYTES = 8 << 10;

  private static final int PART_OF_THE_HEAP = 16;

  /** What Kubernetes gives a container as {@code WEIR_FAST_PORT} for a Service of that name. */
  private static final String SERVICE_LINK = "tcp://";

  public FastSettings {
    if (port != null && !port.startsWith(SERVICE_LINK)) {
      Bounds.require(
          port.matches("\\d{1,5}") && Integer.parseInt(port) <= LAST_PORT,
          "weir.fast.port",
          "'" + port + "'",
          "0 to " + LAST_PORT);
    }
    if (maxConnections != null) {
      Bounds.within("weir.fast.max-connections", maxConnections, 1, MOST_CONNECTIONS);
    }
    Bounds.within("weir.fast.max-keys", maxKeys, 1, MOST_KEYS);
  }

  /** How many connections there may be, by default by the heap. */
  public int mostConnections() {
    return maxConnections != null
        ? maxConnections
        : Math.toIntExact(heapForConnections() / CONNECTION_BYTES);
  }

  static long heapForConnections() {
    return Runtime.getRuntime().maxMemory() / PART_OF_THE_HEAP;
  }

  /**
   * The port, by default from the HTTP port.
   *
   * @throws StartupRefusedException when there is no such port
   */
  public int portFor(int httpPort) {
    if (port != null && !port.startsWith(SERVICE_LINK)) {
      return Integer.parseInt(port);
    }
    if (httpPort == 0) {
      return 0;
    }
    if (httpPort + OFFSET > LAST_PORT) {
      throw new StartupRefusedException(
          "server.port is "
              + httpPort
              + ", so that weir.fast.port, "
              + OFFSET
              + " above it by default, must be set");
    }
    if (port != null) {
      LOG.warn(
          "weir.fast.port is '{}', which Kubernetes sets for a Service named weir-fast, and no port"
              + " number: {} is taken. Give the Service another name, or the pod"
              + " enableServiceLinks: false.",
          port,
          httpPort + OFFSET);
    }
    return httpPort + OFFSET;
  }
}
