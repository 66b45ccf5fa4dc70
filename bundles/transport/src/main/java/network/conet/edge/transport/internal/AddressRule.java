package network.conet.edge.transport.internal;

import java.util.Arrays;
import java.util.List;

/**
 * Which addresses may be connected for others: public ones, and what the operator allows. The ranges are those of the
 * special-purpose registries (RFC 6890 and its updates) that are not globally reachable. Pure; immutable.
 */
final class AddressRule {
    private static final List<AddressRange> SPECIAL_4 = ranges(
            "0.0.0.0/8",        // this network (RFC 791)
            "10.0.0.0/8",       // private (RFC 1918)
            "100.64.0.0/10",    // behind a carrier's translator (RFC 6598)
            "127.0.0.0/8",      // loopback (RFC 1122)
            "169.254.0.0/16",   // link-local (RFC 3927), and where clouds keep their secrets
            "172.16.0.0/12",    // private
            "192.0.0.0/24",     // protocol assignments (RFC 6890)
            "192.0.2.0/24",     // documentation (RFC 5737)
            "192.88.99.0/24",   // 6to4 relays, deprecated (RFC 7526)
            "192.168.0.0/16",   // private
            "198.18.0.0/15",    // benchmarking (RFC 2544)
            "198.51.100.0/24",  // documentation
            "203.0.113.0/24",   // documentation
            "224.0.0.0/4",      // multicast (RFC 5771)
            "240.0.0.0/4");     // reserved (RFC 1112), and broadcast

    /** Of IPv6 only this is unicast in the world; all else, from :: to ff00::/8, is forbidden with it. */
    private static final AddressRange GLOBAL_6 = AddressRange.of("2000::/3");
    private static final List<AddressRange> SPECIAL_6 = ranges(
            "2001::/23",        // protocol assignments (RFC 2928): Teredo, benchmarking, ORCHID
            "2001:db8::/32",    // documentation (RFC 3849)
            "2002::/16",        // 6to4 (RFC 3056): leads to an IPv4 address
            "3fff::/20");       // documentation (RFC 9637)

    /** Prefixes behind which the last 4 bytes are an IPv4 address: mapped (RFC 4291) and translated (RFC 6052). */
    private static final List<AddressRange> CARRY_4 = ranges("::ffff:0.0.0.0/96", "64:ff9b::/96");
    private static final int BYTES_4 = 4;
    private static final int BYTES_6 = 16;

    private final List<AddressRange> allowed;

    /** @param allowed what the operator allows beside public addresses */
    AddressRule(List<AddressRange> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /**
     * Whether an address may be connected.
     *
     * @param address 4 or 16 bytes
     * @param isOwn whether it is one of this host's interfaces; then only the operator's ranges allow it
     */
    boolean allows(byte[] address, boolean isOwn) {
        byte[] meant = meant(address);
        for (AddressRange range : allowed) {
            if (range.contains(meant) || range.contains(address)) {
                return true;
            }
        }
        return !isOwn && isPublic(meant);
    }

    /** The IPv4 address that one of IPv6 carries, or the address itself. */
    static byte[] meant(byte[] address) {
        for (AddressRange carrier : CARRY_4) {
            if (carrier.contains(address)) {
                return Arrays.copyOfRange(address, BYTES_6 - BYTES_4, BYTES_6);
            }
        }
        return address;
    }

    private static boolean isPublic(byte[] address) {
        if (address.length == BYTES_4) {
            return SPECIAL_4.stream().noneMatch(range -> range.contains(address));
        }
        return GLOBAL_6.contains(address) && SPECIAL_6.stream().noneMatch(range -> range.contains(address));
    }

    private static List<AddressRange> ranges(String... texts) {
        return Arrays.stream(texts).map(AddressRange::of).toList();
    }
}
