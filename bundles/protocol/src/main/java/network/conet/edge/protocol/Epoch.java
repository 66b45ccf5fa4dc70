package network.conet.edge.protocol;

/**
 * The state of the network at one even block (sections 6.1 and 6.2).
 *
 * @param number the block number; 0 while none is known
 * @param rate tokens a miner earns, as the network publishes it; 0 when unknown
 * @param minersTotal miners of the whole network; 0 when unknown
 * @param usersTotal users of the whole network; 0 when unknown
 */
public record Epoch(long number, double rate, long minersTotal, long usersTotal) {
    /** Before the first epoch is known. */
    public static final Epoch UNKNOWN = new Epoch(0, 0, 0, 0);
}
