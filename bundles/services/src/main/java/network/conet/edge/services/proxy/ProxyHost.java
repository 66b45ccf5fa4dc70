package network.conet.edge.services.proxy;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import network.conet.edge.api.Accounts;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Dialer;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.Pipe;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.services.internal.CommandHandler;
import network.conet.edge.services.internal.TunnelPolicy;

/** Joins callers with targets that a service allows. Safe for use by many threads; never waits. */
public final class ProxyHost implements CommandHandler {
    private static final Set<String> COMMANDS = Arrays.stream(ProxyRequest.Kind.values())
            .map(ProxyRequest.Kind::command).collect(Collectors.toUnmodifiableSet());

    private final ProxySettings settings;
    private final Clock clock;
    private final Quotas quotas;
    private final Tunnels tunnels;
    private final Pairs pairs;

    /**
     * @param policy the service that decides
     * @param dialer connects to targets; gives null while there is none
     * @param settings what the operator decided
     * @param clock for days and for legs that wait
     * @param accounts what wallets may spend; empty while nobody keeps accounts
     */
    public ProxyHost(TunnelPolicy policy, Supplier<Dialer> dialer, ProxySettings settings, Clock clock,
            Supplier<Optional<Accounts>> accounts) {
        this.settings = settings;
        this.clock = clock;
        quotas = new Quotas(settings, clock);
        tunnels = new Tunnels(policy, dialer, quotas, accounts);
        pairs = new Pairs(tunnels, clock);
    }

    @Override
    public Set<String> commands() {
        return COMMANDS;
    }

    @Override
    public void run(Command.OfService command, Exchange exchange) {
        ProxyRequest request;
        try {
            if (!settings.isUntimedAllowed() && !isTimely(command)) {
                throw new RefusedException(RefuseReason.TIMESTAMP_OUTSIDE_WINDOW);
            }
            request = ProxyRequest.parse(command);
        } catch (RefusedException refused) {
            exchange.refuse(refused.reason());
            return;
        }
        if (request.kind() == ProxyRequest.Kind.TWO_LEGS) {
            pairs.leg(request, exchange);
        } else {
            tunnels.open(request).whenComplete((target, failure) -> {
                if (failure != null) {
                    exchange.refuse(heard(request, Tunnels.reason(failure)));
                } else {
                    join(exchange.pipe(), target);
                }
            });
        }
    }

    /** Called about once a second. */
    public void tick() {
        pairs.tick();
    }

    /** Tunnels that are open, or about to be. */
    int openTunnels() {
        return quotas.openTunnels();
    }

    /** Pairs that wait or run. */
    int pairs() {
        return pairs.size();
    }

    /** Only such a command was remembered for all its time; milliseconds, for example, are no time here. */
    private boolean isTimely(Command.OfService command) {
        OptionalLong timestamp = command.header().timestampSeconds();
        return timestamp.isPresent() && Math.abs(timestamp.getAsLong() - clock.epochSeconds())
                <= ProtocolLimits.COMMAND_WINDOW_SECONDS;
    }

    private static void join(Pipe client, Tunnels.Target target) {
        client.flowTo(target.pipe(), target.limits());
        target.pipe().flowTo(client, target.limits());
    }

    /** A bad target is the end of the connection for one command, a page for the other (5.3, 5.4). */
    private static RefuseReason heard(ProxyRequest request, RefuseReason reason) {
        boolean isBadTarget = reason == RefuseReason.TARGET_UNRESOLVED || reason == RefuseReason.TARGET_FORBIDDEN
                || reason == RefuseReason.TARGET_UNREACHABLE;
        return isBadTarget && request.kind() == ProxyRequest.Kind.SILENT_PASS ? RefuseReason.TARGET_MALFORMED : reason;
    }
}
