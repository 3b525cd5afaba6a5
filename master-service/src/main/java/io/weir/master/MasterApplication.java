package io.weir.master;

import io.weir.web.OutOfMemoryExit;
import io.weir.web.ServiceWebConfiguration;
import io.weir.web.security.SecurityConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

/** The master process. */
@SpringBootApplication
@ConfigurationPropertiesScan
@Import({ServiceWebConfiguration.class, SecurityConfiguration.class})
public class MasterApplication {

  public static void main(String[] args) {
    OutOfMemoryExit.with(new SpringApplication(MasterApplication.class)).run(args);
  }
}
