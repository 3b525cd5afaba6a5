package io.weir.model.operator;

/**
 * What a flush on demand has left.
 *
 * @param flushed whether all that was dirty when it was asked for is in the database now
 */
public record FlushReport(boolean flushed, long dirtyEntries, long quarantinedEntries) {}
