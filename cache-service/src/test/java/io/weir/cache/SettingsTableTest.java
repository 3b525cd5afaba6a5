package io.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.SettingsTable;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsTableTest {

  private final SettingsTable table = SettingsTable.ofClassPath("cache server");

  @Test
  void everySettingIsDescribed() {
    assertThat(table.undescribed()).isEmpty();
  }

  @Test
  void theTableInTheDocumentationIsUpToDate() {
    assertThat(table.isIn(Path.of("..", "docs", "settings.md")))
        .as(
            "docs/settings.md is not what the settings' records say. Write it anew:%n  mvn -pl"
                + " cache-service,master-service -am test -Dtest=SettingsTableTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -D%s=true",
            SettingsTable.WRITE)
        .isTrue();
  }
}
