package io.weir.cache.server;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * What a server's part in a group is made with.
 *
 * @param confirmWait how long the group may take to confirm a read
 * @param forgetAfter how long a member is gone before the leader removes it
 * @param appends the meter of the journal
 */
record GroupParts(
    JournalFactory journals, Duration confirmWait, Duration forgetAfter, Timer appends) {}
