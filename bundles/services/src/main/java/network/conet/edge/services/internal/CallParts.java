package network.conet.edge.services.internal;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Supplier;
import network.conet.edge.api.Accounts;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.Outbox;
import network.conet.edge.protocol.WalletAddress;

/**
 * What calls work with.
 *
 * @param node wallet of this node, to whom credit is paid
 * @param clock the time
 * @param random for salts, and for guests
 * @param counters what is counted
 * @param outbox sends mail of guests
 * @param fetcher fetches for guests
 * @param accounts what callers may spend; empty while nobody keeps accounts
 */
record CallParts(WalletAddress node, Clock clock, SecureRandom random, Counters counters, Outbox outbox,
        Fetcher fetcher, Supplier<Optional<Accounts>> accounts) {}
