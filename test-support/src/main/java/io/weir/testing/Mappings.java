package io.weir.testing;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** What a server answers: every method and path that Spring MVC has a handler for, and keys. */
public final class Mappings {

  private Mappings() {}

  /** Each as {@code GET /caches}; a variable of a path is {@code x}. */
  public static Set<String> of(ApplicationContext context) {
    Set<String> targets = new HashSet<>();
    for (String method : List.of("GET", "HEAD", "PUT", "DELETE", "POST")) {
      targets.add(method + " /kv/x");
    }
    for (RequestMappingInfoHandlerMapping mapping :
        context.getBeansOfType(RequestMappingInfoHandlerMapping.class).values()) {
      mapping
          .getHandlerMethods()
          .keySet()
          .forEach(info -> {
            for (String pattern : info.getPatternValues()) {
              String path = pattern.replace("/**", "/x").replaceAll("\\{[^/]*}", "x");
              if (info.getMethodsCondition().getMethods().isEmpty()) {
                targets.add("GET " + path);
              }
              info.getMethodsCondition()
                  .getMethods()
                  .forEach(method -> targets.add(method + " " + path));
            }
          });
    }
    return targets;
  }
}
