package io.weir.lab.demo;

import io.weir.lab.cluster.JdbcUrls;
import io.weir.lab.cluster.LocalCluster;
import java.util.Locale;

/** Where everything is while the cluster stays up, in words. */
final class DemoReport {

  private DemoReport() {}

  static String text(LocalCluster cluster) {
    StringBuilder text = new StringBuilder();
    String master = cluster.masterUrl();
    line(text, "dashboard   " + master + "/");
    line(text, "master      " + master + "  topology " + master + "/caches");
    line(text, apiAndMetrics(master));
    for (String cache : cluster.cacheServers()) {
      String url = cluster.urlOf(cache);
      line(text, String.format(Locale.ROOT, "%-11s %s", cache, url));
      line(text, apiAndMetrics(url));
    }
    Integer fastPort = cluster.fastPort();
    for (String url : cluster.shardUrls()) {
      line(text, "database    " + JdbcUrls.location(url));
    }
    line(text, "files       " + cluster.directory() + "  (cluster.json, logs/)");
    line(text, "try         curl -L -X PUT --data Ada " + master + "/kv/user:1");
    line(text, "            curl -L " + master + "/kv/user:1");
    if (fastPort != null) {
      line(text, "            redis-cli -c -p " + fastPort + " GET user:1");
    }
    line(text, "Ctrl-C stops it.");
    return text.toString().stripTrailing();
  }

  private static String apiAndMetrics(String url) {
    return "            API " + url + "/swagger-ui.html  metrics " + url + "/actuator/prometheus";
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append(System.lineSeparator());
  }
}
