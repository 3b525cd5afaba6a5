package io.weir.testing.house.east;

import io.weir.testing.house.west.West;
import org.jspecify.annotations.Nullable;

/** Knows the west, which knows it. */
public record East(@Nullable West west) {}
