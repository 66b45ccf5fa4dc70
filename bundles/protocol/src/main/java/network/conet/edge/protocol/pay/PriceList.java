package network.conet.edge.protocol.pay;

import java.util.Optional;
import network.conet.edge.protocol.JsonValue;

/**
 * What a node charges, in nanocredits.
 *
 * @param relayMiB for each MiB of sealed messages and each node that carried it
 * @param storedMiBDay for each MiB in a mailbox and day
 * @param gigafuel for each thousand million units of a service's fuel, where the service names no price of its own
 * @param egressMiB for each MiB through the proxy
 */
public record PriceList(long relayMiB, long storedMiBDay, long gigafuel, long egressMiB) {
    /** The highest that a listed node may charge: what one credit is a claim on (NodeRegistry). */
    public static final PriceList PAR = new PriceList(976_562, 32_552, 1_000_000, 976_562);
    /** Nothing costs anything. */
    public static final PriceList FREE = new PriceList(0, 0, 0, 0);

    /** Refuses negative prices. */
    public PriceList {
        if (relayMiB < 0 || storedMiBDay < 0 || gigafuel < 0 || egressMiB < 0) {
            throw new IllegalArgumentException("a price is negative");
        }
    }

    /** Whether no price is above {@link #PAR}. */
    public boolean isWithinPar() {
        return relayMiB <= PAR.relayMiB && storedMiBDay <= PAR.storedMiBDay && gigafuel <= PAR.gigafuel
                && egressMiB <= PAR.egressMiB;
    }

    /** The price of a resource, for the units in which it is priced; 0 for what nobody pays. */
    public long of(Resource resource) {
        return switch (resource) {
            case RELAY_BYTES -> relayMiB;
            case STORED_BYTE_SECONDS -> storedMiBDay;
            case SERVICE_FUEL -> gigafuel;
            case EGRESS_BYTES -> egressMiB;
            case UPTIME_EPOCHS -> 0;
        };
    }

    /** What units of a resource cost; see {@link Resource#cost}. */
    public long cost(Resource resource, long units) {
        return resource.cost(units, of(resource));
    }

    /** The list in an answer. */
    public JsonValue json() {
        return JsonValue.object().put("relayMiB", relayMiB).put("storedMiBDay", storedMiBDay)
                .put("gigafuel", gigafuel).put("egressMiB", egressMiB).build();
    }

    /** Reads {@link #json}; empty when a price is missing or negative. */
    public static Optional<PriceList> parse(JsonValue json) {
        long[] prices = new long[4];
        String[] names = {"relayMiB", "storedMiBDay", "gigafuel", "egressMiB"};
        for (int i = 0; i < names.length; i++) {
            prices[i] = json.integer(names[i]).orElse(-1);
            if (prices[i] < 0) {
                return Optional.empty();
            }
        }
        return Optional.of(new PriceList(prices[0], prices[1], prices[2], prices[3]));
    }
}
