package io.weir.client.operator;

import io.weir.client.OperatorRequest;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.model.ClusterStatus;
import io.weir.model.Key;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import io.weir.model.operator.DatabaseReport;
import io.weir.model.operator.DrainReport;
import io.weir.model.operator.EntryPage;
import io.weir.model.operator.FlushReport;
import io.weir.model.operator.GroupReport;
import io.weir.model.operator.QuarantineReport;
import io.weir.model.operator.RefusedRow;
import io.weir.model.operator.RescueReport;
import io.weir.model.operator.Rescued;
import io.weir.model.operator.WriteBackReport;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The servers' endpoints for operators. Failures are those of {@link WeirClient#operate}. */
public final class OperatorApi implements AutoCloseable {

  public static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /** What the answer may take on top of what the server is asked to wait. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  /** Some seconds for each member that is gone, and for the journal to close. */
  private static final Duration RESCUE = Duration.ofMinutes(1);

  private final WeirClient client;
  private final Duration timeout;

  /**
   * @param client closed with this
   * @param timeout of requests that wait for nothing
   */
  public OperatorApi(WeirClient client, Duration timeout) {
    this.client = client;
    this.timeout = timeout;
  }

  public Topology topology() {
    return client.topology();
  }

  /** Asks a master anew. */
  public Topology refreshedTopology() {
    return client.refresh().topology();
  }

  /** Whether a server answers that it is ready. */
  public boolean isReady(URI server) {
    try {
      var _ = client.operate(server, OperatorRequest.get("/actuator/health/readiness"), timeout);
      return true;
    } catch (WeirException e) {
      return false;
    }
  }

  public ClusterStatus status() {
    return read(client.operateMaster(OperatorRequest.get("/status"), timeout), ClusterStatus.class);
  }

  public WriteBackReport writeBack(URI server) {
    return get(server, "/actuator/writeback", WriteBackReport.class);
  }

  /** Has a cache server write back all that is dirty now, and waits for it. */
  public FlushReport flush(URI server, Duration wait) {
    return post(server, "/actuator/writeback", waiting(wait), wait, FlushReport.class);
  }

  /** How far a shard's database has come; at its leader. */
  public DatabaseReport database(URI server) {
    return get(server, "/actuator/database", DatabaseReport.class);
  }

  /** Has a leader accept its database, which has lost so many flushes. */
  public DatabaseReport acceptDatabase(URI server, long missing) {
    return post(
        server,
        "/actuator/database",
        "{\"missing\":" + missing + "}",
        Duration.ofSeconds(20),
        DatabaseReport.class);
  }

  /** Has the masters forget who leads a shard and which servers it has. */
  public void forgetClaim(ShardId shard) {
    client.operateMaster(OperatorRequest.delete("/shards/" + shard + "/claim"), timeout);
  }

  /** What a member knows that may be the only one left of its group; it looks for the others. */
  public RescueReport rescue(URI server) {
    return read(
        client.operate(server, OperatorRequest.get("/actuator/rescue"), RESCUE.plus(ANSWER)),
        RescueReport.class);
  }

  /** Has a member found the generation after this one with its journal; its process ends. */
  public Rescued rescue(URI server, long generation) {
    return post(
        server, "/actuator/rescue", "{\"generation\":" + generation + "}", RESCUE, Rescued.class);
  }

  /** A shard's group, as a member of it sees it. */
  public GroupReport group(URI server) {
    return get(server, "/actuator/raft", GroupReport.class);
  }

  /** Has a leader hand over, and waits for it. */
  public void transfer(URI server, Duration wait) {
    var _ =
        client.operate(
            server,
            OperatorRequest.post("/actuator/raft", "{\"transfer\":true}"),
            wait.plus(ANSWER));
  }

  public DrainReport drain(URI server) {
    return get(server, "/actuator/drain", DrainReport.class);
  }

  /** Has a cache server drain, and waits for it; it goes on afterwards. */
  public DrainReport drain(URI server, Duration wait) {
    return post(server, "/actuator/drain", waiting(wait), wait, DrainReport.class);
  }

  public DrainReport undrain(URI server) {
    return read(
        client.operate(server, OperatorRequest.delete("/actuator/drain"), timeout.plus(ANSWER)),
        DrainReport.class);
  }

  public QuarantineReport quarantine(URI server) {
    return get(server, "/actuator/quarantine", QuarantineReport.class);
  }

  /** The same for one key, with its value. */
  public QuarantineReport quarantined(URI server, Key key) {
    return get(
        server, "/actuator/quarantine?key=" + encoded(key.toString()), QuarantineReport.class);
  }

  /** Has a shard try a refused row again, or, with null, all of them. */
  public void retry(URI server, @Nullable Key key) {
    String json = key == null ? "{}" : JSON.writeValueAsString(Map.of("key", key.toString()));
    var _ = client.operate(server, OperatorRequest.post("/actuator/quarantine", json), timeout);
  }

  /** Has a shard give a refused version up. */
  public void discard(URI server, RefusedRow row) {
    var _ =
        client.operate(
            server,
            OperatorRequest.delete(
                "/actuator/quarantine?key=" + encoded(row.key()) + "&version=" + row.version()),
            timeout.plus(ANSWER));
  }

  public EntryPage entries(URI server, SlotRange slots, @Nullable String after) {
    String cursor = after == null ? "" : "&after=" + encoded(after);
    return get(
        server,
        "/actuator/entries?first=" + slots.first() + "&last=" + slots.last() + cursor,
        EntryPage.class);
  }

  private <T> T get(URI server, String target, Class<T> type) {
    return read(client.operate(server, OperatorRequest.get(target), timeout), type);
  }

  private <T> T post(URI server, String target, String json, Duration wait, Class<T> type) {
    return read(
        client.operate(server, OperatorRequest.post(target, json), wait.plus(ANSWER)), type);
  }

  private static String waiting(Duration wait) {
    return "{\"timeout\":\"" + Math.max(1, wait.toMillis()) + "ms\"}";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static <T> T read(byte[] json, Class<T> type) {
    return JSON.readValue(json, type);
  }

  @Override
  public void close() {
    client.close();
  }
}
