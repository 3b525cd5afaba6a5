package io.weir.cache.web;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * The threads of requests: {@value #KEPT} that are kept, and a virtual one for each request beyond
 * as many. A kept thread is cheaper to give a request to than a virtual one is to make, and so are
 * the reads that hit; but none may wait for a thread that waits for the database.
 *
 * <p><b>Concurrency.</b> What is given to the kept threads is counted until it has run, and is
 * never more than there are of them. So whatever waits in their queue has a thread that is free or
 * about to be made, however long the others are held up.
 */
final class RequestThreads extends ThreadPoolExecutor {

  /** As many as a busy server's clients keep at work; their stacks are some megabytes. */
  static final int KEPT = 64;

  private static final ThreadFactory BEYOND = Thread.ofVirtual().name("request-virtual").factory();

  private final AtomicInteger given = new AtomicInteger();

  RequestThreads() {
    super(
        KEPT,
        KEPT,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        Thread.ofPlatform().daemon().name("request-", 0).factory(),
        (request, threads) -> ((RequestThreads) threads).beyond(request)); // It is shut down.
  }

  @Override
  public void execute(Runnable request) {
    if (given.incrementAndGet() <= KEPT) {
      try {
        super.execute(request);
      } catch (OutOfMemoryError e) { // There is no room for another kept thread's stack.
        beyond(request);
      }
    } else {
      beyond(request);
    }
  }

  private void beyond(Runnable request) {
    given.decrementAndGet();
    BEYOND.newThread(request).start();
  }

  /** Has the HTTP port use them, in place of those that Spring Boot has chosen before. */
  static final class OfTomcat
      implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, DisposableBean {

    private final RequestThreads threads = new RequestThreads();

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
      factory.addProtocolHandlerCustomizers(protocol -> protocol.setExecutor(threads));
    }

    /** After the port is closed. */
    @Override
    public void destroy() {
      threads.shutdown();
    }
  }

  @Override
  protected void afterExecute(Runnable request, @Nullable Throwable failure) {
    given.decrementAndGet();
  }
}
