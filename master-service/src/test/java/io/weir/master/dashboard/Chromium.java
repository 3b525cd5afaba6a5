package io.weir.master.dashboard;

import static org.assertj.core.api.Assumptions.assumeThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The machine's own Chromium, headless. */
final class Chromium implements AutoCloseable {

  /** In Playwright's driver bundle. */
  private static final String DRIVER = "/driver/linux/node";

  private static final List<String> USUAL =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Path executable) {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(executable)
                    .setArgs(
                        List.of(
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  /** Starts it, or has the tests skipped where there is none. */
  static Chromium start() {
    assumeThat(Playwright.class.getResource(DRIVER))
        .as("Playwright's driver is not here: it is left out of a build with -Dquick")
        .isNotNull();
    Path found =
        Stream.concat(Stream.ofNullable(System.getenv("WEIR_TEST_CHROMIUM")), USUAL.stream())
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeThat(found)
        .as("no Chromium here: install the package 'chromium', or name one in WEIR_TEST_CHROMIUM")
        .isNotNull();
    return new Chromium(Objects.requireNonNull(found));
  }

  Browser browser() {
    return browser;
  }

  @Override
  public void close() {
    playwright.close();
  }
}
