package io.weir.load.result;

/**
 * What is known of the writes, since the first one.
 *
 * @param acknowledged certainly applied
 * @param ambiguous sent and not answered: perhaps applied
 */
public record Writes(long acknowledged, long ambiguous) {}
