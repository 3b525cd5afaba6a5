package io.weir.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.GeneratedPart;
import io.weir.testing.SettingsTable;
import org.junit.jupiter.api.Test;

class SettingsTableTest {

  private final SettingsTable table = SettingsTable.ofClassPath();

  @Test
  void everySettingIsDescribed() {
    assertThat(table.undescribed()).isEmpty();
  }

  @Test
  void theDocumentationHasEverySetting() {
    GeneratedPart.of("settings.md", "master").check(table.markdown());
  }
}
