package io.weir.web.security;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Who makes the request that this thread answers, for what its path alone does not decide. */
public final class Caller {

  private Caller() {}

  /**
   * Makes sure of a role. Where no tokens are asked for, everybody has all.
   *
   * @throws AccessDeniedException which is answered with 403
   */
  public static void require(Role role) {
    Authentication who = SecurityContextHolder.getContext().getAuthentication();
    boolean has =
        who != null
            && who.getAuthorities().stream()
                .anyMatch(each -> role.authority().equals(each.getAuthority()));
    if (!has) {
      throw new AccessDeniedException("This needs a token with the role " + role.authority() + ".");
    }
  }
}
