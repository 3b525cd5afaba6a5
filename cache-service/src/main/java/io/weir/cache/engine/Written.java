package io.weir.cache.engine;

import io.weir.model.Durability;
import io.weir.model.Version;

/**
 * An acknowledged write.
 *
 * @param version of the key from it on
 * @param durability what it survives
 */
public record Written(Version version, Durability durability) {}
