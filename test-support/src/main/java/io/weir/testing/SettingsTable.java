package io.weir.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The settings of one service as a table of Markdown, made of the metadata that Spring Boot's
 * processor writes of the configuration records.
 */
public final class SettingsTable {

  private static final String METADATA = "META-INF/spring-configuration-metadata.json";
  private static final String OURS = "weir.";

  private final Map<String, Setting> settings;

  private record Setting(String type, String defaultValue, String description) {}

  private SettingsTable(Map<String, Setting> settings) {
    this.settings = settings;
  }

  /** Reads all metadata on the class path. */
  public static SettingsTable ofClassPath() {
    Map<String, Setting> settings = new TreeMap<>();
    try {
      for (URL url : Collections.list(ClassLoader.getSystemResources(METADATA))) {
        try (InputStream in = url.openStream()) {
          for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
            String name = property.path("name").asString();
            if (name.startsWith(OURS)) {
              settings.put(name, setting(property));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SettingsTable(settings);
  }

  private static Setting setting(JsonNode property) {
    return new Setting(
        property.path("type").asString(""),
        defaultValue(property.path("defaultValue")),
        property.path("description").asString(""));
  }

  private static String defaultValue(JsonNode node) {
    if (node.isArray()) {
      return String.join(",", node.valueStream().map(JsonNode::asString).toList());
    }
    return node.isMissingNode() || node.isNull() ? "" : node.asString();
  }

  /** The settings that nobody has described. */
  public List<String> undescribed() {
    return settings.entrySet().stream()
        .filter(setting -> setting.getValue().description().isBlank())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The table. */
  public String markdown() {
    StringBuilder table = new StringBuilder();
    table.append("| Setting | Type | Default | |\n|---|---|---|---|\n");
    settings.forEach((name, setting) ->
        table
            .append("| `")
            .append(name)
            .append("` | ")
            .append(typeName(setting.type()))
            .append(" | ")
            .append(setting.defaultValue().isEmpty() ? "" : "`" + setting.defaultValue() + "`")
            .append(" | ")
            .append(cell(setting.description()))
            .append(" |\n"));
    return table.toString();
  }

  private static String typeName(String type) {
    if (type.startsWith("java.util.List")) {
      return "list";
    }
    String simple = type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
    return switch (simple) {
      case "Duration" -> "time";
      case "ByteSize" -> "size";
      case "Integer", "Long", "Double" -> "number";
      case "Boolean" -> "true, false";
      case "String" -> "text";
      case "URI" -> "URL";
      case "Path" -> "path";
      default -> "word";
    };
  }

  /** Javadoc as Markdown, in one line. */
  private static String cell(String description) {
    return description
        .replaceAll("\\s+", " ")
        .replaceAll("\\{@(?:code|value|link) ([^}]*)}", "`$1`")
        .replace("|", "\\|")
        .strip();
  }
}
