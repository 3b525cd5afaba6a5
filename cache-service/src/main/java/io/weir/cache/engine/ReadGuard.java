package io.weir.cache.engine;

/**
 * What vouches for a read of this server's table: that nothing it does not know of was acknowledged
 * before the read began.
 */
public interface ReadGuard {

  /** A guard that always vouches, for a table that nobody else writes to. */
  ReadGuard ALWAYS =
      new ReadGuard() {
        @Override
        public boolean isCurrent() {
          return true;
        }

        @Override
        public void confirm() {}
      };

  /**
   * Tells whether no other leader can have been at work up to now. Asked after the value was read:
   * the process may have been stopped between any two steps. Never waits.
   */
  boolean isCurrent();

  /**
   * Waits until this server has applied all that was acknowledged by anyone before the call.
   *
   * @throws EngineException.NotServing when the group does not say so in time
   */
  void confirm();
}
