package io.weir.testing;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The names that a settings record gives its properties, as environment variables spell them. */
public final class SettingNames {

  private SettingNames() {}

  /**
   * The variable that sets a property: {@code weir.write-back.max-age} is {@code
   * WEIR_WRITEBACK_MAXAGE}.
   */
  public static String variable(String property) {
    return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** The variables of a record's components, and of those of the records in it. */
  public static Set<String> variables(String prefix, Class<?> settings) {
    Set<String> names = new TreeSet<>();
    collect(variable(prefix), settings, names);
    return names;
  }

  private static void collect(String prefix, Class<?> settings, Collection<String> names) {
    for (RecordComponent component : settings.getRecordComponents()) {
      String name = prefix + "_" + variable(component.getName());
      names.add(name);
      if (component.getType().isRecord()) {
        collect(name, component.getType(), names);
      }
    }
  }
}
