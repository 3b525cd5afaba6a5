package io.weir.web.security;

import io.weir.model.Authority;
import io.weir.model.Excerpt;
import io.weir.web.Bounds;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may use this server. Without tokens everybody may, and it listens on loopback only.
 *
 * @param tokens lines of a tokens file given directly, for an environment variable; a change of
 *     these needs a restart
 * @param tokensFile a file with a token a line, {@code NAME ROLE[,ROLE...] TOKEN}, the roles being
 *     {@code read}, {@code write}, {@code cluster}, {@code metrics} and {@code operate}; it is read
 *     again when it changes
 * @param hosts further names by which a server without tokens may be asked, beside those of
 *     loopback and of its own {@code weir.advertise} URLs: a proxy's on this machine, say. With
 *     tokens any name will do.
 * @param reloadInterval how often the file is looked at; shorter takes a new token sooner
 */
@ConfigurationProperties(prefix = "weir.security", ignoreUnknownFields = false)
public record SecuritySettings(
    @Nullable Path tokensFile,
    @DefaultValue List<String> tokens,
    @DefaultValue List<String> hosts,
    @DefaultValue("1s") Duration reloadInterval) {

  public SecuritySettings {
    Bounds.require(
        reloadInterval.toMillis() >= 10 && reloadInterval.compareTo(Duration.ofHours(1)) <= 0,
        "weir.security.reload-interval",
        reloadInterval,
        "10ms to 1h");
    tokens = List.copyOf(tokens);
    hosts = hosts.stream().map(SecuritySettings::host).toList();
  }

  /** Returns the name or the address; a port makes no difference. */
  private static String host(String written) {
    boolean isBare = !written.startsWith("[") && written.indexOf(':') != written.lastIndexOf(':');
    String authority = isBare ? "[" + written + "]" : written;
    Authority host = null;
    try {
      URI url = URI.create("http://" + authority);
      host = authority.equals(url.getRawAuthority()) ? Authority.of(url) : null;
    } catch (IllegalArgumentException e) {
      // The sentence says it.
    }
    if (host == null || authority.contains("@")) {
      throw new IllegalArgumentException(
          "weir.security.hosts has '"
              + Excerpt.of(written)
              + "', it must have names and addresses only, such as proxy.example or 10.0.0.1");
    }
    return host.host();
  }

  /** Leaves the tokens out. */
  @Override
  public String toString() {
    return "SecuritySettings[tokensFile="
        + tokensFile
        + ", "
        + tokens.size()
        + " tokens given directly, hosts="
        + hosts
        + ", reloadInterval="
        + reloadInterval.toMillis()
        + "ms]";
  }
}
