package io.weir.model.operator;

/**
 * A journal that was taken along into the next generation.
 *
 * @param generation that was founded with it
 * @param lastIndex of the last entry of its log
 */
public record Rescued(long generation, long lastIndex) {}
