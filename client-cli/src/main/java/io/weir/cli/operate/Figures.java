package io.weir.cli.operate;

import java.time.Duration;
import java.util.Locale;

/** Figures as people read them. */
final class Figures {

  private static final int KIB = 1024;

  private Figures() {}

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 10 ? "%,.1f" : "%,.0f", perSecond);
  }

  static String share(double share) {
    return String.format(Locale.ROOT, "%.1f%%", share * 100);
  }

  static String bytes(long bytes) {
    if (bytes < KIB) {
      return bytes + " B";
    }
    double amount = bytes;
    String unit = "";
    for (String next : new String[] {"KiB", "MiB", "GiB", "TiB"}) {
      if (amount < KIB) {
        break;
      }
      amount /= KIB;
      unit = next;
    }
    return String.format(Locale.ROOT, "%.1f %s", amount, unit);
  }

  static String time(Duration time) {
    double seconds = time.toMillis() / 1_000.0;
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    return time.toMinutes() < 120
        ? time.toMinutes() + " min"
        : time.toHours() < 48 ? time.toHours() + " h" : time.toDays() + " d";
  }
}
