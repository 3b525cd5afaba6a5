package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class StoreConfigurationTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner().withUserConfiguration(StoreConfiguration.class);

  @TempDir Path directory;

  @Test
  void withoutADatabaseAFileInTheDataDirectoryIsUsedAndKeepsTheShard() {
    ApplicationContextRunner here = runner.withPropertyValues("weir.data-dir=" + directory);
    ShardRow[] before = new ShardRow[1];

    here.run(context -> {
      assertThat(context).hasSingleBean(BackingStore.class);
      before[0] = context.getBean(ShardRegistry.class).readOrCreate();
    });

    assertThat(directory.resolve("shard.mv.db")).exists();
    here.run(context ->
        assertThat(context.getBean(ShardRegistry.class).readOrCreate()).isEqualTo(before[0]));
  }

  @Test
  void aWrongSettingStopsTheStartWithItsSentence() {
    runner
        .withPropertyValues("weir.database.pool-size=0")
        .run(context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessage("weir.database.pool-size is 1 to 1000, got 0"));
  }
}
