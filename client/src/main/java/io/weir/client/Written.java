package io.weir.client;

import io.weir.model.Durability;
import io.weir.model.Version;
import org.jspecify.annotations.Nullable;

/**
 * An acknowledged write.
 *
 * @param version what it was given; {@link Version#NONE} when the server named none, as it may for
 *     a delete
 * @param durability what was reached; null when the server did not say
 */
public record Written(Version version, @Nullable Durability durability) {}
