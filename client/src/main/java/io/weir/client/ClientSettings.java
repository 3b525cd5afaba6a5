package io.weir.client;

import io.weir.client.transport.ServerAddress;
import io.weir.model.Consistency;
import java.time.Duration;
import java.util.List;

/**
 * The settings of a client; {@link WeirClientBuilder} says what each does.
 *
 * @param masters at least one
 */
record ClientSettings(
    List<ServerAddress> masters,
    Network network,
    Duration deadline,
    Duration connectTimeout,
    Duration readTimeout,
    Duration longPoll,
    Duration idleTimeout,
    int maxConnectionsPerServer,
    int maxResponseBytes,
    int ioThreads,
    boolean watch,
    ReadFrom readFrom,
    Consistency consistency,
    Door door) {

  private static final Duration LONGEST = Duration.ofDays(1);

  ClientSettings {
    masters = List.copyOf(masters);
    if (masters.isEmpty()) {
      throw new IllegalArgumentException("masters needs at least one URL, got none");
    }
    positive("deadline", deadline);
    positive("connectTimeout", connectTimeout);
    positive("readTimeout", readTimeout);
    positive("longPoll", longPoll);
    positive("idleTimeout", idleTimeout);
    positive("maxConnectionsPerServer", maxConnectionsPerServer);
    positive("maxResponseBytes", maxResponseBytes);
    positive("ioThreads", ioThreads);
  }

  private static void positive(String name, Duration value) {
    if (value.toMillis() < 1 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " is 1 ms to 1 day, got " + value);
    }
  }

  private static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, got " + value);
    }
  }
}
