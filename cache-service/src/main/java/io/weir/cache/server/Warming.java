package io.weir.cache.server;

import io.weir.cache.engine.Ahead;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.EngineException;
import io.weir.cache.engine.Ticker;
import io.weir.cache.journal.Member;
import io.weir.cache.store.StoreException;
import io.weir.model.Key;
import io.weir.model.ShardId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a server hold what is read at its shard's leader before it leads itself, so that a change of
 * leader or a restart does not send all reads to the database.
 *
 * <p>A replica asks its leader for the list of its hottest keys, and loads those that it does not
 * hold. A leader that has followed nobody since its start loads the list that it has kept itself.
 * What is loaded is an entry like any other: a write that is applied meanwhile or later takes its
 * place, and what a replica has loaded is judged when it comes to lead.
 *
 * <p><b>Pace.</b> A batch is one statement, in a turn that no client's read wants; after it there
 * is a pause, so that no more rows or bytes a second are loaded than may be. The keys of a list are
 * loaded as long as they fill no more than half of the memory. Then those that are there are
 * counted as used, the hottest last.
 *
 * <p><b>Concurrency.</b> One thread, {@code weir-warming}; the lists that others ask for are made
 * in theirs.
 *
 * <p><b>Failure.</b> None matters: what was not loaded is loaded the next time, or when a client
 * asks for it.
 */
