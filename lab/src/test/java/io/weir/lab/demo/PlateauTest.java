package io.weir.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlateauTest {

  private final Plateau plateau = new Plateau();

  @Test
  void fiveWindowsWithoutAnythingMuchBetterAreFlat() {
    windows(1_000, 1_050, 1_000, 1_090, 900);
    assertThat(plateau.isFlat()).as("the first and four more").isFalse();
    windows(1_000);
    assertThat(plateau.isFlat()).isTrue();
  }

  @Test
  void whatGrowsIsNotFlatYet() {
    for (double rate = 100; rate < 2_000; rate *= 1.2) {
      windows(rate);
      assertThat(plateau.isFlat()).as("at %.0f", rate).isFalse();
    }
    windows(2_000, 2_000, 2_000, 2_000, 2_000);
    assertThat(plateau.isFlat()).isTrue();
  }

  @Test
  void aStandstillOnTheWayUpIsNotTakenForTheTop() {
    windows(1_000, 1_000, 1_000, 1_000, 1_000, 1_600);
    assertThat(plateau.isFlat()).isFalse();
    windows(1_600, 1_600, 1_600, 1_600);
    assertThat(plateau.isFlat()).isFalse();
    windows(1_600);
    assertThat(plateau.isFlat()).isTrue();
  }

  @Test
  void whatDisturbsAWindowDoesNotKeepItGoing() {
    windows(1_000, 400, 950, 300, 1_000, 700);
    assertThat(plateau.isFlat()).isTrue();
  }

  @Test
  void intervalsOfAnyLengthMakeUpWindows() {
    for (int i = 0; i < 23; i++) {
      plateau.add(0.5, 500);
      assertThat(plateau.isFlat()).isFalse();
    }
    plateau.add(0.5, 500);
    assertThat(plateau.isFlat()).isTrue();
    Plateau slow = new Plateau();
    for (int i = 0; i < 6; i++) {
      slow.add(3.7, 3_700);
    }
    assertThat(slow.isFlat()).isTrue();
  }

  @Test
  void whereNothingIsDoneNothingIsFlat() {
    windows(0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(plateau.isFlat()).isFalse();
  }

  /** Each of two seconds. */
  private void windows(double... rates) {
    for (double rate : rates) {
      plateau.add(1, rate);
      plateau.add(1, rate);
    }
  }
}
