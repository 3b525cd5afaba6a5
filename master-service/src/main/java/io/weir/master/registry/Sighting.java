package io.weir.master.registry;

import io.weir.model.ServerFigures;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a node's last heartbeat left behind.
 *
 * @param age since then, by the database's clock; null before there was one
 * @param figures null when it carried none
 */
public record Sighting(@Nullable Duration age, @Nullable ServerFigures figures) {

  /** Of a node that is not there. */
  static final Sighting NONE = new Sighting(null, null);
}
