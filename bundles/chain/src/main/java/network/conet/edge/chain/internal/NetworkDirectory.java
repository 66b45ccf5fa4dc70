package network.conet.edge.chain.internal;

import network.conet.edge.api.EpochFeed;
import network.conet.edge.api.EpochListener;
import network.conet.edge.api.HealthCheck;
import network.conet.edge.api.NodeDirectory;
import network.conet.edge.api.RouteTable;

/** What the chain and the file give alike. */
interface NetworkDirectory extends NodeDirectory, RouteTable, EpochFeed, HealthCheck, AutoCloseable {
    /** Begins, on a thread of its own. At most once. */
    void start();

    /** Calls a listener at each epoch from now on. */
    void addListener(EpochListener listener);

    /** Ends {@link #addListener}. */
    void removeListener(EpochListener listener);

    @Override
    void close();
}
