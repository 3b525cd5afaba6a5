package io.weir.benchmarks;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;

/**
 * The peer of the REST door: a servlet on an embedded Tomcat, and nothing in front of it. Its
 * connector is set as Weir's is, and it answers every request as Weir answers a GET that hits: 100
 * bytes from the heap, with the same fields. What Weir takes longer is what its own way costs.
 *
 * <p>The arguments are the port on loopback, and {@code virtual} for a virtual thread for each
 * request, as Weir has them, or {@code pool} for Tomcat's own threads.
 */
public final class BareServlet {

  private BareServlet() {}

  /** Serves until the process is ended. */
  public static void main(String[] args) throws LifecycleException {
    Logger.getLogger("org.apache").setLevel(Level.WARNING);
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
    tomcat.setConnector(connector(Integer.parseInt(args[0]), args[1].equals("virtual")));
    Context context = tomcat.addContext("", new File(".").getAbsolutePath());
    Tomcat.addServlet(context, "kv", new Answer());
    context.addServletMappingDecoded("/*", "kv");
    tomcat.start();
    tomcat.getServer().await();
  }

  private static Connector connector(int port, boolean virtual) {
    Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
    connector.setPort(port);
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("maxHttpRequestHeaderSize", "8192");
    connector.setProperty("connectionTimeout", "10000");
    connector.setProperty("keepAliveTimeout", "60000");
    connector.setProperty("maxConnections", "8192");
    connector.setProperty("maxKeepAliveRequests", "-1");
    connector.setProperty("continueResponseTiming", "onRead");
    connector.setProperty("socket.txBufSize", "65536");
    if (virtual) {
      connector.getProtocolHandler().setExecutor(new VirtualThreadExecutor("bare-"));
    }
    return connector;
  }

  private static final class Answer extends HttpServlet {

    private static final long serialVersionUID = 1;

    private final byte[] value = new byte[100];

    Answer() {
      Arrays.fill(value, (byte) 'x');
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setHeader("Content-Security-Policy", "sandbox");
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
      response.setHeader("Weir-Topology-Version", "3");
      response.setHeader("ETag", "\"281475245146113\"");
      response.setHeader("Cache-Status", "weir; hit");
      response.setHeader("Cache-Control", "no-cache");
      response.setHeader("Vary", "Weir-Consistency, Authorization");
      response.setContentType("application/octet-stream");
      response.setContentLength(value.length);
      response.getOutputStream().write(value);
    }
  }
}
