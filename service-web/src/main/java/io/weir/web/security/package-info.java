/**
 * Who may do what, alike for both services: tokens with roles, the rule for each path, problem+json
 * for what is refused, and the loopback address for a server without tokens.
 *
 * <p>Spring Security carries it. Keys have a filter chain of their own, one filter long, because
 * they are what the server is asked for most; everything else goes through an ordinary one.
 */
@NullMarked
package io.weir.web.security;

import org.jspecify.annotations.NullMarked;
