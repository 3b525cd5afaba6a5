package io.weir.cache.redis;

/**
 * What is counted of the Redis protocol.
 *
 * <p><b>Concurrency.</b> Of any event loop, which it does not keep waiting.
 */
public interface RespMeters {

  /** Counts nothing. */
  RespMeters NONE =
      new RespMeters() {
        @Override
        public void answered(CommandSpec command, boolean failed, long nanos) {}

        @Override
        public void refused(String why) {}
      };

  /**
   * A command was answered.
   *
   * @param failed whether with an error
   * @param nanos since it began
   */
  void answered(CommandSpec command, boolean failed, long nanos);

  /**
   * A request was refused before it became a command, or a connection was closed.
   *
   * @param why one of few words: {@code unknown-command}, {@code protocol-error}, {@code
   *     cross-protocol}, {@code slow-client}, {@code too-large}, {@code overloaded}
   */
  void refused(String why);
}
