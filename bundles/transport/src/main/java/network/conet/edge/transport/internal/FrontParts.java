package network.conet.edge.transport.internal;

import io.netty.channel.Channel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.MessageHandler;

/** What all connections of a front share. Safe for use by many threads. */
final class FrontParts {
    final FrontSettings settings;
    final MessageHandler handler;
    final Supplier<String> walletText;
    final Counters counters;
    final Clock clock;
    final WireAnswers answers;
    final ByteBudget budget;
    final ConnectionGate gate;
    final FaultLog faults;
    final Exchanges exchanges = new Exchanges();
    /** Every accepted connection. */
    final Set<Channel> connections = ConcurrentHashMap.newKeySet();
    volatile boolean stopping;

    FrontParts(FrontSettings settings, MessageHandler handler, Supplier<String> walletText, Counters counters,
            Clock clock) {
        this.settings = settings;
        this.handler = handler;
        this.walletText = walletText;
        this.counters = counters;
        this.clock = clock;
        this.answers = new WireAnswers(clock);
        this.budget = new ByteBudget(settings.bodyBytesTotalMax());
        this.gate = new ConnectionGate(settings.connectionsMax(), settings.connectionsPerAddressMax(),
                settings.connectionsPerLoopbackMax());
        this.faults = new FaultLog(clock);
    }
}
