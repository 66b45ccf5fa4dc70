package network.conet.edge.transport.internal;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.Optional;

/**
 * A range of addresses as an operator writes it: {@code 192.168.0.0/16}, {@code fd00::/8}, or one address.
 *
 * @param network 4 or 16 bytes; nothing is set behind the prefix
 * @param prefixBits 0 to 32, or 0 to 128
 */
public record AddressRange(byte[] network, int prefixBits) {
    /** The range, or empty when the text is none, or has bits behind its prefix, which is likely a mistake. */
    public static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (address.indexOf('%') >= 0) {
            return Optional.empty();
        }
        Optional<byte[]> bytes = HostText.isDottedQuad(address) || address.indexOf(':') >= 0
                ? Optional.ofNullable(NetUtil.createByteArrayFromIpAddressString(address))
                : Optional.empty();
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        int bitsMax = bytes.get().length * Byte.SIZE;
        String prefix = slash < 0 ? Integer.toString(bitsMax) : text.substring(slash + 1);
        if (!prefix.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(prefix) > bitsMax) {
            return Optional.empty();
        }
        AddressRange range = new AddressRange(bytes.get(), Integer.parseInt(prefix));
        return range.isClean() ? Optional.of(range) : Optional.empty();
    }

    /** A range that is known to be one. */
    public static AddressRange of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a range of addresses: " + text));
    }

    /** Whether an address, of 4 or 16 bytes, lies in it. */
    boolean contains(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < prefixBits; bit++) {
            if (bit(address, bit) != bit(network, bit)) {
                return false;
            }
        }
        return true;
    }

    private boolean isClean() {
        for (int bit = prefixBits; bit < network.length * Byte.SIZE; bit++) {
            if (bit(network, bit) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int bit(byte[] bytes, int bit) {
        return bytes[bit / Byte.SIZE] >> Byte.SIZE - 1 - bit % Byte.SIZE & 1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressRange range && prefixBits == range.prefixBits
                && Arrays.equals(network, range.network);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(network) * 31 + prefixBits;
    }

    @Override
    public String toString() {
        return NetUtil.bytesToIpAddress(network) + "/" + prefixBits;
    }
}
