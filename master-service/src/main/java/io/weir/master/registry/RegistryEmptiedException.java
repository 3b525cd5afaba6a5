package io.weir.master.registry;

import org.springframework.dao.DataRetrievalFailureException;

/** The registry's database answers, and what every registry has is not in its tables. */
public final class RegistryEmptiedException extends DataRetrievalFailureException {

  private static final long serialVersionUID = 1;

  RegistryEmptiedException() {
    super(
        "The registry database answers, and the one row of its table `registry` is gone: somebody"
            + " has deleted it. Restore the registry, or drop its tables and restart the masters,"
            + " which then adopt the cluster from the servers' databases.");
  }
}
