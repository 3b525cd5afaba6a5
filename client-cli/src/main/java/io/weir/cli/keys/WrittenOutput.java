package io.weir.cli.keys;

import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.Written;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints what a put or a delete has done: as text the version, or nothing when there is none. */
final class WrittenOutput {

  private WrittenOutput() {}

  static void print(Weir weir, Key key, Written written) {
    boolean hasVersion = !written.version().equals(Version.NONE);
    if (weir.isJson()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("key", key.toString());
      if (hasVersion) {
        document.put("version", written.version().toString());
      }
      if (written.durability() != null) {
        document.put("durability", written.durability().toString());
      }
      JsonOutput.print(weir.terminal().out(), document);
    } else if (hasVersion) {
      weir.terminal().out().println("version " + written.version());
    }
  }
}
