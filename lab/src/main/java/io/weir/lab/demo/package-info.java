/**
 * The demo: a cluster on this machine under load and audited. {@link io.weir.lab.demo.Demo} is the
 * course of events.
 */
@NullMarked
package io.weir.lab.demo;

import org.jspecify.annotations.NullMarked;
