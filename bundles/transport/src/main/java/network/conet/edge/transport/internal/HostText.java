package network.conet.edge.transport.internal;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/**
 * A target's host as a client writes it. An IPv4 literal is a plain dotted quad and nothing else: whatever else a
 * resolver might take for a number (octal, hexadecimal, fewer parts) is refused, as readers disagree about it.
 *
 * @param literal the address, when the text is one
 * @param name the name in lower case, when it is not
 */
record HostText(Optional<InetAddress> literal, String name) {
    private static final int NAME_CHARS_MAX = 253;
    private static final Pattern QUAD_PART = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
    /** The last label of something that a resolver may read as a number. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    private static final int BYTE_MAX = 255;
    private static final int QUAD_PARTS = 4;

    /** @throws RefusedException TARGET_MALFORMED */
    static HostText parse(String text) throws RefusedException {
        if (text.startsWith("[") && text.endsWith("]")) {
            return literal(text.substring(1, text.length() - 1), true);
        }
        if (text.indexOf(':') >= 0) {
            return literal(text, true);
        }
        if (isDottedQuad(text)) {
            return literal(text, false);
        }
        String name = text.toLowerCase(Locale.ROOT);
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        String[] labels = bare.split("\\.", -1);
        boolean isName = !bare.isEmpty() && bare.length() <= NAME_CHARS_MAX
                && !NUMBER.matcher(labels[labels.length - 1]).matches();
        for (String label : labels) {
            isName &= LABEL.matcher(label).matches();
        }
        if (!isName) {
            throw malformed();
        }
        return new HostText(Optional.empty(), name);
    }

    /** Whether the text is four decimal numbers up to 255 without leading zeros. */
    static boolean isDottedQuad(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != QUAD_PARTS) {
            return false;
        }
        for (String part : parts) {
            if (!QUAD_PART.matcher(part).matches() || Integer.parseInt(part) > BYTE_MAX) {
                return false;
            }
        }
        return true;
    }

    private static HostText literal(String text, boolean isIpv6) throws RefusedException {
        // A zone names an interface of ours; nothing public has one.
        byte[] bytes = text.indexOf('%') < 0 && isIpv6 == text.indexOf(':') >= 0
                ? NetUtil.createByteArrayFromIpAddressString(text) : null;
        if (bytes == null) {
            throw malformed();
        }
        try {
            return new HostText(Optional.of(InetAddress.getByAddress(bytes)), "");
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address of 4 or 16 bytes is one", impossible);
        }
    }

    private static RefusedException malformed() {
        return new RefusedException(RefuseReason.TARGET_MALFORMED);
    }
}
