package io.weir.cache.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.BinarySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.weir.model.Headers;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;

/**
 * Adds the key door to the OpenAPI description: it is a bare servlet, which nothing else describes.
 */
final class KvApiDescription implements OpenApiCustomizer {

  private static final List<String> TAGS = List.of("keys");

  @Override
  public void customise(OpenAPI api) {
    api.setInfo(
        new Info()
            .title("Weir cache server")
            .version("v1")
            .description("Reads and writes the keys whose slots this server owns."));
    api.getComponents()
        .addSchemas(
            "Problem",
            new ObjectSchema()
                .description("RFC 9457; docs/problems.md lists the types")
                .addProperty("type", new StringSchema().example("urn:weir:problem:not-owner"))
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", new StringSchema()));
    api.path(
        "/kv/{key}",
        new PathItem()
            .addParametersItem(
                new PathParameter()
                    .name("key")
                    .description(
                        "1 to 512 bytes of UTF-8, percent-encoded. Everything after /kv/ is the key.")
                    .schema(new StringSchema().example("user:1")))
            .get(get())
            .head(head())
            .put(put())
            .delete(delete()));
  }

  private static Operation get() {
    return new Operation()
        .tags(TAGS)
        .operationId("get")
        .summary("Read a key")
        .addParametersItem(ifNoneMatch("answers 304 when the key is still at that version"))
        .addParametersItem(ifMatch())
        .addParametersItem(
            header("Cache-Control", "no-cache asks the database again, unless the key is dirty"))
        .addParametersItem(consistency())
        .responses(readResponses(true));
  }

  private static Operation head() {
    return new Operation()
        .tags(TAGS)
        .operationId("head")
        .summary("Read a key, without its value")
        .addParametersItem(ifNoneMatch("answers 304 when the key is still at that version"))
        .addParametersItem(ifMatch())
        .addParametersItem(consistency())
        .responses(readResponses(false));
  }

  private static Operation put() {
    return new Operation()
        .tags(TAGS)
        .operationId("put")
        .summary("Write a key")
        .description("Acknowledged once it is as durable as Weir-Durability says.")
        .addParametersItem(
            new QueryParameter()
                .name("ttl")
                .description("after which the key is absent, such as 60s, 5m or 1h")
                .schema(new StringSchema()))
        .addParametersItem(ifMatch())
        .addParametersItem(ifNoneMatch("* writes only an absent key"))
        .addParametersItem(durability())
        .requestBody(
            new RequestBody()
                .description("0 bytes to weir.max-value-size, of any media type")
                .content(
                    new Content()
                        .addMediaType("text/plain", new MediaType().schema(new StringSchema()))
                        .addMediaType(
                            "application/octet-stream",
                            new MediaType().schema(new BinarySchema()))))
        .responses(
            writeResponses(
                    answer("Acknowledged")
                        .addHeaderObject("ETag", string("the version of the write, quoted"))
                        .addHeaderObject(Headers.DURABILITY, string("memory or journal")))
                .addApiResponse(
                    "413",
                    unkept(
                        problem(
                            ProblemType.VALUE_TOO_LARGE,
                            "The value is larger than weir.max-value-size")))
                .addApiResponse(
                    "415",
                    unkept(
                            problem(
                                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                                "The value has a Content-Encoding other than identity, which would not"
                                    + " be kept"))
                        .addHeaderObject("Accept-Encoding", string("identity"))));
  }

  private static Operation delete() {
    return new Operation()
        .tags(TAGS)
        .operationId("delete")
        .summary("Delete a key")
        .addParametersItem(ifMatch())
        .addParametersItem(ifNoneMatch("deletes unless the key is at that version"))
        .addParametersItem(durability())
        .responses(
            writeResponses(
                answer("Acknowledged, whether the key was there or not")
                    .addHeaderObject(Headers.DURABILITY, string("memory or journal"))));
  }

  private static ApiResponses readResponses(boolean body) {
    ApiResponse found =
        read(answer("The value, with the Content-Type it was put with, character by character"))
            .addHeaderObject("ETag", string("the version, quoted"));
    if (body) {
      found.content(new Content().addMediaType("*/*", new MediaType().schema(new BinarySchema())));
    }
    return common()
        .addApiResponse("200", found)
        .addApiResponse(
            "304",
            read(answer("Still at the version asked about"))
                .addHeaderObject("ETag", string("that version, quoted")))
        .addApiResponse("404", read(problem(ProblemType.NOT_FOUND, "There is no such entry")))
        .addApiResponse(
            "412", read(problem(ProblemType.PRECONDITION_FAILED, "If-Match does not hold")));
  }

  private static ApiResponses writeResponses(ApiResponse done) {
    return common()
        .addApiResponse("204", done)
        .addApiResponse(
            "412",
            kept(
                problem(
                    ProblemType.PRECONDITION_FAILED, "If-Match or If-None-Match does not hold")))
        .addApiResponse(
            "504",
            unkept(
                problem(
                    ProblemType.OUTCOME_UNKNOWN,
                    "The leadership ended meanwhile: the write may be applied, or not")));
  }

  private static ApiResponses common() {
    ApiResponse misdirected =
        problem(
            ProblemType.NOT_OWNER,
            "Another server owns the key: 'owner' is its URL, with 'term' and 'topologyVersion'");
    ApiResponse later =
        problem(
                ProblemType.TOO_MUCH_DIRTY,
                "Too much dirty data, or the database is down and the key is not resident")
            .addHeaderObject("Retry-After", string("seconds"));
    return new ApiResponses()
        .addApiResponse(
            "400",
            unkept(
                problem(ProblemType.BAD_REQUEST, "The key, a parameter or a header is not valid")))
        .addApiResponse("421", unkept(misdirected))
        .addApiResponse("503", unkept(later));
  }

  /** An answer, with the header that each has. */
  private static ApiResponse answer(String description) {
    return new ApiResponse()
        .description(description)
        .addHeaderObject(Headers.TOPOLOGY_VERSION, string("the topology that the server knows"));
  }

  /** Adds the headers of what was decided by reading. */
  private static ApiResponse read(ApiResponse response) {
    return kept(response)
        .addHeaderObject(
            Headers.CACHE_STATUS, string("RFC 9211: weir; hit, or weir; fwd=miss; stored"));
  }

  /** Adds the headers of what tells of the entry. */
  private static ApiResponse kept(ApiResponse response) {
    return response
        .addHeaderObject(
            "Cache-Control", string("no-cache: a cache on the way asks before it gives it on"))
        .addHeaderObject("Vary", string(Headers.CONSISTENCY + ", Authorization"));
  }

  /** Adds the header of any other error. */
  private static ApiResponse unkept(ApiResponse response) {
    return response.addHeaderObject("Cache-Control", string("no-store"));
  }

  private static ApiResponse problem(ProblemType type, String description) {
    return answer(description)
        .content(
            new Content()
                .addMediaType(
                    Problem.MEDIA_TYPE,
                    new MediaType()
                        .schema(new ObjectSchema().$ref("#/components/schemas/Problem"))
                        .example(Problem.of(type, "what happened, with the values").members())));
  }

  private static Header string(String description) {
    return new Header().description(description).schema(new StringSchema());
  }

  private static Parameter ifMatch() {
    return header("If-Match", "a version in quotes, such as \"42\", or *; else 412");
  }

  private static Parameter ifNoneMatch(String description) {
    return header("If-None-Match", description);
  }

  private static Parameter durability() {
    return header(
        Headers.DURABILITY,
        "memory or journal; a write that asks for memory goes through the journal where memory"
            + " alone would not be safe");
  }

  private static Parameter consistency() {
    return header(
        Headers.CONSISTENCY,
        "linearizable or eventual: a replica may answer; without it, the leader alone does");
  }

  private static Parameter header(String name, String description) {
    return new HeaderParameter().name(name).description(description).schema(new StringSchema());
  }
}
