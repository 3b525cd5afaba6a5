package io.weir.master.registry;

/** A registration that was taken, and the state that it led to. */
public record Registered(RegistryState state, Founding founding, ShardRecord shard) {}
