package io.weir.cache.web;

import io.weir.cache.door.BadRequestException;
import io.weir.cache.door.KvDoor;
import io.weir.cache.door.KvResponse;
import io.weir.cache.door.OverloadedException;
import io.weir.cache.door.SlowBodyException;
import io.weir.cache.door.UnsupportedCodingException;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import io.weir.web.ProblemWriter;
import io.weir.web.RawExchange;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
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

  private final KvDoor door;

  CacheProblems(KvDoor door) {
    this.door = door;
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> handle(OverloadedException e) {
    KvResponse refusal = door.refuse(e);
    HttpHeaders headers = new HttpHeaders();
    refusal.forEachHeader(headers::set);
    return with(headers, Objects.requireNonNull(refusal.problem()));
  }

  @ExceptionHandler
  void handle(SlowBodyException e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ProblemWriter.write(
        response, Problem.of(ProblemType.REQUEST_TIMEOUT, String.valueOf(e.getMessage())));
    RawExchange.leaveBody(request); // Not before: the answer would be lost.
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> handle(BadRequestException e) {
    return ProblemWriter.entity(
        Problem.of(ProblemType.BAD_REQUEST, String.valueOf(e.getMessage())));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> handle(UnsupportedCodingException e) {
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.ACCEPT_ENCODING, "identity");
    return with(
        headers, Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, String.valueOf(e.getMessage())));
  }

  private static ResponseEntity<Map<String, Object>> with(HttpHeaders headers, Problem problem) {
    ResponseEntity<Map<String, Object>> answer = ProblemWriter.entity(problem);
    headers.putAll(answer.getHeaders());
    return new ResponseEntity<>(answer.getBody(), headers, answer.getStatusCode());
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> handle(BatchTooLargeException e) {
    return ProblemWriter.entity(
        Problem.of(ProblemType.VALUE_TOO_LARGE, String.valueOf(e.getMessage())));
  }
}
