package io.weir.master.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.weir.master.registry.Registrations.node;
import static io.weir.master.registry.Registrations.shard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.weir.master.RunningMaster;
import io.weir.master.status.FakeCacheServer;
import io.weir.model.ServerFigures;
import io.weir.model.Spared;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page in a real browser, on a real master, with nodes that are heartbeats. */
class DashboardIT {

  private static final int SHARDS = 3;
  private static final ServerFigures FIGURES =
      new ServerFigures(
          new ServerFigures.Traffic(1200, 300, 0.75),
          new ServerFigures.Resident(5_000, 1 << 20, 4 << 20),
          new ServerFigures.Dirty(40, 2048, 1.5),
          new ServerFigures.LossBound(3, 512, 1.5),
          new ServerFigures.Flushed(2, 900, 2_100, 1, 0),
          new ServerFigures.Database(0),
          new ServerFigures.Disk(false),
          new Spared(300.5, 2_000, 720, 8, 40),
          new ServerFigures.Group(0));

  private static final int FIRST_FAST_PORT = 9400;

  /** What a browser may take on a busy machine. */
  private static final double PATIENCE_MILLIS = 120_000;

  /** Would run if any of it were taken for markup. */
  private static final String HOSTILE =
      "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>";

  private static Chromium chromium;
  private static RunningMaster master;
  private static FakeCacheServer owner;
  private static HeartbeatingNodes nodes;

  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private BrowserContext context;

  @BeforeAll
  static void start() throws IOException {
    chromium = Chromium.start();
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    master =
        RunningMaster.alone(
            "--weir.master.shards=" + SHARDS,
            "--weir.master.lease=5s",
            "--weir.master.heartbeat=500ms",
            "--weir.master.sweep=100ms");
    owner = FakeCacheServer.start();
    nodes = new HeartbeatingNodes(master, Duration.ofMillis(300));
    for (int i = 1; i <= SHARDS; i++) {
      live(i);
    }
  }

  private static void live(int number) {
    nodes.live(
        node("cache-" + number)
            .of(shard(number))
            .at(owner.port())
            .fastAt("http://127.0.0.1:" + (FIRST_FAST_PORT + number))
            .saying(FIGURES)
            .leading(1, 1));
  }

  @AfterAll
  static void stop() {
    if (nodes != null) {
      nodes.close();
      owner.close();
      master.close();
      chromium.close();
    }
  }

  @AfterEach
  void close() {
    if (context != null) {
      context.close();
    }
  }

  @Test
  void theServersAreShownWithTheirFigures() {
    Page page = open(desktop());
    assertThat(page.locator("#state")).hasText("serving");
    assertThat(page.locator("#connection-text")).hasText("live");
    assertThat(page.locator("#summary")).containsText("3 of 3 servers up");
    assertThat(page.locator("#servers > li h3"))
        .hasText(new String[] {"cache-1", "cache-2", "cache-3"});
    Locator first = page.locator("#servers > li").first();
    assertThat(first.locator(".role")).hasText("leader");
    assertThat(first.locator(".place")).containsText("slots 0–5,460");
    assertThat(first.locator(".doors"))
        .hasText("127.0.0.1:" + owner.port() + " · fast port 127.0.0.1:9401");
    assertThat(first.locator("[data-figure=hits]")).hasText("75 %");
    assertThat(first.locator("[data-figure=dirty]")).hasText("2 KiB, 40");
    assertThat(first.locator("[data-figure=quarantined]")).hasAttribute("data-alarm", "alarm");
    assertThat(page.locator("[data-tile=reads] .value")).hasText("3.6 k");
    assertThat(page.locator("[data-tile=spared] .value")).hasText("20");
    assertThat(page.locator("[data-tile=spared] .note"))
        .hasText("4 commits of 90 rows, last 5 min");
    assertThat(first.locator("[data-figure=written]")).hasText("2 k, last 5 min");
    assertThat(first.locator("[data-figure=statements]")).hasText("20");
    assertThat(first.locator("[data-figure=commits]")).hasText("4");
    assertThat(first.locator("[data-figure=rows]")).hasText("90");
    assertThat(page.locator("[data-tile=loss]")).hasAttribute("data-alarm", "warning");
    assertThat(page.locator("#slots > li")).hasCount(SHARDS);
    assertThat(page.locator("#slots > li").nth(1)).containsText("cache-2");
    assertThat(page.locator("#throughput canvas")).hasCount(1);
    assertThat(page.locator("#servers canvas")).hasCount(SHARDS);
    screenshot(page, "three-servers");
    assertThat(complaints).as("what the browser complains of").isEmpty();
  }

