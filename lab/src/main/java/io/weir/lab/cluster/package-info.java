/**
 * A cluster on this machine, as processes of their own. {@link io.weir.lab.cluster.LocalCluster} is
 * what others use; {@code Cluster} says which processes there are, {@code Supervisor} keeps them
 * running.
 */
@NullMarked
package io.weir.lab.cluster;

import org.jspecify.annotations.NullMarked;
