package io.weir.cli.operate;

import io.weir.model.Key;
import io.weir.model.SlotRange;
import io.weir.testing.FakeCluster;
import io.weir.testing.FakeCluster.OperatorAnswer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The endpoints for operators, over the entries of a fake cluster. Pages hold two entries. */
final class FakeOperator implements FakeCluster.Operator {

  private static final int PAGE = 2;

  /** A row that a database refuses. */
  record Refused(int server, byte[] value, @Nullable String contentType, long version) {}

  final FakeCluster cluster;
  final List<String> requests = new CopyOnWriteArrayList<>();
  final Map<Key, Refused> refused = new ConcurrentHashMap<>();
  final Map<Key, Integer> attempts = new ConcurrentHashMap<>();
  final Map<Key, Instant> expiries = new ConcurrentHashMap<>();
  volatile String status = "{}";
  volatile String drain = drainReport("active", "leader", false, 0);
  volatile boolean drains = true;
  volatile boolean flushes = true;
  volatile boolean heals;
  volatile long missing;
  volatile @Nullable String obstacle;
  volatile boolean leadsAfterRescue = true;

  /** So many pages are answered with 503 first. */
  volatile int busyPages;

  /** After so many pages, they are answered with 503. */
  volatile int goodPages = Integer.MAX_VALUE;

  FakeOperator(FakeCluster cluster) {
    this.cluster = cluster;
  }

  static String drainReport(String state, String role, boolean refusesWrites, long dirty) {
    return ("{\"state\":\"%s\",\"role\":\"%s\",\"refusesWrites\":%s,\"dirtyEntries\":%d,"
            + "\"quarantinedEntries\":0,\"memoryOnlyEntries\":0}")
        .formatted(state, role, refusesWrites, dirty);
  }

  @Override
  public OperatorAnswer answer(int server, String methodAndPath, String query, String body) {
    requests.add(server + " " + methodAndPath);
    if (methodAndPath.startsWith("DELETE /shards/")) {
      return ok("{}");
    }
    return switch (methodAndPath) {
      case "GET /status" -> ok(status);
      case "GET /actuator/writeback" ->
          ok(
              "{\"serving\":true,\"dirtyEntries\":5,\"dirtyBytes\":2048,"
                  + "\"databaseTakesWrites\":true,\"quarantinedEntries\":0,\"more\":1}");
      case "POST /actuator/writeback" ->
          ok(
              "{\"flushed\":"
                  + flushes
                  + ",\"dirtyEntries\":"
                  + (flushes ? 0 : 7)
                  + ",\"quarantinedEntries\":0}");
      case "GET /actuator/database" -> ok(database());
      case "POST /actuator/database" -> {
        missing = body.equals("{\"missing\":" + missing + "}") ? 0 : missing;
        yield ok(database());
      }
      case "GET /actuator/rescue" -> ok(rescue(obstacle));
      case "POST /actuator/rescue" -> {
        drain = leadsAfterRescue ? drainReport("active", "leader", false, 0) : drain;
        yield obstacle == null && body.equals("{\"generation\":3}")
            ? ok("{\"generation\":4,\"lastIndex\":47}")
            : new OperatorAnswer(409, "rescue-refused");
      }
      case "GET /actuator/drain" -> ok(drain);
      case "POST /actuator/drain" -> {
        drain = drains ? drainReport("drained", "replica", false, 0) : drain;
        yield ok(drain);
      }
      case "DELETE /actuator/drain" -> {
        drain = drainReport("active", "leader", false, 0);
        yield ok(drain);
      }
      case "GET /actuator/quarantine" -> ok(listing(server, parameters(query).get("key")));
      case "POST /actuator/quarantine" -> {
        refused.forEach((key, row) -> attempts.merge(key, 2, (before, two) -> before + 1));
        if (heals) {
          refused.clear();
        }
        yield ok("{\"due\":1}");
      }
      case "DELETE /actuator/quarantine" -> discard(parameters(query));
      case "GET /actuator/entries" -> entries(parameters(query));
      default -> new OperatorAnswer(404, "no-such-resource");
    };
  }

