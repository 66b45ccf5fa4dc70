/**
 * The log engine: groups of records, one force each, in segment files that are used again oldest first. It knows
 * where a record stands and that it is right; what a record means belongs to who wrote it. Layout of the files:
 * {@code docs/protocol/mailbox-format.md}. Nothing here has a thread; the writer owns the log, and only
 * {@link network.conet.edge.storage.internal.log.SegmentLog#read} may be called by others.
 */
package network.conet.edge.storage.internal.log;
