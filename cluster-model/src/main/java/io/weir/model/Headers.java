package io.weir.model;

/**
 * Names of the HTTP headers that are Weir's own, and of the standard ones the JDK does not name.
 */
public final class Headers {

  /** Response: the version of the topology that the server knows. */
  public static final String TOPOLOGY_VERSION = "Weir-Topology-Version";

  /** Request: the durability asked for; response to a write: the durability reached. */
  public static final String DURABILITY = "Weir-Durability";

  /**
   * Request to read: that a replica may answer, and what it has to promise; see {@link
   * Consistency}.
   */
  public static final String CONSISTENCY = "Weir-Consistency";

  /** Response to a read: RFC 9211. */
  public static final String CACHE_STATUS = "Cache-Status";

  private Headers() {}
}
