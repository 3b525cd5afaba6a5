package io.weir.testing.house.cellar;

/** Knows nobody. */
public record Cellar(int depth) {}
