/**
 * What the mailbox takes out of its card: bytes written against what the card is rated for, what the kernel tells
 * of the medium's own wear, and both as sentences for the operator. Arithmetic and reading only; who counts,
 * slows down and refuses is {@link network.conet.edge.storage.internal.StorageService}.
 */
package network.conet.edge.storage.internal.wear;
