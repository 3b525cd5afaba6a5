package io.weir.testing.house.west;

import io.weir.testing.house.east.East;
import org.jspecify.annotations.Nullable;

/** Knows the east, which knows it. */
public record West(@Nullable East east) {}
