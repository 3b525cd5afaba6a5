package io.weir.cache.fast;

import java.time.Duration;

/**
 * How long a client may let the port wait; the HTTP port's own settings.
 *
 * @param silence before the first byte, within a request, and of one that takes no answer
 * @param keepAlive between two requests
 */
record Timeouts(Duration silence, Duration keepAlive) {}
