/**
 * The mailbox log: sealed messages on flash, one flush for a group of them, until they are acknowledged.
 * Layout of the files: {@code docs/protocol/mailbox-format.md}.
 *
 * <p>Two kinds of state, two owners. What is about to be written belongs to whoever holds the writer of
 * {@link network.conet.edge.storage.internal.StorageService}; what can be asked (index, queues) is guarded by
 * a monitor that is never held across I/O. So a slow disk delays the answer to a sender and nothing else.
 */
package network.conet.edge.storage.internal;
