package io.weir.cache.engine;

import io.weir.cache.journal.Journal;

/**
 * What a leader writes with: the journal of its reign, and the versions of its writes. One lasts as
 * long as the reign.
 */
record LeaderJournal(Journal journal, VersionSequence versions) {}
