package io.weir.load.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads every key with an acknowledged write through the caches.
 *
 * <p><b>Failure.</b> The reader repeats a read until its deadline; a key that cannot be read then
 * ends the audit, since nothing is known of it.
 */
public final class CacheAudit {

  private static final int READERS = 32;
  private static final int PROGRESS_KEYS = 500;

  private final WriteLog log;
  private final KeyReader reader;
  private final AuditProgress listener;
  private final AtomicInteger next = new AtomicInteger();

  public CacheAudit(WriteLog log, KeyReader reader, AuditProgress listener) {
    this.log = log;
    this.reader = reader;
    this.listener = listener;
  }

  /**
   * Does it, once.
   *
   * @throws RuntimeException of the reader's, when a key cannot be read
   */
  public Findings run() throws InterruptedException {
    Findings findings = new Findings("read through the caches", log);
    try (ExecutorService readers =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("weir-audit-", 1).factory())) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        all.add(readers.submit(() -> read(findings)));
      }
      try {
        for (Future<?> each : all) {
          each.get();
        }
      } catch (ExecutionException e) {
        readers.shutdownNow();
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        readers.shutdownNow();
        throw e;
      }
    }
    progress(log.end(), true);
    return findings;
  }

  private void read(Findings findings) {
    int end = log.end();
    for (int key = next.getAndIncrement(); key < end; key = next.getAndIncrement()) {
      if (log.isAcknowledged(key)) {
        byte[] value = reader.read(log.keys().key(key));
        findings.add(key, log.check(key, value));
      }
      if (key % PROGRESS_KEYS == 0) {
        progress(key, false);
      }
    }
  }

  private void progress(int keys, boolean last) {
    listener.progress(
        String.format(
            Locale.ROOT, "audit: %,d of %,d keys read through the caches", keys, log.end()),
        last);
  }
}
