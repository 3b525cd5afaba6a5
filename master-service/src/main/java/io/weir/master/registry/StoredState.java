package io.weir.master.registry;

/** The state and the leases as one read found them. */
record StoredState(RegistryState state, Leases leases) {}
