package io.weir.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Puts the keys of {@code weir load} into one cache server, in batches, which takes a tenth of the
 * time that single requests take. All are put into memory alone; a batch that is refused in part is
 * sent again.
 *
 * <p>{@code java -cp benchmarks/target/weir-benchmarks.jar io.weir.benchmarks.TableFill URL ENTRIES
 * VALUE_BYTES}
 */
public final class TableFill {

  private static final int BATCH = 1_000;
  private static final int CALLERS = 4;
  private static final int ATTEMPTS = 600;
  private static final long PAUSE_MILLIS = 100;

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI batch;
  private final String value;

  private TableFill(String url, int valueBytes) {
    batch = URI.create(url + "/batch");
    value = "v".repeat(valueBytes);
  }

  /** Fills, and prints how many there are. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    TableFill fill = new TableFill(arguments[0], Integer.parseInt(arguments[2]));
    int entries = Integer.parseInt(arguments[1]);
    List<Future<?>> callers = new ArrayList<>();
    try (fill.client;
        ExecutorService executor = Executors.newFixedThreadPool(CALLERS)) {
      for (int caller = 0; caller < CALLERS; caller++) {
        int first = caller * BATCH;
        callers.add(
            executor.submit(() -> {
              for (int from = first; from < entries; from += CALLERS * BATCH) {
                fill.put(from, Math.min(entries, from + BATCH));
              }
              return null;
            }));
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
    }
    System.out.println(entries + " entries");
  }

  private void put(int from, int to) throws IOException, InterruptedException {
    StringBuilder body = new StringBuilder("{\"operations\":[");
    for (int key = from; key < to; key++) {
      body.append(key == from ? "" : ",")
          .append("{\"op\":\"put\",\"key\":\"load:")
          .append(key)
          .append("\",\"value\":\"")
          .append(value)
          .append("\"}");
    }
    HttpRequest request =
        HttpRequest.newBuilder(batch)
            .header("Content-Type", "application/json")
            .header("Weir-Durability", "memory")
            .POST(HttpRequest.BodyPublishers.ofString(body.append("]}").toString()))
            .build();
    String answer = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      answer = response.body();
      if (response.statusCode() == 200 && !answer.contains("\"problem\"")) {
        return;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    throw new IOException("the server did not take a batch: " + answer);
  }
}
