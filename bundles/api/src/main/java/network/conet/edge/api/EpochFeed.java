package network.conet.edge.api;

import network.conet.edge.protocol.Epoch;

/** The beat of the network: one epoch every even block (section 6.1). */
public interface EpochFeed {
    /** The newest epoch; number 0 before the first is known. Safe for use by many threads. */
    Epoch current();
}
