/**
 * The commands for operators of a running cluster: look at it, drain and flush its servers, deal
 * with rows that a database refuses, take everything out and put it back. They ask the servers by
 * {@code io.weir.client.operator}.
 */
@NullMarked
package io.weir.cli.operate;

import org.jspecify.annotations.NullMarked;
