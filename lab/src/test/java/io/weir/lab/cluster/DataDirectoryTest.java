package io.weir.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.lab.LabException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

  @TempDir Path path;

  @Test
  void oneDemoHasItAtATime() {
    try (DataDirectory _ = DataDirectory.open(path)) {
      assertThatThrownBy(() -> DataDirectory.open(path))
          .isInstanceOf(LabException.class)
          .hasMessageContaining("another demo is using " + path);
    }
    DataDirectory.open(path).close();
  }

  @Test
  void anotherClusterIsRefused() {
    List<String> urls = List.of("jdbc:mysql://u:p@h/a?password=secret");
    try (DataDirectory directory = DataDirectory.open(path)) {
      directory.belongsTo(3, 1, List.of());
      directory.belongsTo(3, 1, List.of());
      assertThatThrownBy(() -> directory.belongsTo(1, 1, urls))
          .isInstanceOf(LabException.class)
          .hasMessageContaining(
              "was started with --shards 3, not with --shards 1 --mysql" + " jdbc:mysql://h/a;")
          .hasMessageContaining("--data-dir");
    }
  }

  @Test
  void aTemporaryOneCanBeDeletedWithAllThatIsInIt() {
    DataDirectory directory = DataDirectory.open(null);
    directory.belongsTo(3, 1, List.of());
    directory.close();
    assertThat(directory.isTemporary()).isTrue();
    assertThat(directory.log("x").getParent()).isDirectory();
    directory.delete();
    assertThat(directory.path()).doesNotExist();
  }
}
