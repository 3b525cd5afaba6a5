package io.weir.cache.server;

import io.weir.model.Authority;
import io.weir.model.ByteSize;
import io.weir.model.Durability;
import io.weir.model.NodeId;
import io.weir.web.Bounds;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.validation.annotation.Validated;

/**
 * The server itself.
 *
 * @param nodeId its name in the cluster, the same after a restart; by default host name and port
 * @param advertise where others reach it
 * @param maxValueSize most bytes of a value
 * @param durability of writes that ask for none: {@code journal}, acknowledged once durable, or
 *     {@code memory}, acknowledged at once and lost by a crash before the write-back
 * @param maxKeyWait how long a request waits for other requests of the same key
 * @param retryAfter what a 503 tells the client to wait; whole seconds, and up to twice as much at
 *     random
 */
@Validated
@ConfigurationProperties(prefix = "weir")
public record ServerSettings(
    @Nullable String nodeId,
    @DefaultValue Advertise advertise,
    @DefaultValue("1MiB") ByteSize maxValueSize,
    @DefaultValue("journal") Durability durability,
    @DefaultValue("5s") Duration maxKeyWait,
    @DefaultValue("1s") Duration retryAfter) {

  /** Half of what the journal's queue and its messages hold. */
  private static final ByteSize LARGEST_VALUE = ByteSize.ofMiB(32);

  /**
   * Where others reach the server.
   *
   * @param url where clients of its own network reach it; by default http, the host's address and
   *     the port
   * @param externalUrl where clients outside that network reach it, if elsewhere
   * @param fastUrl where clients of its own network reach the fast port; by default the host of
   *     {@code url} and the port that is bound. It is also where Redis clients are sent.
   * @param externalFastUrl where clients outside that network reach the fast port; by default they
   *     are told of none where {@code external-url} is set, and else what the others are told
   * @param raft {@code host:port} where the other members of its shard's group reach its journal;
   *     by default the host of {@code url} and {@code weir.raft.port}
   */
  public record Advertise(
      @Nullable URI url,
      @Name("external-url") @Nullable URI externalUrl,
      @Name("fast-url") @Nullable URI fastUrl,
      @Name("external-fast-url") @Nullable URI externalFastUrl,
      @Nullable String raft) {

    private static final Pattern HOST_AND_PORT = Pattern.compile("[^:\\s]+:\\d{1,5}");

    public Advertise {
      check("url", url);
      check("external-url", externalUrl);
      check("fast-url", fastUrl);
      check("external-fast-url", externalFastUrl);
      if (raft != null && !HOST_AND_PORT.matcher(raft).matches()) {
        throw new IllegalArgumentException(
            "weir.advertise.raft is '"
                + raft
                + "', it must be of the form host:port, the host being a name or an IPv4 address:"
                + " where there is IPv6 alone, a name that stands for the address");
      }
    }

    private static void check(String name, @Nullable URI url) {
      if (url != null
          && (Authority.of(url) == null
              || !List.of("http", "https").contains(url.getScheme())
              || !url.getPath().isEmpty()
              || url.getQuery() != null)) {
        throw new IllegalArgumentException(
            "weir.advertise."
                + name
                + " is '"
                + url
                + "', it must be of the form http://host:port");
      }
    }
  }

  public ServerSettings {
    if (nodeId != null) {
      try {
        new NodeId(nodeId);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("weir.node-id: " + e.getMessage(), e);
      }
    }
    Bounds.require(
        maxValueSize.bytes() >= 1 && maxValueSize.compareTo(LARGEST_VALUE) <= 0,
        "weir.max-value-size",
        maxValueSize,
        "1B to " + LARGEST_VALUE);
    Bounds.time("weir.max-key-wait", maxKeyWait, Duration.ofMillis(1));
    Bounds.require(retryAfter.toSeconds() >= 1, "weir.retry-after", retryAfter, "at least 1s");
  }
}
