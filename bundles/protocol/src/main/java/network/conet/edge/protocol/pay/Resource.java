package network.conet.edge.protocol.pay;

import java.math.BigInteger;
import java.util.Locale;

/** What a node does for others, in whole units of its own. */
public enum Resource {
    /** Bytes of sealed messages, once for each node that carried them. Priced by the MiB. */
    RELAY_BYTES(1L << 20),
    /** Bytes in a mailbox, times the seconds that they were there. Priced by the MiB and day. */
    STORED_BYTE_SECONDS((1L << 20) * 86_400),
    /** Units of fuel that services used. Priced by the thousand millions. */
    SERVICE_FUEL(1_000_000_000L),
    /** Bytes through the proxy, both directions. Priced by the MiB. */
    EGRESS_BYTES(1L << 20),
    /** Epochs in which the node answered its listeners. Nobody pays for them as such; a sponsor may. */
    UPTIME_EPOCHS(1);

    private final long unitsOfPrice;
    private final String label;

    Resource(long unitsOfPrice) {
        this.unitsOfPrice = unitsOfPrice;
        String[] words = name().toLowerCase(Locale.ROOT).split("_");
        StringBuilder camel = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            camel.append(Character.toUpperCase(words[i].charAt(0))).append(words[i], 1, words[i].length());
        }
        label = camel.toString();
    }

    /** The name in reports: {@code relayBytes} and so on. */
    public String label() {
        return label;
    }

    /**
     * Units that an amount buys, at most {@code Long.MAX_VALUE / 2}.
     *
     * @param amount nanocredits, 0 or more
     * @param price nanocredits for {@code unitsOfPrice} of them, 1 or more
     */
    public long unitsFor(long amount, long price) {
        return BigInteger.valueOf(amount).multiply(BigInteger.valueOf(unitsOfPrice)).divide(BigInteger.valueOf(price))
                .min(BigInteger.valueOf(Long.MAX_VALUE / 2)).longValueExact();
    }

    /**
     * What units cost, rounded down: a payer never pays for more than it had.
     *
     * @param units 0 or more
     * @param price nanocredits for {@code unitsOfPrice} of them, 0 or more
     * @throws ArithmeticException when the cost is no {@code long}
     */
    public long cost(long units, long price) {
        if (units < 0 || price < 0) {
            throw new IllegalArgumentException("negative: " + units + ", " + price);
        }
        if (Math.multiplyHigh(units, price) == 0 && units * price >= 0) {
            return units * price / unitsOfPrice;
        }
        return BigInteger.valueOf(units).multiply(BigInteger.valueOf(price))
                .divide(BigInteger.valueOf(unitsOfPrice)).longValueExact();
    }
}
