package io.weir.web.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a token may be used for. No role includes another. */
public enum Role {
  /** Read keys. */
  READ,
  /** Write and delete keys. */
  WRITE,
  /** Be a cache server of the cluster: register with a master. */
  CLUSTER,
  /** Read a server's metrics as Prometheus does, and nothing else. */
  METRICS,
  /** Look at a server and operate it: metrics, status, write-back, documentation. */
  OPERATE;

  /** The name in settings, and the authority in Spring Security. */
  String authority() {
    return name().toLowerCase(Locale.ROOT);
  }

  static String[] authorities() {
    return Arrays.stream(values()).map(Role::authority).toArray(String[]::new);
  }

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException when no role has it
   */
  static Role parse(String name) {
    for (Role role : values()) {
      if (role.authority().equals(name)) {
        return role;
      }
    }
    throw new IllegalArgumentException(
        Arrays.stream(values())
            .map(Role::authority)
            .collect(Collectors.joining(", ", "a role is one of ", "")));
  }
}
