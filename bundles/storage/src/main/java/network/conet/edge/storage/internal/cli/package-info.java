/**
 * The operator's commands on a store: {@code conet-edge storage check|stats|export|compact}. Runs without a framework,
 * on a plain class path that the launcher makes; prints only to the streams that it is given. A package of its own
 * because it is no part of the running node: nothing there uses it. {@code docs/operating/storage.md}.
 */
package network.conet.edge.storage.internal.cli;