  private static String rescue(@Nullable String obstacle) {
    return """
    {"generation":3,"self":"127.0.0.1:8401:7","others":[
      {"member":"127.0.0.1:8402:8","answers":false,"listedAsUp":false},
      {"member":"127.0.0.1:8403:9","answers":true,"listedAsUp":true}],
     "lastIndex":47,"appliedIndex":45,"lastEntryAt":"2026-11-25T09:00:00Z",
     "lastEntryAgeMillis":185000,"lastEntryTimedBy":"files","dirtyEntries":1234,
     "unknown":["Nobody knows."],"obstacle":%s}\
    """
        .formatted(obstacle == null ? "null" : "\"" + obstacle + "\"");
  }

  private String database() {
    return "{\"acknowledgedFlush\":40,\"wentBack\":"
        + (missing > 0)
        + ",\"missingFlushes\":"
        + missing
        + "}";
  }

  private OperatorAnswer discard(Map<String, String> parameters) {
    Key key = Key.of(parameters.get("key"));
    Refused row = refused.get(key);
    if (row == null) {
      return new OperatorAnswer(404, "not-found");
    }
    if (row.version() != Long.parseLong(parameters.get("version"))) {
      return new OperatorAnswer(412, "precondition-failed");
    }
    refused.remove(key);
    return ok("{\"discarded\":true}");
  }

  private String listing(int server, @Nullable String only) {
    List<Map<String, Object>> rows = new ArrayList<>();
    refused.forEach((key, row) -> {
      if (row.server() == server && (only == null || only.equals(key.toString()))) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("key", key.toString());
        one.put("slot", key.slot());
        one.put("version", String.valueOf(row.version()));
        one.put("operation", "put");
        one.put("reason", "Data too long");
        one.put("attempts", attempts.getOrDefault(key, 1));
        one.put("ageMillis", 61_000);
        one.put("nextTryMillis", 500);
        one.put("valueBytes", row.value().length);
        one.put("contentType", row.contentType());
        if (only != null) {
          one.put("valueBase64", Base64.getEncoder().encodeToString(row.value()));
        }
        rows.add(one);
      }
    });
    return JsonMapper.shared()
        .writeValueAsString(Map.of("entries", rows.size(), "bytes", 100, "rows", rows));
  }

  private OperatorAnswer entries(Map<String, String> parameters) {
    if (busyPages > 0) {
      busyPages--;
      return new OperatorAnswer(503, "not-serving");
    }
    if (goodPages == 0) {
      return new OperatorAnswer(503, "not-serving");
    }
    goodPages--;
    SlotRange slots =
        new SlotRange(
            Integer.parseInt(parameters.get("first")), Integer.parseInt(parameters.get("last")));
    Comparator<Key> order =
        Comparator.comparingInt(Key::slot).thenComparing(Comparator.naturalOrder());
    @Nullable String after = parameters.get("after");
    List<Key> keys =
        cluster.entries.keySet().stream()
            .filter(key -> slots.contains(key.slot()))
            .filter(key -> after == null || order.compare(key, Key.of(after)) > 0)
            .sorted(order)
            .toList();
    List<Map<String, Object>> lines = new ArrayList<>();
    for (Key key : keys.subList(0, Math.min(PAGE, keys.size()))) {
      FakeCluster.Stored stored = cluster.entries.get(key);
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("key", key.toString());
      line.put("valueBase64", Base64.getEncoder().encodeToString(stored.value()));
      if (stored.contentType() != null) {
        line.put("contentType", stored.contentType());
      }
      if (expiries.containsKey(key)) {
        line.put("expiresAt", expiries.get(key).toString());
      }
      line.put("version", stored.version());
      lines.add(line);
    }
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("entries", lines);
    page.put("next", keys.size() > PAGE ? keys.get(PAGE - 1).toString() : null);
    return ok(JsonMapper.shared().writeValueAsString(page));
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  private static OperatorAnswer ok(String json) {
    return new OperatorAnswer(200, json);
  }
}