  @Test
  void aLostServerIsShownAsDownAndBackAgain() {
    Page page = open(desktop());
    assertThat(page.locator("#state")).hasText("serving");
    nodes.silence("cache-3");
    try {
      Locator lost = page.locator("#servers > li").nth(2);
      assertThat(page.locator("#state")).hasText("degraded");
      assertThat(lost.locator(".pill")).hasText("down");
      assertThat(lost.locator(".note")).containsText("last heard of");
      assertThat(page.locator("#slots > li").nth(2)).hasAttribute("data-serving", "false");
      assertThat(page.locator("#slots > li").nth(2)).containsText("no leader");
      assertThat(page.locator("#summary")).containsText("1 of 3 shards without a leader");
      assertThat(page.locator("#events .type").first()).hasText("degraded");
      assertThat(page.locator("#events li").nth(1)).containsText("node cache-3");
      assertThat(page.locator("#events li").nth(1)).containsText("lost");
      screenshot(page, "one-lost");
    } finally {
      live(3);
    }
    assertThat(page.locator("#state")).hasText("serving");
    assertThat(page.locator("#events .type").first()).hasText("serving");
    assertThat(page.locator("#servers > li").nth(2).locator(".pill")).hasText("up");
  }

  @Test
  void whatIsWrongWithADatabaseIsSaidUntilItIsNot() {
    Page page = open(desktop());
    assertThat(page.locator("#state")).hasText("serving");
    assertThat(page.locator("#notices")).isHidden();
    nodes.live(
        node("cache-1")
            .of(shard(1))
            .at(owner.port())
            .saying(missing(16))
            .seeing("1a-right")
            .leading(1, 1));
    nodes.live(
        node("cache-4")
            .of(shard(1))
            .at(7404)
            .saying(missing(16))
            .seeing("2b-copy")
            .replicating(1, 1));
    try {
      Locator notices = page.locator("#notices li");
      assertThat(notices).hasCount(2);
      assertThat(notices.first()).containsText("has lost 16 flushes that it had acknowledged");
      assertThat(notices.first().locator("code"))
          .hasText("weir accept-database 00000000 --missing 16");
      assertThat(notices.nth(1)).containsText("cache-4 sees database server 2b-copy, and cache-1");
      assertThat(notices.nth(1)).containsText("sees 1a-right");
      assertThat(overflow(page)).isZero();
      screenshot(page, "notices");
    } finally {
      nodes.leave("cache-4");
      live(1);
    }
    assertThat(page.locator("#notices")).isHidden();
  }

  private static ServerFigures missing(long flushes) {
    return new ServerFigures(
        FIGURES.traffic(),
        FIGURES.resident(),
        FIGURES.dirty(),
        FIGURES.lossBound(),
        FIGURES.flushed(),
        new ServerFigures.Database(flushes),
        new ServerFigures.Disk(false),
        FIGURES.spared(),
        new ServerFigures.Group(0));
  }

  @Test
  void aKeyIsLookedUpWithTheKeyboardAlone() {
    owner.answers(
        200,
        Map.of(
            "ETag", "\"42\"",
            "Content-Type", "text/plain",
            "Content-Length", "1234",
            "Cache-Status", "weir; hit"));
    Page page = open(desktop());
    page.getByLabel("Key", new Page.GetByLabelOptions().setExact(true)).focus();
    page.keyboard().type("user:1");
    page.keyboard().press("Enter");
    Locator found = page.locator("#found");
    for (String text :
        List.of(
            "10,778",
            shard(2).toString(),
            "cache-2",
            "1,234 bytes",
            "text/plain",
            "\"42\"",
            "weir; hit")) {
      assertThat(found).containsText(text);
    }
    assertThat(page.locator("#marker")).hasText("slot 10,778");
    screenshot(page, "look-up");
  }

