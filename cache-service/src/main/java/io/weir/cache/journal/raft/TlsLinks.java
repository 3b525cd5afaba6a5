package io.weir.cache.journal.raft;

import java.io.IOException;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Mutual TLS 1.3: each side shows a certificate of the authority that the members share, and the
 * one that is called must have one for the address that it is called at.
 */
public final class TlsLinks implements LinkCipher {

  private static final String[] PROTOCOLS = {"TLSv1.3"};

  private final Supplier<SSLContext> certificates;

  /**
   * @param certificates asked for each connection, so that new ones take effect without a restart
   */
  public TlsLinks(Supplier<SSLContext> certificates) {
    this.certificates = certificates;
  }

  @Override
  public Socket call(Socket plain, String host) throws IOException {
    SSLSocket socket = over(plain, host);
    socket.setUseClientMode(true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  @Override
  public Socket answer(Socket plain) throws IOException {
    SSLSocket socket = over(plain, plain.getInetAddress().getHostAddress());
    socket.setUseClientMode(false);
    socket.setNeedClientAuth(true);
    socket.startHandshake();
    return socket;
  }

  private SSLSocket over(Socket plain, String host) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            certificates.get().getSocketFactory().createSocket(plain, host, plain.getPort(), true);
    socket.setEnabledProtocols(PROTOCOLS);
    return socket;
  }
}
