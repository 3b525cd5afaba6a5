package io.weir.web;

import io.weir.model.ByteSize;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.core.convert.converter.Converter;

/** Reads a size such as {@code 8MiB} in the settings. */
@ConfigurationPropertiesBinding
final class ByteSizeConverter implements Converter<String, ByteSize> {

  @Override
  public ByteSize convert(String text) {
    return ByteSize.parse(text);
  }
}
