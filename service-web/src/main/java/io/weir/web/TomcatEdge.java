package io.weir.web;

import org.apache.catalina.Context;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.Pipeline;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ProtocolHandler;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * What differs from a stock Tomcat: raw keys, hosts with underscores, bounds of what a slow client
 * may hold, and problem+json where Tomcat writes HTML.
 */
final class TomcatEdge implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

  /** All that Tomcat lets a setting relax; its parser refuses other characters for good. */
  private static final String RELAXED = "\"<>[\\]^`{|}";

  /**
   * Bytes of all chunk extensions of a request, and of its trailer; nothing here reads either.
   * Tomcat reads them byte by byte and returns only when it has them, so that nobody can look at
   * the clock meanwhile: a client that sends one byte each time just before the connection is given
   * up holds what is reserved for its body by so many silences at most, and by a dozen for the
   * digits and the line ends of a chunk's head.
   */
  private static final String LONGEST_FRAMING = "32";

  /**
   * Bytes of an answer that may be on their way in the kernel, which takes twice as much. Linux
   * lets a writer go on only when a third of its buffer is free, and by itself enlarges that to
   * megabytes: a client that reads slowly but well above the least rate would be given up, because
   * the writer has waited for longer than the connection's time-out.
   */
  private static final String SEND_BUFFER = "65536";

  @Override
  public void customize(ConfigurableTomcatWebServerFactory factory) {
    if (factory instanceof TomcatWebServerFactory tomcat) {
      tomcat.setProtocol(HostNames.class.getName());
    }
    factory.addConnectorCustomizers(TomcatEdge::readRequests);
    factory.addContextCustomizers(TomcatEdge::reportProblems);
  }

  private static void readRequests(Connector connector) {
    connector.setProperty("relaxedPathChars", RELAXED);
    connector.setProperty("relaxedQueryChars", RELAXED);
    // What is refused by its head gets its answer in place of the leave to send its body.
    connector.setProperty("continueResponseTiming", "onRead");
    connector.setProperty("maxExtensionSize", LONGEST_FRAMING);
    connector.setProperty("maxTrailerSize", LONGEST_FRAMING);
    connector.setProperty("socket.txBufSize", SEND_BUFFER);
    connector.addLifecycleListener(event -> {
      if (event.getType().equals(Lifecycle.AFTER_INIT_EVENT)) {
        ProtocolHandler handler = connector.getProtocolHandler();
        handler.setAdapter(new RawTargetAdapter(handler.getAdapter()));
      }
    });
  }

  private static void reportProblems(Context context) {
    StandardHost host = (StandardHost) context.getParent();
    Pipeline pipeline = host.getPipeline();
    for (Valve valve : pipeline.getValves()) {
      if (valve instanceof ErrorReportValve) {
        pipeline.removeValve(valve);
      }
    }
    host.setErrorReportValveClass(ProblemReportValve.class.getName());
    pipeline.addValve(new ProblemReportValve());
  }
}
