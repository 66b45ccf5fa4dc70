package network.conet.edge.protocol;

import java.util.Optional;

/**
 * A readable name of a wallet: {@code alice.conet}. The label has 3 to 32 of {@code a-z 0-9 -}, no hyphen at its
 * ends or twice in a row, and does not begin with {@code 0x}: what {@code NameRegistry} takes. So no two names look
 * alike, and none looks like an address.
 *
 * @param label what stands before {@value #SUFFIX}
 */
public record WalletName(String label) {
    /** End of every name. */
    public static final String SUFFIX = ".conet";
    /** Shortest label. */
    public static final int LABEL_CHARS_MIN = 3;
    /** Longest label. */
    public static final int LABEL_CHARS_MAX = 32;

    /** Refuses labels that no name has. */
    public WalletName {
        if (!isLabel(label)) {
            throw new IllegalArgumentException("no label of a name");
        }
    }

    /** Reads a whole name; empty when the text is anything else. Upper case is not taken for lower. */
    public static Optional<WalletName> parse(String text) {
        if (text == null || !text.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        String label = text.substring(0, text.length() - SUFFIX.length());
        return isLabel(label) ? Optional.of(new WalletName(label)) : Optional.empty();
    }

    private static boolean isLabel(String label) {
        return label.length() >= LABEL_CHARS_MIN && label.length() <= LABEL_CHARS_MAX
                && label.matches("[a-z0-9]+(-[a-z0-9]+)*") && !label.startsWith("0x");
    }

    @Override
    public String toString() {
        return label + SUFFIX;
    }
}
