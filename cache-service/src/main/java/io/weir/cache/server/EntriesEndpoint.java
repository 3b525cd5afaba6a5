package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.EngineException;
import io.weir.cache.engine.ScanPage;
import io.weir.cache.engine.ScanRequest;
import io.weir.cache.kv.Row;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Value;
import io.weir.cache.store.StoreException;
import io.weir.model.InvalidKeyException;
import io.weir.model.Key;
import io.weir.model.ProblemType;
import io.weir.model.SlotRange;
import io.weir.model.operator.EntryPage;
import io.weir.web.security.Caller;
import io.weir.web.security.Role;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * {@code /actuator/entries}: all that the shard holds, page by page, be it in the database yet or
 * not. For exports; nothing becomes resident by it. It shows values, so that it needs the role
 * {@code read} as well.
 */
@Endpoint(id = "entries")
final class EntriesEndpoint {

  private static final int DEFAULT_LIMIT = 1_000;
  private static final int MOST_ENTRIES = 10_000;

  /** Bytes of a page's values, which its last one may exceed. */
  private static final long PAGE_BYTES = 2L << 20;

  private final CacheEngine engine;

  EntriesEndpoint(CacheEngine engine) {
    this.engine = engine;
  }

  /**
   * The next entries, by slot and key.
   *
   * @param first slot
   * @param last slot
   * @param after the key that they come after
   * @param limit most entries, 1 to 10,000
   */
  @ReadOperation
  WebEndpointResponse<Object> page(
      int first, int last, @Nullable String after, @Nullable Integer limit) {
    Caller.require(Role.READ);
    int most = limit == null ? DEFAULT_LIMIT : limit;
    if (most < 1 || most > MOST_ENTRIES) {
      return EndpointProblem.of(
          ProblemType.BAD_REQUEST, "limit is 1 to " + MOST_ENTRIES + ", got " + most);
    }
    try {
      RowRange range =
          new RowRange(new SlotRange(first, last), after == null ? null : Key.of(after));
      ScanPage page = engine.scan(new ScanRequest(range, most, PAGE_BYTES));
      Key next = page.next();
      return new WebEndpointResponse<>(
          new EntryPage(
              page.entries().stream().map(EntriesEndpoint::line).toList(),
              next == null ? null : next.toString()));
    } catch (InvalidKeyException e) {
      return EndpointProblem.of(ProblemType.INVALID_KEY, "after: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return EndpointProblem.of(ProblemType.BAD_REQUEST, String.valueOf(e.getMessage()));
    } catch (EngineException e) {
      return EndpointProblem.of(e);
    } catch (StoreException e) {
      return EndpointProblem.of(e);
    }
  }

  private static EntryPage.Line line(Row row) {
    Value value = Objects.requireNonNull(row.what().value(), "a scan has no absent entries");
    ValueText text = ValueText.of(value);
    return new EntryPage.Line(
        row.key().toString(),
        text.text(),
        text.base64(),
        value.contentType(),
        ValueText.expiry(value),
        row.what().version().value());
  }
}
