/**
 * {@code weir demo}: a whole cluster on this machine, as processes of their own, under load and
 * audited.
 *
 * <p>{@link io.weir.cli.demo.DemoCommand} takes the options, {@code Demo} is the course of events,
 * {@code Cluster} says which processes there are, {@code Supervisor} keeps them running.
 */
@NullMarked
package io.weir.cli.demo;

import org.jspecify.annotations.NullMarked;
