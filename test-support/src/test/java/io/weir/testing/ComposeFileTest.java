package io.weir.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.ComposeFile.Service;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class ComposeFileTest {

  private final Collection<Service> services = ComposeFile.read().services().values();

  @Test
  void everyPortIsOfTheLoopbackAddressAndOpenedOnce() {
    List<String> ports = services.stream().flatMap(service -> service.ports().stream()).toList();
    assertThat(ports).isNotEmpty().allMatch(port -> port.startsWith("127.0.0.1:"));
    assertThat(ports.stream().map(port -> port.split(":")[1])).doesNotHaveDuplicates();
  }

  @Test
  void everyImageThatIsNotOursHasAVersion() {
    assertThat(services.stream().map(Service::image))
        .isNotEmpty()
        .allMatch(
            image -> image.matches("weir-(master|cache|cli):dev|[\\w./-]+:v?\\d+\\.\\d+[.\\d]*"));
  }

  @Test
  void noSecretIsInTheFile() {
    for (Service service : services) {
      service
          .environment()
          .forEach((name, value) -> {
            if (name.matches(".*(PASSWORD|TOKEN|SECRET).*")) {
              assertThat(value).as(service.name() + " " + name).startsWith("/run/secrets/");
            }
            assertThat(value).as(service.name() + " " + name).doesNotContain("password=");
          });
    }
  }

  @Test
  void everyServiceIsBoundedInMemoryProcessesAndLog() {
    assertThat(services)
        .allSatisfy(service ->
            assertThat(service.settings())
                .as(service.name())
                .containsKeys("mem_limit", "cpus", "pids_limit", "logging"));
  }

  /** An operator's command in an outage must not start what has been stopped, nor wait for it. */
  @Test
  void operatorsCommandsDependOnNothingAndWorkWhereTheyCanWrite() {
    Service operator = ComposeFile.read().services().get("weir");
    assertThat(operator.settings())
        .containsEntry("depends_on", List.of())
        .containsEntry("working_dir", "/reports");
    assertThat(operator.settings().get("volumes"))
        .asInstanceOf(InstanceOfAssertFactories.list(Object.class))
        .contains("reports:/reports");
  }

  @Test
  void oursMayWriteNowhereButToVolumesAndMemory() {
    assertThat(services.stream().filter(service -> service.image().startsWith("weir-")))
        .hasSizeGreaterThan(3)
        .allSatisfy(service ->
            assertThat(service.settings())
                .as(service.name())
                .containsAllEntriesOf(Map.of("read_only", true, "cap_drop", List.of("ALL"))));
  }
}
