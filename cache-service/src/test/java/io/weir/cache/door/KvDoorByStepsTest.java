package io.weir.cache.door;

import org.junit.jupiter.api.Nested;

/** The rules of keys, called without waiting where that can be. */
class KvDoorByStepsTest {

  @Nested
  class Requests extends KvDoorTest {
    Requests() {
      fixture.bySteps = true;
    }
  }

  @Nested
  class Conditions extends KvDoorConditionsTest {
    Conditions() {
      fixture.bySteps = true;
    }
  }

  @Nested
  class Owners extends KvDoorOwnershipTest {
    Owners() {
      fixture.bySteps = true;
    }
  }
}
