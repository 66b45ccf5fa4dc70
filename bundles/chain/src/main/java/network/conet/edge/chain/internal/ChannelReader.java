package network.conet.edge.chain.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Settlements.Channel;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.JsonRpc;
import network.conet.edge.chain.PaymentContracts;
import network.conet.edge.protocol.WalletAddress;

/**
 * Reads channels so that no single server of the chain can make money up: where several are named, two must say the
 * same of the same block. Where one is named, it is believed. For one thread.
 *
 * <p>The block is the newest that any server tells of, less the confirmations: a server that lags, or says that it
 * does, cannot bring a balance back that was withdrawn since. Of three and more the second newest is taken, so that one
 * that runs ahead of the chain stops nothing.
 */
final class ChannelReader {
    private static final int WITNESSES = 2;

    private final List<Server> servers = new ArrayList<>();
    private final int confirmations;
    private final int needed;
    private final Clock clock;

    private static final class Server {
        private final JsonRpc rpc;
        private final PaymentContracts contracts;
        private boolean isResting;
        private long restUntilNanos;

        Server(JsonRpc rpc, WalletAddress nodeRegistry, WalletAddress settlement) {
            this.rpc = rpc;
            contracts = new PaymentContracts(rpc, nodeRegistry, settlement);
        }
    }

    /**
     * @param rpcs at least one; each of an operator of its own, or they are no witnesses
     * @param nodeRegistry the contract that lists nodes
     * @param settlement the contract that holds channels
     * @param confirmations blocks behind the newest that are believed to stay
     * @param clock lets a server that failed rest, so that it holds nobody up each time
     */
    ChannelReader(List<JsonRpc> rpcs, WalletAddress nodeRegistry, WalletAddress settlement, int confirmations,
            Clock clock) {
        rpcs.forEach(rpc -> servers.add(new Server(rpc, nodeRegistry, settlement)));
        this.confirmations = confirmations;
        this.clock = clock;
        needed = Math.min(WITNESSES, servers.size());
    }

    /** Servers that answer, and the block that they are asked about. */
    record Look(List<PaymentContracts> awake, long block, int needed) {
        /**
         * How a channel stands.
         *
         * @throws IOException also when not enough servers say the same
         */
        Channel channel(WalletAddress payer, WalletAddress payee) throws IOException {
            Map<Channel, Integer> votes = new HashMap<>();
            IOException last = null;
            for (PaymentContracts server : awake) {
                try {
                    Channel said = server.channel(payer, payee, block);
                    if (votes.merge(said, 1, Integer::sum) >= needed) {
                        return said;
                    }
                } catch (IOException failed) {
                    last = failed;
                }
            }
            if (votes.isEmpty() && last != null) {
                throw last;
            }
            throw new IOException("the chain's servers do not say the same of what is in a channel", last);
        }
    }

    /**
     * Finds the block to ask about; good for some questions right after.
     *
     * @throws IOException when fewer servers answer than must agree
     */
    Look look() throws IOException {
        List<PaymentContracts> awake = new ArrayList<>();
        List<Long> heads = new ArrayList<>();
        IOException last = null;
        for (Server server : servers) {
            if (server.isResting && clock.monotonicNanos() - server.restUntilNanos < 0) {
                continue;
            }
            try {
                heads.add(server.rpc.blockNumber());
                awake.add(server.contracts);
                server.isResting = false;
            } catch (IOException failed) {
                last = failed;
                // One alone is asked each time: there is nobody to hold up.
                server.isResting = servers.size() > 1;
                server.restUntilNanos = clock.monotonicNanos()
                        + TimeUnit.MILLISECONDS.toNanos(ChainLimits.SERVER_REST_MILLIS);
            }
        }
        if (awake.size() < needed) {
            if (servers.size() == 1 && last != null) {
                throw last;
            }
            throw new IOException("of " + servers.size() + " servers of the chain " + awake.size()
                    + " answers, and two must say the same of money", last);
        }
        heads.sort(Comparator.reverseOrder());
        long head = heads.get(heads.size() > WITNESSES ? 1 : 0);
        return new Look(awake, Math.max(0, head - confirmations), needed);
    }
}
