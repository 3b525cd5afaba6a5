package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemTest {

  @Test
  void theMembersOfTheRfcComeFirstThenTheOthersInTheirOrder() {
    Problem problem =
        Problem.of(ProblemType.NOT_OWNER, "slot 1 is not this server's")
            .with("slot", 1)
            .with("term", 3L)
            .with("topologyVersion", 7L)
            .with("owner", "http://127.0.0.1:7402");
    assertThat(problem.members())
        .containsExactly(
            entry("type", "urn:weir:problem:not-owner"),
            entry("title", "Another server owns the key"),
            entry("status", 421),
            entry("detail", "slot 1 is not this server's"),
            entry("slot", 1),
            entry("term", 3L),
            entry("topologyVersion", 7L),
            entry("owner", "http://127.0.0.1:7402"));
  }

  @Test
  void addingAMemberLeavesTheProblemAsItWas() {
    Problem problem = Problem.of(ProblemType.NOT_FOUND, "no");
    assertThat(problem.with("key", "k").members()).containsEntry("key", "k");
    assertThat(problem.extensions()).isEmpty();
  }

  @Test
  void theMediaTypeIsTheOneOfTheRfc() {
    assertThat(Problem.MEDIA_TYPE).isEqualTo("application/problem+json");
  }

  /** Clients compare them: neither name nor status ever changes. */
  @ParameterizedTest
  @CsvSource({
    "BAD_REQUEST, urn:weir:problem:bad-request, 400",
    "INVALID_KEY, urn:weir:problem:invalid-key, 400",
    "OUTCOME_UNKNOWN, urn:weir:problem:outcome-unknown, 504",
    "NOT_FOUND, urn:weir:problem:not-found, 404",
    "NO_SUCH_RESOURCE, urn:weir:problem:no-such-resource, 404",
    "METHOD_NOT_ALLOWED, urn:weir:problem:method-not-allowed, 405",
    "SHARD_CONFLICT, urn:weir:problem:shard-conflict, 409",
    "FOREIGN_SHARD, urn:weir:problem:foreign-shard, 409",
    "RESCUE_REFUSED, urn:weir:problem:rescue-refused, 409",
    "PRECONDITION_FAILED, urn:weir:problem:precondition-failed, 412",
    "VALUE_TOO_LARGE, urn:weir:problem:value-too-large, 413",
    "UNSUPPORTED_MEDIA_TYPE, urn:weir:problem:unsupported-media-type, 415",
    "UNAUTHENTICATED, urn:weir:problem:unauthenticated, 401",
    "FORBIDDEN, urn:weir:problem:forbidden, 403",
    "NOT_OWNER, urn:weir:problem:not-owner, 421",
    "INTERNAL_ERROR, urn:weir:problem:internal-error, 500",
    "REQUEST_TIMEOUT, urn:weir:problem:request-timeout, 408",
    "ROW_TOO_LARGE, urn:weir:problem:row-too-large, 502",
    "TOO_MUCH_DIRTY, urn:weir:problem:too-much-dirty, 503",
    "JOURNAL_FULL, urn:weir:problem:journal-full, 503",
    "STORE_UNAVAILABLE, urn:weir:problem:store-unavailable, 503",
    "DATABASE_BEHIND, urn:weir:problem:database-behind, 503",
    "DATABASE_DIFFERS, urn:weir:problem:database-differs, 503",
    "DATABASE_WENT_BACK, urn:weir:problem:database-went-back, 503",
    "OVERLOADED, urn:weir:problem:overloaded, 503",
    "NO_CLUSTER, urn:weir:problem:no-cluster, 503",
    "NOT_SERVING, urn:weir:problem:not-serving, 503",
  })
  void theTypeOfAProblemIsStable(ProblemType type, URI uri, int status) {
    assertThat(type.uri()).isEqualTo(uri);
    assertThat(type.status()).isEqualTo(status);
    assertThat(type.title()).isNotBlank();
  }

  @Test
  void everyTypeIsPinned() {
    assertThat(ProblemType.values()).hasSize(27);
  }

  private static Map.Entry<String, Object> entry(String name, Object value) {
    return Map.entry(name, value);
  }
}
