package io.weir.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.load.result.HistogramText;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class CurvesTest {

  private static Curves.Source source(String name, int count) {
    Histogram nanos = HistogramText.empty();
    for (int i = 1; i <= count; i++) {
      nanos.recordValue(i * 1_000_000L);
    }
    return new Curves.Source(name, false, nanos);
  }

  @Test
  void eachNineIsAsFarAsTheOneBefore() {
    Curves curves = Curves.of(List.of(source("a", 1_000)));
    List<Double> millis = curves.lines().getFirst().millis();
    assertThat(curves.nines().get(20)).isEqualTo(1);
    assertThat(millis.get(20)).isBetween(899.0, 902.0);
    assertThat(curves.nines().get(40)).isEqualTo(2);
    assertThat(millis.get(40)).isBetween(989.0, 992.0);
  }

  @Test
  void aCurveEndsWithItsLastValue() {
    Curves curves = Curves.of(List.of(source("few", 10), source("many", 1_000)));
    assertThat(curves.nines()).hasSize(62);
    List<Double> few = curves.lines().getFirst().millis();
    assertThat(few.subList(22, 62)).containsOnlyNulls();
    assertThat(few.get(21)).isBetween(9.99, 10.01);
  }

  @Test
  void nothingMeasuredIsNoCurve() {
    assertThat(Curves.of(List.of(source("none", 0))).nines()).isEmpty();
    Curves curves = Curves.of(List.of(source("none", 0), source("some", 10)));
    assertThat(curves.lines().getFirst().millis()).hasSize(22).containsOnlyNulls();
  }
}
