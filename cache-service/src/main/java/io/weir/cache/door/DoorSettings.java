package io.weir.cache.door;

import io.weir.model.Durability;

/**
 * The bounds of a request, and what it means by saying nothing.
 *
 * @param maxValueBytes most bytes of a value
 * @param retryAfterSeconds the least that a 503 tells the client to wait; it may be twice as much
 * @param durability of a write that asks for none
 */
public record DoorSettings(int maxValueBytes, int retryAfterSeconds, Durability durability) {}
