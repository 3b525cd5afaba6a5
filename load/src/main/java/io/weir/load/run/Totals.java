package io.weir.load.run;

import io.weir.client.transport.ServerAddress;
import io.weir.load.result.HistogramText;
import io.weir.load.workload.Operation;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Sums over a span of time. Confined to the thread that drains the recorders. */
final class Totals {

  private final boolean separate;
  private final Map<Operation, OfOperation> operations = new EnumMap<>(Operation.class);
  private final Map<ServerAddress, Server> servers = new LinkedHashMap<>();
  private final Histogram lag = HistogramText.empty();
  private long absent;

  /** Those of one kind of operation. */
  static final class OfOperation {
    private final Histogram response = HistogramText.empty();
    private final Histogram service;
    private final boolean separate;
    private final Map<ErrorKind, Long> errors = new EnumMap<>(ErrorKind.class);

    private OfOperation(boolean separate) {
      this.separate = separate;
      service = separate ? HistogramText.empty() : response;
    }

    Histogram response() {
      return response;
    }

    /** The same histogram as {@link #response} where the two do not differ. */
    Histogram service() {
      return service;
    }

    long failed() {
      return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    void addErrors(ErrorKind kind, long count) {
      if (count > 0) {
        errors.merge(kind, count, Long::sum);
      }
    }

    private void add(OfOperation other) {
      response.add(other.response);
      if (separate) {
        service.add(other.service);
      }
      other.errors.forEach(this::addErrors);
    }

    private void clear() {
      response.reset();
      service.reset();
      errors.clear();
    }
  }

  /** Those of one server. */
  static final class Server {
    private final Histogram service = HistogramText.empty();
    private long errors;
    private long hits;
    private long misses;

    Histogram service() {
      return service;
    }

    long errors() {
      return errors;
    }

    long hits() {
      return hits;
    }

    long misses() {
      return misses;
    }

    void add(Histogram times, long moreErrors, long moreHits, long moreMisses) {
      service.add(times);
      errors += moreErrors;
      hits += moreHits;
      misses += moreMisses;
    }

    private void clear() {
      service.reset();
      errors = 0;
      hits = 0;
      misses = 0;
    }
  }

  /**
   * @param separate whether service times differ from response times
   */
  Totals(boolean separate) {
    this.separate = separate;
  }

  OfOperation of(Operation operation) {
    return operations.computeIfAbsent(operation, _ -> new OfOperation(separate));
  }

  Server of(ServerAddress server) {
    return servers.computeIfAbsent(server, _ -> new Server());
  }

  Map<Operation, OfOperation> operations() {
    return operations;
  }

  Map<ServerAddress, Server> servers() {
    return servers;
  }

  /** How late the generator was, in nanoseconds. */
  Histogram lag() {
    return lag;
  }

  /** Response times of all kinds together. */
  Histogram response() {
    Histogram all = HistogramText.empty();
    operations.values().forEach(each -> all.add(each.response));
    return all;
  }

  /** Service times of all kinds together. */
  Histogram service() {
    Histogram all = HistogramText.empty();
    operations.values().forEach(each -> all.add(each.service));
    return all;
  }

  /** Number of errors of each kind that occurred. */
  Map<ErrorKind, Long> errors() {
    Map<ErrorKind, Long> all = new EnumMap<>(ErrorKind.class);
    operations
        .values()
        .forEach(each -> each.errors.forEach((kind, n) -> all.merge(kind, n, Long::sum)));
    return all;
  }

  long hits() {
    return servers.values().stream().mapToLong(Server::hits).sum();
  }

  long misses() {
    return servers.values().stream().mapToLong(Server::misses).sum();
  }

  long absent() {
    return absent;
  }

  long succeeded() {
    return operations.values().stream().mapToLong(each -> each.response.getTotalCount()).sum();
  }

  long failed() {
    return operations.values().stream().mapToLong(OfOperation::failed).sum();
  }

  void addAbsent(long more) {
    absent += more;
  }

  void add(Totals other) {
    other.operations.forEach((operation, each) -> of(operation).add(each));
    other.servers.forEach(
        (server, each) -> of(server).add(each.service, each.errors, each.hits, each.misses));
    lag.add(other.lag);
    absent += other.absent;
  }

  void clear() {
    operations.values().forEach(OfOperation::clear);
    servers.values().forEach(Server::clear);
    lag.reset();
    absent = 0;
  }
}
