package io.weir.cache.web;

import io.weir.cache.door.BadRequestException;
import io.weir.cache.door.UnsupportedCodingException;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import io.weir.web.ProblemWriter;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Maps what the cache server's controllers throw; what every service throws is mapped elsewhere.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class CacheProblems {

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> handle(BadRequestException e) {
    return ProblemWriter.entity(
        Problem.of(ProblemType.BAD_REQUEST, String.valueOf(e.getMessage())));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> handle(UnsupportedCodingException e) {
    ResponseEntity<Map<String, Object>> answer =
        ProblemWriter.entity(
            Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, String.valueOf(e.getMessage())));
    return ResponseEntity.status(answer.getStatusCode())
        .headers(answer.getHeaders())
        .header(HttpHeaders.ACCEPT_ENCODING, "identity")
        .body(answer.getBody());
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> handle(BatchTooLargeException e) {
    return ProblemWriter.entity(
        Problem.of(ProblemType.VALUE_TOO_LARGE, String.valueOf(e.getMessage())));
  }
}
