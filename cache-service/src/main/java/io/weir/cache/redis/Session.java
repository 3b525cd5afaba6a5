package io.weir.cache.redis;

import org.jspecify.annotations.Nullable;

/**
 * What a connection knows of its client between two commands. Of the event loop, but for what
 * {@code CLIENT LIST} shows of others.
 */
public interface Session {

  /** A number of its own, of this process. */
  long id();

  /** 2 or 3. */
  int protocol();

  void protocol(int version);

  /** What the client calls itself; empty before it does. */
  String name();

  void name(String name);

  /** The library and its version as {@code CLIENT SETINFO} gave them; empty before. */
  String library();

  String libraryVersion();

  void library(String name);

  void libraryVersion(String version);

  /** Whether {@code READONLY} is on: a replica answers, eventually consistent. */
  boolean readsReplicas();

  void readsReplicas(boolean eventual);

  /** Where the client is, as {@code host:port}. */
  String remoteAddress();

  /** The address that it has connected to, as {@code host:port}. */
  String localAddress();

  /** Whether it has logged in, or need not. */
  boolean isTrusted();

  /** Whether it may use what takes such an access, having logged in. */
  boolean may(CommandSpec.Access access);

  /** The name of its token; {@code default} while nobody asks for one. */
  String user();

  /**
   * Logs in with a token.
   *
   * @return null when that worked, and else the text of an error that says why not, with Redis's
   *     own word in front
   */
  @Nullable String authenticate(String token);

  /** Forgets all, as {@code RESET} does. */
  void reset();

  /** Closes the connection once what was replied is written. */
  void closeAfterReplies();
}
