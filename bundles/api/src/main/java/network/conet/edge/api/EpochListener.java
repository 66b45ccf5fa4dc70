package network.conet.edge.api;

import network.conet.edge.protocol.Epoch;

/** Registered as a service by who wants to be told of each epoch. */
public interface EpochListener {
    /**
     * Called once for each epoch in rising order, on the feed's thread; returns soon. An epoch is skipped only
     * when the chain itself could not be read for longer than its blocks are kept.
     */
    void epochBegan(Epoch epoch);
}
