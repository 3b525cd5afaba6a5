package io.weir.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * The time that Awaitility's waits have in all tests unless they say otherwise. Awaitility's own
 * ten seconds are too few for an election or the start of a process on a busy machine, and a limit
 * that is never reached costs nothing. JUnit finds it as a service.
 */
public final class PatientWaits implements LauncherSessionListener {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(PATIENCE);
  }
}
