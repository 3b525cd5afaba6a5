package io.weir.web;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * What a service does for a JVM that was started without {@code -XX:+ExitOnOutOfMemoryError}: it
 * says so, and ends the process at an OutOfMemoryError itself. After one, nobody knows what was not
 * done: a thread may be gone, a lock or a queue left as it was, while the health is green.
 *
 * <p>The flag cannot be set from within, so an error is noticed where it comes out: at the end of a
 * thread that it ends, and in the log, where whatever catches it reports it. In a process that has
 * no memory left that is a matter of moments.
 */
public final class OutOfMemoryExit implements ApplicationListener<ApplicationPreparedEvent> {

  private static final String EXIT_OPTION = "-XX:+ExitOnOutOfMemoryError";
  private static final String NATIVE_OPTION = "--enable-native-access=ALL-UNNAMED";

  /** As the JVM's own exit has it. */
  private static final int STATUS = 3;

  /** A chain of causes that is longer goes in circles. */
  private static final int MOST_CAUSES = 32;

  /** Made before, since there may be no memory for it then. */
  private static final byte[] SENTENCE =
      "Terminating due to java.lang.OutOfMemoryError\n".getBytes(StandardCharsets.UTF_8);

  private final Runnable exit;

  /** One that ends the process. */
  public OutOfMemoryExit() {
    this(() -> {
      System.err.write(SENTENCE, 0, SENTENCE.length);
      Runtime.getRuntime().halt(STATUS);
    });
  }

  OutOfMemoryExit(Runnable exit) {
    this.exit = exit;
  }

  /** Has an application installed this once its log is set up. */
  public static SpringApplication with(SpringApplication application) {
    application.addListeners(new OutOfMemoryExit());
    return application;
  }

  @Override
  public void onApplicationEvent(ApplicationPreparedEvent prepared) {
    List<String> missing = missingOptions();
    if (!missing.isEmpty()) {
      LoggerFactory.getLogger(OutOfMemoryExit.class)
          .warn(
              "the JVM was started without {}: docs/operations.md says what for",
              String.join(" and ", missing));
    }
    if (missing.contains(EXIT_OPTION)) {
      Thread.setDefaultUncaughtExceptionHandler(this::uncaught);
      if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
        context.addTurboFilter(filter());
      }
    }
  }

  /** What the documentation starts a JVM with, and this one was not. */
  private static List<String> missingOptions() {
    HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    List<String> missing = new ArrayList<>();
    if (!is(vm, "ExitOnOutOfMemoryError") && !is(vm, "CrashOnOutOfMemoryError")) {
      missing.add(EXIT_OPTION);
    }
    if (!OutOfMemoryExit.class.getModule().isNativeAccessEnabled()) {
      missing.add(NATIVE_OPTION);
    }
    return missing;
  }

  private static boolean is(HotSpotDiagnosticMXBean vm, String option) {
    return Boolean.parseBoolean(vm.getVMOption(option).getValue());
  }

  /** For a thread that ends by what it throws. */
  void uncaught(Thread thread, Throwable thrown) {
    exitFor(thrown);
    LoggerFactory.getLogger(OutOfMemoryExit.class)
        .error("thread {} ended by what it threw", thread.getName(), thrown);
  }

  /** Sees all that is logged, before anything is made of it. */
  TurboFilter filter() {
    return new TurboFilter() {
      @Override
      public FilterReply decide(
          @Nullable Marker marker,
          Logger logger,
          Level level,
          @Nullable String format,
          Object @Nullable [] arguments,
          @Nullable Throwable thrown) {
        exitFor(thrown);
        if (arguments != null
            && arguments.length > 0
            && arguments[arguments.length - 1] instanceof Throwable last) {
          exitFor(last);
        }
        return FilterReply.NEUTRAL;
      }
    };
  }

  private void exitFor(@Nullable Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      if (cause instanceof OutOfMemoryError) {
        exit.run();
      }
      cause = cause.getCause();
    }
  }
}
