package io.weir.cache.redis;

import org.jspecify.annotations.Nullable;

/** A client that is connected, and nothing more. */
final class FakeSession implements Session {

  private boolean eventual;

  @Override
  public long id() {
    return 1;
  }

  @Override
  public int protocol() {
    return 2;
  }

  @Override
  public void protocol(int version) {}

  @Override
  public String name() {
    return "";
  }

  @Override
  public void name(String name) {}

  @Override
  public String library() {
    return "";
  }

  @Override
  public String libraryVersion() {
    return "";
  }

  @Override
  public void library(String name) {}

  @Override
  public void libraryVersion(String version) {}

  @Override
  public boolean readsReplicas() {
    return eventual;
  }

  @Override
  public void readsReplicas(boolean wished) {
    eventual = wished;
  }

  @Override
  public String remoteAddress() {
    return "127.0.0.1:1";
  }

  @Override
  public String localAddress() {
    return "127.0.0.1:2";
  }

  @Override
  public boolean isTrusted() {
    return true;
  }

  @Override
  public boolean may(CommandSpec.Access access) {
    return true;
  }

  @Override
  public String user() {
    return "default";
  }

  @Override
  public @Nullable String authenticate(String token) {
    return null;
  }

  @Override
  public void reset() {}

  @Override
  public void closeAfterReplies() {}
}
