package io.weir.cache.redis;

import io.netty.channel.Channel;
import io.weir.cache.redis.Authenticator.Login;
import io.weir.cache.redis.CommandSpec.Access;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a connection knows of its client.
 *
 * <p><b>Concurrency.</b> Changed by the connection's event loop. What others are shown is volatile.
 */
final class RespSession implements Session {

  static final String WRONG_TOKEN = "WRONGPASS invalid username-password pair or user is disabled.";

  private final long id;
  private final Authenticator authenticator;
  private final String remoteAddress;
  private final String localAddress;

  private volatile int protocol = 2;
  private volatile String name = "";
  private volatile String library = "";
  private volatile String libraryVersion = "";
  private volatile boolean readsReplicas;

  private @Nullable Login login;
  private boolean closesAfterReplies;

  RespSession(long id, Authenticator authenticator, Channel channel) {
    this.id = id;
    this.authenticator = authenticator;
    this.remoteAddress = text(channel.remoteAddress());
    this.localAddress = text(channel.localAddress());
  }

  private static String text(@Nullable SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet) || inet.getAddress() == null) {
      return String.valueOf(address);
    }
    String host = inet.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
  }

  @Override
  public boolean isTrusted() {
    Login now = login;
    return now == null ? !authenticator.asksForTokens() : now.isKnown();
  }

  @Override
  public boolean may(Access access) {
    Login now = login;
    return now == null || now.may(access);
  }

  @Override
  public String user() {
    Login now = login;
    return now == null ? "default" : now.name();
  }

  @Override
  public @Nullable String authenticate(String token) {
    if (!authenticator.asksForTokens()) {
      return "ERR AUTH <password> called without any password configured for the default user. Are"
          + " you sure your configuration is correct?";
    }
    Login found = authenticator.authenticate(token, remoteAddress);
    if (found == null) {
      return WRONG_TOKEN;
    }
    login = found;
    return null;
  }

  @Override
  public void reset() {
    login = null;
    protocol = 2;
    name = "";
    readsReplicas = false;
  }

  @Override
  public void closeAfterReplies() {
    closesAfterReplies = true;
  }

  boolean closesAfterReplies() {
    return closesAfterReplies;
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public int protocol() {
    return protocol;
  }

  @Override
  public void protocol(int version) {
    protocol = version;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void name(String newName) {
    name = newName;
  }

  @Override
  public String library() {
    return library;
  }

  @Override
  public String libraryVersion() {
    return libraryVersion;
  }

  @Override
  public void library(String newName) {
    library = newName;
  }

  @Override
  public void libraryVersion(String version) {
    libraryVersion = version;
  }

  @Override
  public boolean readsReplicas() {
    return readsReplicas;
  }

  @Override
  public void readsReplicas(boolean eventual) {
    readsReplicas = eventual;
  }

  @Override
  public String remoteAddress() {
    return remoteAddress;
  }

  @Override
  public String localAddress() {
    return localAddress;
  }

  @Override
  public String toString() {
    return "connection " + id + " of " + remoteAddress;
  }
}
