package network.conet.edge.relay.internal;

import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import network.conet.edge.api.AccountHost;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.EpochFeed;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.MailMeter;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.NodeDirectory;
import network.conet.edge.api.RouteRegistrar;
import network.conet.edge.api.RouteTable;
import network.conet.edge.api.ServiceHost;
import network.conet.edge.api.Signatures;

/**
 * What the relay works with.
 *
 * @param keys the node's own keys
 * @param signatures hashes and signature checks
 * @param mailbox the mailboxes kept here
 * @param routes who keeps whose mailbox
 * @param directory all nodes
 * @param epochs the network's beat
 * @param registrar submits registrations
 * @param services answers what is none of the relay's own commands
 * @param accounts answers what is about accounts
 * @param meter accounts for mail, when there is who does
 * @param clock the time
 * @param counters what is counted
 * @param random for salts of sealed answers
 */
public record RelayParts(
        KeyRing keys, Signatures signatures, Mailbox mailbox, RouteTable routes, NodeDirectory directory,
        EpochFeed epochs, RouteRegistrar registrar, ServiceHost services, AccountHost accounts,
        Supplier<Optional<MailMeter>> meter, Clock clock, Counters counters, SecureRandom random) {
    /** Refuses missing parts. */
    public RelayParts {
        Objects.requireNonNull(keys);
        Objects.requireNonNull(signatures);
        Objects.requireNonNull(mailbox);
        Objects.requireNonNull(routes);
        Objects.requireNonNull(directory);
        Objects.requireNonNull(epochs);
        Objects.requireNonNull(registrar);
        Objects.requireNonNull(services);
        Objects.requireNonNull(accounts);
        Objects.requireNonNull(meter);
        Objects.requireNonNull(clock);
        Objects.requireNonNull(counters);
        Objects.requireNonNull(random);
    }
}
