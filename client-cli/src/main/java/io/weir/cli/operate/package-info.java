/**
 * What operators do with a running cluster: look at it, drain and flush its servers, deal with rows
 * that a database refuses, take everything out and put it back. {@code OperatorApi} is the one
 * place that knows the servers' endpoints for it.
 */
@NullMarked
package io.weir.cli.operate;

import org.jspecify.annotations.NullMarked;
