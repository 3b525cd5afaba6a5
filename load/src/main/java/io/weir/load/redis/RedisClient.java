package io.weir.load.redis;

import io.weir.client.RoutingTable;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.client.transport.ServerAddress;
import io.weir.model.Key;
import io.weir.model.Shown;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A client of the cache servers' Redis protocol that knows of each command what became of it: it
 * sends again only what has certainly not been carried out.
 *
 * <p>The masters' topology says whom to ask first. A {@code MOVED} is followed, and the other
 * servers of the shard are asked when one cannot be reached: they know who leads while no master
 * answers. Clients that bring this along themselves also send again what they have lost the answer
 * of, so the redirections are followed here, over connections of Jedis, which send nothing by
 * themselves.
 *
 * <p><b>Concurrency.</b> Safe for any number of threads, each call blocking its own; a connection
 * has one command in flight.
 */
public final class RedisClient implements AutoCloseable {

  private static final byte[] NX = "NX".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PREVIOUS = "GET".getBytes(StandardCharsets.US_ASCII);
  private static final int LEAST_WAIT_MILLIS = 20;
  private static final int MOST_WAIT_MILLIS = 60;

  private final WeirClient topology;
  private final Duration deadline;
  private final RedisConnections connections;

  /**
   * @param topology says where the servers are, and who is let in
   * @param deadline of each call, repetitions included
   * @param timeout of each answer
   */
  public RedisClient(WeirClient topology, Duration deadline, Duration timeout) {
    this.topology = topology;
    this.deadline = deadline;
    this.connections = new RedisConnections(topology.access(), timeout);
  }

  /** Reads a value; null when there is none. */
  public byte @Nullable [] get(Key key) {
    return (byte[]) call(key, false, Command.GET);
  }

  /** Writes a value, whatever was there. */
  public void set(Key key, byte[] value) {
    var _ = call(key, true, Command.SET, value);
  }

  /** Writes a value if there is none; tells whether it did. */
  public boolean setIfAbsent(Key key, byte[] value) {
    return call(key, true, Command.SET, value, NX) != null;
  }

  /** Writes a value; returns the one before, null when there was none. */
  public byte @Nullable [] getAndSet(Key key, byte[] value) {
    return (byte[]) call(key, true, Command.SET, value, PREVIOUS);
  }

  /** Removes a key, if it is there. */
  public void delete(Key key) {
    var _ = call(key, true, Command.DEL);
  }

  /** Adds 1 to a number; returns the sum. */
  public long increment(Key key) {
    if (call(key, true, Command.INCR) instanceof Long sum) {
      return sum;
    }
    throw new RedisException("INCR was answered with no number", true);
  }

  private @Nullable Object call(Key key, boolean changes, Command command, byte[]... arguments) {
    byte[][] words =
        Stream.concat(Stream.of(key.bytes()), Stream.of(arguments)).toArray(byte[][]::new);
    return new Call(key, changes, command, words).run();
  }

  @Override
  public void close() {
    connections.close();
  }

  /** One command under way. Confined to the calling thread. */
  private final class Call {

    private final Key key;
    private final boolean changes;
    private final Command command;
    private final byte[][] words;
    private final long end = System.nanoTime() + deadline.toNanos();
    private final Set<ServerAddress> asked = new HashSet<>(); // In this round.
    private String failure = "no server of its shard has a fast port (weir.fast.enabled)";
    private @Nullable ServerAddress named; // By the server that was asked last.

    Call(Key key, boolean changes, Command command, byte[][] words) {
      this.key = key;
      this.changes = changes;
      this.command = command;
      this.words = words;
    }

    @Nullable Object run() {
      while (true) {
        ServerAddress server = named != null ? named : next();
        named = null;
        if (server == null) {
          pause();
          continue;
        }
        asked.add(server);
        Connection connection;
        try {
          connection = connections.take(server);
        } catch (JedisException e) {
          failure = server + ": " + e.getMessage();
          continue;
        }
        try {
          connection.sendCommand(command, words);
          Object reply = connection.getOne();
          connections.giveBack(server, connection);
          return reply;
        } catch (JedisDataException e) {
          connections.giveBack(server, connection);
          refused(server, new RedisError(String.valueOf(e.getMessage())));
        } catch (JedisException e) {
          connections.drop(server, connection);
          lost(server + ": " + e.getMessage(), e);
        }
      }
    }

    private void refused(ServerAddress server, RedisError error) {
      failure = server + " answered " + error.text();
      switch (error.meaning()) {
        case MOVED -> {
          ServerAddress owner = owner(server, error);
          named = owner == null || asked.contains(owner) ? null : owner;
        }
        case UNAVAILABLE -> {}
        case REFUSED -> throw new RedisException(this + ": " + failure, false);
        case UNKNOWN -> lost(failure, null);
      }
    }

    private void lost(String why, @Nullable Exception cause) {
      failure = why;
      if (changes) {
        String sentence = this + ": " + why + "; it may have been carried out";
        throw cause == null
            ? new RedisException(sentence, true)
            : new RedisException(sentence, true, cause);
      }
    }

    private static @Nullable ServerAddress owner(ServerAddress from, RedisError error) {
      String owner = error.owner();
      if (owner == null) {
        return null;
      }
      int colon = owner.lastIndexOf(':');
      try {
        int port = Integer.parseInt(owner.substring(colon + 1));
        return new ServerAddress(from.secure(), owner.substring(0, colon), port, "");
      } catch (NumberFormatException e) {
        return null;
      }
    }

    /** The leader first, then the other servers of the shard; null when all were asked. */
    private @Nullable ServerAddress next() {
      RoutingTable table = topology.knownRouting();
      if (table == null) {
        table = refreshed();
      }
      if (table == null) {
        return null;
      }
      ServerAddress leader = table.leaderOf(key.slot());
      return Stream.concat(Stream.ofNullable(leader), table.serversOf(key.slot()).stream())
          .map(table::fastOf)
          .filter(Objects::nonNull)
          .filter(each -> !asked.contains(each))
          .findFirst()
          .orElse(null);
    }

    private @Nullable RoutingTable refreshed() {
      try {
        return topology.refresh();
      } catch (WeirException e) {
        failure = String.valueOf(e.getMessage());
        return null;
      }
    }

    /** Waits before all are asked again, or throws what failed last when the time is over. */
    private void pause() {
      long wait =
          TimeUnit.MILLISECONDS.toNanos(
              ThreadLocalRandom.current().nextInt(LEAST_WAIT_MILLIS, MOST_WAIT_MILLIS));
      if (end - System.nanoTime() <= wait) {
        throw new RedisException(this + ": " + failure, false);
      }
      try {
        TimeUnit.NANOSECONDS.sleep(wait);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RedisException(this + ": interrupted; " + failure, false, e);
      }
      asked.clear();
      var _ = refreshed();
    }

    @Override
    public String toString() {
      return command + " '" + Shown.of(key) + "'";
    }
  }
}
