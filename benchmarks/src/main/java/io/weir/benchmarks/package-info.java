/** JMH benchmarks of the engine, each beside the peer that it is to be compared with. */
@NullMarked
package io.weir.benchmarks;

import org.jspecify.annotations.NullMarked;
