package io.weir.master.registry;

import io.weir.web.Secrets;
import io.weir.web.StartupRefusedException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JDBC URL that the registry connects with: the one from the settings, completed with what the
 * registry's promises rest on, or refused.
 *
 * <p>H2 gets {@code WRITE_DELAY=0}, without which it acknowledges commits that a kill of its
 * process loses. {@code useAffectedRows=true} is refused: the compare-and-set counts matched rows.
 */
final class RegistryUrl {

  private static final String H2 = "jdbc:h2:";
  private static final String H2_FILE = "jdbc:h2:file:";

  private RegistryUrl() {}

  /**
   * @throws StartupRefusedException when the URL asks for what the registry cannot work with
   */
  static String complete(String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    if (lower.startsWith("jdbc:mysql:") || lower.startsWith("jdbc:mariadb:")) {
      if (lower.replace(" ", "").contains("useaffectedrows=true")) {
        throw new StartupRefusedException(
            "weir.master.database.url sets useAffectedRows=true; the registry counts matched rows,"
                + " so leave that parameter out.");
      }
      return url;
    }
    if (lower.startsWith(H2)) {
      return completeH2(url);
    }
    throw new StartupRefusedException(
        "weir.master.database.url is '"
            + Secrets.withoutAccounts(url)
            + "'; allowed is jdbc:mysql:, jdbc:mariadb: or jdbc:h2:.");
  }

  private static String completeH2(String url) {
    String[] parts = url.split(";", -1);
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].isBlank()) {
        continue;
      }
      options.put(parts[i].split("=", 2)[0].strip().toUpperCase(Locale.ROOT), parts[i]);
    }
    require(options, "MODE", "MySQL");
    require(options, "WRITE_DELAY", "0");
    if (parts[0].startsWith(H2_FILE)) {
      // The context closes the pool; H2's own hook would close the file under requests.
      options.putIfAbsent("DB_CLOSE_ON_EXIT", "DB_CLOSE_ON_EXIT=FALSE");
    }
    options.putIfAbsent("LOCK_TIMEOUT", "LOCK_TIMEOUT=10000");
    // H2 forgets MODE when a database is closed while it is being opened.
    options.putIfAbsent("INIT", "INIT=SET MODE MySQL");
    return absolute(parts[0]) + ";" + String.join(";", options.values());
  }

  /**
   * Who to connect as where no setting says it.
   *
   * @return null when the URL names somebody, or the driver is to choose
   */
  static @Nullable String account(String url) {
    String upper = url.toUpperCase(Locale.ROOT).replace(" ", "");
    return upper.startsWith("JDBC:H2:") && !upper.contains(";USER=") ? "sa" : null;
  }

  /** Where an H2 file of this process's own is; null for any other database. */
  static @Nullable Path folder(String url) {
    String base = url.split(";", 2)[0];
    if (!base.startsWith(H2_FILE) || base.startsWith("~", H2_FILE.length())) {
      return null;
    }
    return Path.of(absolute(base).substring(H2_FILE.length())).getParent();
  }

  private static void require(Map<String, String> options, String name, String value) {
    String wanted = name + "=" + value;
    String given = options.putIfAbsent(name, wanted);
    if (given != null && !given.replace(" ", "").equalsIgnoreCase(wanted)) {
      throw new StartupRefusedException(
          "weir.master.database.url sets " + given + "; allowed is " + wanted + ".");
    }
  }

  private static String absolute(String base) {
    if (!base.startsWith(H2_FILE)) {
      return base;
    }
    String path = base.substring(H2_FILE.length());
    return path.startsWith("~") ? base : H2_FILE + Path.of(path).toAbsolutePath().normalize();
  }
}
