package io.weir.cache.server;

import io.weir.web.OutOfMemoryExit;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/** The cache server. */
@SpringBootApplication(exclude = {DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
public class CacheApplication {

  public static void main(String[] arguments) {
    SpringApplication application =
        OutOfMemoryExit.with(new SpringApplication(CacheApplication.class));
    // Signals are ours: the first drains, the second says what is left and ends it.
    application.setRegisterShutdownHook(false);
    ConfigurableApplicationContext context = application.run(arguments);
    new StopSignals(context).install();
  }
}
