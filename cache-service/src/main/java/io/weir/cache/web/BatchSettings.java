package io.weir.cache.web;

import io.weir.model.ByteSize;
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
    if (maxOperations < 1) {
      throw new IllegalArgumentException(
          "weir.batch.max-operations is " + maxOperations + ", it must be at least 1");
    }
    if (maxSize.bytes() < 1024 || maxSize.bytes() > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "weir.batch.max-size is " + maxSize + ", it must be 1KiB to 1023MiB");
    }
  }
}
