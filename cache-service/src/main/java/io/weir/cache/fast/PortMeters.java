package io.weir.cache.fast;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What the fast port counts of its connections. Safe for use by many threads. */
final class PortMeters {

  /** What a connection speaks. */
  enum Protocol {
    UNDECIDED,
    HTTP,
    RESP
  }

  /** Why the port has closed a connection on its own account. */
  enum Refused {
    /** There were as many as there may be. */
    FULL,
    /** It said nothing in time, or began a request and did not end it. */
    SILENT,
    /** What it began with is neither of the protocols. */
    UNKNOWN_PROTOCOL,
    /** It did not come with TLS where that is asked for, or with TLS that failed. */
    TLS,
    /** It did not take its answers in time. */
    SLOW
  }

  private final Map<Protocol, LongAdder> open = new EnumMap<>(Protocol.class);
  private final Map<Refused, LongAdder> refused = new EnumMap<>(Refused.class);
  private final LongAdder received = new LongAdder();
  private final LongAdder sent = new LongAdder();

  PortMeters() {
    for (Protocol each : Protocol.values()) {
      open.put(each, new LongAdder());
    }
    for (Refused each : Refused.values()) {
      refused.put(each, new LongAdder());
    }
  }

  void opened() {
    Objects.requireNonNull(open.get(Protocol.UNDECIDED)).increment();
  }

  void becomes(Protocol before, Protocol after) {
    Objects.requireNonNull(open.get(before)).decrement();
    Objects.requireNonNull(open.get(after)).increment();
  }

  void closed(Protocol last) {
    Objects.requireNonNull(open.get(last)).decrement();
  }

  void refused(Refused why) {
    Objects.requireNonNull(refused.get(why)).increment();
  }

  void received(int bytes) {
    received.add(bytes);
  }

  void sent(int bytes) {
    sent.add(bytes);
  }

  void bind(MeterRegistry registry, EventLoopGroup loops) {
    open.forEach((protocol, count) ->
        Gauge.builder("weir.fast.connections", count, LongAdder::sum)
            .description("Open connections of the fast port, by what they speak")
            .tag("protocol", lower(protocol))
            .register(registry));
    refused.forEach((why, count) ->
        FunctionCounter.builder("weir.fast.connections.refused", count, LongAdder::sum)
            .description("Connections that the fast port has closed on its own account, by why")
            .tag("reason", lower(why))
            .register(registry));
    FunctionCounter.builder("weir.fast.received", received, LongAdder::sum)
        .description("Bytes that the fast port has received, those of TLS included")
        .baseUnit("bytes")
        .register(registry);
    FunctionCounter.builder("weir.fast.sent", sent, LongAdder::sum)
        .description("Bytes that the fast port has sent, those of TLS included")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("weir.fast.queue", loops, PortMeters::longestQueue)
        .description("Tasks that wait for the fast port's busiest event loop")
        .register(registry);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static double longestQueue(EventLoopGroup loops) {
    int longest = 0;
    for (EventExecutor each : loops) {
      if (each instanceof SingleThreadEventExecutor loop) {
        longest = Math.max(longest, loop.pendingTasks());
      }
    }
    return longest;
  }
}
