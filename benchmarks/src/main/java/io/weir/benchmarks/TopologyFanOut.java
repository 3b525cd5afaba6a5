package io.weir.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What a change of the topology costs a master: simulated cache servers that send heartbeats, and
 * simulated clients that long-poll for the next version, against one master on loopback.
 *
 * <p>It needs nothing but the JDK, so that the source runs as it is: {@code java
 * TopologyFanOut.java PORT PID SERVERS WAITERS}, where PID is the master's process, whose CPU time
 * is read from {@code /proc}.
 */
public final class TopologyFanOut {

  private static final int MEMBERS = 3;
  private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int TICKS_A_SECOND = 100;

  private final int port;
  private final String pid;
  private final int servers;
  private final Waiter[] waiters;
  private final AtomicLong slowestHeartbeat = new AtomicLong();
  private final AtomicLong failedHeartbeats = new AtomicLong();

  private TopologyFanOut(int port, String pid, int servers, int waiters) {
    this.port = port;
    this.pid = pid;
    this.servers = servers;
    this.waiters = new Waiter[waiters];
  }

  /** Registers, waits, changes, and prints. */
  public static void main(String[] args) throws Exception {
    new TopologyFanOut(
            Integer.parseInt(args[0]),
            args[1],
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]))
        .run();
    System.exit(0);
  }

  private void run() throws Exception {
    List<Beating> beating = new ArrayList<>();
    for (int i = 0; i < servers; i++) {
      beating.add(new Beating(i));
      beating.getLast().registered(1);
    }
    for (Beating one : beating) {
      Thread.ofVirtual().start(one);
      pause(1);
    }
    long version = list("identity").version();
    System.out.printf(
        Locale.ROOT,
        "%d servers registered, topology version %d, /caches has %,d bytes, %,d of them asked for by gzip%n",
        servers,
        version,
        list("identity").bytes(),
        list("gzip").bytes());
    for (int i = 0; i < waiters.length; i++) {
      waiters[i] = new Waiter(version);
      Thread.ofVirtual().start(waiters[i]);
      if (i % 50 == 49) {
        pause(20);
      }
    }
    pause(5_000);
    System.out.printf(
        Locale.ROOT,
        "%,d clients wait; the master's memory (resident) is %,d MiB%n",
        waiters.length,
        residentMebibytes());

    double idle = cpuOver(5_000);
    System.out.printf(Locale.ROOT, "CPU for heartbeats alone: %.2f s in 5 s%n", idle);
    measure("one change", beating.getFirst(), 1, idle);
    pause(3_000);
    measure("ten changes, 20 ms apart", beating.getFirst(), 10, idle);
  }

  /** Tries again while the master is busy. */
  private Answer list(String encoding) {
    while (true) {
      try (Connection connection = new Connection()) {
        Answer answer = connection.get("/caches", "", encoding);
        if (answer.status() == 200) {
          return answer;
        }
      } catch (IOException e) {
        System.err.println("again: " + e.getMessage());
      }
      pause(1_000);
    }
  }

  private void measure(String what, Beating changed, int changes, double idle) throws Exception {
    for (Waiter waiter : waiters) {
      waiter.reset();
    }
    slowestHeartbeat.set(0);
    failedHeartbeats.set(0);
    double before = cpuSeconds();
    long start = System.nanoTime();
    long last = 0;
    for (int i = 0; i < changes; i++) {
      last = changed.registered(changed.term + 1);
      pause(20);
    }
    long deadline = start + TimeUnit.SECONDS.toNanos(120);
    long missing = waiters.length;
    while (missing > 0 && System.nanoTime() < deadline) {
      pause(50);
      long wanted = last;
      missing = Arrays.stream(waiters).filter(waiter -> waiter.known < wanted).count();
    }
    // What the clients' next requests cost belongs to it.
    pause(2_000);
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpu = cpuSeconds() - before - idle * seconds / 5;
    long bytes = Arrays.stream(waiters).mapToLong(waiter -> waiter.bytes).sum();
    long answers = Arrays.stream(waiters).mapToLong(waiter -> waiter.answers).sum();
    long refused = Arrays.stream(waiters).mapToLong(waiter -> waiter.failures).sum();
    long[] arrivals =
        Arrays.stream(waiters).mapToLong(w -> w.answeredAt - start).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "%s: %,d bytes in %,d answers, CPU %.2f s, half of the clients knew after %d ms, all after %d ms%s;"
            + " slowest heartbeat meanwhile %d ms, failed %d, refused waits %d%n",
        what,
        bytes,
        answers,
        cpu,
        TimeUnit.NANOSECONDS.toMillis(arrivals[arrivals.length / 2]),
        TimeUnit.NANOSECONDS.toMillis(arrivals[arrivals.length - 1]),
        missing == 0 ? "" : " (" + missing + " never)",
        TimeUnit.NANOSECONDS.toMillis(slowestHeartbeat.get()),
        failedHeartbeats.get(),
        refused);
  }

  private double cpuOver(long millis) throws IOException {
    double before = cpuSeconds();
    pause(millis);
    return cpuSeconds() - before;
  }

  private double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc", pid, "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_A_SECOND;
  }

  private long residentMebibytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", pid, "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  private static void pause(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** A cache server as a master sees it. */
  private final class Beating implements Runnable {

    private final int number;
    private Optional<Connection> connection = Optional.empty();
    private long term = 1;

    Beating(int number) {
      this.number = number;
    }

    /** Returns the version that the answer names; tries again until there is one. */
    long registered(long withTerm) {
      while (true) {
        try {
          return register(withTerm);
        } catch (IOException e) {
          failedHeartbeats.incrementAndGet();
          pause(100);
        }
      }
    }

    /** Returns the version that the answer names. */
    synchronized long register(long withTerm) throws IOException {
      term = withTerm;
      if (connection.isEmpty()) {
        connection = Optional.of(new Connection());
      }
      Connection open = connection.get();
      int shard = number / MEMBERS;
      String body =
          """
          {"nodeId":"cache-%d","host":"127.0.0.1","port":%d,"shardId":"%s","generation":1,"term":%d,\
          "role":"%s","journal":"127.0.0.1:%d:1"}\
          """
              .formatted(
                  number,
                  10_000 + number,
                  new UUID(0x4000, 0x8000_0000_0000_0000L + shard),
                  term,
                  number % MEMBERS == 0 ? "leader" : "replica",
                  20_000 + number);
      boolean answered = false;
      try {
        long version = open.post("/register", body).version();
        answered = true;
        return version;
      } finally {
        if (!answered) {
          open.close();
          connection = Optional.empty();
        }
      }
    }

    @Override
    public void run() {
      while (true) {
        long start = System.nanoTime();
        try {
          register(term);
        } catch (IOException e) {
          failedHeartbeats.incrementAndGet();
        }
        long took = System.nanoTime() - start;
        slowestHeartbeat.accumulateAndGet(took, Math::max);
        pause(TimeUnit.NANOSECONDS.toMillis(Math.max(0, HEARTBEAT_NANOS - took)));
      }
    }
  }

  /** A client's watch. */
  private final class Waiter implements Runnable {

    private volatile long known;
    private volatile long bytes;
    private volatile long answers;
    private volatile long failures;
    private volatile long answeredAt;

    Waiter(long known) {
      this.known = known;
    }

    void reset() {
      bytes = 0;
      answers = 0;
      failures = 0;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    public void run() {
      while (true) {
        try (Connection connection = new Connection()) {
          while (true) {
            Answer answer = connection.get("/caches?wait=60000ms", "\"" + known + "\"");
            bytes += answer.bytes();
            answers++;
            if (answer.status() == 200) {
              known = answer.version();
              answeredAt = System.nanoTime();
            } else if (answer.status() != 304) {
              failures++;
              pause(1_000);
            }
          }
        } catch (IOException e) {
          failures++;
          pause(1_000);
        }
      }
    }
  }

  /**
   * What came back.
   *
   * @param bytes of head and body, as sent
   */
  private record Answer(int status, long version, long bytes) {}

  /** A keep-alive connection that speaks just enough HTTP. */
  private final class Connection implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    Connection() throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream(), 2_048);
    }

    Answer get(String target, String known) throws IOException {
      return get(target, known, "gzip");
    }

    Answer get(String target, String known, String encoding) throws IOException {
      return exchange(
          "GET "
              + target
              + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: "
              + encoding
              + (known.isEmpty() ? "" : "\r\nIf-None-Match: " + known)
              + "\r\n\r\n");
    }

    Answer post(String target, String json) throws IOException {
      return exchange(
          "POST "
              + target
              + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
              + json.length()
              + "\r\n\r\n"
              + json);
    }

    private Answer exchange(String request) throws IOException {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String status = line();
      long bytes = status.length() + 2L;
      long length = 0;
      long version = 0;
      boolean chunked = false;
      for (String line = line(); !line.isEmpty(); line = line()) {
        bytes += line.length() + 2;
        String lower = line.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = Long.parseLong(line.substring(15).strip());
        } else if (lower.startsWith("transfer-encoding:")) {
          chunked = true;
        } else if (lower.startsWith("weir-topology-version:")) {
          version = Long.parseLong(line.substring(22).strip());
        }
      }
      if (chunked) {
        for (long chunk = chunk(); chunk > 0; chunk = chunk()) {
          in.skipNBytes(chunk + 2);
          bytes += chunk;
        }
        line();
      } else if (!status.contains(" 304 ")) {
        in.skipNBytes(length);
        bytes += length;
      }
      return new Answer(Integer.parseInt(status.substring(9, 12)), version, bytes);
    }

    private long chunk() throws IOException {
      return Long.parseLong(line().strip(), 16);
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new EOFException("the master closed the connection");
        }
        if (next != '\r') {
          line.append((char) next);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
