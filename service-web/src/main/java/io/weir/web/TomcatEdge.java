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
 * What differs from a stock Tomcat: raw keys, hosts with underscores, and problem+json where Tomcat
 * writes HTML.
 */
final class TomcatEdge implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

  /** All that Tomcat lets a setting relax; its parser refuses other characters for good. */
  private static final String RELAXED = "\"<>[\\]^`{|}";

  @Override
  public void customize(ConfigurableTomcatWebServerFactory factory) {
    if (factory instanceof TomcatWebServerFactory tomcat) {
      tomcat.setProtocol(HostNames.class.getName());
    }
    factory.addConnectorCustomizers(TomcatEdge::readRawTargets);
    factory.addContextCustomizers(TomcatEdge::reportProblems);
  }

  private static void readRawTargets(Connector connector) {
    connector.setProperty("relaxedPathChars", RELAXED);
    connector.setProperty("relaxedQueryChars", RELAXED);
    // What is refused by its head gets its answer in place of the leave to send its body.
    connector.setProperty("continueResponseTiming", "onRead");
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
