/**
 * The HTTP door: adapts {@link io.weir.cache.door.KvDoor} to servlets, and describes itself in
 * OpenAPI.
 */
@NullMarked
package io.weir.cache.web;

import org.jspecify.annotations.NullMarked;
