package io.weir.cache.fast;

import io.netty.handler.ssl.SslHandler;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.web.server.Ssl;

/**
 * TLS of the fast port: the certificates, versions and ciphers of the HTTP port, and what that asks
 * of a client's certificate.
 *
 * @param certificates asked for each connection, so that new ones take effect without a restart
 * @param protocols null for those of the JDK
 * @param ciphers null for those of the JDK
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
record PortTls(
    Supplier<SSLContext> certificates,
    String @Nullable [] protocols,
    String @Nullable [] ciphers,
    Ssl.@Nullable ClientAuth clientAuth) {

  static PortTls of(Supplier<SSLContext> certificates, SslBundle bundle, Ssl ssl) {
    return new PortTls(
        certificates,
        bundle.getOptions().getEnabledProtocols(),
        bundle.getOptions().getCiphers(),
        ssl.getClientAuth());
  }

  SslHandler handler() {
    SSLEngine engine = certificates.get().createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    if (protocols != null) {
      parameters.setProtocols(protocols);
    }
    if (ciphers != null) {
      parameters.setCipherSuites(ciphers);
    }
    if (clientAuth == Ssl.ClientAuth.NEED) {
      parameters.setNeedClientAuth(true);
    } else if (clientAuth == Ssl.ClientAuth.WANT) {
      parameters.setWantClientAuth(true);
    }
    engine.setSSLParameters(parameters);
    return new SslHandler(engine);
  }
}
