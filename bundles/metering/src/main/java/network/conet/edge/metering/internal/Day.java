package network.conet.edge.metering.internal;

import network.conet.edge.protocol.pay.Resource;

/** What was done on one day. Changed by {@link Book} only. */
final class Day {
    final long[] units = new long[Resource.values().length];
    /** The node's own share, in nanocredits. */
    long earned;
}