  @Test
  void aKeyThatIsNotThereAndOneThatIsNoneAreExplained() {
    owner.answers(404, Map.of("Cache-Status", "weir; fwd=miss; stored"));
    Page page = open(desktop());
    lookUp(page, "missing");
    assertThat(page.locator("#found")).containsText("there is none");
    lookUp(page, "x".repeat(513));
    assertThat(page.locator("#found .problem")).containsText("at most 512 bytes");
    assertThat(page.locator("#marker")).isHidden();
  }

  @Test
  void whatComesFromOutsideIsTextWhateverItHolds() {
    owner.answers(200, Map.of("Content-Type", HOSTILE, "ETag", HOSTILE, "Cache-Status", HOSTILE));
    Page page = context(desktop()).newPage();
    page.route("**/status", DashboardIT::withHostileNames);
    page.navigate(master.url());
    assertThat(page.locator("#servers h3").first()).hasText(HOSTILE);
    assertThat(page.locator("#events .text").first()).hasText(HOSTILE);
    assertThat(page.locator("#events .type").first()).hasText(HOSTILE);
    assertThat(page.locator("#slots > li").first()).containsText(HOSTILE);
    lookUp(page, HOSTILE);
    assertThat(page.locator("#found dd").first()).hasText(HOSTILE);
    assertThat(page.locator("#found")).containsText("ETag (version)" + HOSTILE);
    assertThat(page.locator("main img, main script")).hasCount(0);
    assertThat(page.evaluate("window.hacked")).isNull();
    assertThat(overflow(page)).isZero();
  }

