package network.conet.edge.client.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;

/** Credits as people write them, exactly: nothing is rounded. */
final class Amounts {
    private static final int DECIMALS = 9;
    private static final int COIN_DECIMALS = 18;
    private static final BigDecimal MOST = BigDecimal.valueOf(1L << 52);

    private Amounts() {}

    /**
     * Reads credits.
     *
     * @return nanocredits, 1 to 2^52
     */
    static long credits(String text) throws ClientException {
        try {
            BigDecimal nanocredits = new BigDecimal(text).movePointRight(DECIMALS);
            if (nanocredits.signum() <= 0 || nanocredits.compareTo(MOST) > 0) {
                throw new ClientException(Kind.SETUP, text + " is not an amount of credits: more than 0, at most "
                        + show(1L << 52));
            }
            return nanocredits.longValueExact();
        } catch (NumberFormatException notANumber) {
            throw new ClientException(Kind.SETUP, text + " is not an amount of credits, as in 0.25");
        } catch (ArithmeticException tooFine) {
            throw new ClientException(Kind.SETUP, text + " has more than " + DECIMALS + " digits behind the point");
        }
    }

    /** Reads coins of the chain; wei. */
    static BigInteger coins(String text) throws ClientException {
        try {
            BigDecimal wei = new BigDecimal(text).movePointRight(COIN_DECIMALS);
            if (wei.signum() < 0) {
                throw new ClientException(Kind.SETUP, text + " is not an amount of coins");
            }
            return wei.toBigIntegerExact();
        } catch (NumberFormatException | ArithmeticException notAnAmount) {
            throw new ClientException(Kind.SETUP, text + " is not an amount of coins, as in 0.5");
        }
    }

    /** Credits with all their digits. */
    static String show(long nanocredits) {
        return BigDecimal.valueOf(nanocredits, DECIMALS).stripTrailingZeros().toPlainString();
    }

    /** Coins with all their digits. */
    static String showCoins(BigInteger wei) {
        return new BigDecimal(wei, COIN_DECIMALS).stripTrailingZeros().toPlainString();
    }
}
