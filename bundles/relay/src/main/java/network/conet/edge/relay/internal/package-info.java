/**
 * Decides what happens to each message: forward, open, store, run a command, refuse. Nothing here has a thread, a
 * clock call of its own or I/O: decisions are pure functions, and what takes time is asked of other bundles, whose
 * answers continue the work on their threads.
 *
 * <p>{@link network.conet.edge.relay.internal.Decision} is the tree of section 3.3 of the wire;
 * {@link network.conet.edge.relay.internal.Relay} carries decisions out.
 */
package network.conet.edge.relay.internal;
