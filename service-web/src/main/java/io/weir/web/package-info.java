/**
 * What both services share at the HTTP edge: keys read from raw request targets, problem+json for
 * every error, sizes and bounds in settings, and a start that is refused with a sentence.
 *
 * <p>A service imports {@link io.weir.web.ServiceWebConfiguration} and {@code
 * io.weir.web.security.SecurityConfiguration}, and names {@code classpath:service-web.yaml} in its
 * {@code spring.config.import}. Depends on Tomcat, Spring MVC and the cluster model; knows nothing
 * of either service.
 */
@NullMarked
package io.weir.web;

import org.jspecify.annotations.NullMarked;
