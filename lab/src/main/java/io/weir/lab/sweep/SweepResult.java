package io.weir.lab.sweep;

import io.weir.load.result.Environment;
import java.util.List;
import java.util.Map;

/**
 * A sweep's measurements: the JSON document of {@code weir sweep --json}.
 *
 * @param format of the document
 * @param startedAt when the sweep began, as ISO 8601
 * @param seconds that each run was measured
 * @param settings option and value, in the order in which they are to be shown
 */
public record SweepResult(
    int format,
    String startedAt,
    int keys,
    double seconds,
    Map<String, String> settings,
    Environment environment,
    List<SweepCell> cells) {

  static final int FORMAT = 1;
}
