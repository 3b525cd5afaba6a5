/**
 * The requests of operators, beside those for keys. {@link io.weir.client.operator.OperatorApi} is
 * the one place that knows the servers' endpoints for them.
 */
@NullMarked
package io.weir.client.operator;

import org.jspecify.annotations.NullMarked;
