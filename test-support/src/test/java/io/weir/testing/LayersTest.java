package io.weir.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LayersTest {

  private static final String ROOT = "io.weir.testing.house";

  private final Layers layers = Layers.of("house", ROOT);

  @Test
  void anArrowDownIsKept() {
    layers.layer("roof").layer("cellar");

    assertThatCode(() -> layers.check(rooms("roof", "cellar"))).doesNotThrowAnyException();
  }

  @Test
  void anArrowUpIsAFault() {
    layers.layer("cellar").layer("roof");

    assertFault(
        "up: roof -> cellar: " + ROOT + ".roof.Roof uses " + ROOT + ".cellar.Cellar",
        "roof",
        "cellar");
  }

  @Test
  void anArrowAcrossIsAFault() {
    layers.layer("roof", "cellar");

    assertFault("across: roof -> cellar", "roof", "cellar");
  }

  @Test
  void anArrowAcrossCanBeAllowed() {
    layers.layer("roof", "cellar").allow("roof", "cellar");

    assertThatCode(() -> layers.check(rooms("roof", "cellar"))).doesNotThrowAnyException();
  }

  @Test
  void onlyRoomsOfOneLayerCanBeAllowed() {
    layers.layer("roof").layer("cellar");

    assertThatIllegalArgumentException().isThrownBy(() -> layers.allow("cellar", "roof"));
  }

  @Test
  void aCircleIsAFaultAlsoWhereItsArrowsAreAllowed() {
    layers.layer("east", "west").allow("east", "west").allow("west", "east");

    assertFault("a circle: east, west", "east", "west");
  }

  @Test
  void aRoomMayHoldAllThatLiesBeneathIt() {
    Layers whole = Layers.of("testing", "io.weir.testing").layer("house..");

    assertThatCode(() -> whole.check(rooms("east", "west"))).doesNotThrowAnyException();
  }

  @Test
  void everyClassNeedsARoom() {
    layers.layer("roof");

    assertFault(ROOT + ".cellar.Cellar is in no room", "roof", "cellar");
  }

  @Test
  void noClassHasTwoRooms() {
    layers.layer("roof", "roof..");

    assertFault(ROOT + ".roof.Roof is in two rooms", "roof");
  }

  @Test
  void everyRoomHasAClass() {
    layers.layer("roof").layer("cellar").layer("garden");

    assertFault("garden has no class", "roof", "cellar");
  }

  private void assertFault(String fault, String... rooms) {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> layers.check(rooms(rooms)))
        .withMessageContaining(fault);
  }

  private static JavaClasses rooms(String... names) {
    return new ClassFileImporter()
        .importPackages(Arrays.stream(names).map(name -> ROOT + "." + name).toList());
  }
}
