package io.weir.cache.server;

import io.weir.model.ByteSize;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;

/** Settings records, bound as Spring Boot binds them. */
public final class Binding {

  private Binding() {}

  public static <T> T bind(String prefix, Class<T> type, Map<String, String> properties) {
    ApplicationConversionService conversion = new ApplicationConversionService();
    conversion.addConverter(String.class, ByteSize.class, ByteSize::parse);
    return new Binder(List.of(new MapConfigurationPropertySource(properties)), null, conversion)
        .bindOrCreate(prefix, Bindable.of(type));
  }
}
