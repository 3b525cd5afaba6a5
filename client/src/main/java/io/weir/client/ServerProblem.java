package io.weir.client;

import io.weir.client.transport.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The RFC 9457 problem of an answer, as far as the answer has one.
 *
 * @param type the problem type; empty when the body was no problem
 * @param detail a sentence; never empty
 * @param owner of a 421: who owns the key; null when not said
 * @param term of a 421: of that owner; 0 when not said
 * @param topologyVersion of a 421: what the server knows; 0 when not said
 */
public record ServerProblem(
    int status,
    String type,
    String title,
    String detail,
    @Nullable URI owner,
    long term,
    long topologyVersion) {

  private static final String OURS = "urn:weir:problem:";
  private static final int MAX_DETAIL = 300;

  /** Tells whether a Weir server said it, and not something between it and here. */
  public boolean isWeirs() {
    return type.startsWith(OURS);
  }

  /** Tells whether a cache server said that it does not answer for its shard now. */
  boolean isNotServing() {
    return type.equals(OURS + "not-serving");
  }

  static ServerProblem of(Response response) {
    try {
      JsonNode body = Json.MAPPER.readTree(response.body());
      if (body.path("type").isString()) {
        String title = body.path("title").asString("");
        return new ServerProblem(
            response.status(),
            body.path("type").asString(),
            title,
            body.path("detail").asString(title.isEmpty() ? "no detail given" : title),
            uri(body.path("owner")),
            body.path("term").asLong(0),
            body.path("topologyVersion").asLong(0));
      }
    } catch (JacksonException | IllegalArgumentException e) {
      // Not a problem document; what it says is shown as it is.
    }
    return plain(response);
  }

  private static ServerProblem plain(Response response) {
    String text =
        new String(response.body(), StandardCharsets.UTF_8).replaceAll("\\s+", " ").strip();
    String detail =
        text.isEmpty() ? "no explanation" : text.substring(0, Math.min(text.length(), MAX_DETAIL));
    return new ServerProblem(
        response.status(), "", "HTTP " + response.status(), detail, null, 0, 0);
  }

  private static @Nullable URI uri(JsonNode node) {
    return node.isString() ? URI.create(node.asString()) : null;
  }

  /** For people: the status, and the sentence. */
  @Override
  public String toString() {
    return status + ": " + detail;
  }
}
