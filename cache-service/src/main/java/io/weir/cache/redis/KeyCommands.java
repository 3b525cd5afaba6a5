package io.weir.cache.redis;

import io.weir.cache.door.Ownership;
import io.weir.cache.engine.AsyncEngine;
import io.weir.cache.engine.CacheEngine;
import java.time.Clock;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The commands on keys and their values, as Redis 7.2 documents them. Every value is a string: what
 * another type would be asked for does not exist, so nothing is ever of the wrong one.
 *
 * <p>A command that needs not to know what a key holds reads nothing. Any other decides on what the
 * key holds when its turn comes, and writes that in the same step.
 */
public final class KeyCommands {

  private final KeyAccess access;
  private final List<CommandSpec> all;

  /**
   * @param copies how many other members have a write in their journal for certain when it is
   *     acknowledged
   * @param turns of whatever reads all keys
   */
  public KeyCommands(
      AsyncEngine async,
      CacheEngine engine,
      Ownership ownership,
      KeySettings settings,
      IntSupplier copies,
      ScanTurns turns,
      Clock clock) {
    this.access = new KeyAccess(async, engine, settings.durability());
    Commands commands = new Commands();
    new ReadCommands(access, settings, clock).addTo(commands);
    new WriteCommands(access, settings, clock).addTo(commands);
    new ChangeCommands(access, settings).addTo(commands);
    new ExpiryCommands(access, clock).addTo(commands);
    new KeySpaceCommands(access, new KeyPages(engine, ownership, turns), settings).addTo(commands);
    new ServiceCommands(access, settings, copies).addTo(commands);
    this.all = commands.all();
  }

  public List<CommandSpec> all() {
    return all;
  }

  /**
   * How many values were written again, as a whole, only so that they expire at another time:
   * {@code EXPIRE}, {@code PERSIST}, {@code GETEX} and their like.
   */
  public long expiryRewrites() {
    return access.expiryRewrites();
  }
}
