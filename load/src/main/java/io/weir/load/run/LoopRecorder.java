package io.weir.load.run;

import io.weir.client.transport.ServerAddress;
import io.weir.load.workload.Operation;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the clients of one event loop have measured.
 *
 * <p><b>Concurrency.</b> Written by that loop alone, without locks; drained by one other thread.
 */
final class LoopRecorder {

  private final boolean separate;
  private final Map<Operation, OperationRecorder> operations = new EnumMap<>(Operation.class);
  private final Map<ServerAddress, ServerRecorder> servers = new ConcurrentHashMap<>();
  private final LongAdder absent = new LongAdder();
  private final Latencies lag = new Latencies();

  /** Latencies and errors of one kind of operation. */
  private static final class OperationRecorder {
    final Latencies response = new Latencies();
    final Latencies service = new Latencies();
    final Map<ErrorKind, LongAdder> errors = new EnumMap<>(ErrorKind.class);

    OperationRecorder() {
      for (ErrorKind kind : ErrorKind.values()) {
        errors.put(kind, new LongAdder());
      }
    }
  }

  /**
   * @param separate whether service times are recorded beside the response times, as they differ
   */
  LoopRecorder(boolean separate) {
    this.separate = separate;
    for (Operation operation : Operation.values()) {
      operations.put(operation, new OperationRecorder());
    }
  }

  /** The recorder of one server's share. */
  ServerRecorder of(ServerAddress server) {
    return servers.computeIfAbsent(server, _ -> new ServerRecorder());
  }

  void succeeded(Operation operation, long responseNanos, long serviceNanos) {
    OperationRecorder to = of(operation);
    to.response.record(responseNanos);
    if (separate) {
      to.service.record(serviceNanos);
    }
  }

  void failed(Operation operation, ErrorKind kind) {
    LongAdder count = of(operation).errors.get(kind);
    if (count != null) {
      count.increment();
    }
  }

  /** A read has found no entry, and that is no fault. */
  void absent() {
    absent.increment();
  }

  /** Something happened later than it could have. */
  void late(long nanos) {
    lag.record(nanos);
  }

  private OperationRecorder of(Operation operation) {
    return Objects.requireNonNull(operations.get(operation));
  }

  /** Hands over to the totals what has happened since the last call. */
  void drainTo(Totals totals) {
    operations.forEach((operation, from) -> {
      Totals.OfOperation to = totals.of(operation);
      to.response().add(from.response.drain());
      if (separate) {
        to.service().add(from.service.drain());
      }
      from.errors.forEach((kind, count) -> to.addErrors(kind, count.sumThenReset()));
    });
    servers.forEach((server, from) -> from.drainTo(totals.of(server)));
    totals.addAbsent(absent.sumThenReset());
    totals.lag().add(lag.drain());
  }
}
