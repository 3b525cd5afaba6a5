package io.weir.master.redirect;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.weir.model.Problem;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the OpenAPI document says of the master as a whole, and of {@code /kv/{key}}. */
@Configuration(proxyBeanMethods = false)
class KeyRedirectApi {

  @Bean
  OpenApiCustomizer masterApi() {
    return api -> {
      api.setInfo(
          new Info()
              .title("Weir master")
              .version("1")
              .description(
                  "Keeps the list of cache servers and the hash slots of each. Keys are read and"
                      + " written at the cache servers; the master only says which."));
      addKeyPath(api);
    };
  }

  private static void addKeyPath(OpenAPI api) {
    api.path(
        "/kv/{key}",
        new PathItem()
            .addParametersItem(
                new PathParameter()
                    .name("key")
                    .description("1 to 512 bytes of UTF-8, percent-encoded once")
                    .schema(new StringSchema())
                    .example("user:1"))
            .get(operation("readKey", "Find the server to read a key from"))
            .head(operation("probeKey", "Find the server to ask about a key"))
            .put(
                operation("writeKey", "Find the server to write a key to")
                    .requestBody(
                        new RequestBody()
                            .content(
                                new Content()
                                    .addMediaType(
                                        "application/octet-stream",
                                        new MediaType()
                                            .schema(new StringSchema().format("binary"))))))
            .delete(operation("deleteKey", "Find the server to delete a key at")));
  }

  private static Operation operation(String id, String summary) {
    return new Operation()
        .operationId(id)
        .addTagsItem("Keys")
        .summary(summary)
        .description(
            "The answer is a redirect that keeps method, target and query: `curl -L`. A browser does"
                + " not follow it to another origin, so \"Try it out\" ends here: the owner, which"
                + " `/caches?key=` names, has a page like this one, and the dashboard at `/` looks"
                + " keys up.")
        .responses(
            new ApiResponses()
                .addApiResponse(
                    "307",
                    new ApiResponse()
                        .description("To the owner of the key")
                        .addHeaderObject("Location", new Header().schema(new StringSchema())))
                .addApiResponse("400", problem("The key is not valid"))
                .addApiResponse(
                    "503",
                    problem("The key's slot has no owner that serves")
                        .addHeaderObject("Retry-After", new Header().schema(new IntegerSchema()))));
  }

  private static ApiResponse problem(String description) {
    return new ApiResponse()
        .description(description)
        .content(
            new Content()
                .addMediaType(Problem.MEDIA_TYPE, new MediaType().schema(new ObjectSchema())));
  }
}
