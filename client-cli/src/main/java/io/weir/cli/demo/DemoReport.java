package io.weir.cli.demo;

import java.nio.file.Path;

/** Where everything is, in words. */
final class DemoReport {

  private DemoReport() {}

  static String text(Cluster cluster, Path directory, boolean exits) {
    StringBuilder text = new StringBuilder();
    String master = cluster.masterUrl();
    line(text, "master      " + master + "  (topology " + master + "/caches)");
    line(text, "            API " + master + "/swagger-ui.html");
    line(text, "            metrics " + master + "/actuator/prometheus");
    for (ProcessSpec cache : cluster.caches()) {
      line(
          text, cache.name() + "     " + cache.url() + "  API " + cache.url() + "/swagger-ui.html");
      line(text, "            metrics " + cache.url() + "/actuator/prometheus");
    }
    for (String url : cluster.shardUrls()) {
      line(text, "database    " + JdbcUrls.location(url));
    }
    line(text, "files       " + directory + "  (cluster.json, logs/)");
    if (!exits) {
      line(text, "try         curl -L " + master + "/kv/user:1 -X PUT --data 'Ada'");
      line(text, "Ctrl-C stops it.");
    }
    return text.toString().stripTrailing();
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append(System.lineSeparator());
  }
}
