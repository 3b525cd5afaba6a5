package io.weir.web;

import io.weir.model.InvalidKeyException;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Turns what Spring MVC refuses, and what nobody else has handled, into problem+json. A service
 * maps its own exceptions in an advice of its own, which comes before this one.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class ProblemAdvice extends ResponseEntityExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> invalidKey(InvalidKeyException e) {
    return ProblemWriter.entity(
        Problem.of(ProblemType.INVALID_KEY, String.valueOf(e.getMessage())));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> denied(AccessDeniedException e) {
    return ProblemWriter.entity(Problem.of(ProblemType.FORBIDDEN, String.valueOf(e.getMessage())));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> unexpected(Exception e) {
    log.error("A request failed", e);
    return ProblemWriter.entity(
        Problem.of(
            ProblemType.INTERNAL_ERROR,
            "The server failed to answer this request; its log says why."));
  }

  @Override
  protected ResponseEntity<Object> handleExceptionInternal(
      Exception e,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    HttpHeaders answer = new HttpHeaders();
    answer.putAll(headers);
    answer.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    Map<String, Object> members = ProblemWriter.members(status.value(), detail(e, status));
    return new ResponseEntity<>(members, answer, status);
  }

  private static String detail(Exception e, HttpStatusCode status) {
    if (e instanceof NoResourceFoundException missing) {
      return "Nothing is found at /" + missing.getResourcePath() + ".";
    }
    if (e instanceof ErrorResponse response && response.getBody().getDetail() != null) {
      return String.valueOf(response.getBody().getDetail());
    }
    return status.is5xxServerError()
        ? "The server failed to answer this request; its log says why."
        : "The request was refused with status " + status.value() + ".";
  }
}
