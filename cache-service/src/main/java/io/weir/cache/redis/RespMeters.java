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
        public OfCommand of(CommandSpec command) {
          return (failed, nanos) -> {};
        }

        @Override
        public void refused(String why) {}
      };

  /** What is counted of one command: to be asked for once, and kept. */
  OfCommand of(CommandSpec command);

  /** What is counted of one command. */
  @FunctionalInterface
  interface OfCommand {

    /**
     * The command was answered.
     *
     * @param failed whether with an error
     * @param nanos since it began
     */
    void answered(boolean failed, long nanos);
  }

  /**
   * A request was refused before it became a command, or a connection was closed.
   *
   * @param why one of few words: {@code unknown-command}, {@code protocol-error}, {@code
   *     cross-protocol}, {@code slow-client}, {@code too-large}, {@code overloaded}
   */
  void refused(String why);
}
