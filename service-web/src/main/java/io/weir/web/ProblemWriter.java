package io.weir.web;

import io.weir.model.Problem;
import io.weir.model.ProblemType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes RFC 9457 {@code application/problem+json}, with Spring MVC and without.
 *
 * <p>A status that no {@link ProblemType} stands for gets the type {@code about:blank}, whose
 * meaning, says the RFC, is that of the status alone.
 */
public final class ProblemWriter {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ProblemWriter() {}

  /** Answers a request with a problem; other headers may be set before. */
  public static void write(HttpServletResponse response, Problem problem) throws IOException {
    write(response, problem.type().status(), problem.members());
  }

  /** Answers a request with a status of the container or the framework. */
  public static void write(HttpServletResponse response, int status, String detail)
      throws IOException {
    write(response, status, members(status, detail));
  }

  /** Returns the same answer as an entity for a Spring MVC method. */
  public static ResponseEntity<Map<String, Object>> entity(Problem problem) {
    return ResponseEntity.status(problem.type().status())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem.members());
  }

  /** Returns the body of a problem. */
  public static byte[] body(Problem problem) {
    return MAPPER.writeValueAsBytes(problem.members());
  }

  /** Returns the body of a problem of a status that the protocol itself gives. */
  public static byte[] body(int status, String detail) {
    return MAPPER.writeValueAsBytes(members(status, detail));
  }

  static Map<String, Object> members(int status, String detail) {
    ProblemType type = typeOf(status);
    if (type != null) {
      return Problem.of(type, detail).members();
    }
    HttpStatus known = HttpStatus.resolve(status);
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", "about:blank");
    members.put("title", known == null ? "Status " + status : known.getReasonPhrase());
    members.put("status", status);
    members.put("detail", detail);
    return members;
  }

  private static @Nullable ProblemType typeOf(int status) {
    return switch (status) {
      case 400 -> ProblemType.BAD_REQUEST;
      case 401 -> ProblemType.UNAUTHENTICATED;
      case 403 -> ProblemType.FORBIDDEN;
      case 404 -> ProblemType.NO_SUCH_RESOURCE;
      case 405 -> ProblemType.METHOD_NOT_ALLOWED;
      case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
      case 500 -> ProblemType.INTERNAL_ERROR;
      case 503 -> ProblemType.NOT_SERVING;
      default -> null;
    };
  }

  private static void write(HttpServletResponse response, int status, Map<String, Object> members)
      throws IOException {
    byte[] body = MAPPER.writeValueAsBytes(members);
    response.setStatus(status);
    response.setContentType(Problem.MEDIA_TYPE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
