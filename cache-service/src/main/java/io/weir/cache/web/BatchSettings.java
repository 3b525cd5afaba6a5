package io.weir.cache.web;

import io.weir.model.ByteSize;
import io.weir.web.Bounds;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The bounds of {@code POST /batch}.
 *
 * @param maxOperations most operations of one request
 * @param maxSize most bytes of one request's body, and of the values in its answer
 */
@Validated
@ConfigurationProperties(prefix = "weir.batch", ignoreUnknownFields = false)
public record BatchSettings(
    @DefaultValue("1000") int maxOperations, @DefaultValue("16MiB") ByteSize maxSize) {

  public BatchSettings {
    Bounds.atLeast("weir.batch.max-operations", maxOperations, 1);
    Bounds.require(
        maxSize.bytes() >= 1024 && maxSize.bytes() <= Integer.MAX_VALUE / 2,
        "weir.batch.max-size",
        maxSize,
        "1KiB to 1023MiB");
  }
}