  @Test
  void nothingInlineCouldRun() {
    HttpResponse<String> answer = master.get("/");
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(answer.body())
        .doesNotContainPattern("(?i)<script(?![^>]*\\bsrc=)[^>]*>")
        .doesNotContainPattern("(?i)<style|\\sstyle=|\\son[a-z]+=");
    Page page = open(desktop());
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.hacked = 1';"
            + " document.body.append(s); }");
    assertThat(page.evaluate("window.hacked")).isNull();
  }

  @Test
  void aPhoneNeedsNoHorizontalScroll() {
    Page page =
        open(
            new Browser.NewContextOptions()
                .setViewportSize(390, 844)
                .setDeviceScaleFactor(2)
                .setIsMobile(true)
                .setHasTouch(true));
    assertThat(page.locator("#servers > li h3")).hasCount(SHARDS);
    lookUp(page, "k".repeat(512));
    assertThat(page.locator("#found .entry, #found .problem").first()).isVisible();
    assertThat(overflow(page)).isZero();
    screenshot(page, "phone");
  }

  @Test
  void theDarkSchemeApplies() {
    Page light = open(desktop());
    assertThat(light.locator("body")).hasCSS("background-color", "rgb(243, 245, 248)");
    context.close();
    Page dark = open(desktop().setColorScheme(ColorScheme.DARK));
    assertThat(dark.locator("body")).hasCSS("background-color", "rgb(15, 20, 27)");
    assertThat(dark.locator(".tile").first()).hasCSS("background-color", "rgb(24, 32, 42)");
    screenshot(dark, "dark");
  }

  @Test
  void aMasterThatIsGoneIsSaidToBeAndFoundAgain() {
    Page page = open(desktop());
    assertThat(page.locator("#connection-text")).hasText("live");
    page.route("**/status", Route::abort);
    assertThat(page.locator("#banner")).containsText("No connection to the master.");
    assertThat(page.locator("#banner")).containsText("What is shown is from");
    assertThat(page.locator("#connection-text")).hasText(Pattern.compile("next try in [248] s"));
    assertThat(page.locator("#servers > li")).hasCount(SHARDS);
    page.unroute("**/status");
    assertThat(page.locator("#connection-text")).hasText("live");
    assertThat(page.locator("#banner")).isHidden();
  }

  @Test
  void aRegistryThatIsGoneIsSaidToBe() {
    Page page = context(desktop()).newPage();
    page.route(
        "**/status",
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setStatus(503)
                    .setContentType("application/problem+json")
                    .setBody("{\"detail\": \"The registry database does not answer.\"}")));
    page.navigate(master.url());
    assertThat(page.locator("#banner"))
        .hasText("The master cannot tell the status: The registry database does not answer.");
  }

  @Test
  void whoHasATokenIsLetInByTheBrowsersPromptAndByTheUrl() {
    String token = "a-token-of-an-operator";
    try (RunningMaster guarded =
        RunningMaster.alone("--weir.security.tokens[0]=ops operate,read " + token)) {
      Page prompted = context(desktop().setHttpCredentials("any", token)).newPage();
      prompted.navigate(guarded.url());
      assertThat(prompted.locator("#connection-text")).hasText("live");
      context.close();
      Page byUrl = context(desktop()).newPage();
      byUrl.navigate(guarded.url().replace("://", "://any:" + token + "@"));
      assertThat(byUrl.locator("#connection-text")).hasText("live");
      lookUp(byUrl, "user:1");
      assertThat(byUrl.locator("#found")).containsText("10,778");
    }
  }

  @Test
  void whatAMasterWithoutAClusterWaitsForIsSaid() {
    try (RunningMaster empty = RunningMaster.alone("--weir.master.found=false")) {
      Page page = context(desktop()).newPage();
      page.navigate(empty.url());
      assertThat(page.locator("#state")).hasText("forming");
      assertThat(page.locator("#summary")).containsText("weir.master.found=true");
    }
  }

  @Test
  void nothingMovesWhileItIsWatched() {
    Page page = open(desktop());
    assertThat(page.locator("#servers > li h3")).hasCount(SHARDS);
    page.evaluate(
        "() => { window.shift = 0; window.answers = 0;"
            + " new PerformanceObserver(list => list.getEntries().forEach(e => window.shift += e.value))"
            + ".observe({type: 'layout-shift'});"
            + " new PerformanceObserver(list => window.answers += list.getEntries().length)"
            + ".observe({type: 'resource'}); }");
    // The page's policy forbids what waitForFunction does; the page belongs to this thread.
    await()
        .pollInSameThread()
        .until(() -> ((Number) page.evaluate("window.answers")).intValue() >= 3);
    assertThat(((Number) page.evaluate("window.shift")).doubleValue()).isZero();
  }

  @Test
  void theFilesAreKeptByTheirContent() {
    HttpResponse<String> first = master.get("/dashboard/dashboard.js");
    String tag = first.headers().firstValue("ETag").orElseThrow();
    assertThat(first.headers().firstValue("Cache-Control")).hasValue("no-cache");
    assertThat(first.headers().firstValue("Last-Modified")).isEmpty();
    assertThat(master.get("/dashboard/dashboard.js", "If-None-Match", tag).statusCode())
        .isEqualTo(304);
    assertThat(master.get("/webjars/uplot/dist/uPlot.esm.js").statusCode()).isEqualTo(200);
  }

  private static void withHostileNames(Route route) {
    String body = route.fetch().text();
    route.fulfill(
        new Route.FulfillOptions()
            .setContentType("application/json")
            .setBody(
                body.replaceAll("\"nodeId\":\"cache-1\"", "\"nodeId\":\"" + HOSTILE + "\"")
                    .replaceAll("\"type\":\"[a-z-]+\"", "\"type\":\"" + HOSTILE + "\"")
                    .replaceAll("\"text\":\"[^\"]*\"", "\"text\":\"" + HOSTILE + "\"")));
  }

  private static void lookUp(Page page, String key) {
    page.locator("#key").fill(key);
    page.locator("#lookup button").click();
  }

  /** By how much the page is wider than its window. */
  private static int overflow(Page page) {
    return ((Number)
            page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"))
        .intValue();
  }

  private static Browser.NewContextOptions desktop() {
    return new Browser.NewContextOptions()
        .setViewportSize(1280, 900)
        .setColorScheme(ColorScheme.LIGHT);
  }

  private BrowserContext context(Browser.NewContextOptions options) {
    context = chromium.browser().newContext(options.setTimezoneId("UTC"));
    context.setDefaultTimeout(PATIENCE_MILLIS);
    return context;
  }

  private Page open(Browser.NewContextOptions options) {
    Page page = context(options).newPage();
    page.onConsoleMessage(message -> {
      if (message.type().equals("error") || message.type().equals("warning")) {
        complaints.add(message.text());
      }
    });
    page.onPageError(complaints::add);
    page.navigate(master.url());
    return page;
  }

  private static void screenshot(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(Path.of("target", "screenshots", name + ".png"))
            .setFullPage(true));
  }
}
