package io.weir.client.transport;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * How a client is let in: the token that it shows with each request, and the certificates that it
 * trusts and shows when a server is reached by https.
 *
 * <p><b>Concurrency.</b> Safe for any number of threads, event loops included: the token is asked
 * for once, and again only after a server has refused it.
 */
public final class Access {

  /** No token, and the certificates that the JDK trusts. */
  public static final Access OPEN = new Access(null, null, Set.of());

  private static final String BEARER = "Bearer ";

  private final @Nullable Supplier<String> token;
  private final @Nullable Supplier<SSLContext> certificates;
  private final Set<ServerAddress> given;
  private final boolean tls;
  private volatile @Nullable String authorization;

  /**
   * @param token to be shown; null for none
   * @param certificates for https; null for what the JDK trusts
   * @param given servers whose addresses this client was given, and did not learn of another
   */
  public Access(
      @Nullable Supplier<String> token,
      @Nullable Supplier<SSLContext> certificates,
      Collection<ServerAddress> given) {
    this.token = token;
    this.certificates = certificates;
    this.given = Set.copyOf(given);
    this.tls = certificates != null || given.stream().anyMatch(ServerAddress::secure);
  }

  /**
   * Whether a server may be spoken to. Where TLS is in force, because a master is reached by it or
   * there are certificates to trust, nothing is sent in the clear to an address that was learnt:
   * whoever registers with a master could have himself sent keys, values and tokens.
   */
  public boolean allows(ServerAddress server) {
    return server.secure() || !tls || given.contains(server);
  }

  /** Adds the token, if there is one, to a request. */
  public void authorize(HttpHeaders headers) {
    String shown = authorization();
    if (shown != null) {
      headers.set(HttpHeaderNames.AUTHORIZATION, shown);
    }
  }

  /** The token by itself, as protocols take it that know no such header; null for none. */
  public @Nullable String token() {
    String shown = authorization();
    return shown == null ? null : shown.substring(BEARER.length());
  }

  /** The value of the header of a request to come; null for none. */
  public @Nullable String authorization() {
    String shown = authorization;
    return shown != null || token == null ? shown : renewed(token);
  }

  /**
   * Asks for the token again after a server has answered 401, unless another thread has done so.
   *
   * @param refused what the request had shown; null for nothing
   * @return whether there is another token now, with which the request is worth repeating
   */
  public boolean renew(@Nullable String refused) {
    if (token == null) {
      return false;
    }
    synchronized (this) {
      String now = authorization;
      if (now == null || now.equals(refused)) {
        now = renewed(token);
      }
      return !now.equals(refused);
    }
  }

  /** The same for a token that was shown by itself. */
  public boolean renewToken(String refused) {
    return renew(BEARER + refused);
  }

  private String renewed(Supplier<String> from) {
    String now = BEARER + from.get();
    authorization = now;
    return now;
  }

  /** An engine for a connection to a server, whose certificate must be for its host. */
  SSLEngine engine(ServerAddress server) {
    SSLEngine engine = context().createSSLEngine(server.host(), server.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** What is trusted and shown where a server is reached by TLS. */
  public SSLContext context() {
    if (certificates != null) {
      return certificates.get();
    }
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK's own trust store cannot be used", e);
    }
  }
}
