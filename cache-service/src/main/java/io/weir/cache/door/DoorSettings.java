package io.weir.cache.door;

/**
 * The bounds of a request.
 *
 * @param maxValueBytes most bytes of a value
 * @param retryAfterSeconds what a 503 tells the client to wait
 */
public record DoorSettings(int maxValueBytes, int retryAfterSeconds) {}
