package io.weir.web;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The last resort for an error that no controller answered: what Tomcat itself refuses, and what a
 * servlet threw. Writes problem+json where Tomcat would write HTML.
 */
public final class ProblemReportValve extends ErrorReportValve {

  private static final Log log = LogFactory.getLog(ProblemReportValve.class);

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    try {
      // Not the facade: that one takes no header once an error is set.
      response.resetBuffer(true);
      ProblemWriter.write(response, status, detail(status, request));
      response.finishResponse();
    } catch (IOException | IllegalStateException e) {
      // The client is gone, or something else has begun to write: there is nobody to tell.
      log.debug("no problem+json for status " + status, e);
    }
  }

  private static String detail(int status, Request request) {
    return switch (status) {
      case 400 ->
          "The request is not valid HTTP, or its target holds a character that must be percent-encoded.";
      case 404 -> "Nothing is found at " + request.getRequestURI() + ".";
      case 405 -> "The method " + request.getMethod() + " is not allowed here.";
      case 501 ->
          "The request has a Transfer-Encoding that is not understood here; a body has a"
              + " Content-Length, or comes chunked.";
      case 503 -> "The server is starting or stopping.";
      default ->
          status >= 500
              ? "The server failed to answer this request; its log says why."
              : "The request was refused with status " + status + ".";
    };
  }
}