final class Warming implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Warming.class);

  /** How often it looks whether it can begin. */
  private static final Duration BEGINNING = Duration.ofSeconds(1);

  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** A list has fewer parts, of 64 KiB each. */
  private static final int MOST_PARTS = 1 + (HotKeyList.MOST_BYTES >> 16);

  private static final long BYTES_PER_SECOND = 32 << 20;
  private static final int ROUNDS_A_FILE = 6;
  private static final Duration STOP = Duration.ofSeconds(2);

  private final WarmingSettings settings;
  private final CacheEngine engine;
  private final HotKeyFile file;
  private final Supplier<? extends @Nullable Group> groups;
  private final HotKeyPages pages;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("weir-warming").unstarted(this::run);

  private @Nullable Group answering;

  /** What was kept before this process began, until it is loaded. */
  private @Nullable List<Key> kept;

  /** Whether some list was gone through to its end, or there is none. */
  private boolean isWarm;

  /** Whether the last list was not gone through, since the database did not answer. */
  private boolean hasFailed;

  private int roundsSinceFile;
  private volatile int listed;

  /** This server's group, as far as it matters here. */
  interface Group {

    ShardId shard();

    boolean leads();

    /** Has those who ask this member answered. */
    void answerWith(IntFunction<byte[]> answers);

    /** Asks the leader for a part of its list; null where no other member leads. */
    @Nullable CompletableFuture<byte[]> askLeader(int part);
  }

  /** A group that this server has its place in. */
  record Entered(ShardGroup group) implements Group {

    @Override
    public ShardId shard() {
      return group.row().id();
    }

    @Override
    public boolean leads() {
      return group.claim() != null;
    }

    @Override
    public void answerWith(IntFunction<byte[]> answers) {
      group.journal().answerWith(answers);
    }

    @Override
    public @Nullable CompletableFuture<byte[]> askLeader(int part) {
      Member leader = group.leader();
      return leader == null || leader.equals(group.member())
          ? null
          : group.journal().ask(leader, part);
    }
  }

  /**
   * @param groups this server's group; null while it has none
   */
  Warming(
      WarmingSettings settings,
      CacheEngine engine,
      HotKeyFile file,
      Supplier<? extends @Nullable Group> groups,
      Ticker ticker) {
    this.settings = settings;
    this.engine = engine;
    this.file = file;
    this.groups = groups;
    this.pages = new HotKeyPages(this::hotKeys, settings.interval().toNanos() / 2, ticker::nanos);
  }

  /** Begins, unless there is nothing to do. */
  void start() {
    if (settings.keys() > 0) {
      thread.start();
    }
  }

  /** How many keys the last list had. */
  int listed() {
    return listed;
  }

  private void run() {
    try {
      do {
        tryRound();
      } while (!stopped.await(pause().toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration pause() {
    return isWarm || hasFailed ? settings.interval() : BEGINNING;
  }

  private void tryRound() throws InterruptedException {
    try {
      round();
    } catch (RuntimeException e) {
      LOG.warn("the list of the hottest keys is left as it is for now", e);
    }
  }

  /** Learns a list, and loads by it. */
  void round() throws InterruptedException {
    Group group = groups.get();
    if (group == null) {
      return;
    }
    if (!group.equals(answering)) {
      group.answerWith(part -> pages.page(group.shard(), part));
      answering = group;
    }
    if (!engine.mayLoadAhead()) {
      return;
    }
    List<Key> list = group.leads() ? ownList(group) : listOfLeader(group);
    if (!list.isEmpty()) {
      listed = list.size();
      isWarm |= tryToLoad(list);
    }
    if (isWarm && ++roundsSinceFile >= ROUNDS_A_FILE) {
      roundsSinceFile = 0;
      keep(group);
    }
  }

  private List<Key> hotKeys() {
    return engine.hotKeys(settings.keys(), HotKeyList.MOST_BYTES);
  }

  /** The list that was kept before this process began, until it was loaded. */
  private List<Key> ownList(Group group) {
    if (isWarm) {
      kept = null;
      return List.of();
    }
    if (kept == null) {
      kept = file.read(group.shard());
      isWarm = kept.isEmpty();
    }
    return kept;
  }

  private List<Key> listOfLeader(Group group) throws InterruptedException {
    List<Key> keys = new ArrayList<>();
    try {
      for (int part = 0; part < MOST_PARTS && keys.size() < settings.keys(); part++) {
        CompletableFuture<byte[]> asked = group.askLeader(part);
        byte[] answer =
            asked == null ? new byte[0] : asked.get(ANSWER.toNanos(), TimeUnit.NANOSECONDS);
        if (answer.length == 0) {
          break;
        }
        keys.addAll(HotKeyList.decode(group.shard(), answer));
      }
    } catch (ExecutionException | TimeoutException | IllegalArgumentException e) {
      LOG.debug("the leader's list is not known: {}", e.toString());
    }
    return keys.size() <= settings.keys() ? keys : keys.subList(0, settings.keys());
  }

  private boolean tryToLoad(List<Key> list) throws InterruptedException {
    hasFailed = false;
    try {
      return load(list);
    } catch (StoreException | EngineException e) {
      LOG.debug("nothing more is loaded for now: {}", e.toString());
      hasFailed = true;
      return false;
    }
  }

  /** Returns whether it came to the end. */
  private boolean load(List<Key> list) throws InterruptedException {
    long most = engine.statistics().memory().maxBytes() / 2;
    long kept = 0;
    int loads = 0;
    ListIterator<Key> keys = list.listIterator();
    while (keys.hasNext() && kept < most) {
      if (!engine.mayLoadAhead()) {
        return false;
      }
      Ahead ahead = engine.loadAhead(keys, most - kept);
      kept += ahead.keptBytes();
      loads += ahead.loads();
      if (stopped.await(pauseNanos(ahead), TimeUnit.NANOSECONDS)) {
        return false;
      }
    }
    engine.touch(list.subList(0, keys.nextIndex()).reversed());
    if (!isWarm) {
      LOG.info("warm: of {} keys that are used much, {} were loaded", list.size(), loads);
    }
    return true;
  }

  private long pauseNanos(Ahead ahead) {
    long second = TimeUnit.SECONDS.toNanos(1);
    double seconds =
        Math.max(
            (double) ahead.loads() / settings.rate(),
            (double) ahead.loadedBytes() / BYTES_PER_SECOND);
    return (long) (seconds * second);
  }

  private void keep(Group group) {
    List<Key> keys = hotKeys();
    if (!keys.isEmpty()) {
      file.write(group.shard(), keys);
    }
  }

  /** Stops, and keeps the list for the next start. */
  @Override
  public void close() {
    stopped.countDown();
    try {
      boolean ended = !thread.isAlive() || thread.join(STOP);
      Group group = answering;
      if (ended && isWarm && group != null) {
        keep(group);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
